"""The folder of tiles: durable before it is shown, never written over, its troubles told."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from muniment.core.errors import ConflictError, CorruptError, InvalidError, UnavailableError
from muniment.ledger.rules import TileWrite
from muniment.ledger.store import Files, TileFolder


@dataclass
class Watched(Files):
    """The disk, with a list of what was done to it."""

    done: list[tuple[str, str]] = field(default_factory=list)

    def write(self, path: Path, data: bytes) -> None:
        self.done.append(("write", path.name))
        super().write(path, data)

    def sync(self, path: Path) -> None:
        self.done.append(("sync", path.name))
        super().sync(path)

    def rename(self, path: Path, to: Path) -> None:
        self.done.append(("rename", to.name))
        super().rename(path, to)


def tile(number: int = 0, width: int = 1, data: bytes = b"h" * 32) -> TileWrite:
    return TileWrite(0, number, width, data)


def test_a_tile_is_synced_before_and_its_folder_after_it_is_seen(tmp_path: Path) -> None:
    """Write, sync, rename, sync the folder: in this order, also when there are many."""
    for count in (1, 20):
        files = Watched()
        folder = TileFolder(tmp_path / str(count), files)
        folder.write([tile(n) for n in range(count)])
        done = [each for each in files.done if not each[1].startswith("tile")]
        renamed = [place for place, each in enumerate(done) if each[0] == "rename"]
        assert len(renamed) == count
        synced = [place for place, each in enumerate(done) if each == ("sync", ".1.new")]
        assert len(synced) == count
        assert max(synced) < min(renamed)
        assert done[-1][0] == "sync"
        assert sum(each[0] == "sync" and each[1].endswith(".p") for each in done) >= count
        folder.close()


def test_the_folders_above_are_made_durable_again_after_a_restart(tmp_path: Path) -> None:
    """A folder found there is synced into its parent too: we may have died just after making it."""
    TileFolder(tmp_path / "log").write([tile()])
    files = Watched()
    TileFolder(tmp_path / "log", files).write([tile(width=2, data=b"h" * 64)])
    synced = {name for what, name in files.done if what == "sync"}
    assert {tmp_path.name, "log", "tile", "0"} <= synced


def test_other_bytes_are_never_written_over(tmp_path: Path) -> None:
    """The same tile may be written again; another one in its place is refused."""
    folder = TileFolder(tmp_path / "log")
    folder.write([tile()])
    folder.write([tile()])
    with pytest.raises(CorruptError, match=r"tile/0/000\.p/1 .*other bytes"):
        folder.write([tile(data=b"x" * 32)])
    assert folder.tile(0, 0, 1) == b"h" * 32


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    """Files and folders of the log belong to their owner alone, whatever the umask."""
    before = os.umask(0)
    try:
        folder = TileFolder(tmp_path / "log")
        folder.write([tile()])
        folder.publish(b"head\n")
    finally:
        os.umask(before)
    for path in (tmp_path / "log").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_reader_takes_the_partial_or_the_full_tile(tmp_path: Path) -> None:
    """Before and after tidying the same hashes are found."""
    folder = TileFolder(tmp_path / "log")
    folder.write([tile()])
    assert folder.tile(0, 0, 1) == b"h" * 32
    full = tile(width=256, data=b"h" * 8_192)
    folder.write([full])
    folder.tidy([full])
    assert folder.tile(0, 0, 1) == b"h" * 8_192
    assert not (tmp_path / "log" / "tile" / "0" / "000.p").exists()
    with pytest.raises(CorruptError, match=r"tile/0/001\.p/3 is missing"):
        folder.tile(0, 1, 3)


def test_one_leads(tmp_path: Path) -> None:
    """A second leader is told so; when the first is gone it may lead."""
    first, second = TileFolder(tmp_path / "log"), TileFolder(tmp_path / "log")
    with first.leading(), pytest.raises(ConflictError), second.leading():
        pass
    with second.leading():
        pass


def test_troubles_are_told_with_a_remedy(tmp_path: Path) -> None:
    """A place that is no folder, and a file that cannot be read, are named."""
    (tmp_path / "log").write_text("")
    with pytest.raises(UnavailableError) as caught, TileFolder(tmp_path / "log").leading():
        pass
    assert caught.value.remedy
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "checkpoint").mkdir()
    with pytest.raises(UnavailableError, match="cannot be read"):
        TileFolder(tmp_path / "other").published()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """A read-only folder is told as a setting to mend."""
    (tmp_path / "log").mkdir(mode=0o500)
    with pytest.raises(InvalidError) as caught:
        TileFolder(tmp_path / "log").write([tile()])
    assert caught.value.field == "data.dir"
