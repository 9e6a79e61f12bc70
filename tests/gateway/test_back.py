"""The straight way back: what becomes of an answer on it is what the stages make of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace as replace_held
from typing import Any, Final

import pytest

from muniment.core.errors import MunimentError
from muniment.exchanges import Attempt
from muniment.gateway.back import back
from muniment.gateway.exchange import Answered, Call, replace
from muniment.gateway.plans import Plans
from muniment.gateway.stages.answer import answer
from muniment.gateway.stages.record import record
from muniment.gateway.telling import told_of
from tests.gateway.asking import CARD, EMAIL, SECRET, Shared
from tests.gateway.doubles import chat
from tests.gateway.walking import MAIL, walked

USED: Final = {"prompt_tokens": 12, "completion_tokens": 34}
SAID: Final = chat("Good day.")
CHOICE: Final = SAID["choices"][0]
CALL: Final = {"id": "c", "function": {"name": "look", "arguments": "{}"}}
PLAIN: Final[dict[str, Any]] = {}
MASKED: Final = {"messages": [MAIL]}
TIMES: Final = frozenset({"exchange", "took", "milliseconds"})


def came(shared: Shared, asked: Mapping[str, Any], raw: bytes) -> tuple[Call, Answered]:
    """Give a call that has left, and an answer to it that came."""
    call = walked(shared, asked, {})
    assert isinstance(call, Call)
    route = call.routes[0]
    attempt = Attempt(route.label, 200, 7)
    return replace(call, intended=True), Answered(200, route, (attempt,), raw=raw)


def by_stages(shared: Shared, asked: Mapping[str, Any], raw: bytes) -> object:
    """Say what the stages make of an answer, and what they record of it."""
    call, answered = came(shared, asked, raw)
    try:
        result = answer(replace(call, answer=answered), shared.means)
        assert isinstance(result, Call)
        asyncio.run(record(result, shared.means))
    except MunimentError as error:
        return error.message
    return told(shared, result)


def straight_back(shared: Shared, asked: Mapping[str, Any], raw: bytes) -> object:
    """Say the same of the straight way; nothing where it leads nowhere."""
    call, answered = came(shared, asked, raw)
    ended = back(call, shared.means, answered, 0.0)
    if ended is None:
        return None
    ended[1].result()
    return told(shared, ended[0])


def told(shared: Shared, call: Call) -> object:
    """Give what a caller gets and what is on record, but for the id of the call and times."""
    found = call.answer
    assert found is not None
    assert found.told in (None, told_of(call))
    assert not found.written or json.loads(found.written) == found.body
    [entry] = [
        each.body
        for each in shared.gate.entries("exchanges.concluded")
        if each.body["exchange"] == call.received.exchange
    ]
    recorded = {name: each for name, each in entry.items() if name not in TIMES}
    kept = replace(found, written=b"", decided=(), body={}, told=None)
    return json.dumps(found.body), kept, told_of(call), recorded


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (PLAIN, SAID),
        (PLAIN, {**SAID, "usage": USED}),
        (PLAIN, {**SAID, "usage": {**USED, "prompt_tokens": True}}),
        (PLAIN, {**SAID, "usage": {"prompt_tokens": 0, "completion_tokens": -1}}),
        (PLAIN, {**SAID, "usage": [1]}),
        (PLAIN, {**SAID, "model": 7, "more": {"words": "of nobody known"}}),
        (PLAIN, {**SAID, "choices": [CHOICE, {**CHOICE, "index": 1}]}),
        (PLAIN, {**SAID, "choices": [{**CHOICE, "notes": "more words"}]}),
        (PLAIN, {**SAID, "choices": [{"index": 0}]}),
        (PLAIN, chat(f"Write to {EMAIL}.")),
        (PLAIN, chat(f"see {SECRET}")),
        (MASKED, SAID),
        (MASKED, chat("Write to [EMAIL_ADDRESS_1], or to [EMAIL_ADDRESS_2].")),
        (MASKED, chat(f"[EMAIL_ADDRESS_1] has {SECRET}")),
        (MASKED, chat('{"arguments": "[EMAIL_ADDRESS_1]"}')),
    ],
)
def test_an_answer_becomes_the_same_on_the_straight_way_back(
    shared: Shared, asked: Mapping[str, Any], value: object
) -> None:
    """It leads on once as much was found before, and to the same bytes and the same record."""
    raw = json.dumps(value).encode()
    shared.means.plans = Plans()
    assert straight_back(shared, asked, raw) is None
    for _ in range(3):
        stages = by_stages(shared, asked, raw)
        assert straight_back(shared, asked, raw) == stages
    plan = came(shared, asked, raw)[0].plan
    assert plan is not None
    assert plan.ending is not None, "what its record says was learnt, and gone by"


@pytest.mark.parametrize(
    "raw",
    [
        b"no JSON",
        b"[]",
        b'{"choices": []}',
        b'{"choices": {}}',
        json.dumps(chat(f"It is {CARD}.")).encode(),
        json.dumps({"choices": [{"message": {"content": None, "tool_calls": [CALL]}}]}).encode(),
    ],
)
def test_the_straight_way_back_leads_nowhere_with_what_is_unusual(
    shared: Shared, raw: bytes
) -> None:
    """What is malformed, refused or wants a tool called is left to the stages, which say why."""
    usual = json.dumps(SAID).encode()
    by_stages(shared, PLAIN, usual)
    assert straight_back(shared, PLAIN, usual) is not None
    by_stages(shared, PLAIN, raw)
    assert straight_back(shared, PLAIN, raw) is None


def test_the_straight_way_back_ends_where_something_moved(shared: Shared) -> None:
    """Other rules, another caller, an answer in pieces: none of it goes by what was said before."""
    raw, means = json.dumps(SAID).encode(), shared.means
    means.plans = Plans()
    by_stages(shared, PLAIN, raw)
    assert straight_back(shared, PLAIN, raw) is not None
    held = means.judge._held
    means.judge._held = replace_held(held, version=held.version + 7)
    try:
        assert straight_back(shared, PLAIN, raw) is None
    finally:
        means.judge._held = held
    call, answered = came(shared, PLAIN, raw)
    assert back(replace(call, plan=None), means, answered, 0.0) is None
