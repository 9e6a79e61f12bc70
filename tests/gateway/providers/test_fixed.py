"""Words that were prepared are said as that, in every interface."""

from __future__ import annotations

import asyncio
import json

import pytest

from muniment.core.errors import InvalidError
from muniment.gateway.providers.fixed import NAME, FixedProvider


@pytest.mark.parametrize("path", ["/chat/completions", "/messages", "/responses"])
def test_it_says_the_same_to_everybody_and_that_no_model_did(path: str) -> None:
    """Nobody takes it for an answer of a model: it says so, and names itself."""

    async def said() -> dict[str, object]:
        provider = FixedProvider.from_settings({"say": " Call the desk. "}, None)
        answer = await provider.send(path, {}, b'{"model": "x", "messages": []}')
        found: dict[str, object] = json.loads(b"".join([each async for each in answer.body]))
        return found

    told = asyncio.run(said())
    assert told["model"] == NAME
    assert "Call the desk." in json.dumps(told)
    assert "prepared beforehand" in json.dumps(told)


@pytest.mark.parametrize("document", [{}, {"say": ""}, {"say": "  "}, {"say": 5}])
def test_without_words_there_is_none(document: dict[str, object]) -> None:
    """A version that says nothing is refused with the field."""
    with pytest.raises(InvalidError) as refused:
        FixedProvider.from_settings(document, None)
    assert refused.value.field == "say"
