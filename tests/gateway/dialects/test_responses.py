"""Responses: items in and out."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.responses import Responses


@pytest.mark.parametrize(
    "body", [{}, {"input": []}, {"input": 5}, {"input": "x", "background": True}]
)
def test_what_cannot_be_inspected_is_refused(body: dict[str, Any]) -> None:
    """Nothing, and an answer in the background, are refused by the name of the field."""
    with pytest.raises(InvalidError):
        Responses().read({"model": "m", **body})


def test_changed_items_lose_their_tokens() -> None:
    """What was masked is not told again by probabilities."""
    part = {"type": "output_text", "text": "Anna", "logprobs": [{"token": "An"}]}
    answer = {"output": [{"type": "message", "content": [part]}]}
    changed = [{"type": "message", "content": [{**part, "text": "[x]"}]}]
    told = Responses().with_content(answer, {"output": changed})
    assert told["output"][0]["content"] == [{**part, "text": "[x]", "logprobs": []}]
    assert Responses().with_content(answer, Responses().content_of(answer)) == answer
    with pytest.raises(UnavailableError):
        Responses().content_of({"output": "x"})
