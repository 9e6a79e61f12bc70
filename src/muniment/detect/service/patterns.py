"""The pattern layer: a few passes for every shape, then each match is judged.

A match passes, in this order: its whole form, what it is joined to, its validator, the words near
it. What remains is a finding of the shadow text; the scanner maps it back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from muniment.detect.models import Finding, Pattern, Rejected
from muniment.detect.rules import labels
from muniment.detect.rules.judging import Group, Ready, Surroundings, judge, needs_word
from muniment.detect.service.cache import Cache
from muniment.detect.service.collecting import Span
from muniment.detect.service.engine import Shape
from muniment.detect.service.passes import Passes
from muniment.detect.service.sighting import DENSE, Sighting

if TYPE_CHECKING:
    from muniment.detect.rules.doubts import Interval

_BLANK: Final = re.compile(r"[ \t\n\r\f\v]")
_CROWDED: Final = 16
_FAR: Final = 240
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
# More matches than one in so many characters, and the words of a text are made plain together.
_MANY: Final = 96


class Spotted(NamedTuple):
    """What the engine saw in a text, each shape in order of place, and where long runs begin."""

    seen: list[Span]
    runs: list[int]


_NOTHING: Final = Spotted([], [])


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
        shapes: dict[Shape, list[Ready]] = {}
        for each in patterns:
            shape = Shape(each.trigger or each.regex, each.ignore_case)
            least = thresholds.get(each.type, threshold)
            shapes.setdefault(shape, []).append(Ready.of(each, least))
        self._groups = [Group.of(each) for each in shapes.values()]
        # By shape, the words one of which must stand near a match as it is.
        self._needed = [None if each.read_on else each.keys for each in self._groups]
        self._only = [each.only for each in self._groups]
        self._nothing: list[frozenset[str] | None] = [None] * len(self._groups)
        self._passes = Passes(list(shapes), cache, engine=engine)
        self.sighting = Sighting(self._passes, [each.phrases for each in self._groups])

    @property
    def engine(self) -> str:
        """Which engine looks for the shapes."""
        return self._passes.engine

    def warm(self, rest: Callable[[], object] = lambda: None) -> None:
        """Compile the forms that are read where a beginning was seen; `rest` is called between."""
        for group in self._groups:
            for ready in group.patterns:
                ready.warm()
                rest()

    def warm_glances(self, rest: Callable[[], object]) -> None:
        """Work out what a first look asks of each shape; `rest` is called between."""
        from muniment.detect.rules import glancing  # noqa: PLC0415  (who scans needs none)

        for group in self._groups:
            glancing.end_of(group, "", 0, 0, _FAR)
            glancing.may_be(group, 0, "")
            rest()

    def spotted(self, text: str, after: int = 0) -> Spotted:
        """Let the engine read a text once; nothing of what it saw is judged yet."""
        data = text.encode("utf-8", "surrogatepass")
        seen, runs = self._passes.spans(data, after)
        if not seen and not runs:
            return _NOTHING
        if len(data) != len(text):
            seen, runs = _in_characters(data, seen, runs)
        return Spotted(seen, runs)

    def seen(self, text: str, hints: tuple[str, ...] = ()) -> tuple[list[Interval], list[Interval]]:
        """Give every place where a shape was seen, as far as its match may go, almost unjudged.

        What needs a word that is not there is left out, for a part of a text has no more words.
        Apart from the others stand the beginnings of what may go on without end.
        """
        from muniment.detect.rules import glancing  # noqa: PLC0415  (who scans needs none)

        seen, runs = self.spotted(text)
        if len(seen) * _CROWDED > len(text) + _CROWDED * _CROWDED:
            return [(0, len(text))], []  # to say more of each would cost more than it saves
        told = [(start, _run_end(text, start + 1)) for start in runs]
        begun: list[Interval] = []
        around = Surroundings(text, hints, dense=True)
        for shape, start, end in seen:
            group = self._groups[shape]
            if needs_word(group, start, end, around) or not glancing.may_be(group, start, text):
                continue
            reach = glancing.end_of(group, text, start, end, _FAR)
            (told if reach < start + _FAR else begun).append((start, reach))
        return told, begun

    def stand_apart(
        self,
        text: str,
        findings: Sequence[Finding],
        spotted: tuple[list[Span], list[int]] | None = None,
    ) -> bool:
        """Tell of a text whether what was found in it is found in its parts too, however cut.

        What the engine saw in it is given, if it is known.
        """
        from muniment.detect.rules import apart  # noqa: PLC0415  (who scans needs none)

        return apart.stand_apart(text, findings, spotted or self.spotted(text), self._groups)

    def told(self, text: str, seen: list[Span], left: list[Span]) -> list[Finding]:
        """Judge what was seen in a text that is written plainly, and what of it is left."""
        if len(seen) * DENSE > len(text):
            return self._judged_of(seen, text, (), None, 0)
        many = len(left) * _MANY > len(text)
        return self._judged(left, Surroundings(text, (), many=many), None)

    def find(
        self,
        text: str,
        hints: tuple[str, ...] = (),
        rejected: list[Rejected] | None = None,
        *,
        after: int = 0,
    ) -> tuple[list[Finding], list[int]]:
        """Find every pattern in a text that was made plain before, and where long runs begin.

        What ends at `after` or before it need not be told.
        """
        data = text.encode("utf-8", "surrogatepass")
        seen, runs = self._passes.spans(data, after)
        if not seen and not runs:
            return [], runs
        if len(data) != len(text):
            seen, runs = _in_characters(data, seen, runs)
        if len(seen) * DENSE <= len(text):
            seen = self._going_on(seen, text)
        return self._judged_of(seen, text, hints, rejected, after) if seen else [], runs

    def _judged_of(
        self,
        seen: list[Span],
        text: str,
        hints: tuple[str, ...],
        rejected: list[Rejected] | None,
        after: int,
    ) -> list[Finding]:
        dense, many = len(seen) * DENSE > len(text), len(seen) * _MANY > len(text)
        around = Surroundings(text, hints, dense=dense, many=many, after=after)
        return self._judged(seen, around, rejected)

    def _going_on(self, seen: list[Span], text: str) -> list[Span]:
        """Leave out beginnings that do not go on as their only form asks, as most do not."""
        kept: list[Span] = []
        for each in seen:
            only = self._only[each[0]]
            if only is None or (only.compiled or only.form).match(text, each[1]) is not None:
                kept.append(each)
        return kept

    def _judged(
        self, seen: list[Span], around: Surroundings, rejected: list[Rejected] | None
    ) -> list[Finding]:
        found: list[Finding] = []
        labelled: list[labels.Labelled] = []
        passed: dict[str, int] = {}
        groups, text, after = self._groups, around.text, around.after
        whole: re.Match[str] | None
        dense = around.dense and rejected is None
        needed = self._nothing if dense or rejected is not None else self._needed
        for shape, start, end in seen:
            keys = needed[shape]
            if keys is not None and (end <= after or keys.isdisjoint(around.words_at(start, end))):
                continue
            group = groups[shape]
            if (end <= after and not group.read_on) or (
                dense and needs_word(group, start, end, around)
            ):
                continue
            only, whole = group.only, None
            if only and (whole := (only.compiled or only.form).match(text, start)) is None:
                continue  # as most do
            for ready in group.patterns:
                if passed and start < passed.get(ready.pattern.id, 0):
                    continue  # inside what this pattern has read already
                one = judge(ready, start, end, around, rejected, whole)
                if one is not None:
                    passed[ready.pattern.id] = one.end
                    if one.end > after:
                        found.append(one)
                        if around.away >= 0:
                            labelled.append(labels.Labelled(one, around.away))
        return found if len(labelled) < 2 else _nearest(found, labelled, rejected)


def _nearest(
    found: list[Finding], labelled: list[labels.Labelled], rejected: list[Rejected] | None
) -> list[Finding]:
    """Leave out what stands by a word alone where another has its word nearer."""
    farther = labels.outdone(labelled)
    if not farther:
        return found
    if rejected is not None:
        rejected.extend(
            Rejected(
                *(each.type, each.family, each.start, each.end, each.why.pattern),
                "a word for something else stands nearer",
            )
            for each in farther
        )
    return [each for each in found if not any(each is other for other in farther)]


def _run_end(text: str, at: int) -> int:
    blank = _BLANK.search(text, at)
    return len(text) if blank is None else blank.start()


def _in_characters(data: bytes, seen: list[Span], runs: list[int]) -> tuple[list[Span], list[int]]:
    """Turn places in bytes into places in characters, counting each stretch once."""
    where: dict[int, int] = {}
    at = count = 0
    edges = {edge for each in seen for edge in each[1:]}
    for offset in sorted(edges.union(runs)):
        count += len(data[at:offset].translate(None, _CONTINUATION))
        where[offset] = count
        at = offset
    moved = [(shape, where[start], where[end]) for shape, start, end in seen]
    return moved, [where[each] for each in runs]
