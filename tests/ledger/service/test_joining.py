"""Compiled code joins the halves of entries as Python does, and may be absent."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.ledger.service import joining
from muniment.ledger.service.ground import split_batch
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only, watch

SOURCE = Path(joining.__file__).with_name("joining.c")
WITHOUT = """
import sys
sys.modules["muniment.ledger.service._joining"] = None
from muniment.ledger.service import joining
print(joining.compiled, joining.joined([(b"<",)], [[b">"]], 7))
"""
PAIRS = st.lists(st.lists(st.tuples(st.binary(max_size=300), st.binary(max_size=9)), max_size=4))
FIRST = st.integers(0, 2**63 - 10) | st.sampled_from([0, 1, 7, 98, 99_999, 2**53])


def alike(some: list[list[tuple[bytes, bytes]]], first: int) -> bool:
    """Tell whether both ways join these alike."""
    heads: joining.Rows = [tuple([head for head, _ in each]) for each in some]
    tails: joining.Rows = [[tail for _, tail in each] for each in some]
    return joining.joined(heads, tails, first) == joining.read_joined(heads, tails, first)


def differences(seed: int, count: int) -> list[object]:
    """Join halves made by chance; give those for which both ways differ."""
    chance, wrong = random.Random(seed), list[object]()
    for _ in range(count):
        some = [
            [
                (
                    chance.randbytes(chance.choice((0, 1, 700))),
                    chance.randbytes(chance.randrange(9)),
                )
                for _ in range(chance.randrange(4))
            ]
            for _ in range(chance.randrange(5))
        ]
        wrong += [some] * (not alike(some, chance.choice((0, 8, 99, 2**62))))
    return wrong


def test_where_a_compiler_is_there_is_compiled_code() -> None:
    """The environment makes it, so nobody runs the slow way without knowing."""
    assert (joining.compiled is not None) is CAN_COMPILE


def test_without_compiled_code_python_does_the_same() -> None:
    """Where no compiler was, the same bytes are joined."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "None b'\\x00\\x03<7>'\n"


@given(PAIRS, FIRST)
def test_entries_are_joined_alike(some: list[list[tuple[bytes, bytes]]], first: int) -> None:
    """Of any number of callers, from any place; and they can be cut again."""
    assert alike(some, first)
    heads: joining.Rows = [[b"a", b"b"]]
    tails: joining.Rows = [(b"y", b"z")]
    assert split_batch(joining.joined(heads, tails, first)) == [
        b"a%dy" % first,
        b"b%dz" % (first + 1),
    ]


@pytest.mark.parametrize("way", [joining.joined, joining.read_joined])
def test_what_has_no_length_is_refused(way: Any) -> None:
    """An entry too long for its two bytes, a head without its tail: an error, and no bytes."""
    longest = [b"h" * 0xFFF0], [b"t" * 14]
    assert len(way([longest[0]], [longest[1]], 9)) == 2 + 0xFFFF
    wrong: list[tuple[list[list[bytes]], list[list[bytes]], int]] = [
        ([longest[0]], [longest[1]], 10),
        ([[b"h" * 2**17]], [[b""]], 1),
        ([[b""]], [[b"t" * 2**17]], 1),
        ([[b""]], [[b""]], -1),
    ]
    for heads, tails, first in wrong:
        with pytest.raises(OverflowError):
            way(heads, tails, first)
    uneven: list[Any] = [([[b""]], [[]]), ([[]], [[b""]]), ([[b""]], []), ([], [()])]
    for heads, tails in uneven:
        with pytest.raises(ValueError, match=r"tail|argument"):
            way(heads, tails, 1)


@compiled_only
def test_what_is_no_half_is_refused() -> None:
    """Other types, too few values: an error, and never a crash."""
    module: Any = joining.compiled
    wrong: list[tuple[Any, ...]] = [
        ((), [], 1),
        ([], (), 1),
        ([], []),
        ([], [], None),
        ([b""], [[b""]], 1),
        ([[b""]], [b""], 1),
        ([[""]], [[b""]], 1),
        ([[b""]], [[None]], 1),
    ]
    for each in wrong:
        with pytest.raises(TypeError):
            module.joined(*each)


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and arithmetic, chance halves show no fault."""
    name, seed = "muniment.ledger.service._joining", random.randrange(1 << 30)
    ran = watch(SOURCE, name, __name__, tmp_path, seed=seed, count=4_000)
    assert (ran.returncode, ran.stdout) == (0, "alike\n"), ran.stderr[-2000:]
