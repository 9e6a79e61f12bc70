"""What is stopped and what is limited, as the corridor sees it before anything is judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from muniment import access, exchanges
from muniment.access import Holder, HolderKind
from muniment.exchanges import Limit, Measure, ScopeKind, StopKind, Window
from tests.gateway.asking import Shared
from tests.gateway.calling import HERE, Gate, bodies, gate_in
from tests.gateway.doubles import Double, Reply, chunk

PARTS: dict[str, dict[str, Any]] = {
    "model/one": {"provider": "echo", "model": "e-1"},
    "model/two": {"provider": "scripted", "model": "s-1", "script": [{"say": "from the second"}]},
    "model/unpriced": {"provider": "openai", "model": "gpt-4o"},
    "routing/cheapest": {"routes": [{"model": "unpriced"}, {"model": "one"}]},
    "routing/both": {"routes": [{"model": "one"}, {"model": "two"}]},
    "dataset/tickets": {"source": "the desk of 2026", "collected_by": "Olga"},
}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway with two providers behind one name."""
    with gate_in(tmp_path_factory.mktemp("gate"), PARTS) as opened:
        yield opened


def ask(gate: Gate, model: str, **more: object) -> tuple[int, str]:
    """Ask a model; give the status and what was said, or the code of the error."""
    message = {"role": "user", "content": "hello"}
    told = gate.post("/v1/chat/completions", {"model": model, "messages": [message], **more})
    if told.status == 200:
        return 200, told.json["choices"][0]["message"]["content"]
    return told.status, told.error["code"]


@pytest.mark.parametrize(
    ("kind", "name", "alone", "both"),
    [
        (StopKind.EVERYTHING, "", (403, "blocked"), (403, "blocked")),
        (StopKind.SYSTEM, "desk", (403, "blocked"), (403, "blocked")),
        (StopKind.MODEL, "one", (403, "blocked"), (200, "from the second")),
        (StopKind.MODEL, "e-1", (403, "blocked"), (200, "from the second")),
        (StopKind.PROVIDER, "echo", (403, "blocked"), (200, "from the second")),
        (StopKind.MODEL, "both", (200, "hello"), (403, "blocked")),
        (StopKind.TOOL, "pay", (200, "hello"), (200, "hello")),
    ],
)
def test_what_is_stopped_is_passed_over_or_refused(
    gate: Gate, kind: StopKind, name: str, alone: tuple[int, str], both: tuple[int, str]
) -> None:
    """Another route serves where there is one; where there is none the call is refused, at once."""
    with gate.house.database.work(HERE) as work:
        stop = exchanges.stop(work, kind, name, reason="For the test.")
    gate.look_again()
    try:
        assert ask(gate, "one") == alone
        assert ask(gate, "both") == both
    finally:
        with gate.house.database.work(HERE) as work:
            exchanges.resume(work, stop.id, reason="For the test.")
        gate.look_again()


@pytest.mark.parametrize("scope", list(ScopeKind))
def test_a_limit_of_each_sort_counts_the_calls_it_is_of(gate: Gate, scope: ScopeKind) -> None:
    """Of the key, a team its program is in, the system, a dataset that serves with it, and all."""
    caller = gate.house.keybook.identify(gate.key)
    with gate.house.database.work(HERE) as work:
        team = access.add_team(work, f"Desk {scope.value}")
    with gate.house.database.work(HERE) as work:
        access.join(work, team.id, Holder(HolderKind.SERVICE, caller.id))
    names = {
        ScopeKind.KEY: (caller.credential, "key_else"),
        ScopeKind.TEAM: (team.id, "team_else"),
        ScopeKind.SYSTEM: (gate.system, "sys_else"),
        ScopeKind.DATASET: ("tickets", "else"),
        ScopeKind.EVERYTHING: ("", ""),
    }
    own, other = names[scope]
    wanted = [Limit("", scope, own, Measure.REQUESTS, Window.MONTH, 1, reason="x")]
    wanted += [Limit("", scope, other, Measure.REQUESTS, Window.MONTH, 0, reason="x")] * bool(other)
    with gate.house.database.work(HERE) as work:
        made = [exchanges.set_limit(work, each) for each in wanted]
    gate.means.standings = type(gate.means.standings)(gate.house.database)
    gate.look_again()
    try:
        assert ask(gate, "one") == (200, "hello"), "what is of others does not count it"
        assert ask(gate, "one") == (429, "limited")
        assert bodies(gate.entries("exchanges.refused"))[-1]["stage"] == "intend"
    finally:
        with gate.house.database.work(HERE) as work:
            for each in made:
                exchanges.end_limit(work, each.id, reason="Tried.")
        gate.look_again()


