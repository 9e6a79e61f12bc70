"""Lets somebody of an installation read a change of a detector and say yes to it."""

from __future__ import annotations

from muniment import approvals, detect
from muniment.access import Method, PersonId, SignIn, actor_of, begin_session
from muniment.approvals import Answer
from muniment.server import House
from tests.server.people import MACHINE, Somebody


def say_yes(house: House, person: Somebody, change_id: str) -> None:
    """Sign in with a second factor, open what is asked, and say yes to exactly that."""
    with house.database.work(MACHINE) as work:
        shown = SignIn(PersonId(person.id), (Method.PASSKEY,), strong=True)
        session, _ = begin_session(work, shown, "203.0.113.7", "test", settings=house.settings)
        request_id = detect.proposal(work, change_id).request_id
    actor = actor_of(session)
    with house.database.work(actor) as work:
        digest = approvals.open_request(work, request_id).version.digest
    with house.database.work(actor) as work:
        approvals.decide(work, request_id, Answer.APPROVE, digest=digest, reason="read it")
