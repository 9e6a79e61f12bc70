"""Judges what an engine saw: its whole form, what it is joined to, its check, the words near it.

A match passes all of them or is refused with the first reason. Words cost most, so each stretch of
a text is read once, and a match that needs a word is dropped first where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from muniment.detect.models import Checked, Family, Finding, Pattern, Rejected, Validation, Why
from muniment.detect.rules import context
from muniment.detect.rules.needs import beginnings_of

_DOUBT: Final = 0.45
_FADES: Final = 0.004
_PHRASE: Final = 0.02
_FINE: Final = Checked(True)
_BEGINNINGS: Final = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9])|(?=[^A-Za-z0-9\s])")
# What parts a value from what stands beside it, unless it joins such values.
_PARTS: Final = frozenset({"", " ", "\n"})
_NO_WORD: Final = "no word nearby for it"
# A letter behind this would not go on a Latin word; scripts without spaces do not join.
_LATIN_END: Final = "\u0250"
_STRETCH: Final = 1024
_LAP: Final = 160


@dataclass(slots=True)
class Ready:
    """A pattern made ready: the words that speak for it, and whether its form is to be read.

    `weak` alone says too little to be reported; `plain` is not changed by any word. Beside `parts`
    a value is joined to nothing.
    """

    pattern: Pattern
    has_form: bool
    phrases: context.Phrases
    least: float
    weak: bool
    plain: bool
    parts: frozenset[str]
    validation: Validation
    compiled: re.Pattern[str] | None = None
    _begins: tuple[re.Pattern[str], int] | None = None

    @classmethod
    def of(cls, pattern: Pattern, least: float) -> Ready:
        """Make a pattern ready that is reported from this score on."""
        return cls(
            pattern,
            bool(pattern.trigger or pattern.group),
            context.Phrases.of(pattern.context),
            least,
            weak=pattern.score < least,
            plain=pattern.firm and pattern.context is None,
            parts=_PARTS.difference(pattern.joins),
            validation=Validation.NO_RULE if pattern.validator is None else Validation.PASSED,
        )

    @property
    def form(self) -> re.Pattern[str]:
        """Its whole form; compiled when it is first read, for most never are."""
        if self.compiled is None:
            pattern = self.pattern
            self.compiled = form_of(pattern.regex, ignore_case=pattern.ignore_case)
        return self.compiled

    @property
    def begins(self) -> tuple[re.Pattern[str], int]:
        """Where its whole form may begin: at a word or a sign, and if it can be told, at which."""
        begins = self._begins
        if begins is None:
            pattern = self.pattern
            begins = self._begins = _begins_of(pattern.regex, ignore_case=pattern.ignore_case)
        return begins

    def warm(self) -> None:
        """Compile the form now and not when it is first read."""
        if self.has_form:
            _ = self.form
            if self.pattern.reach and self.pattern.family is Family.SAFETY:
                _ = self.begins


@dataclass(frozen=True, slots=True)
class Group:
    """The patterns of one shape; `keys` are the words without which none of them is reported.

    Of `phrases` one stands near each match that is reported, or a word of one that is checked.
    `read_on` tells that a match is only a beginning, so that its end says nothing yet. `only` is
    the one pattern there is, if its whole form is read from where its beginning was seen.
    """

    patterns: tuple[Ready, ...]
    keys: frozenset[str] | None
    phrases: frozenset[str] | None
    read_on: bool
    only: Ready | None

    @classmethod
    def of(cls, patterns: Sequence[Ready]) -> Group:
        """Put patterns of one shape together."""
        keys = phrases = None
        read_on = any(each.has_form for each in patterns)
        if all(each.weak for each in patterns):
            keys = frozenset[str]().union(*(each.phrases.keys for each in patterns))
            # A check may give a value a score of its own, beside a word that is no whole phrase.
            said = (
                each.phrases.keys if each.pattern.validator else each.phrases.whole
                for each in patterns
            )
            phrases = frozenset[str]().union(*said)
        first = patterns[0]
        only = first if len(patterns) == 1 and first.has_form and not first.pattern.reach else None
        return cls(tuple(patterns), keys, None if read_on else phrases, read_on, only)


class Surroundings:
    """The words of a text: those of a stretch at once, those next to a place in their order."""

    __slots__ = (
        "_ahead", "_behind", "_end", "_hints", "_many", "_number", "_page", "_place", "_start",
        "_stretch", "_words", "after", "away", "dense", "text",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        hints: tuple[str, ...],
        *,
        dense: bool = False,
        many: bool = False,
        after: int = 0,
    ) -> None:
        """Begin to read; `many` tells of a text with many values, `dense` of one full of them."""
        self.text = text
        self.after = after  # what ends here or before it need not be told
        self.dense = dense
        self.away = -1  # how far the word stands that the last finding hangs on, if on one
        self._many = many or dense
        self._page: context.Page | None = None
        self._hints = [word for hint in hints for word in context.words(hint)] if hints else None
        self._start = self._end = self._number = -1
        self._place = (-1, -1)

    def may_have(self, keys: frozenset[str], start: int) -> bool:
        """Tell whether one of some words may stand near a place; where values are few, it may."""
        return not self.dense or not keys.isdisjoint(self.stretch(start))

    def has(self, keys: frozenset[str], start: int, end: int) -> bool:
        """Tell whether one of some words stands near a value or in it."""
        return not keys.isdisjoint(self.words_at(start, end))

    def words_at(self, start: int, end: int) -> frozenset[str]:
        """Give the words near a value and those in it."""
        if (start, end) != self._place:
            if start != self._start or end != self._end:
                self._look(start, end)
            near = self._ahead + self._behind
            inside = self.text[start:end]
            if not inside.isdigit() and inside.lower() != inside.upper():
                near += context.words(inside)
            self._words, self._place = frozenset(near), (start, end)
        return self._words

    def stretch(self, start: int) -> frozenset[str]:
        """Give the words around a place that may matter: more than those near it, never fewer."""
        number = start // _STRETCH
        if number != self._number:
            at_least = max(0, number * _STRETCH - _LAP)
            found = self._read().words(at_least, (number + 1) * _STRETCH + _LAP)
            if self._hints:
                found += self._hints
            self._stretch = frozenset(found)
            self._number = number
        return self._stretch

    def near(self, start: int, end: int) -> tuple[list[str], list[str]]:
        """Give the words next to a place, in their order: those before it, and those behind."""
        if start != self._start or end != self._end:
            self._look(start, end)
        return self._ahead, self._behind

    def _look(self, start: int, end: int) -> None:
        told = None if self._many or self._hints else context.at_once(self.text, start, end)
        if told is not None:
            self._ahead, self._behind = told
            self._start, self._end = start, end
            return
        page = self._read()
        if start != self._start:
            self._ahead = context.before(page, start)
            if self._hints:
                self._ahead += self._hints
            self._start = start
        if end != self._end:
            self._behind = context.behind(page, end)
            self._end = end

    def _read(self) -> context.Page:
        if self._page is None:
            self._page = context.Page(self.text, many=self._many)
        return self._page


def needs_word(group: Group, start: int, end: int, around: Surroundings) -> bool:
    """Tell whether every pattern of a shape needs a word and there is none for any of them."""
    keys = group.keys
    if keys is None:
        return False
    if around.dense and keys.isdisjoint(around.stretch(start)):
        return True
    return not (group.read_on or around.has(keys, start, end))


def judge(
    ready: Ready,
    start: int,
    end: int,
    around: Surroundings,
    rejected: list[Rejected] | None,
    read: re.Match[str] | None = None,
) -> Finding | None:
    """Judge one match, whose form may be read: give the finding, or note why there is none."""
    pattern = ready.pattern
    if ready.has_form:
        whole = _whole(ready, around.text, start, read)
        if whole is None:
            return None
        start, end = whole.span(pattern.group)
        if end <= around.after:
            return None
    reason, checked = _check(ready, start, end, around)
    if not reason:
        _, step, cut, own = checked
        if cut is not None:
            start, end = start + cut[0], start + cut[1]
        score = pattern.score if own is None else own
        word = ""
        around.away = -1
        if not ready.plain and (not around.dense or _may_matter(ready, around, start)):
            score, word = _with_words(ready, score, around, start, end)
        if score >= ready.least:
            why, told = _why(pattern.id, word, step), round(score, 3)
            return Finding(pattern.type, pattern.family, start, end, told, why, ready.validation)
        reason = "a word nearby speaks against it" if word else _NO_WORD
    if rejected is not None:
        rejected.append(Rejected(pattern.type, pattern.family, start, end, pattern.id, reason))
    return None


@cache
def form_of(regex: str, *, ignore_case: bool) -> re.Pattern[str]:
    """Compile a form when it is first read: most never are, and a start should be quick."""
    return re.compile(regex, re.ASCII | (re.IGNORECASE if ignore_case else 0))


def _check(ready: Ready, start: int, end: int, around: Surroundings) -> tuple[str, Checked]:
    """Give the reason why a value cannot stand, or what its validator says."""
    pattern, text = ready.pattern, around.text
    if ready.weak:
        keys = ready.phrases.keys
        if not around.may_have(keys, start) or keys.isdisjoint(around.words_at(start, end)):
            return _NO_WORD, _FINE
    before, behind = text[start - 1 : start], text[end : end + 1]
    apart = before in ready.parts and behind in ready.parts
    if not apart and _is_joined(text, start, end, pattern.joins):
        return "joined to a longer value", _FINE
    if pattern.validator is None:
        return "", _FINE
    checked = pattern.validator(text[start:end])
    return ("" if checked.ok else checked.step or "the check failed"), checked


def _with_words(
    ready: Ready, score: float, around: Surroundings, start: int, end: int
) -> tuple[float, str]:
    """Give the score by the words near a value, and the word that spoke for it."""
    pattern = ready.pattern
    nearby = around.near(start, end)
    away, word = context.distance(nearby, ready.phrases)
    if score < ready.least:
        around.away = away
    if word:
        exact = _PHRASE * word.count(" ")
        score = max(score, min(1.0, pattern.context_score + exact - _FADES * away))
    if not pattern.firm and context.doubted(nearby, away):
        score -= _DOUBT
    return score, word


def _may_matter(ready: Ready, around: Surroundings, start: int) -> bool:
    """Tell whether any word near a value could speak for or against it."""
    if around.may_have(ready.phrases.keys, start):
        return True
    return not ready.pattern.firm and around.may_have(context.DOUBTFUL.keys, start)


def _whole(ready: Ready, text: str, start: int, read: re.Match[str] | None) -> re.Match[str] | None:
    """Read the whole form where its beginning was seen, unless it was read already."""
    pattern, form = ready.pattern, ready.compiled or ready.form
    reach = pattern.reach
    if not reach:
        whole = read or form.match(text, start)
        if whole is None or pattern.group or text[start - 1 : start] in ready.parts:
            return whole
        return None if _is_joined_before(text, start, pattern.joins) else whole
    at = begin_of(pattern, start, text)
    limit = start + 4 * reach + 256
    if pattern.family is Family.SAFETY:
        for phrase in phrases_of(ready, text, (at, start, limit)):
            if phrase.end() > start:
                return phrase
        return None
    while at <= start:
        found = form.match(text, at, limit)
        if found is None:
            at += 1
        elif found.end() > start:
            return found
        else:
            at = found.end()
    return None


def begin_of(pattern: Pattern, start: int, text: str) -> int:
    """Say from where on a form may begin whose trigger was seen."""
    at = start - pattern.reach if start > pattern.reach else 0
    for stop in pattern.stops:
        behind = text.rfind(stop, at, start) + 1
        if behind:
            at = behind
    return at


def phrases_of(ready: Ready, text: str, within: tuple[int, int, int]) -> Iterator[re.Match[str]]:
    """Read phrases, which begin where a word or a sign does: trying each letter is slow."""
    at, start, limit = within
    match = ready.form.match
    begins, longest = ready.begins
    for place in begins.finditer(text, at, start + longest):
        begin = place.start()
        if begin > start:
            return
        if begin < at:
            continue
        found = match(text, begin, limit)
        if found is not None:
            yield found
            at = found.end()


@cache
def _begins_of(regex: str, *, ignore_case: bool) -> tuple[re.Pattern[str], int]:
    told = beginnings_of(regex)
    if told is None:
        return _BEGINNINGS, 1
    words = [re.escape(each) for each in sorted(told) if each[0].isascii() and each[0].isalnum()]
    signs = [
        re.escape(each) for each in sorted(told) if not (each[0].isascii() and each[0].isalnum())
    ]
    ways = [rf"(?<![A-Za-z0-9])(?={'|'.join(words)})"] if words else []
    ways += [rf"(?=\S)(?={'|'.join(signs)})"] if signs else []
    flags = re.ASCII | (re.IGNORECASE if ignore_case else 0)
    return re.compile("|".join(ways), flags), max(map(len, told))


def _is_joined(text: str, start: int, end: int, joins: str) -> bool:
    """Tell whether a value goes on to the left or to the right of where it was found."""
    if end < len(text):
        behind = text[end]
        if behind in joins:
            if end + 1 < len(text) and _goes_on(text[end + 1], behind):
                return True
        elif behind.isalnum() and behind < _LATIN_END and text[end - 1].isalnum():
            return True
    return start > 0 and _is_joined_before(text, start, joins)


def _is_joined_before(text: str, start: int, joins: str) -> bool:
    before = text[start - 1]
    if before in joins:
        return start > 1 and _goes_on(text[start - 2], before)
    return before.isalnum() and before < _LATIN_END and text[start].isalnum()


def _goes_on(beyond: str, join: str) -> bool:
    return beyond.isdigit() if join in "., " else beyond.isascii() and beyond.isalnum()


@lru_cache(maxsize=4096)
def _why(pattern: str, word: str, step: str) -> Why:
    """Give the reason for a finding; there are few, and no value stands in them."""
    return Why(pattern, (word,) if word else (), (step,) if step else ())
