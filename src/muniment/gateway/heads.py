"""Heads of HTTP that came before, known by their very bytes. Pure.

A parser reads every head once, and judges it. One that comes again is the same but for the number
in its `content-length`, so what it means is looked up; nothing is read here that no parser read.
Compiled code takes whole messages apart where there is some (`heads.c`); what it does stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from muniment.core.compiled import compiled_part

MOST_BYTES: Final = 4_096
_SPELLED: Final = (b"\r\ncontent-length: ", b"\r\nContent-Length: ")
_LONG: Final = len(_SPELLED[0])
_MOST_DIGITS: Final = 12
_END: Final = b"\r\n\r\n"
T = TypeVar("T")
Whole = Callable[[bytes, dict[bytes, Any]], tuple[Any, bytes] | None]


Cut = tuple[bytes, int, int]
"""A head without the number of its length, that number, and where the body begins."""


def cut(data: bytes) -> Cut | None:
    """Cut what begins with a whole head; nothing is given of what may be something else."""
    at = data.find(_SPELLED[0], 0, MOST_BYTES)
    if at < 0:
        at = data.find(_SPELLED[1], 0, MOST_BYTES)
        if at < 0:
            return None
    begin = at + _LONG
    after = data.find(b"\r", begin, begin + _MOST_DIGITS + 1)
    end = data.find(_END, after, MOST_BYTES)
    if after < 0 or end < 0:
        return None
    digits = data[begin:after]
    if not digits.isdigit():
        return None
    end += 4
    return data[:begin] + data[after:end], int(digits), end


def read_whole(data: bytes, known: dict[bytes, T]) -> tuple[T, bytes] | None:
    """Give what is known of the head of a message that is here as a whole, and its body."""
    head = cut(data)
    if head is None:
        return None
    rest, length, begin = head
    found = known.get(rest)
    if found is None or len(data) != begin + length:
        return None
    return found, data[begin:]


def is_plain(head: Cut, begins: bytes, length: int) -> bool:
    """Tell of a head that a parser accepted if all of it is what was cut, and nothing before it.

    `length` is the only one that the parser found. Lines end in one way only, and the first empty
    one is the end, so that whatever has the same bytes is cut and parsed at the same places.
    """
    rest = head[0]
    lines = rest.count(b"\r\n")
    return (
        rest.startswith(begins)
        and rest.find(_END) == len(rest) - len(_END)
        and rest.count(b"\n") == rest.count(b"\r") == lines
        and length == head[1]
    )


compiled: Final = compiled_part("muniment.gateway._heads")
whole: Final[Whole] = compiled.whole if compiled is not None else read_whole
