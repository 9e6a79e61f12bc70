"""Calls that wait for a person: asked once, answered for exactly this request, used once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from muniment import approvals, exchanges, policy
from muniment.approvals import Answer, Query, State
from muniment.core.actor import Actor
from tests.gateway.calling import ECHO, HERE, OPEN_RULES, Gate, bodies, gate_in

HOLDING = (
    OPEN_RULES
    + """
@id("test.hold") @reason("Somebody looks at it first.") @remedy("hold:security")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.families.contains("financial") && !context.text.held.contains("security") };
"""
)
CARD = {
    "model": "echo",
    "messages": [{"role": "user", "content": "pay with 4111 1111 1111 1111"}],
}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway that holds card numbers for a second."""
    folder = tmp_path_factory.mktemp("gate")
    settings: dict[str, Any] = {"gateway.hold_seconds": 1}
    with gate_in(folder, ECHO, HOLDING, **settings) as opened:
        yield opened


def asked_about(gate: Gate, guard: Actor) -> int:
    """Count what was asked so far."""
    with gate.house.database.look(guard) as work:
        return len(approvals.list_requests(work, Query()).rows)


def answer(gate: Gate, guard: Actor, how: Answer) -> str:
    """Open the newest question and answer it."""
    database = gate.house.database
    with database.look(guard) as work:
        request = approvals.list_requests(work, Query()).rows[0]
    with database.work(guard) as work:
        approvals.open_request(work, request.id)
    with database.work(guard) as work:
        given: dict[str, Any] = {"digest": request.version.digest, "reason": "I looked at it."}
        approvals.decide(work, request.id, how, **given)
    return str(request.id)


def test_nobody_answers(gate: Gate) -> None:
    """The caller is told that it waits, where, and how to go on; nothing has left."""
    told = gate.post("/v1/chat/completions", CARD)
    assert (told.status, told.error["code"]) == (403, "held")
    assert told.headers["x-should-retry"] == "false"
    assert "/console/approvals/apr_" in told.error["reasons"][0]
    refused = bodies(gate.entries("exchanges.refused"))[-1]
    assert (refused["stage"], refused["approval"] in told.error["reasons"][0]) == ("hold", True)
    with gate.house.database.look(HERE) as work:
        kept, _ = policy.explain(work, refused["decision"])
    assert kept.effect is policy.Effect.CURE, "the decision it names can be read"
    with gate.given(hold_seconds=0):
        again = gate.post("/v1/chat/completions", CARD)
    assert again.error["reasons"] == told.error["reasons"], "the same request is asked about once"


def test_a_yes_lets_exactly_this_request_through_once(gate: Gate, guard: Actor) -> None:
    """Approved while it waits it goes on; the next one like it is asked about anew."""
    other = {**CARD, "user": "another"}
    with ThreadPoolExecutor(1) as pool, gate.given(hold_seconds=60):
        before = asked_about(gate, guard)
        waiting = pool.submit(gate.post, "/v1/chat/completions", other)
        while asked_about(gate, guard) == before:
            threading.Event().wait(0.02)
        request = answer(gate, guard, Answer.APPROVE)
        assert waiting.result(30).status == 200
    with gate.house.database.look(guard) as work:
        known = approvals.get(work, request)[0]
        assert known.state is State.USED
    begun = bodies(gate.entries("exchanges.intended"))[-1]
    assert begun["approval"] == request, "the call names who let it go"
    assert known.matter.href == f"/console/exchanges/{begun['exchange']}", "and is named by it"
    entries = gate.entries()
    with gate.house.database.work(HERE) as work:
        for each in entries:
            exchanges.follow(work, each)
    with gate.house.database.look(guard) as work:
        told = exchanges.explain(work, gate.house.log, begun["exchange"])
    assert [(each.request, each.state) for each in told.agreed] == [(request, "used")]
    with gate.given(hold_seconds=0):
        assert gate.post("/v1/chat/completions", other).error["code"] == "held"


def test_a_no_stays_a_no(gate: Gate, guard: Actor) -> None:
    """What was denied is refused at once, also when it is sent again."""
    third = {**CARD, "user": "a third"}
    with gate.given(hold_seconds=0):
        gate.post("/v1/chat/completions", third)
    answer(gate, guard, Answer.DENY)
    for _ in range(2):
        told = gate.post("/v1/chat/completions", third)
        assert told.status == 403
        assert "is denied" in told.error["message"]
