"""Objects as files in one folder: whole or not there at all, and on the disk when a write returns.

Life of a write: stage the bytes under `.incoming`, fsync them, give them their name by a hard link
(which fails if the name is taken) or by a rename under the lock, fsync the folder and those above
that are new. A crash at any step leaves at worst a staged file nobody sees, removed an hour later
at the next start.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from muniment.blobs.files import (
    FILE_MODE,
    FOLDER_MODE,
    Files,
    SystemFiles,
    disk_errors_told,
)
from muniment.blobs.names import is_lawful_part, require_floor, require_name, require_prefix
from muniment.core.clock import Clock, SystemClock
from muniment.core.errors import ConflictError, NotFoundError
from muniment.settings import Settings

STALE_AFTER: Final = timedelta(hours=1)
_PIECE_BYTES: Final = 1 << 20
# Dotted, so that no object can have these names.
_INCOMING: Final = ".incoming"
_LOCK: Final = ".lock"
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ENTER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class DiskStorage:
    """Keeps objects as files under one folder of this machine."""

    def __init__(
        self, root: Path, *, files: Files | None = None, clock: Clock | None = None
    ) -> None:
        self._root = root
        self._files = files or SystemFiles()
        self._synced: set[str] = set()
        with self._told(""):
            self._make_root()
            self._clear_stale((clock or SystemClock()).now() - STALE_AFTER)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Make the storage that the settings describe: the folder `blobs` in the data folder."""
        return cls(settings.data.dir / "blobs")

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        """Write an object unless one of that name exists; tell whether it was written."""
        with self._folder(name, make=True) as (folder, last):
            if self._keeps(name, folder, last):
                return False
            with self._staged(name, chunks) as (incoming, temporary):
                return self._publish(name, (incoming, temporary), (folder, last))

    def get(self, name: str) -> bytes:
        """Read a whole object, or raise `NotFoundError`."""
        return b"".join(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """Read an object piece by piece, or raise `NotFoundError` before the first piece."""
        with self._folder(name) as (folder, last):
            file = self._open(name, folder, last)
        try:
            yield from self._pieces(name, file)
        finally:
            os.close(file)

    def exists(self, name: str) -> bool:
        """Tell whether there is such an object."""
        try:
            with self._folder(name) as (folder, last):
                return self._state(name, folder, last) is not None
        except NotFoundError:
            return False

    def delete(self, name: str, *, written_before: datetime) -> bool:
        """Remove an object older than the floor; a younger one is left; tell what happened."""
        floor = require_floor(written_before)
        require_name(name)
        try:
            with self._locked(name), self._folder(name) as (folder, last):
                state = self._state(name, folder, last)
                if state is None or datetime.fromtimestamp(state.st_mtime, UTC) >= floor:
                    return False
                with self._told(name):
                    self._files.unlink(last, folder)
                    self._files.fsync(folder)
                return True
        except NotFoundError:
            return False

    def compare_and_swap(self, name: str, expected: bytes | None, replacement: bytes) -> bool:
        """Replace a small object only if it still holds `expected` (None: does not exist)."""
        if expected is None:
            return self.put_if_absent(name, (replacement,))
        require_name(name)
        with self._locked(name):
            try:
                if self.get(name) != expected:
                    return False
            except NotFoundError:
                return False
            # Under the lock nobody else replaces or removes it between that look and the rename.
            with self._folder(name, make=True) as (folder, last):
                self._replace(name, folder, last, replacement)
        return True

    def names(self, prefix: str) -> Iterator[str]:
        """List names that begin so, in order."""
        require_prefix(prefix)
        begin, slash, start = prefix.rpartition("/")
        yield from self._names_in(begin + slash, start)

    def _told(self, name: str) -> AbstractContextManager[None]:
        return disk_errors_told(self._root, name)

    def _make_root(self) -> None:
        missing = []
        folder = self._root.absolute()
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for each in reversed(missing):
            each.mkdir(FOLDER_MODE, exist_ok=True)
            with _entered(os.open(each.parent, _ENTER)) as parent:
                self._files.fsync(parent)

    def _clear_stale(self, written_before: datetime) -> None:
        # Best effort: a leftover harms nobody, and a read-only disk must still be readable.
        with suppress(OSError), _entered(_open_own(self._root / _INCOMING)) as incoming:
            for name in os.listdir(incoming):  # noqa: PTH208 a Path cannot list an open folder
                state = os.lstat(name, dir_fd=incoming)
                if datetime.fromtimestamp(state.st_mtime, UTC) < written_before:
                    os.unlink(name, dir_fd=incoming)

    @contextmanager
    def _folder(self, name: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """Open the folder an object's name lies in; give it with the last part of the name.

        Folders that were made on the way are on the disk at the end, not before: a file system
        with a journal writes them down together with the name of the object.
        """
        *folders, last = require_name(name).split("/")
        with _Unsynced() as unsynced:
            walked = self._walk(name, folders, unsynced if make else None)
            with _entered(walked) as folder:
                yield folder, last
            with self._told(name):
                for parent, path in unsynced.folders:
                    self._files.fsync(parent)
                    self._synced.add(path)

    def _walk(self, name: str, folders: list[str], unsynced: _Unsynced | None = None) -> int:
        """Open one folder after the other; make those that are missing if they can be noted."""
        with self._told(name):
            here = os.open(self._root, _ENTER)
            path = ""
            for part in folders:
                path += f"{part}/"
                with _entered(here):
                    if unsynced is not None:
                        self._make_folder(part, here, path, unsynced)
                    here = self._enter(name, part, here, make=unsynced is not None)
            return here

    def _make_folder(self, part: str, parent: int, path: str, unsynced: _Unsynced) -> None:
        try:
            self._files.mkdir(part, parent)
        except FileExistsError:
            if path in self._synced:
                return
        # Also when another process made it: it may not have come to its own fsync.
        unsynced.add(parent, path)

    def _enter(self, name: str, part: str, parent: int, *, make: bool) -> int:
        try:
            return _open_own(part, parent)
        except FileNotFoundError as error:
            raise _missing(name) from error
        except NotADirectoryError as error:
            if not stat.S_ISREG(os.lstat(part, dir_fd=parent).st_mode):
                raise
            raise (_both(name, "lies below an object") if make else _missing(name)) from error

    def _state(self, name: str, folder: int, last: str) -> os.stat_result | None:
        """Look at an object; None if there is none; a link in its place is an error."""
        with self._told(name):
            try:
                state = os.lstat(last, dir_fd=folder)
            except FileNotFoundError:
                return None
            if stat.S_ISLNK(state.st_mode):
                os.close(os.open(last, _READ, dir_fd=folder))  # refuses, with the right reason
        return state if stat.S_ISREG(state.st_mode) else None

    def _open(self, name: str, folder: int, last: str) -> int:
        if self._state(name, folder, last) is None:
            raise _missing(name)
        with self._told(name):
            try:
                return os.open(last, _READ, dir_fd=folder)
            except FileNotFoundError as error:
                raise _missing(name) from error

    def _pieces(self, name: str, file: int) -> Iterator[bytes]:
        while True:
            with self._told(name):
                piece = os.read(file, _PIECE_BYTES)
            if not piece:
                return
            yield piece

    def _keeps(self, name: str, folder: int, last: str) -> bool:
        """Tell whether the name is taken, and if so, that its writer's work is on the disk."""
        if self._state(name, folder, last) is None:
            return False
        with self._told(name):
            self._files.fsync(folder)
        return True

    @contextmanager
    def _staged(self, name: str, chunks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
        """Write the bytes where nobody looks; give the folder and the file, gone afterwards."""
        temporary = secrets.token_hex(16)
        with _Unsynced() as unsynced:  # and so it stays: nothing in it need outlive a crash
            walked = self._walk(name, [_INCOMING], unsynced)
        with _entered(walked) as incoming:
            try:
                self._write(name, temporary, incoming, chunks)
                yield incoming, temporary
            finally:
                # After a rename it is gone already; a failure here leaves only what a start clears.
                with suppress(OSError):
                    self._files.unlink(temporary, incoming)

    def _write(self, name: str, temporary: str, incoming: int, chunks: Iterable[bytes]) -> None:
        with self._told(name):
            file = self._files.create(temporary, incoming)
        try:
            for chunk in chunks:  # outside of `_told`: an error of the source is not the disk's
                with self._told(name):
                    rest = memoryview(chunk)
                    while rest:
                        rest = rest[self._files.write(file, rest) :]
            with self._told(name):
                self._files.fsync(file)
        finally:
            with self._told(name):
                os.close(file)

    def _publish(self, name: str, staged: tuple[int, str], target: tuple[int, str]) -> bool:
        incoming, temporary = staged
        folder, last = target
        with self._told(name):
            try:
                self._files.link(temporary, incoming, last, folder)
            except FileExistsError as error:
                if self._keeps(name, folder, last):
                    return False
                raise _both(name, "is already the beginning of other names") from error
            self._files.fsync(folder)
        return True

    def _replace(self, name: str, folder: int, last: str, replacement: bytes) -> None:
        with self._staged(name, (replacement,)) as (incoming, temporary), self._told(name):
            self._files.rename(temporary, incoming, last, folder)
            self._files.fsync(folder)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Keep other threads and processes of this machine from replacing or removing."""
        with self._told(name):
            file = os.open(
                self._root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE
            )
        with _entered(file):
            with self._told(name):
                fcntl.flock(file, fcntl.LOCK_EX)
            yield  # closing the file lets the lock go, and so does the end of the process

    def _names_in(self, begin: str, start: str) -> Iterator[str]:
        for entry in self._entries(begin, start):
            if entry.endswith("/"):
                yield from self._names_in(begin + entry, "")
            else:
                yield begin + entry

    def _entries(self, begin: str, start: str) -> list[str]:
        """List files and folders in the order of whole names, folders with their slash."""
        found = []
        try:
            walked = self._walk(begin, begin.split("/")[:-1])
        except NotFoundError:
            return []
        with _entered(walked) as folder, self._told(begin), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith(start) or not is_lawful_part(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    found.append(f"{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    found.append(entry.name)
        return sorted(found)


class _Unsynced(AbstractContextManager["_Unsynced"]):
    """Folders whose entries may not be on the disk yet, held open until they are."""

    def __init__(self) -> None:
        self.folders: list[tuple[int, str]] = []

    def add(self, parent: int, path: str) -> None:
        """Note a folder, in which the one of this path was made."""
        self.folders.append((os.dup(parent), path))

    def __exit__(self, *raised: object) -> None:
        for opened, _ in self.folders:
            os.close(opened)


@contextmanager
def _entered(opened: int) -> Iterator[int]:
    try:
        yield opened
    finally:
        os.close(opened)


def _open_own(folder: str | Path, parent: int | None = None) -> int:
    """Open a folder of ours, which is never a symbolic link."""
    return os.open(folder, _ENTER | os.O_NOFOLLOW, dir_fd=parent)


def _both(name: str, how: str) -> ConflictError:
    return ConflictError(
        f"{name} {how}; a disk cannot keep both",
        subject=name,
        remedy="Choose a name that is neither inside another nor around it.",
    )


def _missing(name: str) -> NotFoundError:
    return NotFoundError(f"there is no object {name}", subject=name)
