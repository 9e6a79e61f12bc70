"""The words of an answer, wherever its interface puts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WORDS: Final = frozenset({"content", "text", "arguments", "input", "refusal", "output"})


def words_of(answer_body: object) -> str:
    """Give the words of an answer, one after the other, whatever its interface."""
    found: list[str] = []
    _gather(answer_body, "", found)
    return "\n".join(found)


def _gather(value: object, key: str, found: list[str]) -> None:
    if isinstance(value, str):
        if value and key in _WORDS:
            found.append(value)
    elif isinstance(value, dict | Mapping):
        for name, each in value.items():
            if type(each) is not int:
                _gather(each, str(name), found)
    elif isinstance(value, list):
        for each in value:
            _gather(each, key, found)
