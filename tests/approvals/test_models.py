"""The nouns of approvals."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from muniment.approvals import Delegation, Need, matter_digest
from tests.approvals.making import AT, MATTER


def test_the_digest_covers_what_a_yes_allows_and_nothing_else() -> None:
    """Kind, subject and document count; the words around them do not."""
    assert MATTER.digest == matter_digest(MATTER.kind, MATTER.subject, MATTER.document)
    assert replace(MATTER, title="other words").digest == MATTER.digest
    for changed in (
        replace(MATTER, kind="registry.retire"),
        replace(MATTER, subject=("system", "sys_2")),
        replace(MATTER, document={**MATTER.document, "share": 11}),
    ):
        assert changed.digest != MATTER.digest


def test_needs_read_like_sentences() -> None:
    """Whoever is missing is said in words."""
    assert str(Need()) == "one person"
    assert str(Need(2, "security")) == "2 people with the role security"


def test_when_a_delegation_holds() -> None:
    """From its first moment to its last, and not after it was ended."""
    day = timedelta(days=1)
    held = Delegation("d", "per_a", "per_b", "", "leave", AT, AT + day)
    assert [held.holds(at) for at in (AT - day, AT, AT + day)] == [False, True, False]
    assert not replace(held, ended_at=AT).holds(AT)
