"""The pattern layer: one pass for every shape, then each match is judged.

A match passes, in this order: its whole form, what it is joined to, its validator, the words near
it. What remains is a finding of the shadow text; the scanner maps it back. Words cost most, so a
match that needs a word is dropped first where its stretch of the text has none of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from muniment.detect.models import Checked, Finding, Pattern, Rejected, Validation, Why
from muniment.detect.rules import context, encodings
from muniment.detect.service.cache import Cache
from muniment.detect.service.engine import Engine, Shape, Span, make_engine

_CONTINUATION: Final = bytes(range(0x80, 0xC0))
_DOUBT: Final = 0.4
_FADES: Final = 0.004
_PHRASE: Final = 0.02
_FINE: Final = Checked(True)
_NOTHING: Final = context.Nearby((), (), frozenset())
_STRETCH: Final = 1024
_LAP: Final = 192


@dataclass(frozen=True, slots=True)
class _Ready:
    """A pattern made ready: its compiled form and the words that speak for it."""

    pattern: Pattern
    regex: re.Pattern[str] | None
    phrases: context.Phrases
    least: float
    weak: bool
    plain: bool

    @classmethod
    def of(cls, pattern: Pattern, least: float) -> _Ready:
        flags = re.ASCII | (re.IGNORECASE if pattern.ignore_case else 0)
        needs_form = pattern.trigger or pattern.group
        return cls(
            pattern,
            re.compile(pattern.regex, flags) if needs_form else None,
            context.Phrases.of(pattern.context),
            least,
            weak=pattern.score < least,
            plain=pattern.firm and pattern.context is None,
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """The patterns of one shape; `last` are the words without which none of them is reported."""

    patterns: tuple[_Ready, ...]
    last: frozenset[str] | None

    @classmethod
    def of(cls, patterns: Sequence[_Ready]) -> _Group:
        if all(each.weak for each in patterns):
            return cls(tuple(patterns), frozenset().union(*(p.phrases.last for p in patterns)))
        return cls(tuple(patterns), None)


class _Surroundings:
    """The words of a text, read once for each stretch and once for each place looked at."""

    def __init__(self, text: str, hints: tuple[str, ...]) -> None:
        self.text = text
        self._hints = hints
        self._where = (-1, -1)
        self._words = _NOTHING
        self._stretches: dict[int, frozenset[str]] = {}

    def stretch(self, start: int) -> frozenset[str]:
        """Give every word of the stretch around a place: more than those near it, never fewer."""
        number = start // _STRETCH
        known = self._stretches.get(number)
        if known is None:
            at = number * _STRETCH
            part = self.text[max(0, at - _LAP) : at + _STRETCH + _LAP]
            known = context.all_words(part, self._hints)
            self._stretches[number] = known
        return known

    def near(self, start: int, end: int) -> context.Nearby:
        """Give the words next to a place, in their order."""
        if self._where != (start, end):
            self._words = context.near(self.text, start, end, self._hints)
            self._where = (start, end)
        return self._words


class PatternLayer:
    """Every pattern of a configuration, compiled together."""

    def __init__(
        self,
        patterns: Sequence[Pattern],
        *,
        thresholds: dict[str, float],
        threshold: float,
        cache: Cache | None = None,
        engine: str = "",
    ) -> None:
        shapes: dict[Shape, list[_Ready]] = {}
        for each in patterns:
            least = thresholds.get(each.type, threshold)
            shape = Shape(each.trigger or each.regex, each.ignore_case)
            shapes.setdefault(shape, []).append(_Ready.of(each, least))
        self._groups = [_Group.of(group) for group in shapes.values()]
        asked = [*shapes, Shape(encodings.SHAPE)]
        self._engine: Engine = make_engine(asked, cache, name=engine)

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._engine.name

    def find(
        self, text: str, hints: tuple[str, ...] = (), rejected: list[Rejected] | None = None
    ) -> tuple[list[Finding], list[int]]:
        """Find every pattern in a text that was made plain before, and where base64 begins."""
        spans = self._spans(text)
        found: list[Finding] = []
        encoded: list[int] = []
        if not spans:
            return found, encoded
        around = _Surroundings(text, hints)
        passed: dict[str, int] = {}
        spans.sort(key=_place)
        for shape, start, end in spans:
            if shape == len(self._groups):
                encoded.append(start)
                continue
            group = self._groups[shape]
            if (
                group.last is not None
                and rejected is None
                and group.last.isdisjoint(around.stretch(start))
            ):
                continue
            for ready in group.patterns:
                key = ready.pattern.id
                if start < passed.get(key, 0):
                    continue  # inside what this pattern has read already
                one = _judge(ready, start, end, around, rejected)
                if one is not None:
                    found.append(one)
                    passed[key] = one.end
        return found, encoded

    def _spans(self, text: str) -> list[Span]:
        if text.isascii():
            return self._engine.spans(text.encode("ascii"))
        data = text.encode("utf-8", "surrogatepass")
        return _in_characters(data, self._engine.spans(data))


def _place(span: Span) -> tuple[int, int, int]:
    return span[1], span[2], span[0]


def _in_characters(data: bytes, spans: list[Span]) -> list[Span]:
    """Turn places in bytes into places in characters, counting each stretch once."""
    where: dict[int, int] = {}
    at = count = 0
    for offset in sorted({edge for _, start, end in spans for edge in (start, end)}):
        count += len(data[at:offset].translate(None, _CONTINUATION))
        where[offset] = count
        at = offset
    return [(shape, where[start], where[end]) for shape, start, end in spans]


def _judge(
    ready: _Ready, start: int, end: int, around: _Surroundings, rejected: list[Rejected] | None
) -> Finding | None:
    """Judge one match: give the finding, or note why there is none."""
    pattern, text = ready.pattern, around.text
    if ready.regex is not None:
        whole = _whole(ready.regex, text, start, pattern)
        if whole is None:
            return None
        start, end = whole.span(pattern.group)
    reason, checked = _check(ready, start, end, around)
    if not reason:
        if checked.cut is not None:
            start, end = start + checked.cut[0], start + checked.cut[1]
        score, words, reason = _weigh(ready, checked, around, start, end)
        if not reason:
            return _finding(pattern, checked, start, end, score, words)
    if rejected is not None:
        rejected.append(Rejected(pattern.type, pattern.family, start, end, pattern.id, reason))
    return None


def _check(ready: _Ready, start: int, end: int, around: _Surroundings) -> tuple[str, Checked]:
    """Give the reason why a value cannot stand, or what its validator says."""
    pattern, text = ready.pattern, around.text
    if ready.weak and ready.phrases.last.isdisjoint(around.stretch(start)):
        return "no word nearby for it", _FINE
    if _is_joined(text, start, end, pattern.joins):
        return "joined to a longer value", _FINE
    if pattern.validator is None:
        return "", _FINE
    checked = pattern.validator(text[start:end])
    return ("" if checked.ok else checked.step or "the check failed"), checked


def _weigh(
    ready: _Ready, checked: Checked, around: _Surroundings, start: int, end: int
) -> tuple[float, tuple[str, ...], str]:
    """Give the score with the words that spoke for it, or the reason why it is too low."""
    pattern = ready.pattern
    score = pattern.score if checked.score is None else checked.score
    words: tuple[str, ...] = ()
    if not ready.plain and _has_words(ready, around.stretch(start)):
        nearby = around.near(start, end)
        away, word = context.distance(nearby, ready.phrases)
        if away < context.FAR:
            words = (word,)
            exact = _PHRASE * word.count(" ")
            score = max(score, min(1.0, pattern.context_score + exact - _FADES * away))
        if not pattern.firm and context.doubted(nearby, away):
            score -= _DOUBT
    if score >= ready.least:
        return score, words, ""
    return score, words, "a word nearby speaks against it" if words else "no word nearby for it"


def _has_words(ready: _Ready, stretch: frozenset[str]) -> bool:
    """Tell whether a stretch has any word that could speak for or against a value."""
    if not ready.phrases.last.isdisjoint(stretch):
        return True
    return not ready.pattern.firm and not context.DOUBTFUL.last.isdisjoint(stretch)


def _whole(regex: re.Pattern[str], text: str, start: int, pattern: Pattern) -> re.Match[str] | None:
    """Read the whole form where its beginning was seen."""
    reach = pattern.reach
    if not reach:
        joined = not pattern.group and _is_joined_before(text, start, pattern.joins)
        return None if joined else regex.match(text, start)
    at = max(0, start - reach)
    while (found := regex.search(text, at, start + 4 * reach + 256)) is not None:
        if found.start() > start:
            return None
        if found.end() > start:
            return found
        at = found.end()
    return None


def _is_joined(text: str, start: int, end: int, joins: str) -> bool:
    """Tell whether a value goes on to the left or to the right of where it was found."""
    if _is_joined_before(text, start, joins):
        return True
    if end >= len(text):
        return False
    behind = text[end]
    if behind in joins:
        return end + 1 < len(text) and _goes_on(text[end + 1], behind)
    return _is_letter(behind) and text[end - 1].isalnum()


def _is_joined_before(text: str, start: int, joins: str) -> bool:
    if not start:
        return False
    before = text[start - 1]
    if before in joins:
        return start > 1 and _goes_on(text[start - 2], before)
    return _is_letter(before) and text[start].isalnum()


def _is_letter(letter: str) -> bool:
    """Tell whether this would go on a Latin word; scripts that write no spaces do not join."""
    return letter < "\u0250" and letter.isalnum()


def _goes_on(beyond: str, join: str) -> bool:
    return beyond.isdigit() if join in ".," else beyond.isascii() and beyond.isalnum()


def _finding(
    pattern: Pattern, checked: Checked, start: int, end: int, score: float, words: tuple[str, ...]
) -> Finding:
    return Finding(
        pattern.type,
        pattern.family,
        start,
        end,
        round(score, 3),
        Why(pattern.id, words, (checked.step,) if checked.step else ()),
        Validation.PASSED if pattern.validator is not None else Validation.NO_RULE,
    )
