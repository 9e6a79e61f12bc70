"""How people, teams and roles are written, and through which states people pass."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import PersonState
from muniment.access.rules import (
    clean_email,
    clean_name,
    clean_reason,
    clean_role_name,
    email_key,
    may_become,
)
from muniment.core.canonical import canonical_text
from muniment.core.errors import InvalidError

Clean = Callable[[str], str]


@pytest.mark.parametrize(
    ("clean", "given_text", "kept"),
    [
        (clean_name, "  Ana   María\tRoy ", "Ana María Roy"),
        (clean_name, "Ana Mari\u0301a", "Ana María"),
        (clean_email, " Ana@X.org ", "Ana@X.org"),
        (clean_reason, " On call.\nSecond line. ", "On call.\nSecond line."),
        (clean_role_name, "night-watch2", "night-watch2"),
    ],
)
def test_what_is_written_is_kept_in_one_form(clean: Clean, given_text: str, kept: str) -> None:
    """Blanks and spellings of the same letters do not make two of one."""
    assert clean(given_text) == kept


@pytest.mark.parametrize("clean", [clean_name, clean_email, clean_reason, clean_role_name])
@pytest.mark.parametrize("text", ["", "  ", "a\0b", "x" * 2_001, 7, None, ["a"], "\ud800"])
def test_what_cannot_be_kept_is_refused_by_name(clean: Clean, text: str) -> None:
    """Empty, endless, unprintable and mistyped input is refused with its field, never half kept."""
    with pytest.raises(InvalidError) as caught:
        clean(text)
    assert caught.value.field


@pytest.mark.parametrize("text", ["ana", "@x.org", "ana@", "a na@x.org", "a@b@c", "x" * 65 + "@y"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """An address has one @ with something on either side."""
    with pytest.raises(InvalidError):
        clean_email(text)


@pytest.mark.parametrize("text", ["Admin", "1st", "a", "a_b", "rôle", "x" * 41])
def test_a_role_has_a_plain_name(text: str) -> None:
    """Names of roles look alike in commands, pages and records."""
    with pytest.raises(InvalidError):
        clean_role_name(text)


def test_spellings_of_an_address_are_one() -> None:
    """Nobody gets a second account by writing an address in capitals."""
    assert email_key("ANA@X.ORG") == email_key("ana@x.org")


@given(text=st.text(max_size=300))
def test_whatever_is_kept_can_be_recorded(text: str) -> None:
    """Every name and reason that is taken is text that both databases and the ledger hold."""
    for clean in (clean_name, clean_reason):
        try:
            kept = clean(text)
        except InvalidError:
            continue
        assert canonical_text(kept)
        assert "\0" not in kept
        assert clean(kept) == kept


LAWFUL = {
    ("invited", "active"),
    ("invited", "suspended"),
    ("invited", "left"),
    ("active", "suspended"),
    ("active", "left"),
    ("suspended", "active"),
    ("suspended", "left"),
}


@pytest.mark.parametrize("now", PersonState)
@pytest.mark.parametrize("then", PersonState)
def test_people_pass_through_lawful_states(now: PersonState, then: PersonState) -> None:
    """Who has left never comes back under the same account, and nobody is invited twice."""
    assert may_become(now, then).ok is ((now.value, then.value) in LAWFUL)
