"""What the commands of the registry share."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.cli.registry.words import read_object, read_pairs
from muniment.core.errors import InvalidError


@pytest.mark.parametrize("given", ["a", "=b", "a="])
def test_a_pair_has_two_sides(given: str) -> None:
    """What is no pair is told."""
    with pytest.raises(InvalidError):
        read_pairs([given], "version")
    assert read_pairs(["prompt/main=2", "a=b=c"], "version") == {"prompt/main": "2", "a": "b=c"}


@pytest.mark.parametrize("text", ["", "[]", "{", "7", "[" * 100_000])
def test_a_file_holds_an_object(text: str, tmp_path: Path) -> None:
    """Anything else is told, never a traceback."""
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InvalidError):
        read_object(path, "file")
    with pytest.raises(InvalidError):
        read_object(tmp_path / "none.json", "file")
