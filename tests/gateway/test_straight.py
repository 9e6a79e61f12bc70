"""The straight way: what a call becomes on it is what the stages make of it, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from muniment.gateway import plans
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Call, Headers
from muniment.gateway.exchange import replace as replace_in
from muniment.gateway.pipeline import CORRIDOR
from muniment.gateway.plans import Plans
from muniment.gateway.stages import resolve
from muniment.gateway.stages.intend import handed_in
from muniment.gateway.straight import straight
from tests.gateway.asking import USUAL, Shared
from tests.gateway.walking import CASES, MAIL, RESULT, TOOL, WIDE, called, said, walked

LONG: Final = 600.0
BRIEF: Final = {"role": "system", "content": "Be brief."}
AT: Final = datetime(2026, 11, 20, 14, 27, tzinfo=UTC)


@pytest.fixture
def steady(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """The shared gateway, in which what was looked up counts for the whole of a test."""
    for module in (plans, resolve):
        monkeypatch.setattr(module, "STANDS_SECONDS", LONG)
    means = shared.means
    means.plans = Plans()
    means.book.pulse()
    monkeypatch.setattr(means.book, "_looked_at", float("inf"))
    always = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    monkeypatch.setattr(means, "_minute", (*always, int(AT.timestamp())))
    return shared


@pytest.mark.parametrize(("body", "headers"), CASES)
def test_a_call_becomes_the_same_on_the_straight_way(
    shared: Shared, body: Mapping[str, Any], headers: Mapping[str, str]
) -> None:
    """It leads as far as is known, which grows; each time the stages find the same without it."""
    shared.means.plans = Plans()
    alone = said(walked(shared, body, headers))
    shared.means.plans = Plans()
    for _ in range(3):
        assert said(walked(shared, body, headers, leads=True)) == alone
    walked(shared, {"messages": [MAIL]}, {}, leads=True)
    assert said(walked(shared, body, headers, leads=True)) == alone


@pytest.mark.parametrize(
    ("body", "headers", "stage"),
    [
        ({}, {}, "intend"),
        ({"model": "regions", "tools": [TOOL], "user": "anna-17"}, WIDE, "intend"),
        ({"messages": [MAIL]}, {}, "protect"),
        ({"messages": [USUAL, RESULT]}, {}, "resolve"),
        ({"model": "claude"}, {}, "resolve"),
        ({}, {"x-muniment-approval": "apr_1"}, ""),
        ({}, {"authorization": "Basic YTpi"}, ""),
    ],
)
def test_the_straight_way_leads_as_far_as_is_known(
    steady: Shared, body: Mapping[str, Any], headers: Mapping[str, str], stage: str
) -> None:
    """A usual call comes to its intent by it, at once; an unusual one not so far, or nowhere."""
    walked(steady, body, {} if not stage else headers)
    call = called(steady, {"model": "double", "messages": [USUAL], **body}, headers)
    way = straight(call, steady.means)
    assert (way.stage if way is not None else "") == stage
    names = [each.name for each in CORRIDOR]
    if way is not None:
        assert list(call.took) == names[: names.index(stage)]


def test_the_straight_way_ends_where_something_moved(steady: Shared) -> None:
    """A stop, a rule, a footing, a key: what moved since is found out anew by its own stage."""
    means = steady.means
    walked(steady, {}, {})

    def leads_to() -> str:
        way = straight(called(steady, {"model": "double", "messages": [USUAL]}, {}), means)
        return way.stage if way is not None else ""

    assert leads_to() == "intend"
    held = means.judge._held
    means.judge._held = replace(held, version=held.version + 7)
    assert leads_to() == "reside"
    means.judge._held = held
    means.book._pulse += 1
    assert leads_to() == "resolve"
    means.book._pulse -= 1
    for each in means.plans._known.values():
        each.until = float("-inf")
    assert leads_to() == "resolve"
    walked(steady, {}, {})
    known = means.keybook._known
    means.keybook._known = {}
    assert leads_to() == ""
    means.keybook._known = known
    assert leads_to() == "intend"


@pytest.mark.parametrize("body", [{}, {"messages": [MAIL]}, {"messages": [BRIEF, USUAL]}])
def test_an_intent_is_recorded_alike_on_the_straight_way(
    steady: Shared, body: Mapping[str, Any]
) -> None:
    """What intents of a caller say alike is learnt from one; what others say of their own is kept.

    The record of each is, but for its id and times, what the stages alone would have written.
    """
    means = steady.means
    wanted = {"model": "double", "messages": [USUAL], **body}
    alone = intended(steady, walked(steady, body, {}))
    for each in ({"messages": [MAIL]}, {}, body, body):
        walked(steady, each, {})
        intended(steady, walked(steady, each, {}, leads=True))
    way = straight(called(steady, wanted, {}), means)
    assert way is not None
    assert way.call.ready is not None
    assert way.call.ready.intent is not None, "it goes by what was learnt"
    assert intended(steady, walked(steady, body, {}, leads=True)) == alone


def intended(shared: Shared, call: Call) -> Mapping[str, Any]:
    """Record the intent of a call; give what it says, but for its id and how long it took."""
    assert isinstance(call, Call)
    handed_in(call, shared.means, write_json(call.body)).result()
    [found] = [
        each.body
        for each in shared.gate.entries("exchanges.intended")
        if each.body["exchange"] == call.received.exchange
    ]
    return {name: each for name, each in found.items() if name not in ("exchange", "took")}


def test_what_is_no_longer_young_is_found_anew_by_its_own_stage(steady: Shared) -> None:
    """A call leads on with what that stage finds, and becomes what it would have become."""
    means, body = steady.means, {"model": "double", "messages": [USUAL]}
    alone = said(walked(steady, {}, {}))
    walked(steady, {}, {}, leads=True)
    for each in means.plans._known.values():
        each.until = float("-inf")
    way = straight(called(steady, body, {}), means, resolve.resolve)
    assert way is not None
    assert (way.stage, said(way.call)) == ("intend", alone)


def test_headers_that_come_again_say_the_same_and_prove_nothing(steady: Shared) -> None:
    """What they say is read once; whether their key still counts is asked for each call."""
    means, body = steady.means, {"model": "double", "messages": [USUAL]}
    plain = called(steady, body, {"x-muniment-system": "desk"})
    again = Headers(plain.received.headers)
    walked(steady, {}, again)
    for _ in range(2):
        way = straight(Call(replace_in(plain.received, headers=again)), means)
        alone = straight(called(steady, body, {"x-muniment-system": "desk"}), means)
        assert way is not None
        assert alone is not None
        assert (way.stage, said(way.call)) == (alone.stage, said(alone.call))
    known = means.keybook._known
    means.keybook._known = {}
    assert straight(Call(replace_in(plain.received, headers=again)), means) is None
    means.keybook._known = known
    assert straight(Call(replace_in(plain.received, headers=again)), means) is not None
