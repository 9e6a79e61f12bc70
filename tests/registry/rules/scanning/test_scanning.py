"""Tests of choosing a reader, of packed files, arrays, Keras models and texts."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import pickle
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.rules.scanning.files import Evil, archive, rules_of, scanned

LAYER = {"class_name": "Lambda", "config": {"function": "…"}}


def saved(array: Any) -> bytes:
    """Save an array as numpy does."""
    kept = io.BytesIO()
    np.save(kept, array, allow_pickle=True)
    return kept.getvalue()


def test_what_nothing_knows_is_never_clean() -> None:
    """An unknown file and an empty one cannot be told."""
    assert scanned(b"\0\1\2\3").verdict == "could_not_tell"
    assert scanned(b"").verdict == "could_not_tell"
    assert scanned(b"").says == "Not everything could be read: it is empty."


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, lzma.compress])
def test_a_packed_pickle_is_unpacked_and_read(pack: Any) -> None:
    """A joblib file that is compressed hides nothing."""
    assert rules_of(pack(pickle.dumps(Evil()))) == {"pickle.dangerous_import"}
    assert scanned(pack(pickle.dumps([1]))).verdict == "met"
    assert scanned(pack(pickle.dumps([1]))[:-6]).verdict == "could_not_tell"


def test_arrays_of_numbers_are_clean_and_arrays_of_objects_are_read() -> None:
    """Numbers run nothing; objects are a pickle behind a header."""
    assert scanned(saved(np.zeros((2, 3)))).verdict == "met"
    assert scanned(saved(np.zeros(2, dtype=[("a", "<f4")]))).verdict == "met"
    assert "pickle.dangerous_import" in rules_of(saved(np.array([Evil()], dtype=object)))
    hidden = saved(np.zeros(2)).replace(b"'<f8'", b"'\\x4f'")
    assert "numpy.objects" in rules_of(hidden)


@pytest.mark.parametrize("escaped", [False, True])
def test_a_lambda_layer_is_found_in_a_keras_archive(escaped: bool) -> None:  # noqa: FBT001 a case
    """However the name is written in the JSON, the layer is seen."""
    config = json.dumps({"layers": [LAYER]})
    config = config.replace("Lambda", "Lam\\u0062da") if escaped else config
    model = archive({"config.json": config.encode(), "metadata.json": b"{}"})
    assert scanned(model, "m.keras").format == "keras"
    assert rules_of(model, "m.keras") == {"keras.lambda"}
    safe = archive({"config.json": b'{"class_name": "Dense"}', "metadata.json": b"{}"})
    assert scanned(safe, "m.keras").verdict == "met"


def test_hdf5_is_looked_through_but_never_called_clean() -> None:
    """A Lambda in its texts is found even where two pieces meet; without one it cannot be told."""
    head = b"\x89HDF\r\n\x1a\n"
    text = json.dumps(LAYER).encode()
    assert rules_of(head + bytes((1 << 20) - 20) + text + bytes(50)) == {"keras.lambda"}
    assert scanned(head + bytes(500)).verdict == "could_not_tell"


def test_a_template_that_runs_a_program_is_told() -> None:
    """A chat template reaching for Python's inner names is a danger, in lists too."""
    evil = "{{ ''.__class__.__mro__ }}"
    for value in (evil, [{"name": "x", "template": evil}]):
        text = json.dumps({"chat_template": value}).encode()
        assert rules_of(text, "tokenizer_config.json") == {"template.program"}
    assert scanned(b'{"chat_template": "{{ messages }}"}', "c.json").verdict == "met"


def test_a_program_beside_a_model_is_told() -> None:
    """Code cannot be told safe by reading its name."""
    assert scanned(b"print(1)\n", "modeling.py").verdict == "could_not_tell"
    assert scanned(b"{", "config.json").verdict == "could_not_tell"


@given(st.binary(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_bytes_get_an_answer(data: bytes) -> None:
    """Nothing that is uploaded breaks the scan."""
    assert scanned(data).verdict in ("met", "not_met", "could_not_tell")
