"""Tests of reading safetensors headers, hostile ones too."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.rules.scanning.files import safetensors_file, scanned

TWO = {
    "__metadata__": {"format": "pt"},
    "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
    "b": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [8, 16]},
}
GOOD = safetensors_file(TWO, bytes(16))


def test_a_lawful_file_is_clean_and_tells_of_itself() -> None:
    """Tensors, numbers, types and facts are read."""
    found = scanned(GOOD)
    assert found.verdict == "met"
    assert found.metadata == {
        "tensors": 2,
        "parameters": 6,
        "types": ["BF16", "F32"],
        "facts": [["format", "pt"]],
    }


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("overlap", {"b": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [4, 12]}}),
        ("hole", {"b": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [9, 17]}}),
        ("backwards", {"b": {"dtype": "U8", "shape": [0], "data_offsets": [16, 8]}}),
        ("negative", {"a": {"dtype": "F32", "shape": [-2], "data_offsets": [0, -8]}}),
        ("vast", {"a": {"dtype": "F32", "shape": [1 << 62, 8], "data_offsets": [0, 8]}}),
        ("type", {"a": {"dtype": "F31", "shape": [2], "data_offsets": [0, 8]}}),
        ("shape", {"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}),
        ("truth", {"a": {"dtype": "F32", "shape": [True, 2], "data_offsets": [0, 8]}}),
        ("nothing", {"a": None}),
        ("facts", {"__metadata__": {"a": 1}}),
    ],
)
def test_a_crooked_header_is_never_clean(name: str, change: dict[str, Any]) -> None:
    """Overlaps, holes, wrong sizes and odd values cannot be told."""
    assert scanned(safetensors_file({**TWO, **change}, bytes(16))).verdict == "could_not_tell"


def test_a_huge_header_is_not_read() -> None:
    """A length of gigabytes, or one behind the end of the file, costs nothing."""
    assert scanned(safetensors_file(TWO, length=(1 << 63) + 1)).verdict == "could_not_tell"
    assert scanned(safetensors_file(TWO, bytes(15))).verdict == "could_not_tell"
    twice = b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":1}'
    data = len(twice).to_bytes(8, "little") + twice
    assert scanned(data).verdict == "could_not_tell"


@given(st.integers(0, len(GOOD) - 1))
@settings(max_examples=60, deadline=None)
def test_a_file_that_is_cut_off_is_never_clean(length: int) -> None:
    """Half a file is not a clean file."""
    assert scanned(GOOD[:length]).verdict == "could_not_tell"
