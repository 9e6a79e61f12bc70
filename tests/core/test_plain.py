"""Compiled code writes plain values as Python does, and may be absent."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core import plain
from muniment.core.canonical import canonical_bytes
from muniment.core.clock import stamp, stamped
from muniment.core.ids import born
from tests.core.test_canonical import VALUES, Text, nested
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only, watch

SOURCE = Path(plain.__file__).with_name("plain.c")
WITHOUT = """
import sys
sys.modules["muniment.core._plain"] = None
from muniment.core import plain
from muniment.core.canonical import canonical_text
print(plain.compiled, canonical_text({"b": [1, None], "a": "x"}))
print(plain.filled((b"<", b">"), (7,), 0))
from datetime import UTC, datetime
from muniment.core.clock import stamp
from muniment.core.ids import IdMaker
from muniment.testing import FixedClock
at = datetime(2026, 11, 20, 14, 27, 3, 118000, tzinfo=UTC)
print(stamp(at), IdMaker(FixedClock(at), lambda bits: 0).new("sys"))
"""
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LONG = 9_998 * 365 * 86_400 * 1_000_000
UNUSUAL: list[Any] = [0.5, 2**53, -(2**53), 2**70, b"", "\ud800", "a\udfff", Text("x"), {1}]
UNUSUAL += [{1: 2}, {"\xe9": 1}, {"\ud800": 1}, {Text("x"): 1}, nested(65)]
LETTERS = '\0\b\t\n\f\r\x1f "\\/az\x7f\x80\u07ff\u0800\u2028\ud7ff\ud800\udfff\ue000\U0001f600'
LEAVES: list[Any] = [None, True, False, 0, -1, 2**53 - 1, 1 - 2**53, 2**53, 0.5, (), [], {}]


def alike(value: Any, depth: int) -> bool:
    """Tell whether a value is written, or left, alike both ways, alone and between pieces."""
    pieces, values = (b"[", b",", b"]"), (value, b"ready")
    return plain.plain(value, depth) == plain.read_plain(value, depth) and plain.filled(
        pieces, values, depth
    ) == plain.read_filled(pieces, values, depth)


def chance_value(chance: random.Random, depth: int = 0) -> Any:
    """Make a value by chance, now and then one that needs refusing."""
    sort = chance.randrange(9 if depth < 4 else 5)
    if sort < 2:
        return "".join(chance.choices(LETTERS, k=chance.choice((0, 3, 9, 400))))
    if sort < 5:
        return chance.choice(LEAVES)
    inner = [chance_value(chance, depth + 1) for _ in range(chance.randrange(6))]
    if sort < 7:
        return inner if sort == 5 else tuple(inner)
    keys = ["".join(chance.choices(LETTERS[:12], k=chance.randrange(5))) for _ in inner]
    return dict(zip(keys, inner, strict=True))


def differences(seed: int, count: int) -> list[object]:
    """Write values made by chance; give those for which both ways differ."""
    chance, wrong = random.Random(seed), list[object]()
    for _ in range(count):
        value, depth = chance_value(chance), chance.choice((0, 2, 61, 64))
        wrong += [value] * (not alike(value, depth))
        at = FIRST + timedelta(microseconds=chance.randrange(LONG))
        wrong += [at] * (stamp(at) != stamped(at))
        letters = "z" * chance.choice((0, 16, 64, 65))
        if plain.compiled is not None:
            made = plain.compiled.born("exc", at, letters)
            wrong += [at] * (made not in (born("exc", at, letters), None))
    return wrong


def test_where_a_compiler_is_there_is_compiled_code() -> None:
    """The environment makes it, so nobody runs the slow way without knowing."""
    assert (plain.compiled is not None) is CAN_COMPILE


def test_without_compiled_code_python_does_the_same() -> None:
    """Where no compiler was, the same bytes are written."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == (
        """None {"a":"x","b":[1,null]}\nb'<7>'\n"""
        "2026-11-20T14:27:03.118000Z sys_01m7wnn2te0000000000000000\n"
    )


@given(VALUES, st.sampled_from([0, 2, 61, 64]))
def test_values_are_written_alike(value: Any, depth: int) -> None:
    """Lists, objects, texts of every script: the same bytes, or nothing."""
    assert alike(value, depth)
    assert plain.plain(value, 0) == canonical_bytes(value)


@pytest.mark.parametrize("letter", [chr(point) for point in range(0x81)])
def test_every_letter_of_ascii_is_written_alike(letter: str) -> None:
    """Alone, between others, behind a far one, and as a key."""
    assert alike([letter, f"a{letter}b", f"\u4e2d{letter}", letter * 999], 0)
    assert alike({letter: 1, f"a{letter}": 2}, 0)


@pytest.mark.parametrize("value", UNUSUAL)
def test_what_needs_refusing_is_left_alone(value: Any) -> None:
    """Neither way writes it, wherever it stands."""
    for each in (value, [value], {"a": [1, value]}):
        assert plain.plain(each, 0) is plain.read_plain(each, 0) is None
        assert plain.filled((b"", b""), ([each],), 0) is None
        assert plain.read_filled((b"", b""), ([each],), 0) is None


def test_many_keys_are_written_in_their_order() -> None:
    """More than compiled code sorts by itself are no less canonical."""
    for count in (64, 65, 500):
        value = {f"k{(37 * n) % count}": n for n in range(count)}
        assert canonical_bytes(value) == plain.read_plain(value, 0)
        assert plain.plain(value, 0) in (canonical_bytes(value), None)


def test_pieces_and_values_must_fit() -> None:
    """Each value stands between two pieces; anything else is an error, and never a crash."""
    for way in (plain.filled, plain.read_filled):
        with pytest.raises(ValueError, match="between two pieces"):
            way((b"", b""), (), 0)


@compiled_only
def test_what_is_no_piece_is_refused() -> None:
    """Other types, too few values: an error, and never a crash."""
    module: Any = plain.compiled
    wrongs: list[tuple[Any, tuple[Any, ...]]] = [
        (module.plain, (1,)),
        (module.plain, (1, "0")),
        (module.filled, ((b"", "x"), (1,), 0)),
        (module.filled, ([b"", b""], (1,), 0)),
        (module.filled, ((b"", b""), [1], 0)),
        (module.filled, ((b"", b""), (1,), None)),
        (module.filled, ((b"", b""), (1,))),
        (module.born, ("sys", None)),
        (module.born, (b"sys", None, "")),
    ]
    for call, values in wrongs:
        with pytest.raises(TypeError):
            call(*values)
    assert module.stamped("2026") is module.born("sys", "2026", "") is None


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and arithmetic, chance values show no fault."""
    name, seed = "muniment.core._plain", random.randrange(1 << 30)
    ran = watch(SOURCE, name, __name__, tmp_path, seed=seed, count=4_000)
    assert (ran.returncode, ran.stdout) == (0, "alike\n"), ran.stderr[-2000:]
