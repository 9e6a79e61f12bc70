"""Chat messages are read part by part; what steers arrives as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import InvalidError
from muniment.detect.rules import quick
from muniment.detect.rules.messages import texts_of, walk_messages, walk_parts
from tests.detect.compiling import compiled_only


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


class Collecting:
    """A reader that keeps texts, and tells whether there was nothing but texts without a name."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.plain = True

    def text(self, value: str, key: str) -> str:
        """Keep a text."""
        self.texts.append(value)
        self.plain = self.plain and not key
        return value

    def arguments(self, value: str) -> str:
        """Note that there was JSON in a text."""
        self.plain = False
        return value

    def unreadable(self, _what: str) -> None:
        """Note that something cannot be read."""
        self.plain = False


def taken_alike(value: object) -> bool:
    """Tell whether the texts that are taken at once, if they are, are those that a walk gives."""
    texts = texts_of(value)
    if texts is None:
        return True
    reader = Collecting()
    walked = walk_parts(value, reader) is value and reader.plain and reader.texts == texts
    return walked and changed_alike(value)


class Numbering(Collecting):
    """A reader that changes every text in which there is an `a`, each into another one."""

    def text(self, value: str, key: str) -> str:
        """Number it."""
        super().text(value, key)
        return f"{len(self.texts)}: {value}" if "a" in value else value


def changed_alike(value: object) -> bool:
    """Tell whether texts are changed at once as they are where each part is walked."""
    told, expected = walk_messages(value, Numbering()), walk_parts(value, Numbering())
    return repr(told) == repr(expected) and (told is value) is (expected is value)


_SAID = ("", "hi", " hi", "data:,x", "user", "image", "411111111111", "QUJD" * 512, "a b" * 999)
_NAMES = (
    "role",
    "content",
    "text",
    "type",
    "id",
    "name",
    "input",
    "messages",
    "data",
    "x",
    "index",
)
_LEAVES = (
    st.sampled_from((*_SAID, None, True, 7, 4111111111111111, 1.5, "caf\xe9", "x\x00"))
    | st.text(max_size=5)
    | st.text("Aa1_./:-", max_size=130)
)
_CHATS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from((*_NAMES, "index", "annotations", 5)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(("messages", "choices", "content")), _CHATS, max_size=3))
def test_texts_are_taken_at_once_as_they_are_walked(value: object) -> None:
    """Whatever is written otherwise than nearly all chats are is walked."""
    assert taken_alike(value)


@compiled_only
def test_what_nearly_all_chats_are_is_taken_at_once() -> None:
    """Roles, texts, parts of texts, and fields without a value."""
    parts = [{"type": "text", "text": "two"}, {"type": "text", "text": "a b" * 999}]
    value = {
        "messages": [
            {"role": "system", "content": "one"},
            {"role": "user", "content": parts, "name": None},
            {"role": "assistant", "content": "", "refusal": None, "annotations": []},
        ],
        "choices": [{"index": 0}],
        "answer": {},
    }
    assert texts_of(value) == ["one", "two", "a b" * 999, ""]
    deep: dict[str, object] = {"content": "x"}
    for _ in range(20):
        deep = {"content": deep}
    others = (
        "one",
        [value],
        {"user": "Anna"},
        {"content": "data:,x"},
        {1: None},
        {"x": None},
        deep,
    )
    assert [texts_of(each) for each in others] == [None] * len(others)
    with pytest.raises(TypeError):
        quick.compiled.chat({}, set(), set(), set(), set())  # type: ignore[union-attr]


@compiled_only
def test_a_chat_is_told_anew_with_as_many_texts_as_it_has() -> None:
    """What nothing was changed in stays itself, and what is not so plain is refused."""
    retold: Any = quick.compiled and quick.compiled.retold
    last, holding = {"content": "two"}, frozenset({"messages"})
    value = {"messages": [{"role": "user", "content": "one"}, last], "model": "m"}
    told = retold(value, holding, ["[X]", last["content"]])
    assert told == {"messages": [{"role": "user", "content": "[X]"}, last], "model": "m"}
    assert told["messages"][1] is last
    assert value["messages"][0] == {"role": "user", "content": "one"}
    deep: dict[str, object] = {"messages": "x"}
    for _ in range(20):
        deep = {"messages": deep}
    for wrong, texts in ((value, ["one"]), (value, ["1"] * 3), ({"messages": [1]}, []), (deep, [])):
        with pytest.raises(ValueError, match="the chat"):
            retold(wrong, holding, texts)
    none: list[tuple[object, ...]] = [([], holding, []), (value, set(), []), (value, holding, ())]
    for values in (*none, (value, holding)):
        with pytest.raises(TypeError):
            retold(*values)
