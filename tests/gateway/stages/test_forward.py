"""A call is sent over its routes in order, again only where that is safe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from muniment.gateway.exchange import Call, Stop
from muniment.gateway.stages.forward import First, forward
from muniment.plugins.sockets import Answer
from tests.gateway.asking import USUAL, Shared
from tests.gateway.doubles import Double, Reply, chat


def test_a_call_goes_to_the_next_route_when_one_cannot_be_reached(
    shared: Shared, provider: Double
) -> None:
    """The outcome lists each attempt, and the caller gets the answer of the one that worked."""
    provider.says(Reply.of(chat("From the other.")))
    asked = shared.chat("both")
    attempts = asked.body("concluded")["attempts"]
    assert asked.json["choices"][0]["message"]["content"] == "From the other."
    assert [each["status"] for each in attempts] == [0, 0, 200]
    assert provider.seen[0].body["model"] == "other-1"


def test_what_may_have_been_billed_is_not_sent_to_the_same_place_again(
    shared: Shared, provider: Double
) -> None:
    """A provider that broke off may have worked on it: the other route is tried, and only it."""
    provider.says(Reply((b"{",), drops=True), Reply.of(chat()))
    asked = shared.chat("twice")
    assert asked.status == 200
    assert [each.body["model"] for each in provider.seen] == ["double-1", "other-1"]


def test_a_busy_provider_is_asked_again_and_then_believed(shared: Shared, provider: Double) -> None:
    """A 503 is tried once more as the settings say, and told with all attempts when it stays."""
    provider.says(Reply.of({"error": {"message": "busy"}}, 503))
    asked = shared.chat()
    assert (asked.status, len(provider.seen)) == (502, 2)
    assert asked.body("concluded")["state"] == "failed"


def test_a_provider_that_says_nothing_is_given_up(shared: Shared, provider: Double) -> None:
    """Silence ends with a clear error in time, and the record says so."""
    provider.says(Reply((b"{}",), waits_s=2))
    with shared.gate.given(answer_seconds=1):
        asked = shared.chat()
    assert asked.status in (502, 504)
    assert asked.body("concluded")["attempts"][0]["status"] == 0


def test_the_callers_key_never_leaves(shared: Shared, provider: Double) -> None:
    """A provider sees its own credential or none, and no header that was not meant for it."""
    provider.says(Reply.of(chat()))
    told = {"authorization": f"Bearer {shared.gate.key}", "openai-project": "p-1", "x-evil": "y"}
    shared.ask("/chat/completions", {"model": "double", "messages": [USUAL]}, headers=told)
    headers = {name.lower(): value for name, value in provider.seen[0].headers.items()}
    assert (headers["openai-project"], "authorization" in headers, "x-evil" in headers) == (
        "p-1",
        False,
        False,
    )


def test_a_route_that_rests_is_not_asked_and_its_caller_is_told_when(
    shared: Shared, provider: Double
) -> None:
    """After five failures calls are shed at once, with a time; then one call tries again."""
    provider.says(Reply.of({"error": {"message": "busy"}}, 500))
    for _ in range(5):
        assert shared.chat().status == 502
    provider.seen.clear()
    shed = shared.chat()
    assert (shed.status, shed.json["error"]["code"]) == (503, "resting")
    assert 1 <= int(shed.headers["retry-after"]) <= 10
    assert shed.headers["x-should-retry"] == "true"
    assert shed.body("concluded")["state"] == "failed"
    assert provider.seen == []
    provider.says(Reply.of(chat("Here again.")))
    failed = shared.means.circuits._failed
    failed.update({label: (count, at - 11) for label, (count, at) in failed.items()})
    assert shared.chat().status == 200
    assert shared.chat().status == 200


@pytest.mark.requirement("AVL-08")
def test_when_nobody_answers_words_that_were_prepared_are_said(
    shared: Shared, provider: Double
) -> None:
    """They say that they were prepared, the headers say so too, and it is recorded as that."""
    provider.says(Reply.of({}))
    asked = shared.chat("last")
    said = asked.json["choices"][0]["message"]["content"]
    assert said.startswith("Please call the desk.")
    assert "no model wrote it" in said
    assert asked.headers["x-muniment-ai-generated"] == "false"
    assert asked.headers["x-muniment-fallback"] == "fixed answer"
    told = asked.body("concluded")
    assert (told["fallback"], told["provider_model"]) == ("fixed answer", "fixed-answer")
    streamed = shared.chat("last", stream=True)
    deltas = [each["choices"][0]["delta"] for each in streamed.events if each != "[DONE]"]
    assert "".join(each.get("content") or "" for each in deltas) == said
    assert streamed.body("concluded")["fallback"] == "fixed answer"


def test_an_answer_that_came_counts_though_its_route_rests_by_then(
    shared: Shared, provider: Double
) -> None:
    """It is that of the route that was asked, whatever failed beside it, and nobody else is."""
    call, circuits = shared.call("protect", model="twice"), shared.means.circuits

    async def pieces() -> AsyncIterator[bytes]:
        for each in (b"{", b"}"):
            yield each

    async def ask() -> Call | Stop:
        for _ in range(5):
            circuits.failed(call.routes[0].label, asyncio.get_running_loop().time())
        return await forward(call, shared.means, First(0.0, Answer(200, {}, pieces())))

    result = asyncio.run(ask())
    assert isinstance(result, Call)
    assert result.answer is not None
    assert (result.answer.route, result.answer.raw) == (call.routes[0], b"{}")
    assert [each.route for each in result.answer.attempts] == [call.routes[0].label]
    assert provider.seen == []