def test_what_has_no_price_does_not_pass_a_limit_of_money(gate: Gate) -> None:
    """A limit of cost is not slipped under by a model whose price nobody confirmed."""
    limit = Limit("", ScopeKind.SYSTEM, gate.system, Measure.COST, Window.DAY, 10**9, reason="x")
    with gate.house.database.work(HERE) as work:
        made = exchanges.set_limit(work, limit)
    gate.look_again()
    assert ask(gate, "unpriced") == (403, "blocked")
    refused = bodies(gate.entries("exchanges.refused"))[-1]
    assert refused["stage"] == "limit"
    assert ask(gate, "cheapest") == (200, "hello"), "the route whose cost is known serves"
    begun = bodies(gate.entries("exchanges.intended"))[-1]
    assert begun["left_out"] == ["unpriced:openai/gpt-4o: nobody confirmed its price"]
    with gate.house.database.work(HERE) as work:
        exchanges.end_limit(work, made.id, reason="Tried.")
    gate.look_again()


def test_tokens_that_nobody_counted_stay_reserved(shared: Shared, provider: Double) -> None:
    """A stream without usage gives nothing back of a limit, and costs nobody knows what."""
    limit = Limit(
        "", ScopeKind.SYSTEM, shared.gate.system, Measure.TOKENS, Window.DAY, 10**9, reason="x"
    )
    with shared.gate.house.database.work(HERE) as work:
        made = exchanges.set_limit(work, limit)
    shared.gate.look_again()
    finish = chunk({}, "stop")
    provider.says(Reply.events(chunk({"content": "Good day."}), finish))
    silent = shared.chat(stream=True, max_tokens=1_000)
    usage = {"prompt_tokens": 3, "completion_tokens": 5}
    provider.says(Reply.events(chunk({"content": "Good day."}), {**finish, "usage": usage}))
    told = shared.chat(stream=True, max_tokens=1_000)
    with shared.gate.house.database.look(HERE) as work:
        used = exchanges.limit_in_use(work, made.id).used
    reserved = silent.body("intended")["reserved"][made.id]
    assert (used, reserved > 1_000) == (reserved + 8, True)
    assert silent.body("concluded")["cost_micros"] == -1
    assert told.body("concluded")["cost_micros"] == 3 * 2 + 5 * 10
    with shared.gate.house.database.work(HERE) as work:
        exchanges.end_limit(work, made.id, reason="Tried.")
    shared.gate.look_again()


def test_a_stopped_tool_is_not_even_offered(gate: Gate) -> None:
    """A request that offers a tool which is stopped is refused, and says by whom it was."""
    with gate.house.database.work(HERE) as work:
        stop = exchanges.stop(work, StopKind.TOOL, "pay", reason="It paid twice.")
    gate.look_again()
    tool = {"type": "function", "function": {"name": "pay", "parameters": {"type": "object"}}}
    assert ask(gate, "one", tools=[tool]) == (403, "blocked")
    assert bodies(gate.entries("exchanges.refused"))[-1]["stage"] == "limit"
    with gate.house.database.work(HERE) as work:
        exchanges.resume(work, stop.id, reason="For the test.")
