"""Cuts a policy file into its policies, so that each can be named by its line and column.

Cedar's parser says what is wrong but not where. A file is cut at the `;` that ends each policy;
comments and strings are stepped over. Where a policy does not parse, the first token that makes it
wrong is found by trying beginnings of it: a beginning that could still become a policy fails with
"unexpected end of input", any other failure lies at or before its last token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<number>[0-9]+)
      | (?P<sign>::|==|!=|<=|>=|&&|\|\||[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_END: Final = "unexpected end of input"


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one policy and where it begins in its file."""

    text: str
    start: int


def pieces(text: str) -> Iterator[Piece]:
    """Give the policies of a file; what follows the last `;` is one too, if it is anything."""
    begin: int | None = None
    last = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "space":
            continue
        if begin is None:
            begin = token.start()
        last = token.end()
        if token.group() == ";":
            yield Piece(text[begin:last], begin)
            begin = None
    if begin is not None:
        yield Piece(text[begin:last], begin)


def place(text: str, offset: int) -> tuple[int, int]:
    """Give line and column of a place in a text, both counted from one."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - text.rfind("\n", 0, offset)


def where_wrong(text: str, failure: Callable[[str], str]) -> int:
    """Find where a policy that does not parse goes wrong; `failure` parses and says what is."""
    ends = [token.end() for token in _TOKEN.finditer(text) if token.lastgroup != "space"]
    starts = [token.start() for token in _TOKEN.finditer(text) if token.lastgroup != "space"]
    if not ends:
        return 0
    low, high = 0, len(ends) - 1
    if failure(text[: ends[high]]) == _END:
        return ends[high]
    while low < high:
        middle = (low + high) // 2
        if failure(text[: ends[middle]]) == _END:
            low = middle + 1
        else:
            high = middle
    return starts[low]


def where_word(text: str, word: str) -> int:
    """Find the first whole word in a text, or its beginning."""
    if not word:
        return 0
    found = re.search(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", text)
    return found.start() if found else 0
