"""What is remembered of calls that are alike: it changes nothing, and ends when something moves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from muniment import access, exchanges
from muniment.core.errors import MunimentError, UnauthenticatedError
from muniment.exchanges import Limit, Measure, ScopeKind, StopKind, Window
from muniment.gateway.exchange import Answered, Call
from muniment.gateway.exchange import replace as replace_in
from muniment.gateway.plans import STANDS_SECONDS, Plans, remember
from muniment.gateway.stages.answer import answer
from tests.gateway.asking import CARD, SECRET, Shared
from tests.gateway.calling import ECHO, HERE, Gate, gate_in
from tests.gateway.doubles import chat
from tests.gateway.walking import CASES, MAIL, said, walked


@pytest.mark.parametrize(("body", "headers"), CASES)
def test_a_call_becomes_the_same_with_what_is_remembered_and_without(
    shared: Shared, body: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    """A plan is the answer of the stages themselves: first, again, and after others."""
    shared.means.plans = Plans()
    first = said(walked(shared, body, headers))
    again = said(walked(shared, body, headers))
    walked(shared, {"messages": [MAIL]}, {})
    walked(shared, {"model": body.get("model", "double"), "messages": [MAIL]}, headers)
    assert first == again == said(walked(shared, body, headers))


def test_calls_of_every_sort_in_turn_keep_apart(shared: Shared) -> None:
    """What was found out for one sort of call is never given to another."""
    shared.means.plans = Plans()
    alone = []
    for body, headers in CASES:
        shared.means.plans = Plans()
        alone.append(said(walked(shared, body, headers)))
    shared.means.plans = Plans()
    for _ in range(2):
        assert [said(walked(shared, *case)) for case in CASES] == alone


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway of its own, in which things move."""
    with gate_in(tmp_path_factory.mktemp("gate"), ECHO) as opened:
        yield opened


def expire(gate: Gate) -> None:
    """Let the time pass for which a footing stands."""
    for each in gate.means.plans._known.values():
        each.until = float("-inf")
        for plan in each.plans.values():
            plan.until = float("-inf")


def test_a_stop_and_a_limit_work_at_the_next_look_at_them(gate: Gate) -> None:
    """However warm a plan is: these are looked up for every call, as before."""
    assert isinstance(walked(gate, {}, {}), Call)
    assert walked(gate, {}, {}).limits == ()
    with gate.house.database.work(HERE) as work:
        stop = exchanges.stop(work, StopKind.MODEL, "echo", reason="It says strange things.")
        wanted = Limit(
            "", ScopeKind.EVERYTHING, "", Measure.REQUESTS, Window.DAY, 500, 80, "a test"
        )
        limit = exchanges.set_limit(work, wanted)
    gate.look_again()
    assert "stopped" in str(said(walked(gate, {}, {})))
    with gate.house.database.work(HERE) as work:
        exchanges.resume(work, stop.id, reason="It was mended.")
    gate.look_again()
    assert [each.id for each in walked(gate, {}, {}).limits] == [limit.id]
    with gate.house.database.work(HERE) as work:
        exchanges.end_limit(work, limit.id, reason="The test is over.")
    gate.look_again()
    assert walked(gate, {}, {}).limits == ()


def test_rules_work_as_soon_as_the_judge_holds_them(gate: Gate) -> None:
    """What was decided by others counts no more, and is not brought back with those."""
    judge = gate.means.judge
    before = walked(gate, {}, {}).judged.policy
    held = judge._held
    judge._held = replace(held, version=held.version + 7)
    assert walked(gate, {}, {}).judged.policy == before + 7
    judge._held = held
    assert walked(gate, {}, {}).judged.policy == before


def told_of(shared: Shared, words: str) -> tuple[Any, Any]:
    """Judge an answer to a usual call; give what is noted and goes on, or why it may not."""
    call = walked(shared, {}, {})
    came = Answered(200, call.routes[0], (), raw=json.dumps(chat(words)).encode())
    try:
        result = answer(replace_in(call, answer=came), shared.means)
    except MunimentError as error:
        return error.message, error.reasons
    assert isinstance(result, Call)
    assert result.answer is not None
    return replace_in(result.answer.judged, decision=""), result.answer.body


def test_answers_that_are_alike_are_judged_once_and_the_same(shared: Shared) -> None:
    """What is found counts, not who came before; and other rules count as soon as they are held."""
    gate, words = shared.gate, ("Good day.", f"see {SECRET}", f"It is {CARD}.")
    shared.means.plans = Plans()
    first = [told_of(shared, each) for each in words]
    assert first[0][0].findings == {}
    assert first[1][0].remedies == ("redact",)
    assert "may not be given" in first[2][0]
    for _ in range(2):
        assert [told_of(shared, each) for each in reversed(words)] == first[::-1]
    judge, held = gate.means.judge, gate.means.judge._held
    judge._held = replace(held, version=held.version + 7)
    try:
        assert told_of(shared, words[0])[0].policy == first[0][0].policy + 7
    finally:
        judge._held = held


def test_whoever_may_call_no_more_is_refused_when_the_footing_is_looked_up(gate: Gate) -> None:
    """A footing stands for a moment only, so it adds no more than that to what a second allows."""
    call = walked(gate, {}, {})
    now = gate.means.database.clock.monotonic()
    footings = list(gate.means.plans._known.values())
    assert all(each.until - now <= STANDS_SECONDS for each in footings)
    expire(gate)
    assert walked(gate, {}, {}).plan is call.plan, "nothing moved, so it is the one before"
    with gate.house.database.work(HERE) as work:
        [held, *_] = access.standing(work, call.actor).grants
        access.revoke(work, held[0].id, reason="For a test.")
    expire(gate)
    gate.means.standings._known._known.clear()
    assert "may not have models" in str(said(walked(gate, {}, {})))


def test_a_key_is_looked_up_for_every_call(gate: Gate) -> None:
    """No plan lets in whom the book of keys does not know."""
    known = gate.house.keybook._known
    gate.house.keybook._known = {}
    gate.house.keybook._looked_at = float("inf")
    try:
        result = walked(replace(gate, key=gate.key[:-1] + "_"), {}, {})
        assert isinstance(result, UnauthenticatedError)
    finally:
        gate.house.keybook._known, gate.house.keybook._looked_at = known, float("-inf")


def test_what_is_remembered_has_an_end() -> None:
    """So many things, and then all of them are forgotten; unknown models leave no plan at all."""
    known: dict[int, int] = {}
    for number in range(10_000):
        remember(known, number, number)
    assert len(known) <= 4_096
    assert known[9_999] == 9_999


def test_a_model_that_nobody_has_leaves_no_plan(shared: Shared) -> None:
    """Whoever makes names up fills no memory with them."""
    plans = shared.means.plans = Plans()
    assert isinstance(walked(shared, {}, {}), Call)
    for number in range(5):
        assert isinstance(walked(shared, {"model": f"made-up-{number}"}, {}), MunimentError)
    assert [list(each.plans) for each in plans._known.values()] == [
        [(shared.call("resolve").set_digest, "chat", "double")]
    ]
