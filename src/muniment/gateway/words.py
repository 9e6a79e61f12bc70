"""The words of an answer, wherever its interface puts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

_WORDS: Final = frozenset({"content", "text", "arguments", "input", "refusal", "output"})


def words_of(answer_body: object) -> str:
    """Give the words of an answer, one after the other, whatever its interface."""
    return "\n".join(_words(answer_body, ""))


def _words(value: object, key: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _words(each, str(name))
    elif isinstance(value, list):
        for each in value:
            yield from _words(each, key)
    elif isinstance(value, str) and value and key in _WORDS:
        yield value
