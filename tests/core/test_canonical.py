"""Canonical JSON: the same bytes as RFC 8785 for all it accepts, and a refusal for all else."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.canonical import (
    MAX_SAFE_INTEGER,
    canonical_bytes,
    canonical_text,
    deep_bytes,
    flat_bytes,
    many_bytes,
    parse_canonical,
)
from muniment.core.errors import InvalidError

KEYS = st.text(st.characters(max_codepoint=127), max_size=12)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5)
)


class Text(str):
    """A text that is not quite one."""

    __slots__ = ()


def nested(depth: int) -> Any:
    """Make lists within lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    """Whoever verifies with another implementation of RFC 8785 hashes the same bytes."""
    assert canonical_bytes(value) == rfc8785.dumps(value)
    assert canonical_text(value).encode() == canonical_bytes(value)


@dataclass(frozen=True, slots=True)
class Flat:
    """A holder of some values, named in no order."""

    zeta: Any
    alpha: Any
    _third: Any = ""


@given(LEAVES, LEAVES)
def test_a_flat_holder_is_written_as_its_fields_are(one: Any, other: Any) -> None:
    """The short way gives the bytes of the long way, or leaves it to that."""
    written = flat_bytes(Flat(one, other), (one, other, ""))
    is_flat = all(type(value) in (str, int) for value in (one, other))
    fields = {"zeta": one, "alpha": other, "_third": ""}
    assert written == (canonical_bytes(fields) if is_flat else None)


@pytest.mark.parametrize(
    "value", ["\ud800", 2**53, -(2**53), True, None, 0.5, [1], {"a": 1}, Text("x")]
)
def test_a_holder_of_anything_unusual_is_left_to_the_long_way(value: Any) -> None:
    """Halves of characters, large integers, truth values, nests and derived types."""
    assert flat_bytes(Flat("a", value), ("a", value)) is None


@given(VALUES, VALUES)
def test_a_holder_of_lists_and_objects_is_written_as_its_fields_are(one: Any, other: Any) -> None:
    """The short way gives the bytes of the long way, sorted at every depth."""
    fields = {"zeta": one, "alpha": other, "_third": ""}
    assert deep_bytes(Flat(one, other), (one, other, ""), depth=1) == canonical_bytes(fields)


@pytest.mark.parametrize("value", ["\ud800", 2**53, 0.5, ["\ud800"], {"ä": 1}, Text("x"), {1: 2}])
def test_a_holder_of_what_needs_refusing_is_left_to_the_long_way(value: Any) -> None:
    """Halves of characters, large integers, strange keys and derived types."""
    assert deep_bytes(Flat("a", value), ("a", value), depth=1) is None
    assert deep_bytes(Flat("a", [value]), ("a", [value]), depth=64) is None


@given(st.lists(st.tuples(VALUES, VALUES), max_size=6))
def test_many_are_written_as_each_would_be(pairs: list[tuple[Any, Any]]) -> None:
    """Lines and numbers, lists and objects: one call gives the bytes of one at a time."""
    holders = [Flat(one, other) for one, other in pairs]
    columns = [[one for one, _ in pairs], [other for _, other in pairs]]
    assert many_bytes(holders, columns, depth=1) == [
        deep_bytes(each, (one, other), depth=1)
        for each, (one, other) in zip(holders, pairs, strict=True)
    ]


@pytest.mark.parametrize("value", ["\ud800", 2**53, -(2**53), 0.5, ["\ud800"], {"ä": 1}, Text("x")])
def test_one_that_needs_refusing_leaves_all_to_the_long_way(value: Any) -> None:
    """Among a hundred sound ones a single unsound one is seen, wherever it stands."""
    for place in (0, 50, 99):
        column: list[Any] = [7] * 100
        column[place] = value
        assert many_bytes([Flat("a", each) for each in column], [column], depth=1) is None


@given(VALUES)
def test_what_was_written_reads_back_the_same(value: Any) -> None:
    """Reading canonical bytes gives the value they were made from."""
    assert parse_canonical(canonical_bytes(value)) == value


