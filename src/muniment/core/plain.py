"""Writes plain values as canonical JSON, if nothing of them needs refusing.

Compiled code does it where there is some (`plain.c`), in one pass with the look at each value; here
is what it does, and what is done where no compiler was. Whatever is unusual is not judged here:
then nothing is given, and whoever asked looks at it in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from muniment.core.compiled import compiled as found

MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_DEPTH: Final = 64

encoder: Final = msgspec.json.Encoder(order="sorted")
_encode: Final = encoder.encode
Filled = Callable[[tuple[bytes, ...], tuple[object, ...], int], bytes | None]


def read_plain(value: object, depth: int) -> bytes | None:
    """Write a value that stands so deep in a text."""
    if not is_plain(value, depth):
        return None
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return None  # half of a surrogate pair


def read_filled(pieces: tuple[bytes, ...], values: tuple[object, ...], depth: int) -> bytes | None:
    """Write values between pieces that are ready; values that are bytes are ready too."""
    if len(pieces) != len(values) + 1:
        raise ValueError("between two pieces stands one value")
    written = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        told = value if type(value) is bytes else read_plain(value, depth)
        if told is None:
            return None
        written += (told, piece)
    return b"".join(written)


def is_plain(value: object, depth: int) -> bool:
    """Tell quickly that nothing needs refusing; whatever is unusual is looked at in full."""
    kind = type(value)
    if kind is int:
        return -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER  # type: ignore[operator]
    if kind is dict:
        return depth < MAX_DEPTH and _has_plain_items(value, depth + 1)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return depth < MAX_DEPTH and are_plain(value, depth + 1)  # type: ignore[arg-type]
    return kind is str or kind is bool or value is None


def _has_plain_items(items: dict[object, object], depth: int) -> bool:
    for key in items:
        if type(key) is not str or not key.isascii():
            return False
    return are_plain(items.values(), depth)


def are_plain(values: Iterable[object], depth: int) -> bool:
    """Tell it of all of these; texts and numbers, which nearly all are, cost no call each."""
    for value in values:  # a loop, for generators cost a third of the whole here
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is int:
            if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:  # type: ignore[operator]
                continue
            return False
        if kind is tuple or kind is list:
            if depth >= MAX_DEPTH or (value and not are_plain(value, depth + 1)):  # type: ignore[arg-type]
                return False
        elif kind is not dict or not is_plain(value, depth):
            return False
    return True


compiled: Final = found
plain: Final[Callable[[object, int], bytes | None]] = (
    compiled.plain if compiled is not None else read_plain
)
filled: Final[Filled] = compiled.filled if compiled is not None else read_filled
