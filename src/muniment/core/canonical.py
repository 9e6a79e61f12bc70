"""One value, one text: the canonical JSON that is hashed and signed.

The RFC 8785 subset for objects, arrays, strings, integers, booleans and null. Keys are ASCII and
integers stay within ±(2^53-1), so sorted `json.dumps` gives RFC 8785's bytes exactly (a property
test compares the two); floats have no place here. Anything else is refused with the path to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.core.plain import (
    MAX_DEPTH,
    MAX_SAFE_INTEGER,
    are_plain,
    encoder,
    is_plain,
    plain,
    read_plain,
)

__all__ = [
    "MAX_SAFE_INTEGER",
    "canonical_bytes",
    "canonical_text",
    "deep_bytes",
    "flat_bytes",
    "many_bytes",
    "parse_canonical",
]
_NUMBERS: Final = frozenset((int,))
_NEVER_REFUSED: Final = frozenset((str, bool, type(None)))

_encode_plain, _encode_lines = encoder.encode, encoder.encode_lines  # faster, same bytes
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical_text(value: object) -> str:
    """Write a value the one canonical way."""
    return canonical_bytes(value).decode("utf-8")


def canonical_bytes(value: object) -> bytes:
    """Write a value the one canonical way, as UTF-8."""
    written = plain(value, 0) or read_plain(value, 0)
    if written is not None:
        return written
    _require_canonical(value, "$", 0)
    return _encode(value).encode("utf-8")


def flat_bytes(holder: object, values: Iterable[object]) -> bytes | None:
    """Write a dataclass by its fields, whose values are given, if all are texts and safe integers.

    Twice as quick as making a dictionary of it first; of anything else it gives nothing.
    """
    for value in values:
        kind = type(value)
        if kind is not str and not (kind is int and is_plain(value, 0)):
            return None
    return _encoded(holder)


def deep_bytes(holder: object, values: Iterable[object], *, depth: int) -> bytes | None:
    """Write a dataclass whose fields may also hold lists and objects, if nothing needs refusing.

    `depth` says how deep in a text those stand; of anything unusual it gives nothing.
    """
    return _encoded(holder) if are_plain(values, depth) else None


def many_bytes(
    holders: Sequence[object], columns: Iterable[Sequence[object]], *, depth: int
) -> list[bytes] | None:
    """Write many dataclasses or texts, each as `deep_bytes` would, if nothing needs refusing.

    `columns` hold the values of all their fields. The types of a column are looked at together,
    and all is written by one call, a line each.
    """
    for column in columns:
        types = set(map(type, column))
        if types <= _NEVER_REFUSED:
            continue
        some = (min(column), max(column)) if types == _NUMBERS else column  # type: ignore[type-var]
        for value in some:
            if not is_plain(value, depth):
                return None
    try:
        lines = _encode_lines(holders).split(b"\n")  # within a text it is written as two letters
    except UnicodeEncodeError:
        return None
    lines.pop()
    return lines


def _encoded(holder: object) -> bytes | None:
    try:
        return _encode_plain(holder)
    except UnicodeEncodeError:
        return None


def parse_canonical(data: bytes) -> Any:  # noqa: ANN401 JSON is any shape until a door has read it
    """Read canonical bytes back, refusing anything this module would not have written."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidError("these bytes are not JSON", field="$") from error
    if canonical_bytes(value) != data:
        raise InvalidError("these bytes are JSON but not in canonical form", field="$")
    return value


def _require_canonical(value: object, path: str, depth: int) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _require_text(value, path)
        return
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise InvalidError(
                "the integer lies outside ±(2^53-1)", field=path, remedy="Write it as a string."
            )
        return
    if depth >= MAX_DEPTH:
        raise InvalidError(f"nested deeper than {MAX_DEPTH} levels", field=path)
    if isinstance(value, dict):
        for key, inner in value.items():
            _require_key(key, path)
            _require_canonical(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, (list, tuple)):
        for position, inner in enumerate(value):
            _require_canonical(inner, f"{path}[{position}]", depth + 1)
    else:
        raise InvalidError(
            f"a {type(value).__name__} has no canonical form",
            field=path,
            remedy="Use an integer of a smaller unit, or a string.",
        )


def _require_text(value: str, path: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidError(
            "a string holds half of a surrogate pair, which is not text",
            field=path,
            remedy="Decode the input with errors='replace' or refuse it earlier.",
        ) from error


def _require_key(key: object, path: str) -> None:
    if not isinstance(key, str) or not key.isascii():
        raise InvalidError(
            f"the key {str(key)[:40]!a} is not an ASCII string",
            field=path,
            remedy="Put the text into the value.",
        )
