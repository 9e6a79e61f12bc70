"""Chat messages are read part by part; what steers arrives as it was."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.detect.rules.messages import walk_messages


class Noting:
    """A reader that marks what it was given."""

    def __init__(self) -> None:
        self.unread: list[str] = []

    def text(self, value: str, key: str) -> str:
        """Mark a text."""
        return f"<{value}>" if key != "skipped" else value

    def arguments(self, value: str) -> str:
        """Mark JSON."""
        return f"json:{value}"

    def unreadable(self, what: str) -> None:
        """Note it."""
        self.unread.append(what)


def test_texts_tool_calls_and_results_are_read() -> None:
    """Nothing a person or a tool wrote goes by unread; roles and ids stay."""
    messages = [
        {"role": "system", "content": "be kind"},
        {"role": "user", "content": [{"type": "text", "text": "hi"}], "name": "Anna Schmidt"},
        {
            "role": "assistant",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "mail", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "done"},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "x"}]},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "input": {"to": "y"}}]},
    ]
    reader = Noting()
    told = walk_messages(messages, reader)
    assert told[0] == {"role": "system", "content": "<be kind>"}
    assert told[1]["content"][0] == {"type": "text", "text": "<hi>"}
    assert told[1]["name"] == "<Anna Schmidt>"
    assert told[2]["tool_calls"][0]["function"] == {"name": "mail", "arguments": "json:{}"}
    assert told[3] == {"role": "tool", "tool_call_id": "c1", "content": "<done>"}
    assert told[4]["content"][0]["content"] == "<x>"
    assert told[5]["content"][0]["input"] == {"<to>": "<y>"}
    assert reader.unread == []


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        {"type": "image", "source": {"type": "base64", "data": "AAAA"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "AAAA"}},
        {"type": "text", "text": "data:image/png;base64,AAAA"},
        {"type": "text", "text": "QUJD" * 1000},
        {"type": "something_new", "data": "AAAA"},
        {"inlineData": {"mimeType": "image/png", "data": "AAAA"}},
        {"type": "text", "text": b"bytes"},
    ],
)
def test_images_sound_and_bytes_are_noted_as_unread(part: object) -> None:
    """What cannot be inspected is never passed over in silence."""
    reader = Noting()
    walk_messages([{"role": "user", "content": [part]}], reader)
    assert reader.unread


def test_the_name_of_a_file_is_read() -> None:
    """A file name may hold a person's name."""
    told = walk_messages({"file": {"filename": "CV Anna Schmidt.pdf"}}, Noting())
    assert told == {"file": {"filename": "<CV Anna Schmidt.pdf>"}}


def test_nothing_hides_in_a_field_that_steers() -> None:
    """A role or id that is more than a word is read like any text."""
    told = walk_messages({"role": "user mail maria@example.com", "id": {"x": "y"}}, Noting())
    assert told == {"role": "<user mail maria@example.com>", "id": {"<x>": "<y>"}}


def test_long_numbers_are_read() -> None:
    """A card number that comes as a number is read; a small number stays one."""
    told = walk_messages({"input": {"card": 4111111111111111, "n": 3}}, Noting())
    assert told == {"input": {"<card>": "<4111111111111111>", "<n>": 3}}


def test_messages_nested_too_deep_do_not_go_on() -> None:
    """They are refused, not passed."""
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    with pytest.raises(InvalidError):
        walk_messages(deep, Noting())


def test_keys_that_are_no_words_of_the_protocol_are_read() -> None:
    """Data may stand where a name is expected; two keys that become one stay two."""

    class Masking(Noting):
        """A reader that takes everything out."""

        def text(self, value: str, key: str) -> str:
            """Take it out."""
            return "[X]" if value else key

    told = walk_messages({"role": "user", "content": {"a@b.org": 1, "c@d.org": "e"}}, Masking())
    assert told == {"role": "user", "content": {"[X]": 1, "[X] 2": "[X]"}}
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": []}
    assert walk_messages(schema, Masking()) == schema
