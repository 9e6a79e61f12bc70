"""What an entry of the log says to the index of calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from muniment.exchanges.models import Reached, State

_BEGUN: Final[dict[str, Any]] = {
    "provider_model": "",
    "status": 0,
    "reached": Reached.NONE.value,
    "input_tokens": 0,
    "output_tokens": 0,
    "cost_micros": 0,
    "milliseconds": 0,
}


def row_begun(body: Mapping[str, Any], caller: str, at: datetime, index: int) -> dict[str, Any]:
    """Give the row of a call that is about to leave."""
    return {
        **_BEGUN,
        **_origin(body, caller, at, index),
        "set_digest": body["set_digest"],
        "prompt": body["prompt"],
        "state": State.OPEN.value,
    }


def row_refused(body: Mapping[str, Any], caller: str, at: datetime, index: int) -> dict[str, Any]:
    """Give the row of a call that never left."""
    return {
        **_BEGUN,
        **_origin(body, caller, at, index),
        "set_digest": "",
        "prompt": "",
        "state": State.REFUSED.value,
        "status": body["status"],
        "ended_at": at,
    }


def row_ended(
    body: Mapping[str, Any], at: datetime, index: int, effect: str, findings: int
) -> dict[str, Any]:
    """Say what changes once a call has ended; the graver of both decisions is shown."""
    return {
        "state": body["state"],
        "status": body["status"],
        "reached": body["reached"],
        "provider_model": body["provider_model"],
        "input_tokens": body["input_tokens"],
        "output_tokens": body["output_tokens"],
        "cost_micros": body["cost_micros"],
        "milliseconds": body["milliseconds"],
        "effect": graver(effect, body["effect"]),
        "findings": findings + sum(body["findings"].values()),
        "ended_at": at,
        "last_entry": index,
    }


def graver(one: str, other: str) -> str:
    """Give the graver of two effects; no decision is the least."""
    order = ("", "allow", "cure", "deny")
    return max(
        one, other, key=lambda effect: order.index(effect) if effect in order else len(order)
    )


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
        "findings": sum(body["findings"].values()),
        "began_at": at,
        "first_entry": index,
        "last_entry": index,
    }
