"""Links and steps are taken once, alike on both databases."""

from __future__ import annotations

from datetime import timedelta

from muniment.access import Link, LinkPurpose, Step, StepKind, store
from muniment.db import Database
from muniment.ledger import record
from muniment.ledger.kinds.signin import LinkMade
from muniment.testing import FixedClock
from tests.access.reception import ROOT


def test_a_link_is_taken_once(database: Database) -> None:
    """A link gives itself once; a newer one ends it."""
    with database.work(ROOT) as work:
        later = work.now + timedelta(hours=1)
        for digest in ("a", "b"):
            store.add_link(work, Link(digest, LinkPurpose.FIRST, "", work.now, later))
        assert store.take_link(work, "a") is None
        assert store.take_link(work, "b") is not None
        assert store.take_link(work, "b") is None
        assert store.link(work, "c") is None
        record(work, LinkMade("first", "", ""))


def test_a_step_is_taken_once(database: Database, clock: FixedClock) -> None:
    """A step counts its tries, is of one kind, and goes with its use or its time."""
    with database.work(ROOT) as work:
        until = work.now + timedelta(minutes=1)
        store.add_step(work, Step("s", StepKind.SSO, {"a": 1}, until))
        assert store.take_step(work, "s", StepKind.PASSKEY) is None
        assert [store.count_try(work, "s", most=2) for _ in range(3)] == [True, True, False]
        assert store.take_step(work, "s", StepKind.SSO) is not None
        assert store.take_step(work, "s", StepKind.SSO) is None
        store.add_step(work, Step("t", StepKind.SSO, {}, until))
        assert store.take_token(work, "j", until)
        assert not store.take_token(work, "j", until)
    clock.advance(61)
    with database.look(ROOT) as work:
        assert store.step(work, "t", StepKind.SSO) is None
