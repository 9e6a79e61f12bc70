"""Tests of reading GGUF headers, hostile ones too."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.rules.scanning.files import gguf_file, gguf_tensor, rules_of, scanned

FACTS = {"general.name": "tiny", "tokenizer.chat_template": "{{ messages }}"}
TENSOR = gguf_tensor("w", (4, 2), 0)
GOOD = gguf_file(FACTS, tensors=1, rest=TENSOR) + bytes(64)


def test_a_lawful_file_is_clean_and_tells_of_itself() -> None:
    """Its version, tensors, numbers and facts are read."""
    found = scanned(GOOD)
    assert found.verdict == "met"
    facts = [list(each) for each in FACTS.items()]
    assert found.metadata == {"version": 3, "tensors": 1, "parameters": 8, "facts": facts}


def test_lists_of_numbers_and_of_texts_are_passed_over() -> None:
    """A vocabulary of a model is a long list; it is not kept."""
    numbers = struct.pack("<IIQ", 9, 4, 3) + bytes(12)
    texts = struct.pack("<IIQ", 9, 8, 1) + struct.pack("<Q", 1) + b"x"
    head = b"GGUF" + struct.pack("<IQQ", 3, 0, 2)
    name = struct.pack("<Q", 1) + b"n"
    assert scanned(head + name + numbers + name + texts).verdict == "met"


def test_a_template_that_runs_a_program_is_told() -> None:
    """The template of a GGUF file is rendered by whoever serves it."""
    evil = {"tokenizer.chat_template": "{{ x.__init__.__globals__ }}"}
    assert rules_of(gguf_file(evil)) == {"template.program"}


@pytest.mark.parametrize(
    "data",
    [
        gguf_file({}, version=9),
        gguf_file({}, tensors=1 << 40),
        gguf_file(FACTS, tensors=2, rest=TENSOR + TENSOR) + bytes(99),
        gguf_file(FACTS, tensors=1, rest=gguf_tensor("w", (4,), 1 << 50)) + bytes(64),
        gguf_file(FACTS, tensors=1, rest=gguf_tensor("w", (1 << 40, 1 << 40), 0)) + bytes(64),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 60),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 0) + struct.pack("<I", 77),
    ],
    ids=["version", "many", "twice", "far", "vast", "long", "kind"],
)
def test_a_crooked_header_is_never_clean(data: bytes) -> None:
    """Huge counts, long texts, and tensors behind the end cannot be told."""
    assert scanned(data).verdict == "could_not_tell"


@given(st.integers(4, len(GOOD) - 65))
@settings(max_examples=60, deadline=None)
def test_a_file_that_is_cut_off_is_never_clean(length: int) -> None:
    """Half a header is not a clean file."""
    assert scanned(GOOD[:length]).verdict == "could_not_tell"
