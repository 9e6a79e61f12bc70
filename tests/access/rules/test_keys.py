"""Keys: their look, their checksum, how they are kept, and when they open nothing."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.models import EVERYTHING, Holder, HolderKind, Key, KeyLimits, Scope
from muniment.access.rules import (
    Refusal,
    is_inactive,
    is_well_formed,
    key_digest,
    keys,
    refusal,
    shown_part,
    within,
    write_key,
)
from muniment.access.service import keybook
from muniment.core.digest import same_digest
from muniment.core.errors import InvalidError
from muniment.testing import START

SCANNER = re.compile(r"mun_(svc|per)_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}")
SERVICE = Holder(HolderKind.SERVICE, "svc_1")
KINDS = st.sampled_from([HolderKind.SERVICE, HolderKind.PERSON])
CHANCE = st.integers(min_value=0, max_value=2**256 - 1)


def key(**facts: object) -> Key:
    """Make a key that works."""
    made = Key("key_1", SERVICE, "ci", "mun_svc_abcd…", KeyLimits(), "", START, "per_1")
    return replace(made, **facts)  # type: ignore[arg-type]  # facts are named by each test


@given(kind=KINDS, chance=CHANCE)
def test_every_key_is_well_formed_and_found_by_scanners(kind: HolderKind, chance: int) -> None:
    """Whatever chance gives, a key has the one look by which it is recognised."""
    made = write_key(kind, chance)
    assert SCANNER.fullmatch(made)
    assert is_well_formed(made)
    assert made.startswith(shown_part(made).rstrip("…"))
    assert re.fullmatch(r"[0-9a-f]{64}", key_digest(made))


@given(chance=CHANCE, place=st.integers(0, 46), letter=st.sampled_from("09AZaz_-é "))
def test_a_typing_mistake_is_found_without_asking_anybody(
    chance: int, place: int, letter: str
) -> None:
    """One wrong letter anywhere never passes for a key of ours."""
    made = write_key(HolderKind.SERVICE, chance)
    wrong = made[:place] + letter + made[place + 1 :]
    assert is_well_formed(wrong) is (wrong == made)


@given(text=st.text())
def test_nothing_else_passes_for_a_key(text: str) -> None:
    """Any text may be presented; what is no key is said to be none, and nothing breaks."""
    assert not is_well_formed(text)


@given(one=st.integers(0, 62**32 - 1), other=st.integers(0, 62**32 - 1))
def test_different_chance_gives_different_keys(one: int, other: int) -> None:
    """All of the 190 bits stand in the key."""
    same = write_key(HolderKind.SERVICE, one) == write_key(HolderKind.SERVICE, other)
    assert same is (one == other)


def test_a_team_has_no_key() -> None:
    """A key is always somebody's who can answer for what it does."""
    with pytest.raises(InvalidError, match="a team has no keys"):
        write_key(HolderKind.TEAM, 1)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "active", "why"),
    [
        ({}, True, None),
        ({"expires_at": START + HOUR}, True, None),
        ({"expires_at": START}, True, Refusal.EXPIRED),
        ({"revoked_at": START}, True, Refusal.REVOKED),
        ({"revoked_at": START + HOUR}, True, None),
        ({"revoked_at": START, "expires_at": START}, True, Refusal.REVOKED),
        ({}, False, Refusal.HOLDER),
    ],
)
def test_a_refusal_has_its_reason(
    facts: dict[str, datetime],
    active: bool,  # noqa: FBT001
    why: Refusal | None,
) -> None:
    """Revoked, expired and a holder who may nothing are told apart in our log."""
    found = key(**facts)
    assert refusal(found, START, holder_active=active) is why
    assert found.works(START) is (why in (None, Refusal.HOLDER))


def test_a_key_nobody_used_for_ninety_days_is_idle() -> None:
    """Ninety days count from the last use, or from its making; an ended key is not idle."""
    then = START + timedelta(days=90)
    assert not is_inactive(key(), then - timedelta(microseconds=1))
    assert is_inactive(key(), then)
    assert not is_inactive(key(last_used_at=START + HOUR), then)
    assert not is_inactive(key(revoked_at=START), then)


SCOPES = st.sampled_from(
    [EVERYTHING, Scope.of(system="1"), Scope.of(system="1", environment="p"), Scope.of(model="m")]
)
LIMITS = st.builds(
    KeyLimits,
    st.none() | st.frozensets(st.sampled_from(["ledger.read", "jobs.read"])),
    SCOPES,
)


@given(inner=LIMITS, outer=LIMITS, asked=SCOPES)
def test_limits_inside_others_allow_nothing_more(
    inner: KeyLimits, outer: KeyLimits, asked: Scope
) -> None:
    """Whatever a key within another's limits may do, the other may do too."""

    def allows(limits: KeyLimits, permission: str) -> bool:
        named = limits.permissions is None or permission in limits.permissions
        return named and limits.scope.reaches(asked)

    if within(inner, outer):
        for permission in ("ledger.read", "jobs.read", "jobs.retry"):
            assert not allows(inner, permission) or allows(outer, permission)


def test_what_is_secret_is_compared_in_constant_time() -> None:
    """In the files that judge keys, no digest or checksum is compared by == or looked for in text.

    A key is found by the digest of all of it, so that time tells only about digests, and the found
    digest and the checksum are compared by a function that takes equally long for every input.
    """
    for module in (keys, keybook):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Compare) and any(
                isinstance(each, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for each in node.ops
            ):
                words = ast.unparse(node)
                assert "digest" not in words, words
                assert "check" not in words.lower(), words
    assert "same_digest(_checksum(start), check)" in inspect.getsource(keys.is_well_formed)
    assert "same_digest(known.digest, digest)" in inspect.getsource(keybook.KeyBook)
    assert "same_digest(kept[0], digest)" in inspect.getsource(keybook)
    (given,) = ast.parse(inspect.getsource(same_digest)).body
    assert isinstance(given, ast.FunctionDef)
    assert ast.unparse(given.body[-1]) == "return hmac.compare_digest(*given)"
