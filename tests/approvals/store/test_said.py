"""What was said and shown, in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from muniment import ledger
from muniment.approvals import Answer, Comment, Delegation, Opening
from muniment.approvals.store import (
    Link,
    add,
    add_comment,
    add_delegation,
    add_link,
    add_opening,
    add_vote,
    comments,
    delegation,
    delegations,
    end_delegation,
    follow_link,
    link_by,
    open_count,
    opening_of,
    overrides,
    votes,
)
from muniment.core.errors import MunimentError
from muniment.db import Database
from muniment.ledger.kinds.approvals import (
    Commented,
    Delegated,
    LinkFollowed,
    Opened,
    Overridden,
)
from tests.approvals.making import AT, MATTER, a_request, a_vote
from tests.approvals.store.test_requests import covered
from tests.conftest import PERSON

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _asked(database: Database) -> None:
    with database.work(PERSON) as work:
        add(work, a_request())
        covered(work, a_request())


def test_votes_come_back_and_overrides_are_counted(database: Database) -> None:
    """Every answer is kept whole; an override is found by its time."""
    put = (a_vote("per_a", "releaser"), a_vote("per_b", "admin", answer=Answer.OVERRIDE))
    with database.work(PERSON) as work:
        for vote in put:
            add_vote(work, vote)
        ledger.record(work, Overridden("apr_1", "v", "d", "p", "", "s", 1, "r"))
    with database.look(PERSON) as work:
        assert votes(work, "apr_1") == put
        assert overrides(work, AT, AT + WEEK) == put[1:]
        assert overrides(work, AT - WEEK, AT) == ()
        assert open_count(work) == 1


def test_nobody_answers_a_version_twice(database: Database) -> None:
    """The database itself refuses a second answer of a person to the same digest."""

    def twice() -> None:
        with database.work(PERSON) as work:
            add_vote(work, a_vote("per_a"))
            add_vote(work, a_vote("per_a", answer=Answer.DENY))
            ledger.record(work, Overridden("apr_1", "v", "d", "p", "", "s", 1, "r"))

    with pytest.raises((IntegrityError, MunimentError)):
        twice()
    with database.look(PERSON) as work:
        assert votes(work, "apr_1") == ()


def test_the_last_opening_counts(database: Database) -> None:
    """Of several times a person was shown a version, the last is found."""
    with database.work(PERSON) as work:
        for minutes in (0, 5):
            shown = Opening("per_a", MATTER.digest, AT + timedelta(minutes=minutes))
            add_opening(work, f"opn_{minutes}", "apr_1", shown)
        ledger.record(work, Opened("apr_1", "per_a", MATTER.digest, "passkey"))
    with database.look(PERSON) as work:
        found = opening_of(work, "apr_1", "per_a", MATTER.digest)
        assert found == Opening("per_a", MATTER.digest, AT + timedelta(minutes=5))
        assert opening_of(work, "apr_1", "per_b", MATTER.digest) is None


def test_comments_stand_in_order(database: Database) -> None:
    """Remarks are listed as they were made."""
    put = (
        Comment("rmk_1", "per_a", "Why 10 %? 日", AT),
        Comment("rmk_2", "per_b", "Ask Ada.", AT),
    )
    with database.work(PERSON) as work:
        for remark in put:
            add_comment(work, "apr_1", remark)
        ledger.record(work, Commented("apr_1", "rmk_1", "sha256:0"))
    with database.look(PERSON) as work:
        assert comments(work, "apr_1") == put


def test_a_link_is_followed_once(database: Database) -> None:
    """A link is found by its secret's digest only, and spent by the first who follows it."""
    with database.work(PERSON) as work:
        add_link(work, Link("lnk_1", "apr_1", "per_a", AT + WEEK, None), "sha256:ab")
        assert follow_link(work, "lnk_1")
        assert not follow_link(work, "lnk_1")
        ledger.record(work, LinkFollowed("apr_1", "lnk_1", "per_a"))
    with database.look(PERSON) as work:
        found = link_by(work, "sha256:ab")
        assert found is not None
        assert found.followed_at is not None
        assert link_by(work, "sha256:ac") is None


def test_a_delegation_ends_once(database: Database) -> None:
    """Leave to answer for another is listed by giver and taker, and ended once."""
    put = Delegation("dlg_1", "per_a", "per_b", "", "on leave", AT, AT + WEEK)
    with database.work(PERSON) as work:
        add_delegation(work, put)
        ledger.record(work, Delegated("dlg_1", "per_a", "per_b", "", "s", "e", "r"))
    with database.look(PERSON) as work:
        assert delegations(work, giver="per_a") == delegations(work, taker="per_b") == (put,)
        assert delegations(work, giver="per_b") == ()
        assert delegation(work, "dlg_2") is None
    with database.work(PERSON) as work:
        assert end_delegation(work, "dlg_1")
        assert not end_delegation(work, "dlg_1")
        ledger.record(work, Delegated("dlg_1", "per_a", "per_b", "", "s", "e", "r"))
