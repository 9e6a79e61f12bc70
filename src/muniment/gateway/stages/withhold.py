"""Keep an answer back while a person is asked about a tool that it wants called."""

from __future__ import annotations

from muniment.gateway.answering import HeldAnswerError, with_tool
from muniment.gateway.exchange import Call, replace
from muniment.gateway.holding import settled
from muniment.gateway.means import Means


def must_withhold(call: Call) -> bool:
    """Tell whether somebody must be asked about an answer, or said yes to it."""
    return call.answer is None or bool(call.answer.holds) or call.kept is not None


async def withhold(call: Call, means: Means) -> Call:
    """Let an answer go on that nobody need be asked about, or that a person said yes to."""
    answered = call.answer
    if answered is None or answered.stream is not None:
        return call
    if not answered.holds and call.kept is None:
        return call
    means.queue.passes(call.received.exchange)
    answered = with_tool(answered)
    try:
        answered = await settled(call, means, answered, answered.raw)
    except HeldAnswerError as error:
        error.noted = answered.judged
        raise
    return replace(call, answer=answered)
