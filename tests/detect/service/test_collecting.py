"""Compiled code collects and cuts what Python does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules import excerpts, quick
from muniment.detect.service.collecting import Marks, Noted, Span, fastest
from tests.detect.compiling import compiled_only, watch
from tests.detect.rules.test_digests import digests_alike
from tests.detect.rules.test_messages import taken_alike
from tests.detect.rules.test_quick import LETTERS, words_alike
from tests.detect.service.test_sighting import seen_alike

SOURCE = Path(quick.__file__).with_name("marks.c")
MARK = st.tuples(st.integers(0, 5), st.integers(0, 90), st.integers(0, 40))


def told(found: Marks, marks: Sequence[Span], ends: list[int]) -> tuple[object, ...]:
    """Note matches, and give what is left of them, with how many there were."""
    for shape, start, size in sorted(marks, key=lambda each: each[1] + each[2]):
        found(shape, start, start + size, 0, None)
    moved = [7 * place for place, _ in enumerate(ends)]
    return bool(found), len(found) > 0, found.outermost(ends, moved)


def alike(text: str, place: int) -> bool:
    """Tell whether a text, its parts and the words near a place are read alike both ways."""
    data = text.encode("utf-8", "surrogatepass")
    first, last = text[:place], text[place:]
    rows = [{"role": "user", "content": last}, {"type": first[:9], "id": last[:9], "text": text}]
    read = words_alike(text, place) and digests_alike(first, last)
    read = read and seen_alike(text)
    read = read and taken_alike({"messages": rows}) and taken_alike({"content": last, first: None})
    _, cut, runs = fastest()
    return (
        read
        and cut(data, place) == excerpts.parts(data, place)
        and runs(data) == excerpts.runs(data)
    )


def lettered(chance: random.Random) -> str:
    """Write what codes of letters alone, and long runs, are made of, nearly or quite."""
    letters = chance.choice(("lmnpqrstuvLNV", "lmpTSae 1", "ax+/_-9Z"))
    return chance.choice(("", "é", " ")).join(chance.choices(letters, k=chance.randrange(60)))


def differences(seed: int, count: int) -> list[object]:
    """Do so with chance texts and matches; give those for which both ways differ."""
    chance, wrong = random.Random(seed), list[object]()
    for _ in range(count):
        text = "".join(chance.choices(LETTERS[: chance.choice((17, 24))], k=chance.randrange(400)))
        text += lettered(chance) + text[:9] + lettered(chance)
        wrong += [text] * (not alike(text, chance.randrange(len(text) + 1)))
        marks = [
            (chance.randrange(6), chance.randrange(90), chance.randrange(40))
            for _ in range(chance.randrange(80))
        ]
        wrong += [marks] * (told(fastest()[0](), marks, [200]) != told(Noted(), marks, [200]))
    return wrong


@given(st.lists(MARK, max_size=80), st.sampled_from([[], [200], [40, 90, 200]]))
def test_matches_are_collected_alike(marks: list[Span], ends: list[int]) -> None:
    """Many of one place, one inside another, of many shapes, and moved by parts."""
    assert told(fastest()[0](), marks, ends) == told(Noted(), marks, ends)


@given(st.text(st.sampled_from(LETTERS) | st.characters(), max_size=200), st.data())
def test_parts_are_cut_alike(text: str, data: st.DataObject) -> None:
    """Digits, capitals, letters of every script, and the edges of a text."""
    assert alike(text, data.draw(st.integers(0, len(text))))


@given(st.integers(0, 1 << 30))
def test_codes_of_letters_and_long_runs_are_seen_alike(seed: int) -> None:
    """What has no digit, and what has no end in sight, nearly or quite."""
    chance = random.Random(seed)
    text = " ".join(lettered(chance) for _ in range(3))
    assert alike(text, chance.randrange(len(text) + 1))


def test_where_no_compiler_was_python_collects() -> None:
    """It gives what an engine tells it, the longest match of each start."""
    found = Noted()
    for end in (4, 7):
        found(3, 2, end, 0, None)
    assert (len(found), found.outermost([], [])) == (1, [(3, 2, 7)])


@compiled_only
def test_what_is_no_match_or_no_text_is_refused() -> None:
    """Too few values, other types, places that cannot be: an error, and never a crash."""
    found: Any = fastest()[0]()
    module: Any = quick.compiled
    wrongs: list[tuple[Any, tuple[Any, ...]]] = [
        (found, (1, 2)),
        (found, ("1", 2, 3)),
        (found, (1, -2, 3)),
        (found, (1 << 20, 2, 3)),
        (found.outermost, ((), ())),
        (module.Marks, (1,)),
        (module.parts, (24, "text", 0)),
        (module.parts, (24, b"1", -1)),
        (module.parts, (0, b"1", 0)),
        (module.runs, ("text",)),
    ]
    for call, values in wrongs:
        with pytest.raises((TypeError, ValueError, OverflowError)):
            call(*values)
    found(1, 50, 60, 0, None)
    with pytest.raises(ValueError, match="behind the last part"):
        found.outermost([10], [0])


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and arithmetic, chance texts show no fault."""
    name = "muniment.detect.rules._marks"
    ran = watch(SOURCE, name, __name__, tmp_path, seed=random.randrange(1 << 30), count=4_000)
    assert (ran.returncode, ran.stdout) == (0, "alike\n"), ran.stderr[-2000:]
