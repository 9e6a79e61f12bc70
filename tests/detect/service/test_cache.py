"""The cache of compiled patterns: trusted only if nobody else can write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.detect.service.cache import Cache
from muniment.detect.service.engine import Shape, make_engine

KEY = "sha256:" + "0" * 64


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    """Content is given back under its key and under no other."""
    cache = Cache(tmp_path / "new")
    assert cache.read(KEY) is None
    cache.write(KEY, b"content")
    assert cache.read(KEY) == b"content"
    assert cache.read(KEY.replace("0", "1")) is None


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_others_can_write_is_not_trusted(tmp_path: Path, mode: int) -> None:
    """What somebody else could have put there is never loaded."""
    cache = Cache(tmp_path / "new")
    cache.write(KEY, b"content")
    (tmp_path / "new").chmod(mode)
    assert cache.read(KEY) is None


def test_a_changed_file_and_a_link_are_not_trusted(tmp_path: Path) -> None:
    """Bytes that differ from what was kept, and links, count as nothing."""
    cache = Cache(tmp_path / "new")
    cache.write(KEY, b"content")
    (file,) = (tmp_path / "new").iterdir()
    data = file.read_bytes()
    file.write_bytes(data[:-1] + b"x")
    assert cache.read(KEY) is None
    file.unlink()
    (tmp_path / "elsewhere").write_bytes(data)
    file.symlink_to(tmp_path / "elsewhere")
    assert cache.read(KEY) is None


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    """A file in the folder's place only makes the start slower."""
    (tmp_path / "taken").write_text("")
    Cache(tmp_path / "taken").write(KEY, b"content")
    assert Cache(tmp_path / "taken").read(KEY) is None


def test_a_cache_keeps_what_is_used(tmp_path: Path) -> None:
    """Old databases do not pile up, and one that is read again and again stays."""
    cache = Cache(tmp_path / "new")
    cache.write(KEY, b"used")
    for number in range(1, 90):
        cache.write(f"sha256:{number:064d}"[::-1].replace(":652ahs", "")[:40], b"content")
        assert cache.read(KEY) == b"used"
    assert len(list((tmp_path / "new").iterdir())) <= 65


def test_an_engine_takes_a_broken_cache_for_none(tmp_path: Path) -> None:
    """A database that the engine refuses is compiled anew."""
    folder = tmp_path / "new"
    shapes = [Shape("ab")]
    make_engine(shapes, Cache(folder))
    (file,) = folder.iterdir()
    file.unlink()
    Cache(folder).write("sha256:" + file.stem, b"no database")
    assert make_engine(shapes, Cache(folder)).spans(b"xaby") == [(0, 1, 3)]
