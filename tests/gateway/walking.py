"""Calls of every sort, walked as far as they need not wait, and what they have become then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from muniment.core.errors import MunimentError
from muniment.gateway.exchange import Call, Received, Stop, replace
from muniment.gateway.pipeline import CORRIDOR
from muniment.gateway.straight import straight
from tests.gateway.asking import EMAIL, USUAL, Shared
from tests.gateway.calling import Gate

MAIL = {"role": "user", "content": f"Write to {EMAIL}."}
ACCOUNT = {"role": "user", "content": "It is DE89 3704 0044 0532 0130 00."}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {}}}
RESULT = {"role": "tool", "tool_call_id": "c", "content": "It runs at 203.0.113.7."}
WIDE = {"x-muniment-region": "eu-west-1"}
NARROW = {"x-muniment-region": "ap-south-1"}
CASES: tuple[tuple[dict[str, Any], Mapping[str, str]], ...] = (
    ({}, {}),
    ({"messages": [MAIL]}, {}),
    ({"messages": [ACCOUNT]}, {}),
    ({"messages": [{"role": "system", "content": "Be brief."}, USUAL]}, {}),
    ({"user": "anna-17"}, {}),
    ({"max_tokens": 900, "n": 3}, {}),
    ({"tools": [TOOL]}, {}),
    ({"messages": [USUAL, RESULT]}, {}),
    ({"model": "both"}, {}),
    ({"model": "twice"}, {}),
    ({"model": "claude"}, {}),
    ({"model": "regions"}, WIDE),
    ({"model": "regions"}, NARROW),
    ({"model": "regions"}, {"x-muniment-data-classes": "health"}),
    ({"model": "regions", "messages": [MAIL]}, WIDE),
    ({"model": "abroad"}, {}),
    ({"model": "compared"}, {}),
    ({"model": "nothing of the sort"}, {}),
    ({}, {"x-muniment-system": "desk", "x-muniment-environment": "production"}),
    ({}, {"x-muniment-system": "elsewhere"}),
)


def called(shared: Shared | Gate, asked: Mapping[str, Any], headers: Mapping[str, str]) -> Call:
    """Make a call that has come just now."""
    gate = shared if isinstance(shared, Gate) else shared.gate
    told = {"authorization": f"Bearer {gate.key}", **headers}
    raw = json.dumps(asked).encode()
    return Call(Received(gate.means.ids.new("exc"), "chat", told, "", raw))


def walked(
    shared: Shared | Gate,
    body: Mapping[str, Any],
    headers: Mapping[str, str],
    *,
    leads: bool = False,
) -> Any:
    """Walk a call as far as it need not wait; give it, or the error that stopped it.

    Where the straight way leads, only what comes behind is walked stage by stage.
    """
    gate = shared if isinstance(shared, Gate) else shared.gate
    model = "echo" if isinstance(shared, Gate) else "double"
    call = called(gate, {"model": model, "messages": [USUAL], **body}, headers)
    way = straight(call, gate.means) if leads else None
    call, first = (way.call, way.stage) if way is not None else (call, "identify")
    names = [each.name for each in CORRIDOR]
    try:
        for stage in CORRIDOR[names.index(first) : names.index("intend")]:
            if stage.at_once is not None:
                result = stage.at_once(call, gate.means)
                assert not isinstance(result, Stop)
                call = result
    except MunimentError as error:
        return error
    return call


def said(result: Any) -> object:
    """Give all that a call has become, but for its own ids; of an error what it says."""
    if isinstance(result, MunimentError):
        return type(result), result.message, result.reasons, result.remedy
    assert isinstance(result, Call)
    assert result.origin is not None
    return (
        result.actor,
        replace(result.origin, exchange=""),
        (result.set_digest, result.prompt, result.left_out, result.exception, result.body),
        (result.routes, result.shadow, result.limits),
        replace(result.judged, decision=""),
        [each.judged for each in result.decided],
    )
