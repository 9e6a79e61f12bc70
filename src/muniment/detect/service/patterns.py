"""The pattern layer: one pass for every shape, then each match is judged.

A match passes, in this order: its whole form, what it is joined to, its validator, the words near
it. What remains is a finding of the shadow text; the scanner maps it back. Words cost most, so a
match that needs a word is dropped first where its stretch of the text has none of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from muniment.detect.models import Checked, Finding, Pattern, Rejected, Validation, Why
from muniment.detect.rules import context, encodings
from muniment.detect.service.cache import Cache
from muniment.detect.service.engine import Shape, make_engine

_CONTINUATION: Final = bytes(range(0x80, 0xC0))
_DOUBT: Final = 0.45
_FADES: Final = 0.004
_PHRASE: Final = 0.02
_FINE: Final = Checked(True)
_NOTHING: Final = context.Nearby((), (), frozenset())
_STRETCH: Final = 1024
_LAP: Final = 160
_STEP: Final = 64
_SHORT: Final = 4

# A match as the engine saw it: start, end, number of its shape, and whether it can stand alone.
_Seen = tuple[int, int, int, bool]


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
    """The patterns of one shape; `keys` are the words without which none of them is reported."""

    patterns: tuple[_Ready, ...]
    keys: frozenset[str] | None

    @classmethod
    def of(cls, patterns: Sequence[_Ready]) -> _Group:
        if all(each.weak for each in patterns):
            return cls(tuple(patterns), frozenset().union(*(p.phrases.keys for p in patterns)))
        return cls(tuple(patterns), None)


class _WordFinder:
    """Finds, in one pass, every word that speaks for or against some type.

    A long word is also found inside others: what is found only says where to read closely.
    """

    def __init__(self, words: Iterable[str], cache: Cache | None, engine: str) -> None:
        listed = frozenset(words)
        base = sorted(each for each in listed if each[:-1] not in listed or each[-1] != "s")
        shapes: list[Shape] = []
        self._words: list[str] = []
        for word in base:
            if len(word) > _SHORT:
                shapes.append(Shape(word, ignore_case=True))
                self._words.append(word)
                continue
            capital = word[0].upper() + word[1:]
            shapes.append(Shape(f"(?:^|[^A-Za-z]){word}(?:[^A-Za-z]|$)", ignore_case=True))
            shapes.append(Shape(f"[a-z]{capital}(?:[^a-z]|$)"))
            self._words += [word, word]
        self._engine = make_engine(shapes, cache, name=engine)

    def places(self, data: bytes) -> tuple[list[int], list[str]]:
        """Give where words stand, in order, and which they are."""
        found = sorted((start, self._words[shape]) for shape, start, _ in self._engine.spans(data))
        return [start for start, _ in found], [word for _, word in found]


class _Surroundings:
    """The words of a text: those of a stretch at once, those next to a place in their order.

    In ASCII the words that matter were found in the pass before; elsewhere a stretch is read.
    """

    def __init__(
        self, text: str, hints: tuple[str, ...], places: tuple[list[int], list[str]] | None
    ) -> None:
        self.text = text
        self._hints = hints
        self._hinted = context.all_words("", hints)
        self._places = places
        self._where = (-1, -1)
        self._words = _NOTHING
        self._number = -1
        self._stretch: frozenset[str] = frozenset()

    def stretch(self, start: int) -> frozenset[str]:
        """Give the words around a place that may matter: more than those near it, never fewer."""
        if self._places is not None:
            number = start // _STEP
            if number != self._number:
                at, words = self._places
                first = bisect_left(at, number * _STEP - _LAP)
                last = bisect_left(at, (number + 1) * _STEP + _LAP, first)
                self._stretch = self._hinted.union(words[first:last])
                self._number = number
            return self._stretch
        number = start // _STRETCH
        if number != self._number:
            at_least = max(0, number * _STRETCH - _LAP)
            part = self.text[at_least : (number + 1) * _STRETCH + _LAP]
            self._stretch = context.all_words(part, self._hints)
            self._number = number
        return self._stretch

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
        ready = [_Ready.of(each, thresholds.get(each.type, threshold)) for each in patterns]
        strong, weak = _grouped(ready)
        self._strong = list(strong.values())
        self._weak = list(weak.values())
        self._engine = make_engine([*strong, Shape(encodings.SHAPE)], cache, name=engine)
        self._weak_engine = make_engine(list(weak), cache, name=engine) if weak else None
        known = frozenset().union(*(each.phrases.keys for each in ready))
        self._finder = _WordFinder(known | context.DOUBTFUL.keys, cache, engine) if known else None

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._engine.name

    def find(
        self, text: str, hints: tuple[str, ...] = (), rejected: list[Rejected] | None = None
    ) -> tuple[list[Finding], list[int]]:
        """Find every pattern in a text that was made plain before, and where base64 begins."""
        data = text.encode("utf-8", "surrogatepass")
        ascii_only = len(data) == len(text)
        places = self._finder.places(data) if ascii_only and self._finder else None
        spans = [(start, end, shape, True) for shape, start, end in self._engine.spans(data)]
        if self._weak_engine is not None and (
            not ascii_only or hints or rejected is not None or (places and places[0])
        ):
            spans += [(s, e, shape, False) for shape, s, e in self._weak_engine.spans(data)]
        if not spans:
            return [], []
        if not ascii_only:
            spans = _in_characters(data, spans)
        spans.sort()
        return self._judged(spans, _Surroundings(text, hints, places), rejected)

    def _judged(
        self, spans: list[_Seen], around: _Surroundings, rejected: list[Rejected] | None
    ) -> tuple[list[Finding], list[int]]:
        found: list[Finding] = []
        encoded: list[int] = []
        passed: dict[str, int] = {}
        for start, end, shape, strong in spans:
            if strong and shape == len(self._strong):
                encoded.append(start)
                continue
            group = (self._strong if strong else self._weak)[shape]
            if (
                group.keys is not None
                and rejected is None
                and group.keys.isdisjoint(around.stretch(start))
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


def _grouped(ready: Iterable[_Ready]) -> tuple[dict[Shape, _Group], dict[Shape, _Group]]:
    """Put patterns of one shape together, apart those that all need a word nearby."""
    shapes: dict[Shape, list[_Ready]] = {}
    for each in ready:
        pattern = each.pattern
        shape = Shape(pattern.trigger or pattern.regex, pattern.ignore_case)
        shapes.setdefault(shape, []).append(each)
    groups = {shape: _Group.of(each) for shape, each in shapes.items()}
    strong = {shape: each for shape, each in groups.items() if each.keys is None}
    return strong, {shape: each for shape, each in groups.items() if each.keys is not None}


def _in_characters(data: bytes, spans: list[_Seen]) -> list[_Seen]:
    """Turn places in bytes into places in characters, counting each stretch once."""
    where: dict[int, int] = {}
    at = count = 0
    for offset in sorted({edge for seen in spans for edge in seen[:2]}):
        count += len(data[at:offset].translate(None, _CONTINUATION))
        where[offset] = count
        at = offset
    return [(where[start], where[end], shape, strong) for start, end, shape, strong in spans]


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
    if ready.weak and ready.phrases.keys.isdisjoint(around.stretch(start)):
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
    if not ready.phrases.keys.isdisjoint(stretch):
        return True
    return not ready.pattern.firm and not context.DOUBTFUL.keys.isdisjoint(stretch)


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
    return beyond.isdigit() if join in "., " else beyond.isascii() and beyond.isalnum()


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
