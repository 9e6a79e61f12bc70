"""What the headers of an answer tell its caller: that a machine wrote it, which, what was done.

They hold names, counts and ids; nothing of what was said. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from muniment.exchanges import Judgement
from muniment.gateway.exchange import Call

Pair = tuple[bytes, bytes]
DISCLOSURE: Final = "This answer was written by an AI system and may be wrong."
PREPARED: Final = "This answer was prepared beforehand; no AI system wrote it."
_LONGEST: Final = 300
_REMEMBERED: Final = 1_024


def headers_of(call: Call) -> list[Pair]:
    """Give the headers of an answer, whole or streamed; what is not known yet is left out."""
    return [_pair(name, value) for name, value in _told(call) if value]


@lru_cache(_REMEMBERED)
def _pair(name: str, value: str) -> Pair:
    return f"x-muniment-{name}".encode(), _plain(value).encode("ascii")


def _told(call: Call) -> Iterator[tuple[str, str]]:
    answered = call.answer
    route = answered.route if answered is not None else None
    is_fixed = route is not None and route.kind == "fixed"
    yield "ai-generated", "false" if is_fixed else "true"
    yield "disclosure", PREPARED if is_fixed else DISCLOSURE
    yield "inspected", call.judged.inspected.value
    yield "protected", _protected(call.judged)
    yield "exception", call.exception
    if answered is None or route is None:
        return
    yield "model", route.label
    yield "provider-model", answered.provider_model
    yield "fallback", route.step
    yield "translated", answered.translated
    yield "not-passed-on", ", ".join(answered.not_told)
    if answered.stream is None:
        yield "answer-inspected", answered.judged.inspected.value
        yield "answer-protected", _protected(answered.judged)


def _protected(judged: Judgement) -> str:
    """Say what was done about which kinds of values, where anything was."""
    if not judged.remedies:
        return ""
    found = ", ".join(f"{name} {count}" for name, count in sorted(judged.findings.items()))
    return f"{', '.join(judged.remedies)}: {found or 'what the rules name'}"


def _plain(text: str) -> str:
    """Keep what a header can hold."""
    kept = "".join(each if " " <= each <= "~" else "?" for each in text)
    return kept[:_LONGEST].strip()
