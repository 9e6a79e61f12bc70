"""An organisation's own terms."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect import Configuration, Scanner, Term, TermKind
from muniment.detect.service.terms import as_patterns


def scan(text: str, *terms: Term) -> list[tuple[str, str]]:
    """Scan with some terms; give types and values."""
    found = Scanner(Configuration(terms=terms), layers="patterns").scan(text)
    return [(each.type, text[each.start : each.end]) for each in found]


def test_exact_terms_are_whole_words_in_any_case() -> None:
    """A project's name is found as written anyhow, and not inside other words."""
    term = Term("p", TermKind.EXACT, "Blue Heron")
    assert scan("the blue\nHERON plan, blue herons", term) == [("OWN_TERM", "blue\nHERON")]
    strict = Term("s", TermKind.EXACT, "Heron", ignore_case=False)
    assert scan("heron Heron", strict) == [("OWN_TERM", "Heron")]


def test_terms_of_any_script_are_found() -> None:
    """Accents, other scripts and signs mean themselves."""
    assert scan("Das ÜBERMUT+ Projekt", Term("p", TermKind.EXACT, "Übermut+")) == [
        ("OWN_TERM", "ÜBERMUT+")
    ]
    assert scan("это проект Цапля", Term("p", TermKind.EXACT, "цапля")) == [("OWN_TERM", "Цапля")]
    assert scan("項目青鷺計劃", Term("p", TermKind.BANNED, "青鷺")) == [("BANNED_CONTENT", "青鷺")]


def test_customer_numbers_are_found_by_pattern() -> None:
    """A pattern of the organisation gives the type it names."""
    term = Term("c", TermKind.PATTERN, r"CUST-[0-9]{6}", type="CUSTOMER_ID")
    assert scan("cust-123456 and CUST-12", term) == [("CUSTOMER_ID", "cust-123456")]


@pytest.mark.parametrize("wrong", ["(", "a*", "(?=x)y", r"(a)\1", "a+?b"])
def test_patterns_nobody_could_run_are_refused(wrong: str) -> None:
    """What is no expression, matches nothing at all or needs more than both engines is told."""
    with pytest.raises(InvalidError, match="term"):
        as_patterns([Term("t", TermKind.PATTERN, wrong)])


def test_two_terms_of_one_id_are_refused() -> None:
    """A finding names its term, so the name is one term's."""
    twice = [Term("t", TermKind.EXACT, "a"), Term("t", TermKind.EXACT, "b")]
    with pytest.raises(InvalidError):
        as_patterns(twice)
