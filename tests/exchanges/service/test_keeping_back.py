"""An answer kept for a yes rests only as long as the yes may come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from muniment import approvals, exchanges, vault
from muniment.approvals import Answer, Matter, Need, Rule, State, Timing
from muniment.approvals.service import run_due
from muniment.core.actor import system_actor
from muniment.core.errors import UnavailableError
from muniment.db import DriverError
from muniment.exchanges import HELD, HeldAnswer, let_go
from muniment.exchanges.jobs import followers
from muniment.jobs import step
from muniment.testing.vault import SUBJECT, Vaulted
from tests.approvals.people import Office

GATE = system_actor("gateway")
BROKEN = (UnavailableError, DriverError)  # in the words of each database
USED = "approvals.used"
DAY = 86_400
SAID = b"pay 900 to bob"
[FOLLOWER] = [each for each in followers() if each.name == "exchanges.kept_back"]


class Kept:
    """A company whose gateway keeps an answer back."""

    def __init__(self, office: Office, vaulted: Vaulted) -> None:
        self.office, self.vaulted = office, vaulted
        with vaulted.database.work(GATE) as work:
            self.held = vault.put(
                work, vaulted.safe, SAID, classification="confidential", subject=SUBJECT
            )
            self.request = approvals.ask(
                work,
                Matter(
                    kind=HELD,
                    subject=("system", "sys_1"),
                    title="desk wants to use pay",
                    document={"answer": self.held.as_reference(), "for": ["security"]},
                    consequence="It pays.",
                    scope={"system": "sys_1"},
                ),
                Rule(needs=(Need(1, "security"),), not_author=False),
                author="svc_app",
                timing=Timing(expires_at=work.now + timedelta(hours=24)),
                single_use=True,
            )
            told = HeldAnswer(
                *("exc_1", "sys_1", "production", self.request.id, ("pay",), ("sha256:aa",), "k1")
            )
            exchanges.hold(work, told, self.held.as_reference())

    def follow(self) -> None:
        """Let the follower read all there is."""
        self.vaulted.log.seal()
        while step(self.vaulted.database, FOLLOWER, self.vaulted.log.read_after):
            pass

    @property
    def rests(self) -> bool:
        """Tell whether somebody could still open what was kept."""
        with self.vaulted.database.look(GATE) as work:
            return vault.is_readable(work, self.vaulted.safe, self.held)

    @property
    def reasons(self) -> list[str]:
        """Give why it was discarded, each time it was."""
        self.vaulted.log.seal()
        entries = self.vaulted.log.read_after(0, 10_000)
        return [str(each.body["reason"]) for each in entries if each.kind == "vault.discarded"]


def denied(kept: Kept) -> None:
    """Somebody says no."""
    kept.office.answer("sven", kept.request, Answer.DENY)


def expired(kept: Kept) -> None:
    """Nobody says anything."""
    kept.office.later(25 * 3_600)
    with kept.vaulted.database.work(GATE) as work:
        assert run_due(work) == 1


def changed(kept: Kept) -> None:
    """Somebody says yes to something else."""
    document = {**kept.request.version.document, "for": ["nobody"]}
    kept.office.answer("sven", kept.request, Answer.APPROVE_WITH_CHANGE, change=document)


@pytest.fixture
def kept(office: Office, vaulted: Vaulted) -> Kept:
    """An answer that waits for security."""
    return Kept(office, vaulted)


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (denied, "was denied"),
        (expired, "was not answered in time"),
        (changed, "was approved with a change, which no answer can carry out"),
    ],
)
def test_what_can_no_longer_be_given_is_discarded_once(
    kept: Kept, end: Callable[[Kept], None], says: str
) -> None:
    """After a no, or none in time, nobody can open it, and the record says why."""
    kept.follow()
    assert kept.rests
    end(kept)
    kept.follow()
    assert not kept.rests
    kept.follow()
    assert kept.reasons == [f"{kept.request.id} {says}"]


def test_what_was_approved_rests_until_it_is_fetched(kept: Kept) -> None:
    """A yes keeps it; another matter's end leaves it alone."""
    other = kept.office.ask()
    kept.office.answer("sven", other, Answer.DENY)
    kept.office.answer("sven", kept.request)
    kept.follow()
    assert (kept.rests, kept.reasons) == (True, [])


def test_what_nobody_comes_back_for_is_discarded_after_a_week(kept: Kept) -> None:
    """An approved answer is not kept for ever: its yes is spent, with the reason, once."""
    kept.office.answer("sven", kept.request)
    kept.office.later(6 * DAY)
    assert (let_go(kept.office.database, GATE), kept.rests) == (0, True)
    kept.office.later(DAY)
    assert (let_go(kept.office.database, GATE), kept.rests) == (1, False)
    assert let_go(kept.office.database, GATE) == 0
    assert kept.reasons == [f"{kept.request.id} was approved, but nobody fetched it within 7 days"]
    with kept.vaulted.database.look(GATE) as work:
        request, _votes, _comments = approvals.get(work, kept.request.id)
    assert request.state is State.USED
    used = [each for each in kept.vaulted.log.read_after(0, 10_000) if each.kind == USED]
    assert [each.body["use"] for each in used] == ["nobody fetched it within 7 days"]


def test_what_was_fetched_is_not_let_go_as_well(kept: Kept) -> None:
    """Whoever comes for it first has it; the other finds nothing left to do."""
    kept.office.answer("sven", kept.request)
    with kept.vaulted.database.work(GATE) as work:
        approvals.use(work, kept.request.id, digest=kept.request.version.digest, what="exc_2")
    kept.office.later(8 * DAY)
    assert (let_go(kept.office.database, GATE), kept.reasons) == (0, [])


def test_if_it_breaks_between_it_is_discarded_later_and_once(kept: Kept) -> None:
    """Discarding, its record and how far the log was read are one commit: all of it or nothing."""
    denied(kept)
    kept.vaulted.log.seal()
    machine = kept.vaulted.database.machine
    refusing = "BEFORE INSERT ON ledger_pending"
    with machine() as connection:
        if kept.vaulted.database.dialect == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER broken {refusing} BEGIN INSERT INTO lost_table VALUES (1); END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN INSERT INTO lost_table VALUES (1); END $$"
            )
            connection.exec_driver_sql(
                f"CREATE TRIGGER broken {refusing} FOR EACH ROW EXECUTE FUNCTION broken()"
            )
    with pytest.raises(BROKEN):
        kept.follow()
    assert kept.rests
    with machine() as connection:
        connection.exec_driver_sql(
            "DROP TRIGGER broken"
            + ("" if kept.vaulted.database.dialect == "sqlite" else " ON ledger_pending")
        )
    kept.follow()
    assert (kept.rests, len(kept.reasons)) == (False, 1)
