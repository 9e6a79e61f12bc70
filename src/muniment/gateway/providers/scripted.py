"""Answers by a script that stands in the model's own version: for rules, tutorials and tests.

`script` is a list of lines. The first whose `when` stands in the caller's last words is said; one
without `when` always fits. A line says words, calls tools, fails with a status, waits, or breaks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from muniment.core.errors import InvalidError
from muniment.gateway.providers.speaking import Saying, answer_for, last_words
from muniment.plugins.sockets import Answer


class ScriptedProvider:
    """Answers by a script; it can fail in every way a real one does."""

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._lines = lines
        self._turn = 0

    @classmethod
    def from_settings(cls, document: Mapping[str, Any], _outside: object) -> Self:
        """Make one from the script of a version."""
        lines = document.get("script")
        if not isinstance(lines, list) or not all(isinstance(each, Mapping) for each in lines):
            raise InvalidError(
                "a scripted model needs its script",
                field="script",
                remedy='Write a list such as [{"when": "hello", "say": "Good day."}].',
            )
        return cls(lines)

    async def send(self, path: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        """Say the next line that fits."""
        self._turn += 1
        return answer_for(path, body, self._say)

    def _say(self, asked: Mapping[str, Any]) -> Saying:
        words = last_words(asked)
        for line in self._lines:
            if self._fits(line, words):
                return _saying(line)
        return Saying("")

    def _fits(self, line: Mapping[str, Any], words: str) -> bool:
        turns = line.get("turns")
        in_turn = not isinstance(turns, list) or self._turn in turns
        return in_turn and str(line.get("when", "")).lower() in words.lower()


def _saying(line: Mapping[str, Any]) -> Saying:
    tools = tuple(
        (str(each.get("name", "")), json.dumps(each.get("arguments", {})))
        for each in _list(line.get("tools"))
        if isinstance(each, Mapping)
    )
    headers = line.get("headers")
    return Saying(
        words=str(line.get("say", "")),
        tools=tools,
        model=str(line.get("model", "")),
        status=_number(line, "status", 200),
        headers={str(name): str(value) for name, value in headers.items()}
        if isinstance(headers, Mapping)
        else {},
        breaks_after=_number(line, "breaks_after", -1),
        delay_ms=_number(line, "delay_ms", 0),
        raw=str(line.get("raw", "")),
    )


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _number(line: Mapping[str, Any], name: str, usual: int) -> int:
    value = line.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidError(
            f"{name} of a line is no number",
            field=f"script.{name}",
            remedy="Write a whole number into the script of the model's version.",
        )
    return value
