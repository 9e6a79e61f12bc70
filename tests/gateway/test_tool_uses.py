"""A tool is used a thousand times a day at most, where the shipped pack is in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from muniment import access, exchanges, policy
from muniment.access import ServiceKind
from muniment.exchanges import Book, ToolOfDay
from muniment.exchanges.store import using
from tests.gateway.calling import HERE, OPEN_RULES, Gate, Told, bodies, gate_in, key_for, script

PACK = policy.pack("agent-tool-use").sources
RULES = OPEN_RULES + "".join(each.text for each in PACK if each.name.endswith(".cedar"))
LOOK: dict[str, Any] = {"name": "look", "arguments": {}}
BURN: dict[str, Any] = {"name": "burn", "arguments": {}}
LINES = script(
    {"when": "once", "tools": [LOOK]},
    {"when": "twice", "tools": [LOOK, LOOK]},
    {"when": "held", "tools": [LOOK, BURN]},
)
ALLOWED: list[dict[str, Any]] = [
    {"name": "look", "effect": "read", "reversible": True},
    {"name": "burn", "effect": "write"},
]
TOOLS = [
    {"type": "function", "function": {"name": each["name"], "parameters": {"type": "object"}}}
    for each in ALLOWED
]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway of a system that acts, under the rules of the pack."""
    parts = {**LINES, "tools/allowed": {"allowed": ALLOWED}}
    folder, acts = tmp_path_factory.mktemp("gate"), {"autonomy": "acts_alone"}
    with gate_in(folder, parts, RULES, profile=acts, **{"gateway.hold_seconds": 0}) as opened:
        yield opened


@pytest.fixture(scope="module")
def agent(gate: Gate) -> str:
    """The key of an agent."""
    with gate.house.database.look(HERE) as work:
        owner = access.person_by_address(work, "olga@example.org")
    assert owner is not None
    return key_for(gate.house, gate.system, owner.id, kind=ServiceKind.AGENT)


def ask(gate: Gate, agent: str, words: str, *, streamed: bool = False) -> Told:
    """Ask as an agent does."""
    message = {"role": "user", "content": words}
    body = {"model": "scripted", "messages": [message], "tools": TOOLS, "stream": streamed}
    return gate.post("/v1/chat/completions", body, key=agent)


def begin_anew(gate: Gate) -> None:
    """Let the gateway know nothing but what the log says, as after a restart."""
    entries = gate.entries()
    with gate.house.database.work(HERE) as work:
        exchanges.follow_all(work, entries)
    gate.means.book = Book(gate.house.database)


def today(gate: Gate, system: str = "") -> ToolOfDay:
    """Name the tool as it is counted now."""
    day = f"{gate.house.database.clock.now():%Y-%m-%d}"
    return ToolOfDay(day, system or gate.system, "production", "look")


def set_to(gate: Gate, wanted: int) -> None:
    """Let the tool have been used so often today, in a process that begins anew."""
    begin_anew(gate)
    with gate.house.database.work(HERE) as work:
        using.add_all(work, {today(gate): wanted - using.used(work, today(gate))})
        using.add_all(work, {today(gate, "sys_other"): 5_000})


def test_the_thousand_and_first_use_is_denied(gate: Gate, agent: str) -> None:
    """The thousandth goes on; then none, at once, streamed too, and after a restart."""
    set_to(gate, 999)
    refused = ask(gate, agent, "twice")
    assert (refused.status, "not-without-end" in str(refused.error)) == (403, True)
    assert ask(gate, agent, "once").status == 200, "nobody was given the two"
    assert ask(gate, agent, "once").status == 403
    assert b"not-without-end" in ask(gate, agent, "once", streamed=True).body
    begin_anew(gate)
    assert ask(gate, agent, "once").status == 403
    with gate.house.database.look(HERE) as work:
        assert using.used(work, today(gate)) == 1_000


def test_of_a_held_stream_what_went_on_counts(gate: Gate, agent: str) -> None:
    """What stood before a held tool was given, so it counts; the held one does not."""
    set_to(gate, 0)
    told = ask(gate, agent, "held", streamed=True)
    assert b'"held"' in told.body
    ended = bodies(gate.entries("exchanges.concluded"))[-1]
    assert (ended["reached"], ended["tools"], ended["kept_back"]) == (
        "part",
        ["look", "burn"],
        ["burn"],
    )
    begin_anew(gate)
    with gate.house.database.look(HERE) as work:
        assert using.used(work, today(gate)) == 1
