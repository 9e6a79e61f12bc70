"""Chat messages, part by part: what is text, what is JSON, what steers, what cannot be read.

The common forms of providers are understood: text parts, tool calls and their results, system
prompts, names of files. Images, sound and other bytes cannot be inspected, and neither can what
only points elsewhere; the policy says what then happens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from muniment.core.errors import InvalidError
from muniment.detect.rules.json_text import MOST_LEVELS
from muniment.detect.rules.quick import compiled

# Fields that steer: they hold words of the protocol and ids, which must arrive as they were.
_STEERING: Final = frozenset(
    {
        *("role", "type", "id", "index", "object", "model", "cache_control", "status"),
        *("tool_call_id", "tool_use_id", "call_id", "finish_reason", "stop_reason", "media_type"),
        *("mime_type", "detail", "format", "is_error", "signature"),
    }
)
_ARGUMENTS: Final = frozenset({"arguments", "partial_json"})
# Names of fields in protocols and in JSON schemas; any other key may hold data and is looked at.
_KEYS: Final = _STEERING | frozenset(
    {
        *("messages", "content", "text", "name", "input", "output", "system", "prompt", "answer"),
        *("choices", "message", "instructions", "tools", "tool_calls", "function", "arguments"),
        *("function_call", "function_call_output", "tool_result", "tool_use", "parameters"),
        *("input_schema", "description", "properties", "required", "items", "enum", "default"),
        *("title", "strict", "additionalProperties", "anyOf", "oneOf", "allOf", "const", "schema"),
        *("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems"),
        *("json_schema", "response_format", "output_config", "source", "url", "data", "image_url"),
        *("refusal", "reasoning", "reasoning_content", "thinking", "annotations", "citations"),
        *("summary", "parts", "contents", "logprobs", "texts", "stop", "stop_sequences", "delta"),
        *("metadata", "user", "user_id", "value", "key", "partial_json", "tool_choice", "file"),
        *("filename", "file_id", "file_data", "audio", "input_audio", "custom", "include"),
        *("$schema", "$ref", "$defs", "encrypted_content", "usage", "created", "stream_options"),
    }
)
# Of them, those that nothing but what they hold is known of.
_HOLDING: Final = frozenset(
    {"messages", "content", "choices", "answer", "input", "tool_calls", "annotations"}
)
_UNREADABLE_PARTS: Final = frozenset(
    {
        *("image", "image_url", "input_image", "output_image", "image_file", "audio"),
        *("input_audio", "output_audio", "video", "input_video", "redacted_thinking"),
    }
)
_UNREADABLE_FIELDS: Final = frozenset(
    {
        *("image_url", "input_audio", "audio", "file_data", "file_id", "file_url", "data"),
        *("inline_data", "inlineData", "fileData", "file_uri", "encrypted_content"),
    }
)
_NAMES: Final = frozenset({"filename", "file_name", "title", "name", "displayName"})
_NO_LABELS: Final = _NAMES | {"text", "content"}
_DATA_ADDRESS: Final = re.compile(r"\s*data:[^,]{0,200},", re.IGNORECASE)
_LEAST_BYTES: Final = 2_048
_BYTES: Final = re.compile(rf"[A-Za-z0-9+/_\r\n-]{{{_LEAST_BYTES},}}={{0,2}}\s*\Z")


class Reader(Protocol):
    """What is done with each kind of thing in a message."""

    def text(self, value: str, key: str) -> str:
        """Make a text safe."""
        ...

    def arguments(self, value: str) -> str:
        """Make JSON in a text safe."""
        ...

    def unreadable(self, what: str) -> None:
        """Take note of something that cannot be inspected."""
        ...


def walk_messages(value: object, reader: Reader) -> Any:  # noqa: ANN401 as it came
    """Walk one message, a list of them, or a whole request with messages in it.

    What nothing was changed in is given as it came, not copied.
    """
    texts = texts_of(value)
    if texts is None or compiled is None:
        return walk_parts(value, reader)
    return compiled.retold(value, _HOLDING, [reader.text(each, "") for each in texts])


def walk_parts(value: object, reader: Reader) -> Any:  # noqa: ANN401 as it came
    """Walk any value part by part, however it is written."""
    return _walk(value, reader, "", 0)


def texts_of(value: object) -> list[str] | None:
    """Give the texts of a chat that is written as nearly all are, as walking it gives them.

    Nothing is given of any other value, nor where there is no compiled code: it is to be walked.
    """
    if compiled is None:
        return None
    found: list[str] | None = compiled.chat(value, _KEYS, _STEERING, _HOLDING, _UNREADABLE_PARTS)
    return found


def _walk(value: object, reader: Reader, key: str, level: int) -> Any:  # noqa: ANN401
    if level > MOST_LEVELS:
        raise InvalidError(
            f"a message is nested deeper than {MOST_LEVELS} levels",
            field="messages",
            remedy="It cannot be inspected, so it does not go on.",
        )
    if isinstance(value, str):
        return _walk_text(value, reader, key)
    if isinstance(value, dict):  # before what is tried by its registered kind, which is slow
        return _walk_part(value, reader, level)
    if isinstance(value, list | tuple):
        return _walk_row(value, reader, key, level)
    if isinstance(value, Mapping):
        return _walk_part(value, reader, level)
    if value is None or isinstance(value, bool | int | float):
        return _walk_number(value, reader, key)
    reader.unreadable(type(value).__name__)
    return value


def _walk_row(value: Sequence[Any], reader: Reader, key: str, level: int) -> Any:  # noqa: ANN401
    found = None if isinstance(value, list) else list[Any]()
    may_hold = level < MOST_LEVELS
    for number, each in enumerate(value):
        if may_hold and isinstance(each, dict):
            new = _walk_part(each, reader, level + 1)
        else:
            new = _walk(each, reader, key, level + 1)
        if found is not None:
            found.append(new)
        elif new is not each:
            found = [*value[:number], new]
    return value if found is None else found


def _walk_text(value: str, reader: Reader, key: str) -> str:
    if key in _ARGUMENTS:
        return reader.arguments(value)
    if _is_data(value):
        reader.unreadable(f"bytes in {key or 'a text'}")
        return value
    return reader.text(value, "" if key in _NO_LABELS else key)


def _is_data(value: str) -> bool:
    """Tell whether a text is an address of data, or bytes; nearly always its first letter tells."""
    first = value[:1]
    if (first in "dD" or first.isspace()) and _DATA_ADDRESS.match(value) is not None:
        return True
    return len(value) >= _LEAST_BYTES and _BYTES.match(value) is not None


def _walk_part(value: Mapping[Any, Any], reader: Reader, level: int) -> Mapping[Any, Any]:
    if "type" in value:
        kind = value["type"]
        if isinstance(kind, str) and kind in _UNREADABLE_PARTS:
            reader.unreadable(kind)
            return dict(value)
    found = None if isinstance(value, dict) else dict[Any, Any]()
    for key, each in value.items():
        told, new = key, each
        if isinstance(each, str):  # as nearly all of a chat is written
            if key == "content" and level < MOST_LEVELS and not _is_data(each):
                new = reader.text(each, "")
            elif not (key == "role" and _WORD.match(each)):
                found, told, new = _walk_other(value, key, found, reader, level)
        elif key in _HOLDING:
            new = _walk(each, reader, key, level + 1)
        else:
            found, told, new = _walk_other(value, key, found, reader, level)
        if found is not None:
            found[told] = new
        elif new is not each:
            found = _before(value, key)
            found[key] = new
    return value if found is None else found


def _walk_other(
    value: Mapping[Any, Any], key: object, found: dict[Any, Any] | None, reader: Reader, level: int
) -> tuple[dict[Any, Any] | None, str, Any]:
    """Walk a field whose name may be data too; a changed name is told with what stood before it."""
    name = told = str(key)
    if name not in _KEYS:
        told = reader.text(name, "")
    if found is None and told != key:
        found = _before(value, key)
    if found is not None and name not in _KEYS:
        told = _fresh(told, found)
    return found, told, _walk_field(name, value[key], reader, level)


def _before(value: Mapping[Any, Any], key: object) -> dict[Any, Any]:
    """Give what stands before a key."""
    found: dict[Any, Any] = {}
    for name, each in value.items():
        if name is key:
            break
        found[name] = each
    return found


def _fresh(name: str, taken: Mapping[str, Any]) -> str:
    """Keep two keys two that would become one, such as two names that were masked."""
    changed, turn = name, 2
    while changed in taken:
        changed, turn = f"{name} {turn}", turn + 1
    return changed


def _walk_field(key: str, value: object, reader: Reader, level: int) -> Any:  # noqa: ANN401
    if key in _UNREADABLE_FIELDS and value not in (None, ""):
        reader.unreadable(key)
        return value
    if key in _STEERING and _is_word(value):
        return value
    if key == "function" and isinstance(value, Mapping):
        told = _walk_part(value, reader, level + 1)
        keeps_name = told is not value and "name" in value and _is_word(value["name"])
        return {**told, "name": value["name"]} if keeps_name else told
    return _walk(value, reader, key, level + 1)


def _walk_number(value: object, reader: Reader, key: str) -> Any:  # noqa: ANN401
    """Look at a long number as at a text: a card number may come as one."""
    written = str(value)
    if isinstance(value, bool) or value is None or sum(map(str.isdigit, written)) < 6:
        return value
    changed = reader.text(written, key)
    return value if changed == written else changed


def _is_word(value: object) -> bool:
    """Tell whether something is a word of the protocol, too plain to hide a value in."""
    if value is None or isinstance(value, bool | int):
        return True
    return isinstance(value, str) and bool(_WORD.match(value))


_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,127}\Z")
