"""The words of answers, in each interface."""

from __future__ import annotations

from muniment.gateway.words import words_of
from tests.gateway.doubles import chat


def test_words_are_found_in_every_interface() -> None:
    """Ids, roles and counts are no words; arguments of tools are."""
    assert words_of({"type": "message", "content": [{"type": "text", "text": "a"}]}) == "a"
    assert words_of(chat("b")) == "b"
    call = {"function": {"name": "f", "arguments": '{"c": 1}'}, "id": "x"}
    assert words_of({"choices": [{"message": {"tool_calls": [call]}}]}) == '{"c": 1}'
    assert words_of(None) == ""
