"""Firms that their form or the word for their trade gives away."""

from __future__ import annotations

import pytest

from muniment.detect.detectors.names.firms import by_form, ends_firm, places, widened, with_firms
from muniment.detect.detectors.names.tokens import words
from muniment.detect.models import Family, Finding, Why


def _finding(text: str, value: str, kind: str) -> Finding:
    start = text.index(value)
    return Finding(kind, Family.NAMES, start, start + len(value), 0.8, Why("names"))


@pytest.mark.parametrize(
    ("text", "firms"),
    [
        ("8,Henrik Dahl,Fjordkraft AS,Tromsø", ["Fjordkraft AS"]),
        ("in Tromsø and Acme & Sons Ltd. too", ["Acme & Sons Ltd."]),
        ("Die Firma Holz Meier GmbH & Co. KG aus", ["Holz Meier GmbH & Co. KG"]),
        ("Ceramiche Montefalco S.p.A. ha", ["Ceramiche Montefalco S.p.A."]),
        ("Verein für Heimatpflege e.V.", ["Verein für Heimatpflege e.V."]),
        ("Studio 54 1970 Ltd", ["Studio 54 1970 Ltd"]),
        ("Acme 12 12 12 Ltd", []),
        ("The Limited edition, see Annex AB", []),
        ("blood type AB, as AS said", []),
        ("a" * 9_000 + " Ltd", []),
        ("A " * 9_000 + "Ltd", []),
    ],
)
def test_a_legal_form_gives_a_firm_away(text: str, firms: list[str]) -> None:
    """What stands before it with capitals is its name; an article, a page or a type is none."""
    found = [text[each.start : each.end] for each in by_form(text)]
    assert found == firms or (not firms and max(map(len, found), default=0) < 130)
    ends = [end for _, end in places(text)]
    assert all(each.end in ends for each in by_form(text))


def test_every_form_is_a_reason_to_read() -> None:
    """The word that ends a form is told from others before a text is read for it."""
    for form in ("Acme Ltd", "Acme S.p.A.", "Acme B.V.", "Acme A/S", "Acme e.V.", "Acme K.K."):
        assert any(ends_firm(word) for chunk in form.split() for word in words(chunk)), form
    assert not any(ends_firm(word) for word in words("Acme"))


@pytest.mark.parametrize(
    ("text", "value", "kind", "told"),
    [
        ("from Pinnacle Catering left", "Pinnacle", "PERSON", "ORGANIZATION Pinnacle Catering"),
        ("at Equity Bank now", "Bank", "ORGANIZATION", "ORGANIZATION Equity Bank"),
        ("the Bank said", "Bank", "ORGANIZATION", "ORGANIZATION Bank"),
        ("bei Autohaus Krüger", "Autohaus Krüger", "LOCATION", "ORGANIZATION Autohaus Krüger"),
        ("Anna Bakes bread", "Anna", "PERSON", "PERSON Anna"),
        ("a Swiss Group", "Swiss", "NRP", "NRP Swiss"),
    ],
)
def test_a_trade_belongs_to_the_name(text: str, value: str, kind: str, told: str) -> None:
    """The word for a trade behind or before a name makes it that of a firm."""
    (found,) = widened(text, [_finding(text, value, kind)])
    assert f"{found.type} {text[found.start : found.end]}" == told


def test_a_firm_takes_the_place_of_what_seemed_to_be_in_it() -> None:
    """No two names lie over each other, and others stay in their order."""
    text = "Anna met Halden Turbines AS in Halden"
    found = [_finding(text, "Anna", "PERSON"), _finding(text, "Halden", "LOCATION")]
    told = with_firms(found, by_form(text))
    assert [text[each.start : each.end] for each in told] == ["Anna", "Halden Turbines AS"]
