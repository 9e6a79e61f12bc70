"""Looking at requests and answers without changing them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from muniment.detect import Scanner, look

CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    "value",
    [
        {"messages": [{"role": "user", "content": f"pay with {CARD}"}]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": CARD}]}]},
        {"tool_calls": [{"function": {"name": "f", "arguments": json.dumps({"card": CARD})}}]},
        {"tool_calls": [{"function": {"name": "f", "arguments": f"{{no json {CARD}"}}]},
        {"anything": {"deep": [{"er": f"the card {CARD}"}]}},
    ],
)
def test_a_value_is_found_wherever_it_stands(value: Any) -> None:
    """In texts, parts, arguments of tools, JSON or not, and fields nobody knows."""
    looked = look(Scanner(layers="patterns"), value)
    assert [each.type for each in looked.findings] == ["CREDIT_CARD"]
    assert looked.inspected
    assert looked.build.startswith("muniment-detect")


def test_what_cannot_be_read_is_not_called_inspected() -> None:
    """An image beside clean words makes the whole not inspected."""
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    content = [{"type": "text", "text": "what is this?"}, picture]
    looked = look(Scanner(layers="patterns"), {"messages": [{"role": "user", "content": content}]})
    assert (looked.findings, looked.inspected) == ((), False)
