"""How the nouns of access are written in JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from muniment.access import (
    Holder,
    HolderKind,
    Key,
    KeyLimits,
    Method,
    PersonId,
    Scope,
    Session,
    SignIn,
)
from muniment.api.access.shapes import KeyMade, KeyTold, SessionTold

AT = datetime(2026, 3, 1, tzinfo=UTC)
LIMITS = KeyLimits(frozenset({"ledger.read", "ledger.prove"}), Scope.of(system="s1"))
KEY = Key("key_1", Holder(HolderKind.SERVICE, "svc_1"), "a", "mun_svc_ab…", LIMITS, "", AT, "per_1")


def test_a_key_is_laid_flat() -> None:
    """Its limits stand beside its facts, in order, and its secret nowhere."""
    told = KeyTold.model_validate(KEY)
    assert told.permissions == ["ledger.prove", "ledger.read"]
    assert told.scope == {"system": "s1"}
    assert "secret" not in KeyTold.model_fields
    assert KeyMade.model_validate(KEY).secret is None


def test_an_answer_that_was_kept_reads_back() -> None:
    """What is kept of an answer for a repeated request gives the same answer again."""
    told = KeyMade.model_validate(KEY)
    assert KeyMade.model_validate_json(told.model_dump_json()) == told


def test_a_session_names_who_and_how() -> None:
    """A session tells its person and the ways by which they showed who they are."""
    sign_in = SignIn(PersonId("per_1"), (Method.PASSWORD, Method.TOTP), strong=True)
    told = SessionTold.model_validate(Session("s", sign_in, AT, AT, AT, AT))
    assert (told.person_id, told.methods, told.strong) == ("per_1", ["password", "totp"], True)
