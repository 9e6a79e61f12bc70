"""People and teams read from what directories send; what is not understood is kept out."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.api.scim.resources import read_group, read_user
from muniment.core.errors import InvalidError


@pytest.mark.parametrize(
    ("given", "name", "email"),
    [
        ({"userName": "ines@example.org"}, "ines@example.org", "ines@example.org"),
        ({"userName": "ines"}, "ines", ""),
        ({"userName": "i", "displayName": "Ines M"}, "Ines M", ""),
        ({"userName": "i", "name": {"formatted": "I. Moreau"}}, "I. Moreau", ""),
        ({"userName": "i", "name": {"givenName": "I", "familyName": "M"}}, "I M", ""),
        ({"USERNAME": "i", "emails": {"value": "a@b.c"}}, "i", "a@b.c"),
        (
            {"userName": "i", "emails": [{"value": "a@b.c"}, {"value": "d@e.f", "primary": True}]},
            "i",
            "d@e.f",
        ),
    ],
)
def test_how_a_person_is_read(given: dict[str, Any], name: str, email: str) -> None:
    """Name and address are found wherever a directory writes them."""
    told = read_user(given)
    assert (told.name, told.email, told.active) == (name, email, True)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"userName": 7},
        {"userName": "a\x00b"},
        {"userName": "x" * 400},
        {"userName": "i", "active": "perhaps"},
        {"userName": "i", "name": "Ines"},
        {"userName": "i", "emails": "a@b.c"},
        {"userName": "i", "emails": ["a@b.c"]},
        {"userName": "i", "emails": [{"value": "a@b.c"}] * 30},
    ],
)
def test_what_is_no_person(given: dict[str, Any]) -> None:
    """What does not fit is refused by name."""
    with pytest.raises(InvalidError):
        read_user(given)


def test_what_is_not_understood_is_not_kept() -> None:
    """Attributes we do not know, such as passwords, are not stored."""
    told = read_user({"userName": "i", "password": "secret", "roles": ["admin"], "x509": "…"})
    assert told.extra == {}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"displayName": "T", "members": "x"},
        {"displayName": "T", "members": ["x"]},
        {"displayName": "T", "members": [{"value": 7}]},
        {"displayName": "T", "members": [{"value": "x", "type": "Group"}]},
    ],
)
def test_what_is_no_team(given: dict[str, Any]) -> None:
    """A team has a name, and people in it."""
    with pytest.raises(InvalidError):
        read_group(given)
    assert read_group({"displayName": "T", "members": [{"value": "x"}]}).members == {"x"}