@pytest.mark.parametrize("text", [chr(point) for point in (*range(33), 0x22, 0x5C, 0x7F, 0x2028)])
def test_every_awkward_letter_is_escaped_as_the_rfc_says(text: str) -> None:
    """Control letters, quotes, DEL and line separators look the same as RFC 8785 has them."""
    value: Any = [text, {text: 1}] if text.isascii() else [text]
    assert canonical_bytes(value) == rfc8785.dumps(value)


class Colour(enum.StrEnum):
    """Stands for any closed set of words."""

    RED = "red"


class Grade(enum.IntEnum):
    """Stands for any closed set of numbers."""

    TOP = 1


def test_tuples_and_enums_count_as_what_they_hold() -> None:
    """A tuple is an array, and an enum of words or numbers is its word or number."""
    assert canonical_text((Colour.RED, Grade.TOP)) == '["red",1]'


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        (1.0, r"\$", "a float has no canonical form"),
        (float("nan"), r"\$", "a float"),
        ({"a": [0, float("inf")]}, r"\$\.a\[1\]", "a float"),
        (2**53, r"\$", "outside"),
        (-(2**53), r"\$", "outside"),
        ([10**400], r"\$\[0\]", "outside"),
        ({"a": "\ud800"}, r"\$\.a", "surrogate"),
        ({"bücher": 1}, r"\$", "not an ASCII string"),
        ({"\ud800": 1}, r"\$", "not an ASCII string"),
        ({1: 1}, r"\$", "not an ASCII string"),
        ({None: 1, "a": 1}, r"\$", "not an ASCII string"),
        (b"bytes", r"\$", "a bytes has no canonical form"),
        ({"a": {1}}, r"\$\.a", "a set has no canonical form"),
        (Decimal(1), r"\$", "a Decimal"),
        (nested(65), r"\$(\[0\])+", "nested deeper than 64"),
    ],
)
def test_anything_else_is_refused_with_the_path_to_it(value: Any, field: str, reason: str) -> None:
    """What has no one way to be written is refused, and the message says where it stands."""
    for write in (canonical_bytes, canonical_text):
        with pytest.raises(InvalidError, match=f"^{field}: .*{reason}"):
            write(value)


def test_a_value_within_itself_is_refused() -> None:
    """A list that holds itself ends in a refusal and not in a crash."""
    value: list[Any] = []
    value.append(value)
    with pytest.raises(InvalidError, match="nested deeper"):
        canonical_bytes(value)


def test_the_deepest_lawful_value_is_accepted() -> None:
    """Sixty-four levels are allowed, and read back."""
    assert parse_canonical(canonical_bytes(nested(64))) == nested(64)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b"Infinity",
        b"9007199254740993",
        b'"\\u0061"',
        b'"\\ud800"',
        b'"\\/"',
        b"[1]\n",
        b"\xef\xbb\xbf[1]",
        b"\xff",
        "[1]".encode("utf-16"),
        b"[" * 100_000,
        b"1" * 10_000,
    ],
)
def test_only_canonical_bytes_are_read(data: bytes) -> None:
    """Bytes that this module would not have written are refused, however lawful as JSON."""
    with pytest.raises(InvalidError):
        parse_canonical(data)


@given(st.binary(max_size=60))
def test_chance_bytes_are_read_back_to_themselves_or_refused(data: bytes) -> None:
    """Nothing is read that does not write the same bytes again, and nothing crashes."""
    try:
        value = parse_canonical(data)
    except InvalidError:
        return
    assert canonical_bytes(value) == data


@given(VALUES)
def test_ordinary_json_is_refused_unless_canonical(value: Any) -> None:
    """The same value with blanks between is not taken for the canonical one."""
    data = json.dumps(value, indent=1).encode()
    if data != canonical_bytes(value):
        with pytest.raises(InvalidError):
            parse_canonical(data)
