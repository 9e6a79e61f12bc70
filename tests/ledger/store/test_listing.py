"""The row of the index is the same by the short ways, which know that an entry is sound."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.ledger.models import Entry
from muniment.ledger.rules import read_sound_entry, validate_entry
from muniment.ledger.store import listing, row_of, rows_of_sound
from muniment.ledger.store.listing import OFTEN, read_rows
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only, watch
from tests.verify.log_maker import entry
from tests.verify.test_entries import OBJECTS

SOURCE = Path(listing.__file__).with_name("listing.c")
VALID = canonical_bytes({**entry(4), "kind": "a.b"})
WITHOUT = """
import sys
sys.modules["muniment.ledger.store._listing"] = None
from muniment.ledger.store import listing
data = b'{"actor":{"id":"p","kind":"s"},"at":"t","body":{},"id":"i","kind":"k",'
data += b'"producer":"g","seq":3,"subject":null,"v":1}'
more = data.replace(b'"body":{}', b'"body":{"a":{"b":1}}')
rows = listing.rows_of_sound(5, [data], sparing=False)
print(listing.compiled, listing.picked(more, (b"a",)), rows)
"""
NAMES = ("a", "b", "c", "d", "e")
LETTERS = '\0\n\x1f "\\/{}[]:,az\x7f\x80\u2028\ue000\U0001f600abc0'
LEAVES: list[Any] = [None, True, 0, -1, 7, 10**9, 10**8, 2**53 - 1, 1 - 2**53, [], {}, {"x": 1}]
NAMED = st.builds(
    lambda kind, name, more: {"kind": kind, "id": name, **more},
    st.sampled_from(["person", "service", "ä"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=250),
    st.dictionaries(st.sampled_from(["credential", "grant"]), st.just("x"), max_size=1),
)


@settings(max_examples=300, deadline=None)
@given(OBJECTS, NAMED, st.one_of(st.none(), NAMED), st.sampled_from(["gate", "g\0te", "g" * 70]))
def test_a_sound_entry_has_the_row_that_an_exact_reading_gives(
    body: dict[str, object], actor: dict[str, str], subject: dict[str, str] | None, producer: str
) -> None:
    """Whatever stands in it, also what PostgreSQL cannot keep and what is too long to be kept."""
    told = {**entry(4), "body": body, "actor": actor, "subject": subject, "producer": producer}
    data = validate_entry({**told, "flags": ["clock_back"]})
    row = row_of(Entry(7, data, read_sound_entry(data)))
    assert rows_of_sound(7, [data], sparing=False) == [row]
    assert read_rows(7, [data], sparing=False) == [row]


def test_what_has_no_usual_form_is_left_to_the_exact_reading() -> None:
    """It is said to be unusual, and nothing is guessed."""
    for odd in (b"{}", canonical_bytes({**entry(4), "seq": "4"})):
        with pytest.raises(ValueError, match=r"missing|Expected"):
            rows_of_sound(7, [odd], sparing=False)


def test_where_a_compiler_is_there_is_compiled_code() -> None:
    """The environment makes it, so nobody runs the slow way without knowing."""
    assert (listing.compiled is not None) is CAN_COMPILE


def test_without_compiled_code_python_does_the_same() -> None:
    """Where no compiler was, the same is read."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "None ('p', 't', 1) [(5, 'i', 'k', 't', 's:p', '', 'g', 3, '{}')]\n"


def chance_value(chance: random.Random, depth: int = 0) -> Any:
    """Make what an entry may say, now and then unusual."""
    sort = chance.randrange(8 if depth < 3 else 6)
    if sort < 3:
        return "".join(chance.choices(LETTERS, k=chance.choice((0, 3, 9, 200))))
    if sort < 6:
        return chance.choice(LEAVES)
    inner = [chance_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return inner if sort == 6 else dict(zip(NAMES, inner, strict=False))


def chance_entry(chance: random.Random) -> bytes:
    """Make an entry by chance; some are cut short, or a byte of them is another."""
    body = {name: chance_value(chance) for name in NAMES if chance.random() < 0.9}
    named = {"id": "".join(chance.choices(LETTERS[-9:], k=6)), "kind": "service"}
    told: dict[str, Any] = {**entry(chance.randrange(90)), "body": body, "actor": named}
    told["kind"] = chance.choice(("a.b", "c.d", "c.d", "k" * 101, "\xe9.f", 'a"b'))
    told["subject"] = chance.choice((None, named, {"id": "x", "kind": "\0"}))
    data = canonical_bytes(told)
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data))]
    if chance.random() < 0.1:
        at = chance.randrange(len(data) or 1)
        data = data[:at] + bytes([chance.choice(b'{}[]",:\\x\xff')]) + data[at + 1 :]
    return data


def alike(data: list[bytes], *, sparing: bool) -> bool:
    """Tell whether the rows are those that Python reads, if it can; nobody asks for others."""
    try:
        rows = read_rows(3, data, sparing=sparing)
    except ValueError:
        with suppress(ValueError):
            rows_of_sound(3, data, sparing=sparing)
        return True
    return rows_of_sound(3, data, sparing=sparing) == rows


