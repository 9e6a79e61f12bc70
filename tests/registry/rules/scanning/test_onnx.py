"""Tests of reading ONNX models from outside."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.rules.scanning.files import field, onnx_file, rules_of, scanned

GOOD = onnx_file()


def test_a_lawful_model_is_clean_and_tells_of_itself() -> None:
    """Who made it, and how large it is, is read."""
    found = scanned(GOOD, "m.onnx")
    assert (found.format, found.verdict) == ("onnx", "met")
    assert found.metadata == {"ir_version": 9, "producer": "muniment", "nodes": 1, "tensors": 1}


def test_a_model_is_known_without_its_name() -> None:
    """By what it begins with."""
    assert scanned(GOOD, "m.bin").format == "onnx"


def test_foreign_operators_cannot_be_told() -> None:
    """A library that the operators need is not in the file."""
    assert rules_of(onnx_file(domain="com.evil"), "m.onnx") == {"onnx.operator"}
    assert scanned(onnx_file(domain="com.evil"), "m.onnx").verdict == "could_not_tell"


def test_numbers_in_other_files_are_told() -> None:
    """A path that leads out is a danger; one beside the model cannot be told."""
    for path in ("../../etc/passwd", "/etc/passwd", "C:\\x"):
        assert rules_of(onnx_file(location=path), "m.onnx") == {"onnx.traversal"}
    assert scanned(onnx_file(location="weights.bin"), "m.onnx").verdict == "could_not_tell"


def test_graphs_inside_each_other_end_somewhere() -> None:
    """A model that is nested too deeply cannot be told."""
    graph = field(1, field(4, b"If"))
    for _ in range(30):
        graph = field(1, field(5, field(6, graph)))
    assert scanned(field(1, 9) + field(7, graph), "m.onnx").verdict == "could_not_tell"


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    """Any bytes named as a model get an answer."""
    assert scanned(b"\x08\x09" + data, "m.onnx").verdict in ("met", "not_met", "could_not_tell")
