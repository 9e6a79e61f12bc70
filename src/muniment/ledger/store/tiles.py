"""The log on disk, as C2SP tlog-tiles: written whole, synced, renamed; never changed.

A checkpoint is published only after everything under it is on the platter. Partial tiles stay for
each published size until their full tile exists. The calls that touch the disk stand behind a
small port, so that tests can stop the world between any two of them.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from muniment.core.errors import ConflictError, CorruptError, InvalidError, UnavailableError
from muniment.verify import (
    HASH_BYTES,
    MAX_BUNDLE_BYTES,
    TILE_WIDTH,
    FolderSource,
    SourceError,
    parse_bundle,
    tile_path,
)

_FULL_FSYNC: Final = getattr(fcntl, "F_FULLFSYNC", None)
_MANY: Final = 8


class TileLike(Protocol):
    """What is written: its place in the tree and its bytes."""

    @property
    def level(self) -> int | str:
        """The level, or "entries"."""
        ...

    @property
    def number(self) -> int:
        """Which tile of the level."""
        ...

    @property
    def width(self) -> int:
        """How many of 256 places are filled."""
        ...

    @property
    def data(self) -> bytes:
        """The bytes."""
        ...


class Files:
    """The few calls by which the log touches the disk."""

    def write(self, path: Path, data: bytes) -> None:
        """Write a file that is not yet seen by anyone."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(handle, view) :]
        finally:
            os.close(handle)

    def sync(self, path: Path) -> None:
        """Make a file or a folder durable."""
        handle = os.open(path, os.O_RDONLY)
        try:
            if _FULL_FSYNC is not None:
                fcntl.fcntl(handle, _FULL_FSYNC)
            else:
                os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, path: Path, to: Path) -> None:
        """Let a file be seen under its name."""
        path.rename(to)

    def make_folder(self, path: Path) -> None:
        """Make a folder."""
        path.mkdir(mode=0o700, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file that a full tile has replaced."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder that is empty now."""
        path.rmdir()


class TileFolder:
    """A tile tree in a folder, with its published checkpoint."""

    def __init__(self, root: Path, files: Files | None = None) -> None:
        self.root = root
        self._files = files or Files()
        self._known: set[Path] = set()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def source(self) -> FolderSource:
        """Give it to a verifier."""
        return FolderSource(str(self.root))

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Hold the folder as its only writer, or learn that another process does."""
        with _told(self.root):
            self._folder(self.root)
            lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ConflictError("another process seals this log") from error
            yield
        finally:
            os.close(lock)

    def write(self, tiles: Iterable[TileLike]) -> None:
        """Make tiles durable: after this returns they survive power loss."""
        with _told(self.root):
            placed: list[tuple[Path, Path]] = []
            folders: set[Path] = set()
            for tile in tiles:
                path = self.root / tile_path(tile.level, tile.number, tile.width)
                self._require_same(path, tile.data)
                self._folder(path.parent)
                fresh = path.with_name(f".{path.name}.new")
                self._files.write(fresh, tile.data)
                placed.append((fresh, path))
                folders.add(path.parent)
            self._sync_all([fresh for fresh, _ in placed])
            for fresh, path in placed:
                self._files.rename(fresh, path)
            self._sync_all(sorted(folders))

    def publish(self, checkpoint: bytes) -> None:
        """Show a signed head; everything under it is durable already."""
        with _told(self.root):
            fresh = self.root / ".checkpoint.new"
            self._files.write(fresh, checkpoint)
            self._files.sync(fresh)
            self._files.rename(fresh, self.root / "checkpoint")
            self._files.sync(self.root)

    def published(self) -> bytes:
        """Read the head that is shown; empty before the first."""
        return self._read("checkpoint", 1 << 20) or b""

    def tile(self, level: int | str, number: int, width: int) -> bytes:
        """Read a tile or bundle of at least this width."""
        limit = MAX_BUNDLE_BYTES if level == "entries" else TILE_WIDTH * 32
        found = self._read(tile_path(level, number, width), limit)
        if found is None and width < TILE_WIDTH:  # in this order: a full one comes before it goes
            found = self._read(tile_path(level, number, TILE_WIDTH), limit)
        if found is None:
            raise CorruptError(
                f"{tile_path(level, number, width)} is missing from {self.root}",
                subject=str(self.root),
                remedy="Run `muniment ledger fsck`, then restore the file from a backup.",
            )
        return found

    def exact(self, level: int | str, number: int, width: int) -> bytes:
        """Read a tile of just this width, cut from its full tile where only that is kept."""
        data = self.tile(level, number, width)
        if level == "entries":
            return data[: sum(2 + len(entry) for entry in parse_bundle(data)[:width])]
        return data[: width * HASH_BYTES]

    def tidy(self, tiles: Sequence[TileLike]) -> None:
        """Remove the partial tiles that these full ones replaced."""
        with _told(self.root):
            for tile in tiles:
                if tile.width == TILE_WIDTH:
                    self._tidy(self.root / (tile_path(tile.level, tile.number) + ".p"))

    def _tidy(self, folder: Path) -> None:
        if not folder.is_dir():
            return
        self._known.discard(folder)
        for part in sorted(folder.iterdir()):
            self._files.remove(part)
        self._files.remove_folder(folder)

    def _require_same(self, path: Path, data: bytes) -> None:
        """Refuse to write over other bytes: the folder then belongs to a longer or another log."""
        try:
            there = path.read_bytes()
        except FileNotFoundError:
            return
        if there != data:
            raise CorruptError(
                f"{path.relative_to(self.root)} in {self.root} is there already with other bytes;"
                " the database may be older than the log",
                subject=str(self.root),
                remedy="Keep the folder as it is, and restore the database that belongs to it.",
            )

    def _read(self, path: str, limit: int) -> bytes | None:
        try:
            return self.source.read(path, limit)
        except SourceError as error:
            raise UnavailableError(
                str(error), subject=str(self.root), remedy="Mend its permissions."
            ) from error

    def _folder(self, path: Path) -> None:
        if path in self._known:
            return
        if path != self.root:
            self._folder(path.parent)
        else:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.is_dir():
            self._files.make_folder(path)
        self._files.sync(path.parent)  # also if it was there: we may have died before this line
        self._known.add(path)

    def _sync_all(self, paths: Sequence[Path]) -> None:
        if len(paths) < _MANY:
            for path in paths:
                self._files.sync(path)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(8, thread_name_prefix="muniment-sync")
        list(self._pool.map(self._files.sync, paths))

    def close(self) -> None:
        """End the threads that sync."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


@contextmanager
def _told(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UnavailableError(
                f"the disk of {root} is full; what was recorded waits in the database",
                subject=str(root),
                remedy="Free some space; sealing goes on by itself.",
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise InvalidError(
                f"{root} cannot be written: {error.strerror}",
                field="data.dir",
                remedy="Mend its permissions; what was recorded waits in the database.",
            ) from error
        raise UnavailableError(
            f"{root} cannot be written: {error.strerror or error}",
            subject=str(root),
            remedy="Check the disk; what was recorded waits in the database.",
        ) from error
