"""What compiled code sees of a plain text in one go is what the steps one by one give."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import UnavailableError
from muniment.detect import Family, Pattern, Scanner
from muniment.detect.models import Checked, Words
from muniment.detect.rules import context, excerpts, quick
from muniment.detect.service.catalogue import sheets
from muniment.detect.service.collecting import Marks, Noted, Span
from muniment.detect.service.engine import Shape
from muniment.detect.service.passes import Passes
from muniment.detect.service.patterns import PatternLayer
from muniment.detect.service.sighting import DENSE, Seen, Sighting
from tests.detect.compiling import compiled_only
from tests.detect.texts import CASES

SHAPES = ((rb"\d+", rb"[a-c]b", rb"\d+ [a-z]+"), (rb"[a-z0-9]{20,}",), (rb"\d{3}", rb"[A-Z]{2}\d"))
NEEDED = (frozenset({"bank", "to a bank"}), None, frozenset({"a"}), None, frozenset({"x y"}), None)
REACHES = (excerpts.REACH, *context.REACHES, DENSE)
LETTERS = "aAbBxyz012 \n\t.,:='-\\%&\r\xe9"
WORDS = (
    "to",
    "a",
    "bank",
    "7",
    "456",
    "AB1",
    "aB",
    "x:",
    "x y",
    "\n",
    "k" * 22,
    "and so on it goes",
)
SCANNERS = (Scanner(layers="patterns"), Scanner())
EXAMPLES = tuple(text for each in sheets() for text in (*each.examples, *each.near_misses))
Scan = Callable[[bytes, Marks, int, object, object], None]


def scan(of: int, data: bytes, found: Marks, _flags: int, _context: object, room: object) -> None:
    """Look for the shapes of a pass as an engine does: each match, by its number."""
    assert room is SHAPES
    first = sum(len(each) for each in SHAPES[:of])
    for number, shape in enumerate(SHAPES[of], first):
        for match in re.finditer(rb"(?=(" + shape + rb"))", data):
            found(number, *match.span(1), 0, None)


def sees() -> Callable[[str], Seen]:
    """Make what sees by compiled code."""
    module: Any = quick.compiled
    passes = tuple((partial(scan, of), SHAPES) for of in range(3))
    sieves = tuple(None if each is None else module.sieve(each) for each in NEEDED)
    seen: Callable[[str], Seen] = module.Sight(
        passes, sieves, (module.Marks(), module.Marks()), REACHES
    ).seen
    return seen


def by_steps(text: str) -> tuple[list[Span], list[int]]:
    """Give what is seen, and where long runs begin, one step after the other."""
    data = text.encode()
    found, runs = Noted(), excerpts.runs(data)
    for of in (0, 1) if runs else (0,):
        scan(of, data, found, 0, None, SHAPES)
    spans = found.outermost([], [])
    parts = excerpts.parts(data, 0)
    if parts is not None:
        found = Noted()
        scan(2, parts.data, found, 0, None, SHAPES)
        spans += found.outermost(parts.ends, parts.moved)
    return spans, runs


def phrases_near(text: str, start: int, end: int) -> set[str]:
    """Give the words near a match and in it, alone and together."""
    page = context.Page(text)
    near = context.before(page, start), context.behind(page, end), context.words(text[start:end])
    return {
        " ".join(row[at : at + size])
        for row in near
        for size in (1, 2, 3)
        for at in range(len(row))
    }


def seen_alike(text: str) -> bool:
    """Tell whether a text is seen alike both ways, and nothing is left out that may count."""
    if quick.compiled is None:
        return True
    told = sees()(text)
    if not text.isascii() or not set("\\\r%&").isdisjoint(text):
        return told is False
    spans, runs = by_steps(text)
    if told is None or told is False:
        return told is None and not spans and not runs
    left = [each for each in spans if may_count(text, each)]
    sparse = len(spans) * DENSE <= len(text)
    return told[:2] == (spans, runs) and told[2] == (left if sparse else spans)


def may_count(text: str, span: Span) -> bool:
    """Tell whether a match needs no phrase, or one is near, or a hump makes that unsure."""
    shape, start, end = span
    needed, around = NEEDED[shape], text[max(0, start - context.BEFORE) : end + context.AFTER]
    if needed is None or not needed.isdisjoint(phrases_near(text, start, end)):
        return True
    return re.search("[a-z][A-Z]", around) is not None and is_unsure(text, start, end)


def is_unsure(text: str, start: int, end: int) -> bool:
    """Tell whether compiled code leaves the words near a match to Python."""
    module: Any = quick.compiled
    ahead = module.before(text, start, *context.REACHES[:3])
    return None in (
        ahead,
        module.behind(text, end, *context.REACHES[3:]),
        module.words(text[start:end]),
    )


@given(st.text(st.sampled_from(LETTERS) | st.characters(), max_size=120).map(lambda each: each * 3))
def test_every_text_is_seen_alike(text: str) -> None:
    """Letters of every kind, escapes, and matches wherever they stand."""
    assert seen_alike(text)


@given(st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join))
def test_words_and_phrases_are_seen_alike(text: str) -> None:
    """Where values are few, those without their phrase are left out, and no others."""
    assert seen_alike(text)


@compiled_only
def test_a_match_without_its_phrase_is_left_out() -> None:
    """Words alone are not the phrase; where values stand close, all are left."""
    seen, rest = sees(), " and so on it goes" * 9
    assert seen("we go 12." + rest) == ([(0, 6, 8)], [], [])
    assert seen("to the bank 12." + rest) == ([(0, 12, 14)], [], [(0, 12, 14)])
    assert seen("we go 12.") == ([(0, 6, 8)], [], [(0, 6, 8)])
    assert seen(rest) is None


@pytest.mark.parametrize("scanner", SCANNERS)
@given(st.lists(st.sampled_from((*EXAMPLES, *CASES[:8], " ", "\n", ", ")), max_size=4), st.data())
def test_findings_are_those_of_a_look_by_steps(
    scanner: Scanner, parts: list[str], data: st.DataObject
) -> None:
    """Values of every type, their near misses and chance words around them."""
    between = data.draw(
        st.sampled_from(("", " ", "\n", " number is ", ". It goes on and on. " * 4))
    )
    text = between.join(parts)
    assert scanner.inspect_once(text) == scanner.inspect(text)
    assert scanner.look_at([text]).findings == scanner.inspect(text).findings


def test_a_checked_value_beside_a_word_is_kept() -> None:
    """A check may give a score of its own where only a word of the phrase stands near."""
    pattern = Pattern(
        *("p", "SIX", Family.PII, r"\b\d{6}\b", 0.1),
        context=Words(en="badge number"),
        context_score=0.8,
        validator=lambda _value: Checked(True, score=0.7),
    )
    layer = PatternLayer([pattern], thresholds={}, threshold=0.5)
    text = "there are few values here. a number, and no more: 123456"
    told = layer.sighting.seen(text)
    assert told is False or (told is not None and layer.told(text, told[0], told[2]))
    assert layer.find(text)[0]


def test_an_engine_without_room_of_its_own_is_asked_by_steps() -> None:
    """RE2 reads one shape after the other, so it is not asked in one go."""
    pattern = Pattern("p", "SIX", Family.PII, r"\b\d{6}\b", 0.9)
    layer = PatternLayer([pattern], thresholds={}, threshold=0.5, engine="re2")
    assert layer.sighting.seen("123456") is False
    assert len(layer.find("123456")[0]) == 1


@compiled_only
def test_what_cannot_see_is_refused() -> None:
    """Other types, sieves without an empty place and too few values: an error, never a crash."""
    module: Any = quick.compiled
    marks, passes = (module.Marks(), module.Marks()), ((), (), ())
    wrongs: list[tuple[object, ...]] = [
        (),
        (passes, (), marks),
        (((1,), (), ()), (), marks, REACHES),
        (passes, (b"\1\1\1\1",), marks, REACHES),
        (passes, (b"\0\0\0",), marks, REACHES),
        (passes, [], marks, REACHES),
        (passes, (), (marks[0], marks[0]), REACHES),
        (passes, (), (Noted(), Noted()), REACHES),
        (passes, (), marks, (0, *REACHES[1:])),
    ]
    for values in wrongs:
        with pytest.raises(TypeError):
            module.Sight(*values)
    for phrases in ([1], 7):
        with pytest.raises(TypeError):
            module.sieve(phrases)


@compiled_only
def test_what_breaks_an_engine_goes_up() -> None:
    """An error of the engine is no clean text, and the next text is read again."""
    module: Any = quick.compiled

    def breaks(data: bytes, *_given: object) -> None:
        if data == b"bad":
            raise UnavailableError("it is gone")

    sight = module.Sight(((breaks, None), (), ()), (), (module.Marks(), module.Marks()), REACHES)
    with pytest.raises(UnavailableError):
        sight.seen("bad")
    assert sight.seen("good") is None


@compiled_only
def test_who_comes_while_a_text_is_read_reads_by_steps() -> None:
    """The room of an engine is for one text at a time."""
    module: Any = quick.compiled
    told: list[Seen] = []
    sights: list[Any] = []

    def again(_data: bytes, *_given: object) -> None:
        told.append(sights[0].seen("another"))

    passes: Sequence[tuple[object, ...]] = ((again, None), (), ())
    sights.append(module.Sight(tuple(passes), (), (module.Marks(), module.Marks()), REACHES))
    assert sights[0].seen("one") is None
    assert told == [False]


def test_each_thread_sees_by_itself() -> None:
    """What is made for one thread is not shared with another."""
    sighting = Sighting(Passes([Shape(r"\bab\d")]), [None])
    here = [sighting.seen("ab1"), sighting.seen]
    there: list[object] = []
    other = threading.Thread(target=lambda: there.extend((sighting.seen("ab1"), sighting.seen)))
    other.start()
    other.join()
    assert (
        here[0] == there[0] == (False if quick.compiled is None else ([(0, 0, 3)], [], [(0, 0, 3)]))
    )
    assert quick.compiled is None or here[1] is not there[1]
