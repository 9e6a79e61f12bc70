"""Which surface is translated for whom, and streams that are told on as they come."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.translating import translation
from muniment.gateway.translating.chat_told import ChatHearer
from tests.gateway.translating.making import arriving, as_told, heard_in
from tests.gateway.translating.test_messages_told import HEARD, WIRE

ASKED: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def said_on(raw: bytes) -> bytes:
    """Tell a stream of messages on as one of chat."""
    found = translation("chat", "anthropic")
    assert found is not None

    async def every() -> bytes:
        return b"".join([each async for each in found.stream(ASKED, arriving(raw), 100_000)])

    return asyncio.run(every())


def test_only_conversations_are_translated() -> None:
    """Embeddings, counts and older completions have no counterpart in the other family."""
    pairs = [(s, p) for s in ("chat", "responses", "messages") for p in ("openai", "anthropic")]
    assert [each for each in pairs if translation(*each) is not None] == [
        ("chat", "anthropic"),
        ("responses", "anthropic"),
        ("messages", "openai"),
    ]
    for surface in ("embeddings", "completions", "count_tokens"):
        assert translation(surface, "anthropic") is None
        assert translation(surface, "openai") is None


def test_a_stream_is_told_on() -> None:
    """What came over the wire in one interface is heard in the other."""
    told = as_told(heard_in(ChatHearer(), said_on(WIRE)))
    count = replace(HEARD.count, written=0)
    assert told == replace(HEARD, count=count)


@pytest.mark.parametrize("raw", [b"data: {no json}\n\n", b'data: {"type": "new"}\n\n'])
def test_garbage_in_a_stream_is_an_error_of_the_provider(raw: bytes) -> None:
    """It is never told on, and is no mistake of the caller."""
    with pytest.raises(UnavailableError):
        said_on(raw)


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b'{"content": 5}'])
def test_garbage_as_an_answer_is_an_error_of_the_provider(raw: bytes) -> None:
    """It is never told on, and is no mistake of the caller."""
    found = translation("chat", "anthropic")
    assert found is not None
    with pytest.raises(UnavailableError):
        found.answer(raw)
