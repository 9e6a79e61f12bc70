"""What an entry of the log says to the index of calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from muniment.exchanges.models import COST_UNKNOWN, Inspected, Reached, State

_LONGEST_CODE: Final = 60
_PAIRS: Final = 64
B = TypeVar("B")
_NOTHING: Final = Reached.NONE.value
_OPEN: Final = State.OPEN.value
_REFUSED: Final = State.REFUSED.value
_UNKNOWN: Final = State.UNKNOWN.value
_EFFECTS: Final = ("", "allow", "cure", "deny")
_LOOKED: Final = (Inspected.NOT.value, Inspected.PART.value, Inspected.WHOLE.value)
Time = datetime | str
"""A moment; it stands in the row as it is given, so as text for who writes what a table keeps."""


class _Begins(msgspec.Struct, gc=False):
    """What an entry that begins a call says, as far as the index takes it."""

    exchange: str
    system: str
    environment: str
    key: str
    surface: str
    model: str
    subject: str
    effect: str
    inspected: str
    findings: dict[str, int]


class _Leaves(_Begins, gc=False):
    set_digest: str
    prompt: str


class _Refused(_Begins, gc=False):
    status: int
    code: str


class _Ends(msgspec.Struct, gc=False):
    """What an entry says of how a call ended, as far as the index takes it."""

    exchange: str
    system: str
    state: str
    status: int
    reached: str
    provider_model: str
    input_tokens: int
    output_tokens: int
    cost_micros: int
    milliseconds: int
    effect: str
    findings: dict[str, int]
    inspected: str
    problem: str
    tools: list[str]
    kept_back: list[str] = []


class _Lost(msgspec.Struct, gc=False):
    exchange: str


class _Actor(msgspec.Struct, gc=False):
    id: str


class Facts(msgspec.Struct, Generic[B], gc=False):
    """What the index needs of an entry."""

    actor: _Actor
    at: str
    body: B


FACTS: Final[Mapping[str, Callable[[bytes], Facts[Any]]]] = {
    "exchanges.intended": msgspec.json.Decoder(Facts[_Leaves]).decode,
    "exchanges.concluded": msgspec.json.Decoder(Facts[_Ends]).decode,
    "exchanges.refused": msgspec.json.Decoder(Facts[_Refused]).decode,
    "exchanges.lost": msgspec.json.Decoder(Facts[_Lost]).decode,
}
"""How the entries that the index follows are read; of another form than this they need not be."""


def row_begun(body: Mapping[str, Any], caller: str, at: Time, index: int) -> dict[str, Any]:
    """Give the row of a call that is about to leave."""
    row = _origin(body, caller, at, index)
    row["set_digest"], row["prompt"] = body["set_digest"], body["prompt"]
    return row


def row_refused(body: Mapping[str, Any], caller: str, at: Time, index: int) -> dict[str, Any]:
    """Give the row of a call that never left."""
    return {
        **_origin(body, caller, at, index),
        "state": _REFUSED,
        "status": body["status"],
        "cost_micros": 0,
        "code": body["code"][:_LONGEST_CODE],
        "ended_at": at,
    }


def row_ended(
    body: Mapping[str, Any], at: Time, index: int, known: Mapping[str, Any]
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


CALL: Final = (
    *("id", "system", "environment", "caller", "api_key", "surface", "model", "provider_model"),
    *("set_digest", "prompt", "subject", "state", "status", "reached", "effect", "findings"),
    *("input_tokens", "output_tokens", "cost_micros", "milliseconds", "began_at", "ended_at"),
    *("first_entry", "last_entry", "inspected", "code"),
)
"""What the row of a call holds, in its order."""


LEAVING: Final = (
    *(b"effect", b"environment", b"exchange", b"findings", b"inspected", b"key", b"model"),
    *(b"prompt", b"set_digest", b"subject", b"surface", b"system"),
)
"""What the index takes of what an entry says that a call leaves, in the order of an entry."""
ENDING: Final = (
    *(b"cost_micros", b"effect", b"exchange", b"findings", b"input_tokens", b"inspected"),
    *(b"milliseconds", b"output_tokens", b"problem", b"provider_model", b"reached", b"state"),
    *(b"status", b"tools"),
)
"""The same of an entry that says how a call ended."""
OF_CALL: Final = 4
"""Where the call stands in both, behind who made the entry and when."""
Picked = tuple[Any, ...]


def row_of_whole(begun: Facts[Any], first: int, ended: Facts[Any], last: int) -> dict[str, Any]:
    """Give the row of a call that left and has ended, as `row_begun` and `row_ended` make it."""
    begins, ends = begun.body, ended.body
    leaving = (begun.actor.id, begun.at, *(_picked(begins, name) for name in LEAVING))
    ending = (ended.actor.id, ended.at, *(_picked(ends, name) for name in ENDING))
    return dict(zip(CALL, values_of_call(leaving, first, ending, last), strict=True))


def _picked(body: Any, name: bytes) -> Any:  # noqa: ANN401 whatever is said under a name
    value = getattr(body, name.decode())
    return sum(value.values()) if isinstance(value, dict) else value


def values_of_call(begun: Picked, first: int, ended: Picked, last: int) -> tuple[Any, ...]:
    """Give the same in the order of `CALL`; of both: who made it, when, and what is taken."""
    caller, began_at, effect, environment, call, found, looked, key, model, *rest = begun
    prompt, set_digest, subject, surface, system = rest
    _, ended_at, cost, effect_then, _, found_then, tokens_in, looked_then, *more = ended
    milliseconds, tokens_out, problem, provider_model, reached, state, status, _ = more
    if effect != effect_then:
        effect_then = graver(effect, effect_then)
    if looked != looked_then and reached != _NOTHING:
        looked = lesser(looked, looked_then)
    return (
        *(call, system, environment, caller, key, surface, model, provider_model, set_digest),
        *(prompt, subject, state, status, reached, effect_then, found + found_then, tokens_in),
        *(tokens_out, cost, milliseconds, began_at, ended_at, first, last, looked),
        problem[:_LONGEST_CODE],
    )


def row_lost(at: Time, index: int) -> dict[str, Any]:
    """Say what changes once it is on record that nobody knows how a call ended."""
    return {"state": _UNKNOWN, "ended_at": at, "last_entry": index}


@lru_cache(_PAIRS)
def graver(one: str, other: str) -> str:
    """Give the graver of two effects; no decision is the least."""
    if one == other:
        return one
    order = _EFFECTS
    return max(
        one, other, key=lambda effect: order.index(effect) if effect in order else len(order)
    )


@lru_cache(_PAIRS)
def lesser(one: str, other: str) -> str:
    """Give the lesser of two ways to look at a text; what is not known is least."""
    if one == other:
        return one
    order = _LOOKED
    return min(one, other, key=lambda each: order.index(each) if each in order else -1)


def _origin(body: Mapping[str, Any], caller: str, at: Time, index: int) -> dict[str, Any]:
    """Give the whole row of a call that is open, but for what of it is known only if it leaves."""
    return {
        "id": body["exchange"],
        "system": body["system"],
        "environment": body["environment"],
        "caller": caller,
        "api_key": body["key"],
        "surface": body["surface"],
        "model": body["model"],
        "provider_model": "",
        "set_digest": "",
        "prompt": "",
        "subject": body["subject"],
        "state": _OPEN,
        "status": 0,
        "reached": _NOTHING,
        "effect": body["effect"],
        "inspected": body["inspected"],
        "findings": sum(body["findings"].values()),
        "input_tokens": 0,
        "output_tokens": 0,
        "cost_micros": COST_UNKNOWN,
        "milliseconds": 0,
        "began_at": at,
        "ended_at": None,
        "first_entry": index,
        "last_entry": index,
        "code": "",
    }
