"""Record how a call ended, durably, before its answer is given; a stream records its own end."""

from __future__ import annotations

from functools import partial

from muniment.core.errors import InvalidError
from muniment.db import MustWaitError, at_once
from muniment.exchanges import State
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Answered, Call
from muniment.gateway.means import Means
from muniment.gateway.recording import conclude, key_of
from muniment.gateway.soon import durable
from muniment.ledger import Handed


def must_record(call: Call) -> bool:
    """Tell whether an answer has come whole; a stream records its own end."""
    return call.answer is None or call.answer.stream is None


async def record(call: Call, means: Means) -> Call:
    """Wait until the outcome is durable; if that fails, the answer is withheld."""
    answered = call.answer
    if answered is None:
        raise InvalidError("there is no answer", remedy="Send it again.")
    if answered.stream is not None:
        return call
    raw = write_json(answered.body)
    try:
        recorded = at_once(_ended, call, means, answered, raw)
    except MustWaitError:
        whose = partial(key_of, call)
        recorded = await means.together.later(whose, _ended, call, means, answered, raw)
    await durable(recorded)
    return call


def _ended(call: Call, means: Means, answered: Answered, raw: bytes) -> Handed:
    return conclude(call, means, answered, state=State.ANSWERED, status=answered.status, raw=raw)
