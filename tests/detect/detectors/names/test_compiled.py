"""Compiled code reads every text as NumPy does, to the last bit, and may be absent."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect.detectors.names import artefact, compiled
from muniment.detect.detectors.names.arrays import Arrays
from muniment.detect.detectors.names.compiled import Compiled
from muniment.detect.detectors.names.scan import Names, fastest
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only, watch
from tests.detect.detectors.names.tiny import tiny

SOURCE = Path(compiled.__file__).with_name("quick.c")
LETTERS = (
    "aAbBzZ0123456789 \n\t.,;:'@#_=<&()[]\"!?$+*/-"
    "\u2019\u2013\u2014\u201c\u201d\xab\xbb\u2026\u20ac\xa0"
    "\xe9\xc9\xdf\u0130\u0131\xf1\u0141\u0301\xbd\u2177\u24b6\u4e2d\u6587\u043a\u0438\u0440"
    "\u03a3\u03c2\u03c3\u01c5\ud800\U0001f600"
)
"""Of many scripts and forms: accents, a half pair, a number that is a letter, a mark that joins."""
ENDS = (" ", ". ", ", ", "\n", "-")


@cache
def both() -> tuple[Compiled, Arrays]:
    """Give both readers of the artefact that is shipped."""
    read = artefact.read()
    return Compiled(read), Arrays(read)


@cache
def listed() -> list[str]:
    """Give the words that the artefact lists."""
    return artefact.read().words.decode().split(" ")


def alike(text: str, after: int = 0) -> bool:
    """Tell whether both readers give the same of a text."""
    quick, slow = both()
    return (
        quick.read(text, after) == slow.read(text, after)
        and quick.names(text, after) == slow.names(text, after)
        and [each[:7] for each in quick.doubts(text)[0]]
        == [each[:7] for each in slow.doubts(text)[0]]
        and quick.settled(text) == slow.settled(text)
    )


def differences(seed: int, count: int) -> list[str]:
    """Read texts of letters and of listed words by chance; give those that are read differently."""
    chance, wrong = random.Random(seed), []
    forms = (str.title, str.lower, str.upper, str.capitalize)
    for _ in range(count):
        letters = "".join(chance.choices(LETTERS, k=chance.randrange(200)))
        words = (chance.choice(forms)(each) for each in chance.choices(listed(), k=40))
        joined = "".join(f"{word}{chance.choice(ENDS)}" for word in words)
        wrong += [
            text
            for text in (letters, joined, letters + joined)
            if not alike(text, chance.randrange(len(text) + 2))
        ]
    return wrong


def test_where_a_compiler_is_names_are_read_by_compiled_code() -> None:
    """The environment makes it, so nobody runs the slow way without knowing."""
    assert Names().reader == ("compiled" if CAN_COMPILE else "arrays")


@compiled_only
def test_compiled_code_needs_no_numpy() -> None:
    """It takes a while and sixteen megabytes to load, which a worker need not have."""
    ask = "import sys; from muniment.detect import Scanner; s = Scanner(); s.warm(); print("
    told = subprocess.run(
        [sys.executable, "-c", f"{ask}len(s.scan('Ann Lee, Rome')), 'numpy' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "2 False\n"


def test_without_compiled_code_numpy_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no compiler was, the same names are found."""
    monkeypatch.setitem(sys.modules, "muniment.detect.detectors.names._quick", None)
    without = Names(reader=fastest)
    text = "Dear Ms Rivera, Lena Brandt of Oakfield Bank Ltd in Berlin agreed."
    assert without.reader == "arrays"
    assert without.scan(text) == Names().scan(text) != []


@compiled_only
@settings(max_examples=300, deadline=None)
@given(
    text=st.text(st.sampled_from(LETTERS) | st.characters(), max_size=120),
    after=st.integers(0, 130),
)
def test_any_text_is_read_alike(text: str, after: int) -> None:
    """Letters of every script, marks, halves of pairs: both readers give the same."""
    assert alike(text, after)


@compiled_only
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_listed_words_are_read_alike(data: st.DataObject) -> None:
    """What the lists know decides most, so words of the lists are put beside each other."""
    word = st.sampled_from(listed()).flatmap(
        lambda each: st.sampled_from((each, each.title(), each.upper(), each.capitalize()))
    )
    parts = data.draw(st.lists(st.tuples(word, st.sampled_from((" ", "\n", ", ", ". ", "/")))))
    assert alike("".join(f"{one}{mark}" for one, mark in parts))


@compiled_only
def test_pages_headers_and_long_runs_are_read_alike() -> None:
    """Real text, code, and what is long: a run without a blank, and many names."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/*.md"))[:12]]
    texts += [SOURCE.read_text(encoding="utf-8"), "x" * 40_000, "Anna " * 9_000, "\n" * 5_000, ""]
    assert [text[:40] for text in texts if not alike(text)] == []


@compiled_only
def test_tables_of_another_size_are_read_alike(tmp_path: Path) -> None:
    """An artefact may have fewer values: nothing of its size is built in."""
    tiny(tmp_path / "a.bin")
    read = artefact.read(tmp_path / "a.bin")
    quick, slow = Compiled(read), Arrays(read)
    for text in ("Anna met the green man in Berlin.", "anna\nBerlin, the The THE 12 x", ""):
        assert quick.read(text) == slow.read(text)


@compiled_only
def test_tables_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Nothing is read beyond the end of a table: one that is too short is refused."""
    tiny(tmp_path / "a.bin")
    read = artefact.read(tmp_path / "a.bin")
    for name in ("row", "parts", "first", "second", "shape", "before", "known", "word_row"):
        shape, numbers = read.tables[name]
        cut = dict(read.tables) | {name: artefact.Grid(shape, numbers[:-1])}
        with pytest.raises(ValueError, match="do not fit"):
            Compiled(replace(read, tables=cut))


@compiled_only
def test_what_is_not_text_or_not_ready_is_refused() -> None:
    """Bytes, numbers, and a reader that was never made ready end in an error, not in a crash."""
    quick = both()[0]
    wrongs: list[Any] = [b"Anna", 7, None]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            quick.read(wrong)
        with pytest.raises(TypeError):
            quick.names(wrong)
        with pytest.raises(TypeError):
            quick.settled(wrong)
    kind = type(quick._reader)
    empty = kind.__new__(kind)
    with pytest.raises(RuntimeError, match="not made ready"):
        empty.read("Anna", 0, False)
    with pytest.raises(RuntimeError, match="not made ready"):
        empty.names("Anna", 0)
    with pytest.raises(RuntimeError, match="not made ready"):
        empty.settled("Anna")


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and arithmetic, chance texts show no fault."""
    name = "muniment.detect.detectors.names._quick"
    told = watch(SOURCE, name, __name__, tmp_path, seed=random.randrange(1 << 30), count=400)
    assert (told.returncode, told.stdout) == (0, "alike\n"), told.stderr[-2000:]
