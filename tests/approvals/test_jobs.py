"""The chores of approvals."""

from __future__ import annotations

from datetime import timedelta

from muniment import jobs
from muniment.approvals import State, Timing, get
from muniment.approvals.jobs import chores
from muniment.jobs import Run
from tests.approvals.people import ROOT, Office


def test_chores_end_what_ran_out_and_remind(office: Office) -> None:
    """What the worker runs on its schedule moves requests, each in its own unit of work."""
    now = office.database.clock.now()
    request = office.ask(timing=Timing(now + timedelta(hours=1), remind_every_seconds=60))
    office.later(120)

    def run_all() -> None:
        for chore in chores():
            with office.database.work(ROOT) as work:
                jobs.enqueue(work, chore.name, {})
            with office.database.work(ROOT) as work:
                job = jobs.claim(work, [chore.name], lease_seconds=60)
            assert job is not None
            run = Run(job, lambda: office.database.work(ROOT), lambda: False, lambda _work: None)
            chore.run(run)

    run_all()
    assert len(office.recorded("approvals.reminded")) == 1
    office.later(3_600)
    run_all()
    with office.database.look(ROOT) as work:
        assert get(work, request.id)[0].state is State.EXPIRED


def test_chores_come_often_enough() -> None:
    """A held call waits seconds, so what ran out is looked for at least every minute."""
    assert all(0 < (chore.every_seconds or 0) <= 60 for chore in chores())