def differences(seed: int, count: int) -> list[object]:
    """Read entries made by chance; give those that both ways read differently."""
    chance, wrong = random.Random(seed), list[object]()
    for _ in range(count):
        data = [chance_entry(chance) for _ in range(chance.choice((1, 3, 40)))]
        wrong += [data] * (not alike(data, sparing=chance.random() < 0.5))
        names = tuple(name.encode() for name in NAMES if chance.random() < 0.5)
        wrong += [each for each in data if not is_picked_alike(each, names)]
        whole = b"".join(data) * chance.choice((1, 1, 9))
        begin = chance.randrange(len(whole) or 1)
        words = whole[begin : begin + chance.choice((1, 2, 9, 400))].lower() + chance.choice(
            (b"", b"", b"a")
        )
        wrong += [words] * (listing.says(whole, words) is not (words in whole.lower()))
    return wrong


def is_picked_alike(data: bytes, names: tuple[bytes, ...]) -> bool:
    """Tell whether the same is picked, if Python picks anything of what may not be sound."""
    expected = listing.read_picked(data, names)
    found = listing.picked(data, names)
    return found == expected or (expected is None and not _is_sound(data))


def _is_sound(data: bytes) -> bool:
    try:
        read_sound_entry(data)
    except ValueError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 30))
def test_entries_are_read_alike_by_compiled_code_and_python(seed: int) -> None:
    """Rows, and what followers pick, are the same, whatever stands in an entry."""
    assert differences(seed, 2) == []


def test_what_followers_pick_is_what_an_entry_says() -> None:
    """Texts and numbers as they are, counts added up, an empty list as nothing; no guesses."""
    body = {"a": "t\xe9xt", "b": -7, "c": {"x": 2, "y": 3}, "d": {}, "e": [], "f": [1], "g": 'a"b'}
    data = canonical_bytes({**entry(4), "body": body, "actor": {"id": "p", "kind": "s"}})
    for way in (listing.picked, listing.read_picked):
        at = entry(4)["at"]
        assert way(data, (b"a", b"b", b"c", b"d", b"e")) == ("p", at, "t\xe9xt", -7, 5, 0, None)
        assert [way(data, (name,)) for name in (b"f", b"g", b"h")] == [None, None, None]


def test_words_are_found_wherever_they_stand() -> None:
    """Across every place where compiled code begins anew; no words, and very long ones, too."""
    for words in (b"needle", b"n" * 700, b"x" * 9_000, b""):
        for before in (0, 1, 15_000, 16_370, 16_384, 40_000):
            assert listing.says(b"." * before + words.upper() + b"..", words)
            assert not words or not listing.says(b"n" * before + words[1:], words + b"!")


def test_what_a_frequent_kind_says_is_left_out_if_asked() -> None:
    """Of sixteen of a kind none has its text, of fifteen each; both ways."""
    data = [canonical_bytes({**entry(n), "kind": "a.b"}) for n in range(OFTEN - 1)]
    for way in (rows_of_sound, read_rows):
        assert all(row[-1] is not None for row in way(0, data, sparing=True))
        more = [*data, data[0]]
        assert all(row[-1] is None for row in way(0, more, sparing=True))
        assert all(row[-1] is not None for row in way(0, more, sparing=False))


@compiled_only
def test_what_is_no_entry_is_refused() -> None:
    """Other types, too few values: an error, and never a crash."""
    module: Any = listing.compiled
    wrongs: list[tuple[Any, tuple[Any, ...]]] = [
        (module.rows, (0, (b"{}",), str, str, 0)),
        (module.rows, (0, ["{}"], str, str, 0)),
        (module.rows, ("0", [], str, str, 0)),
        (module.rows, (0, [], str, str)),
        (module.rows, (0, [VALID], None, str, 0)),
        (module.rows, (0, [VALID], str, None, 0)),
        (module.picked, ("{}", ())),
        (module.picked, (b"{}", [b"a"])),
        (module.picked, (b"{}", ("a",))),
        (module.picked, (b"{}", (b"a",) * 33)),
        (module.picked, (b"{}",)),
        (module.says, (b"{}", "x")),
        (module.says, (b"{}",)),
    ]
    for call, values in wrongs:
        with pytest.raises(TypeError):
            call(*values)
    assert module.rows(0, [canonical_bytes({**entry(4), "kind": f"k{n}"}) for n in range(70)],
                       str, str, 0) is None  # fmt: skip


@pytest.mark.slow
@compiled_only
def test_nothing_is_read_or_written_beyond_its_bounds(tmp_path: Path) -> None:
    """Under the compiler's own watch over addresses and sums, chance entries show no fault."""
    name, seed = "muniment.ledger.store._listing", random.randrange(1 << 30)
    ran = watch(SOURCE, name, __name__, tmp_path, seed=seed, count=2_000)
    assert ran.stdout == "alike\n", f"seed {seed}: {ran.stdout} {ran.stderr[-2_000:]}"
