"""Leaving out passes that can find nothing loses nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.service.cache import Cache
from muniment.detect.service.catalogue import sheets
from muniment.detect.service.engine import Shape, make_engine
from muniment.detect.service.passes import Passes

SHAPES = (
    Shape(r"\b\d{3}-?\d{2}\b"),
    Shape(r"[a-c]@[a-c]"),
    Shape(r"\b[A-Z]\d\b"),
    Shape(r"\bk[a-z0-9]{24}"),
    Shape(r"[a-f0-9]{32}"),
    Shape(r"\b[A-Z]{2}-?[A-Z0-9]{2,4}\b"),
    Shape(r"\b(?:\d ?){8}\b"),
    Shape(r"x?\d{9,40}"),
    Shape(r"\b[a-z]{23}\d\b"),
    Shape(r"\b\d[a-z]{23}\b"),
    Shape(r"^[a-z]?\d|\d[a-z]?$"),
)
PASSES = Passes(SHAPES)
ALONE = make_engine(SHAPES)
PIECES = st.sampled_from(["a@b", "123-45", "12345", "A1", "k" + "x9" * 14, "f" * 40, " ", ".", "-"])
PROSE = st.sampled_from(["AB-C4", "123 45 678", "x" + "9" * 20, "é", " nothing to count " * 6])
WIDE = st.sampled_from(["a" * 23 + "5", "5" + "a" * 23, "a" * 24, " b"])


@settings(max_examples=200)
@given(st.lists(PIECES | PROSE | WIDE, max_size=14).map("".join))
def test_passes_find_what_one_engine_finds(text: str) -> None:
    """Whatever a text holds, the passes give the same as all shapes in one pass."""
    found, _ = PASSES.spans(text.encode())
    assert sorted(found) == sorted(ALONE.spans(text.encode()))


@given(st.text(st.sampled_from("aB1+/_- .\n"), max_size=120))
def test_every_long_run_is_seen_at_its_beginning(text: str) -> None:
    """Where twenty letters and signs of keys stand together, a run begins there or before."""
    _, runs = PASSES.spans(text.encode())
    wanted = [each.start() for each in re.finditer(r"[A-Za-z0-9+/_\-]{20,}", text)]
    assert [max(0, each - 1) for each in wanted] == runs


@pytest.mark.parametrize("engine", ["hyperscan", "re2"])
def test_both_engines_make_the_same_passes(engine: str) -> None:
    """The examples of all data sheets are seen alike."""
    text = "\n".join(each for sheet in sheets() for each in sheet.examples).encode()
    made = Passes(SHAPES, engine=engine)
    assert made.engine == engine
    assert made.spans(text) == PASSES.spans(text)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    """A second start reads which shape belongs to which pass, and finds the same."""
    cache = Cache(tmp_path)
    data = b"a@b 123-45 A1 " + b"f" * 40
    assert Passes(SHAPES, cache).spans(data) == Passes(SHAPES, cache).spans(data)
    assert list(tmp_path.iterdir())


@pytest.mark.parametrize("engine", ["hyperscan", "re2"])
def test_shapes_of_one_pass_alone_are_found(engine: str) -> None:
    """Numbers alone, or keys alone: passes without shapes find nothing, and nothing is missed."""
    numbers = Passes([Shape(r"\b\d{6}\b")], engine=engine)
    assert numbers.spans(b"a 123456 b") == ([(0, 2, 8)], [])
    keys = Passes([Shape(r"[A-Za-z0-9]{24}")], engine=engine)
    assert keys.spans(b"a " + b"x" * 24) == ([(0, 2, 26)], [1])
    assert keys.spans(b"nothing") == ([], [])
    code = Shape(
        r"\b[A-Z]{3} ?[A-Z]{3} ?[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2} "
        r"?[A-Z][0-9LMNP-V]{3}[A-Z]\b",
        ignore_case=True,
    )
    assert Passes([code], engine=engine).spans(b"is rss mra urtlm alrns") == ([(0, 3, 22)], [])
