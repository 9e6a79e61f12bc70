"""Filters and paths of SCIM: every operator, any case, and nothing that breaks reading them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.api.scim.filters import read_filter, read_path, values_at
from muniment.core.errors import InvalidError

INES: dict[str, Any] = {
    "userName": "Ines",
    "active": True,
    "name": {"familyName": "Moreau"},
    "emails": [
        {"value": "ines@example.org", "type": "work", "primary": True},
        {"value": "ines@home.example", "type": "home"},
    ],
    "meta": {"created": "2026-03-01T00:00:00Z"},
    "title": "",
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('userName eq "ines"', True),
        ('USERNAME EQ "INES"', True),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ines"', True),
        ('userName ne "ines"', False),
        ('userName co "ne"', True),
        ('userName sw "i" and userName ew "s"', True),
        ('userName sw "n"', False),
        ("active eq true", True),
        ("active eq False", False),
        ('active eq "true"', False),
        ("title pr", False),
        ("name.familyName pr", True),
        ('name.familyName eq "moreau"', True),
        ('emails eq "ines@home.example"', True),
        ('emails.type eq "home"', True),
        ('emails[type eq "work" and value co "home"]', False),
        ('emails[type eq "home" and value co "home"]', True),
        ('not (active eq true) or userName eq "ines"', True),
        ('active eq false and userName eq "x" or userName eq "ines"', True),
        ('active eq false and (userName eq "x" or userName eq "ines")', False),
        ('meta.created gt "2026-02-28T00:00:00Z" and meta.created le "2026-03-02"', True),
        ('userName eq "a \\"quoted\\" name"', False),
        ("missing pr", False),
        ("missing eq null", False),
    ],
)
def test_what_a_filter_means(text: str, *, meant: bool) -> None:
    """A filter means what RFC 7644 says, whatever the case of names and operators."""
    assert read_filter(text)(INES) is meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "userName",
        "userName eq",
        "userName eq ines",
        'userName like "ines"',
        '(userName eq "ines"',
        'userName eq "ines")',
        'emails[type eq "work"',
        'userName eq "ines" and',
        "not " * 30 + "title pr",
        'a eq "' + "x" * 3_000 + '"',
        "1a pr",
    ],
)
def test_what_is_no_filter(text: str) -> None:
    """What cannot be read is refused in words."""
    with pytest.raises(InvalidError):
        read_filter(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is sent is a filter or is refused, and never breaks."""
    try:
        read_filter(text)(INES)
    except InvalidError as refused:
        said = refused.field
    else:
        said = ""
    assert said in ("", "invalidFilter", "invalidPath")


def test_paths() -> None:
    """A path names an attribute, which of its values, and which part of them."""
    assert read_path("active").attribute == "active"
    assert read_path("name.givenName").part == "givenName"
    chosen = read_path('emails[type eq "work"].value')
    assert (chosen.attribute, chosen.part) == ("emails", "value")
    assert chosen.chosen is not None
    assert chosen.chosen(INES["emails"][0])
    for wrong in ("emails[type", "emails[type pr]x", "", "a b"):
        with pytest.raises(InvalidError):
            read_path(wrong)


def test_values_under_a_name() -> None:
    """Values are found in any case, through lists and parts."""
    assert list(values_at(INES, "EMAILS.TYPE")) == ["work", "home"]
