"""The words of an artefact, looked up."""

from __future__ import annotations

from pathlib import Path

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.listed import Listed
from tests.detect.detectors.names.tiny import ROWS, tiny


def test_a_word_is_found_whoever_asks_for_few_or_many(tmp_path: Path) -> None:
    """Found by halves at first and by its hash later: the same is given, and nothing else is."""
    tiny(tmp_path / "a.bin")
    rows = Listed(artefact.read(tmp_path / "a.bin"))
    assert dict(rows) == ROWS
    for _ in range(1_000):
        assert {word: rows.get(word) for word in (*ROWS, "ann", "\udcff")} == {
            **ROWS,
            "ann": None,
            "\udcff": None,
        }
    assert rows.many(["ann", *ROWS]) == ROWS
