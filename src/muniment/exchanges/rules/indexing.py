"""What an entry of the log says to the index of calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from muniment.exchanges.models import COST_UNKNOWN, Inspected, Reached, State

_LONGEST_CODE: Final = 60
_NOTHING: Final = Reached.NONE.value
_OPEN: Final = State.OPEN.value
_REFUSED: Final = State.REFUSED.value
_UNKNOWN: Final = State.UNKNOWN.value
_EFFECTS: Final = ("", "allow", "cure", "deny")
_LOOKED: Final = (Inspected.NOT.value, Inspected.PART.value, Inspected.WHOLE.value)
_BEGUN: Final[dict[str, Any]] = {
    "provider_model": "",
    "status": 0,
    "reached": _NOTHING,
    "input_tokens": 0,
    "output_tokens": 0,
    "cost_micros": COST_UNKNOWN,
    "milliseconds": 0,
    "code": "",
}


def row_begun(body: Mapping[str, Any], caller: str, at: datetime, index: int) -> dict[str, Any]:
    """Give the row of a call that is about to leave."""
    return {
        **_BEGUN,
        **_origin(body, caller, at, index),
        "set_digest": body["set_digest"],
        "prompt": body["prompt"],
        "state": _OPEN,
    }


def row_refused(body: Mapping[str, Any], caller: str, at: datetime, index: int) -> dict[str, Any]:
    """Give the row of a call that never left."""
    return {
        **_BEGUN,
        **_origin(body, caller, at, index),
        "set_digest": "",
        "prompt": "",
        "state": _REFUSED,
        "status": body["status"],
        "cost_micros": 0,
        "code": body["code"][:_LONGEST_CODE],
        "ended_at": at,
    }


def row_ended(
    body: Mapping[str, Any], at: datetime, index: int, known: Mapping[str, Any]
) -> dict[str, Any]:
    """Say what changes once a call has ended; the graver of both decisions is shown.

    Of what was looked at it is the lesser, if anything of an answer reached anybody. `known` is
    the row of the call as it stands.
    """
    looked = known["inspected"] or ""
    reached = body["reached"] != _NOTHING
    return {
        "state": body["state"],
        "status": body["status"],
        "reached": body["reached"],
        "provider_model": body["provider_model"],
        "input_tokens": body["input_tokens"],
        "output_tokens": body["output_tokens"],
        "cost_micros": body["cost_micros"],
        "milliseconds": body["milliseconds"],
        "effect": graver(known["effect"], body["effect"]),
        "findings": known["findings"] + sum(body["findings"].values()),
        "inspected": lesser(looked, body["inspected"]) if reached else looked,
        "code": body["problem"][:_LONGEST_CODE],
        "ended_at": at,
        "last_entry": index,
    }


def row_lost(at: datetime, index: int) -> dict[str, Any]:
    """Say what changes once it is on record that nobody knows how a call ended."""
    return {"state": _UNKNOWN, "ended_at": at, "last_entry": index}


def graver(one: str, other: str) -> str:
    """Give the graver of two effects; no decision is the least."""
    if one == other:
        return one
    order = _EFFECTS
    return max(
        one, other, key=lambda effect: order.index(effect) if effect in order else len(order)
    )


def lesser(one: str, other: str) -> str:
    """Give the lesser of two ways to look at a text; what is not known is least."""
    if one == other:
        return one
    order = _LOOKED
    return min(one, other, key=lambda each: order.index(each) if each in order else -1)


def _origin(body: Mapping[str, Any], caller: str, at: datetime, index: int) -> dict[str, Any]:
    return {
        "id": body["exchange"],
        "system": body["system"],
        "environment": body["environment"],
        "caller": caller,
        "api_key": body["key"],
        "surface": body["surface"],
        "model": body["model"],
        "subject": body["subject"],
        "effect": body["effect"],
        "inspected": body["inspected"],
        "findings": sum(body["findings"].values()),
        "began_at": at,
        "first_entry": index,
        "last_entry": index,
    }
