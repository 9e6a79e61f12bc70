"""A model that answers by a script."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from muniment.core.errors import InvalidError
from muniment.gateway.providers.scripted import ScriptedProvider


def said(provider: ScriptedProvider, words: str) -> Any:
    """Ask it something and read what it says."""

    async def ask() -> bytes:
        body = {"model": "m", "messages": [{"role": "user", "content": words}]}
        answer = await provider.send("/chat/completions", {}, json.dumps(body).encode())
        return b"".join([piece async for piece in answer.body])

    return json.loads(asyncio.run(ask()))["choices"][0]["message"]


def test_the_first_line_that_fits_is_said() -> None:
    """By its words, whatever their case; a line without words fits always; tools are called."""
    lines = [
        {"when": "HELLO", "say": "Good day."},
        {"when": "pay", "tools": [{"name": "pay", "arguments": {"amount": 3}}]},
        {"say": "What?"},
    ]
    provider = ScriptedProvider.from_settings({"script": lines}, None)
    assert said(provider, "well hello")["content"] == "Good day."
    assert said(provider, "please pay")["tool_calls"][0]["function"]["name"] == "pay"
    assert said(provider, "something else")["content"] == "What?"


def test_lines_may_have_their_turn() -> None:
    """A line for some turns only is said in those: so a provider fails first and then works."""
    lines = [{"turns": [1], "say": "first"}, {"say": "later"}]
    provider = ScriptedProvider.from_settings({"script": lines}, None)
    assert [said(provider, "x")["content"] for _ in range(2)] == ["first", "later"]


@pytest.mark.parametrize("script", [None, "hello", [1], {"say": "x"}])
def test_what_is_no_script_is_refused(script: object) -> None:
    """The error says how one is written."""
    with pytest.raises(InvalidError) as caught:
        ScriptedProvider.from_settings({"script": script}, None)
    assert "say" in caught.value.remedy
