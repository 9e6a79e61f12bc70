"""What the headers of an answer tell its caller: that a machine wrote it, which, what was done.

They hold names, counts and ids; nothing of what was said. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from muniment.exchanges import Judgement
from muniment.gateway.exchange import Call

Pair = tuple[bytes, bytes]
DISCLOSURE: Final = "This answer was written by an AI system and may be wrong."
PREPARED: Final = "This answer was prepared beforehand; no AI system wrote it."
_LONGEST: Final = 300
_REMEMBERED: Final = 1_024
_NAMES: Final = (
    *("ai-generated", "disclosure", "inspected", "protected", "exception", "model"),
    *("provider-model", "fallback", "translated", "not-passed-on"),
    *("answer-inspected", "answer-protected"),
)


class Told(NamedTuple):
    """Headers of an answer: each by itself, and all of them as lines of a head."""

    pairs: tuple[Pair, ...]
    lines: bytes

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> Told:
        """Write headers down."""
        given = tuple(pairs)
        return cls(given, b"".join(b"%b: %b\r\n" % pair for pair in given))


def headers_of(call: Call) -> list[Pair]:
    """Give the headers of an answer, whole or streamed; what is not known yet is left out."""
    return list(told_of(call).pairs)


def told_of(call: Call) -> Told:
    """Give the headers of an answer, written once for all answers that tell the same."""
    answered, judged = call.answer, call.judged
    protected = _protected(judged) if judged.remedies else ""
    if answered is None or answered.route is None:
        return _told(False, judged.inspected, protected, call.exception, ())
    route, given = answered.route, answered.judged
    not_told = ", ".join(answered.not_told) if answered.not_told else ""
    more: tuple[str, ...] = (
        route.label,
        answered.provider_model,
        route.step,
        answered.translated,
        not_told,
    )
    if answered.stream is None:
        more = (*more, given.inspected, _protected(given) if given.remedies else "")
    return _told(route.kind == "fixed", judged.inspected, protected, call.exception, more)


@lru_cache(_REMEMBERED)
def _told(
    is_fixed: bool,  # noqa: FBT001 one of the values that are told
    inspected: str,
    protected: str,
    exception: str,
    more: tuple[str, ...],
) -> Told:
    values = (
        "false" if is_fixed else "true",
        PREPARED if is_fixed else DISCLOSURE,
        *(inspected, protected, exception),
        *more,
    )
    named = zip(_NAMES, map(str, values), strict=False)
    return Told.of(_pair(name, value) for name, value in named if value)


def _pair(name: str, value: str) -> Pair:
    return f"x-muniment-{name}".encode(), _plain(value).encode("ascii")


def _protected(judged: Judgement) -> str:
    """Say what was done about which kinds of values."""
    found = ", ".join(f"{name} {count}" for name, count in sorted(judged.findings.items()))
    return f"{', '.join(judged.remedies)}: {found or 'what the rules name'}"


def _plain(text: str) -> str:
    """Keep what a header can hold."""
    kept = "".join(each if " " <= each <= "~" else "?" for each in text)
    return kept[:_LONGEST].strip()
