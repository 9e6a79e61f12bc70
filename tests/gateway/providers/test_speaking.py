"""What the built-in providers say, in the form of each interface."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.providers.speaking import Saying, answer_for, last_words

USER = [{"role": "user", "content": "hello there"}]


async def _whole(path: str, asked: Any, saying: Saying) -> tuple[int, bytes]:
    answer = answer_for(path, json.dumps(asked).encode(), lambda _asked: saying)
    return answer.status, b"".join([piece async for piece in answer.body])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"messages": USER}, "hello there"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]}, "a"),
        ({"input": "plain"}, "plain"),
        ({"input": ["one", "two"]}, "two"),
        ({"prompt": "old"}, "old"),
        ({}, ""),
    ],
)
def test_the_last_words_are_found(asked: Any, words: str) -> None:
    """Whatever the interface, what was said last is found."""
    assert last_words(asked) == words


@pytest.mark.parametrize(
    "path", ["/chat/completions", "/completions", "/responses", "/messages", "/embeddings"]
)
def test_every_interface_is_answered(path: str) -> None:
    """Each path has its own form, and the model that was asked for stands in it."""
    asked = {"model": "m", "messages": USER, "input": "hello there", "prompt": "hello there"}
    status, raw = asyncio.run(_whole(path, asked, Saying("words")))
    assert status == 200
    assert json.loads(raw)["model"] == "m"


def test_what_goes_wrong_goes_wrong_as_it_does_outside() -> None:
    """A status, a raw body, an unknown path and an answer that breaks off."""
    asked = {"model": "m", "messages": USER}
    assert asyncio.run(_whole("/chat/completions", asked, Saying("no", status=503)))[0] == 503
    raw = Saying(raw="<html>")
    assert asyncio.run(_whole("/chat/completions", asked, raw)) == (200, b"<html>")
    assert asyncio.run(_whole("/elsewhere", asked, Saying("x")))[0] == 404
    with pytest.raises(UnavailableError):
        asyncio.run(_whole("/chat/completions", asked, Saying("words", breaks_after=3)))
    streamed = {**asked, "stream": True}
    with pytest.raises(UnavailableError):
        asyncio.run(_whole("/chat/completions", streamed, Saying("words", breaks_after=1)))
