"""One question told from its asking to its answer: routed, delivered, signed, escalated, proven."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from muniment import access, approvals, jobs, notices
from muniment.access import Scope
from muniment.approvals import Answer, Matter, Need, Rule, State, Timing
from muniment.client import ReplayGuard, WebhookError, verify_webhook
from muniment.core.actor import Actor
from muniment.db.work import machinery
from muniment.jobs.follow import step
from muniment.jobs.queue import jobs_table
from muniment.notices.store.tables import groups_table
from muniment.server import House
from muniment.server.app import make_app
from muniment.testing.notifiers import Receiver, webhook_receiver
from muniment.verify import main as verify
from tests.server.asking import ask, house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with

SYSTEM = Scope.of(system="sys_credit")


@pytest.mark.requirement("CHG-09", "CHG-16", "IOG-06", "HUM-01")
def test_from_the_question_to_the_answer_everybody_is_told(tmp_path: Path) -> None:
    """Asked, delivered, reminded, passed up, decided, told: each signed, and all in the ledger."""
    allowed = {"network.reach_plain_loopback": True}
    with webhook_receiver() as receiver, house_in(tmp_path / "data", **allowed) as house:
        house.log.begin()
        admin = found_admin(house)
        ada = person_with(house, "builder", SYSTEM, name="Ada Builder")
        rel = person_with(house, "releaser", SYSTEM, name="Rel Easer")
        own = person_with(house, "owner", SYSTEM, name="Own Er")
        secret = channel(house, admin.actor, receiver)
        receiver.answers = [503]  # the first try meets a receiver that is just starting

        request = asked(house, ada)
        told = arrives(house, receiver, secret, 2)
        assert told["title"] == "An approval waits for you"
        assert told["notices"][0]["subject_id"] == request.id
        assert "credit-score" not in json.dumps(told)
        first, second = (each.headers["webhook-id"] for each in receiver.came)
        assert first == second  # tried again under its own id

        arrives_as(house, receiver, secret, "An approval still waits for you")
        arrives_as(house, receiver, secret, "An approval was passed up to you")

        app = make_app(house)
        page = ask(app, "/console/notices", headers=own.headers)
        assert b"An approval was passed up to you" in page.body
        decide(house, rel, request)
        decide(house, own, request)
        done = settled(house, request)
        assert done.state is State.APPROVED
        arrives_in(house, ada, "What you asked for was decided")

        body, headers = receiver.came[0].body, receiver.came[0].headers
        with pytest.raises(WebhookError):
            verify_webhook(body + b" ", headers, secret)
        house.log.seal()
        kinds = {each.kind for each in house.log.read_after(0, 1_000)}
        for kind in ("told", "posted", "delayed", "delivered", "settled", "seen", "channel_set"):
            assert f"notices.{kind}" in kinds
        vkey = house.log.status().vkey
    (tmp_path / "vkey").write_text(vkey)
    assert verify([str(tmp_path / "data" / "log"), "--key-file", str(tmp_path / "vkey")]) == 0


def channel(house: House, actor: Actor, receiver: Receiver) -> str:
    """Let what releasers and owners are told go to the receiver; give the secret."""
    with house.database.work(actor) as work:
        made, secret = notices.add_channel(
            work, house.courier, name="Releases", via="webhook", target=receiver.url
        )
        for role in ("releaser", "owner"):
            notices.subscribe_role(work, made.id, role)
    outcome, why = notices.try_channel(house.database, actor, house.courier, made.id)
    assert outcome.value == "delivered", why
    receiver.came.clear()
    return secret


def asked(house: House, ada: Somebody) -> approvals.Request:
    """Ask for two yeses; it reminds and is passed up soon."""
    matter = Matter(
        kind="registry.deploy",
        subject=("system", "sys_credit"),
        title="Deploy credit-score 4",
        document={"model": "sha256:aa"},
        consequence="Credit decisions are made by version 4.",
        scope={"system": "sys_credit"},
    )
    rule = Rule((Need(2, "releaser"),), escalate_to="owner")
    now = house.clock.now()
    timing = Timing(escalates_at=now + timedelta(seconds=2), remind_every_seconds=1)
    with house.database.work(ada.actor) as work:
        return approvals.ask(work, matter, rule, timing=timing)


def arrives(house: House, receiver: Receiver, secret: str, count: int) -> dict[str, Any]:
    """Work until so many requests came; check the newest as a receiver does."""
    work_until(house, lambda: len(receiver.came) >= count)
    newest = receiver.came[count - 1]
    told = verify_webhook(newest.body, newest.headers, secret)
    assert ReplayGuard().is_new(newest.headers["webhook-id"])
    data: dict[str, Any] = told["data"]
    return data


def arrives_as(house: House, receiver: Receiver, secret: str, title: str) -> None:
    """Work until a message tells this; how often it reminded before depends on the machine."""

    def told() -> bool:
        found = [verify_webhook(each.body, each.headers, secret)["data"] for each in receiver.came]
        return any(title in (data["title"], *map(str, _titles(data))) for data in found)

    work_until(house, told)


def _titles(data: dict[str, Any]) -> list[object]:
    return [each.get("title") for each in data["notices"]]


def arrives_in(house: House, who: Somebody, title: str) -> None:
    """Work until somebody finds this in their inbox."""

    def there() -> bool:
        with house.database.look(who.actor) as work:
            return any(each.group.title == title for each in notices.inbox(work).rows)

    work_until(house, there)


def settled(house: House, request: approvals.Request) -> approvals.Request:
    """Read how a request stands."""
    with house.database.look(MACHINE) as work:
        return approvals.get(work, request.id)[0]


def decide(house: House, who: Somebody, request: approvals.Request) -> None:
    """Open a request as somebody and say yes."""
    found = access.identify_session(house.database, who.secret)
    assert found is not None
    with house.database.work(found[1]) as work:
        shown = approvals.open_request(work, request.id)
    with house.database.work(found[1]) as work:
        approvals.decide(
            work,
            request.id,
            Answer.APPROVE,
            digest=shown.version.digest,
            reason="looked at it",
        )


def work_until(house: House, done: Callable[[], bool]) -> None:
    """Run followers and chores as the worker does until something is so."""
    hurried = {"approvals.due", "approvals.remind", "access.reviews"}
    hurried |= {"notices.post", "notices.look"}
    until = time.monotonic() + 60
    while not done():
        if time.monotonic() > until:
            pytest.fail("it never came")
        house.log.seal()
        for follower in house.runner.followers:
            step(house.database, follower, house.log.read_after)
        with house.database.work(MACHINE) as work:
            for name in hurried:
                jobs.enqueue(work, name)
        while house.runner.run_one():
            pass
        hurry(house)
        time.sleep(0.05)


def hurry(house: House) -> None:
    """Let what waits for its time be due, so that the test need not wait for it."""
    now = house.clock.now()
    with house.database.machine() as connection, machinery(connection):
        connection.execute(update(groups_table).values(send_at=now))
        connection.execute(
            update(jobs_table)
            .where(jobs_table.c.name == "notices.send", jobs_table.c.state == "queued")
            .values(run_at=now)
        )
