"""The file with the learned tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment.core.errors import UnavailableError
from muniment.detect.detectors.names import artefact
from tests.detect.detectors.names.tiny import ROWS, tiny

RECORD = Path(__file__).parents[4] / "training" / "record.json"


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Rows, frequent chunks and tables come back, under the digest that was given."""
    digest = tiny(tmp_path / "a.bin")
    read = artefact.read(tmp_path / "a.bin")
    assert read.words == " ".join(sorted(ROWS)).encode()
    assert read.tables["word_row"].numbers.tolist() == [ROWS[word][0] for word in sorted(ROWS)]
    assert read.frequent == ("the", "Anna", "\n", "")
    assert read.tables["scale"].numbers.tolist() == [0.01, 0.001]
    assert read.digest == digest


def test_the_same_tables_give_the_same_digest(tmp_path: Path) -> None:
    """The digest says what is inside and nothing else."""
    assert tiny(tmp_path / "a.bin") == tiny(tmp_path / "b.bin")
    assert tiny(tmp_path / "a.bin") != tiny(tmp_path / "b.bin", seed=2)


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other", "missing"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    """A file that is not what it says it is stops the scan; it never finds nothing silently."""
    path = tmp_path / "a.bin"
    tiny(path)
    whole = path.read_bytes()
    damaged = {
        "cut": whole[:-20],
        "changed": whole.replace(b'"digest": "', b'"digest": "0', 1),
        "empty": b"",
        "other": b"PK" + whole,
    }
    path.write_bytes(damaged.get(damage, whole))
    if damage == "missing":
        path.unlink()
    with pytest.raises(UnavailableError):
        artefact.read(path)


def test_the_shipped_artefact_is_the_recorded_one() -> None:
    """What is shipped is what the recorded training left behind, and small."""
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    assert artefact.read().digest == recorded["digest"]
    assert artefact.PATH.stat().st_size < 3_000_000
