"""The few calls to the operating system that change a disk, and what their failures mean.

They stand together so that a test can stop or fail a write between any two of them. Everything is
relative to an open folder, so that a swapped folder or a symbolic link cannot lead elsewhere.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from muniment.core.errors import UnavailableError

FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC

_MEANINGS: Final = (
    (
        (errno.ENOENT, errno.ESTALE, errno.ENODEV),
        "the folder has gone",
        "See that its disk is mounted and that nothing empties it.",
    ),
    (
        (errno.ENOSPC, errno.EDQUOT),
        "the disk is full",
        "Free some space or raise the quota, then try again.",
    ),
    (
        (errno.EROFS, errno.EACCES, errno.EPERM),
        "the operating system refuses access",
        "Let the user that runs Muniment read and write there, on a file system with hard links.",
    ),
    (
        (errno.ELOOP, errno.ENOTDIR, errno.EISDIR),
        "something that is neither our folder nor our file stands in the way",
        "Remove the symbolic link or foreign file; links inside are never followed.",
    ),
    (
        (errno.ENOTSUP, errno.EMLINK, errno.EXDEV),
        "the file system cannot give a file a second name",
        "Keep the data folder on one file system with hard links, such as ext4, XFS or APFS.",
    ),
)


class Files(Protocol):
    """What a disk storage asks of the operating system when it writes."""

    def create(self, name: str, folder: int) -> int:
        """Make a new file and open it for writing."""
        ...

    def write(self, file: int, data: memoryview) -> int:
        """Write some of the data; tell how much."""
        ...

    def fsync(self, file: int) -> None:
        """Return when a file or folder has reached the disk itself."""
        ...

    def mkdir(self, name: str, folder: int) -> None:
        """Make a folder."""
        ...

    def link(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        """Give a file a second name, unless that name is taken."""
        ...

    def rename(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        """Give a file another name, in place of whatever had it."""
        ...

    def unlink(self, name: str, folder: int) -> None:
        """Take a name away."""
        ...


class SystemFiles:
    """The machine's own file system."""

    def create(self, name: str, folder: int) -> int:
        return os.open(name, _CREATE, FILE_MODE, dir_fd=folder)

    def write(self, file: int, data: memoryview) -> int:
        return os.write(file, data)

    def fsync(self, file: int) -> None:
        if sys.platform == "darwin":
            try:
                # macOS's fsync stops at the drive's own cache; this asks the drive as well.
                fcntl.fcntl(file, fcntl.F_FULLFSYNC)
            except OSError:
                os.fsync(file)  # network and foreign file systems know no other
        else:
            os.fsync(file)

    def mkdir(self, name: str, folder: int) -> None:
        os.mkdir(name, FOLDER_MODE, dir_fd=folder)

    def link(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        os.link(old, new, src_dir_fd=old_folder, dst_dir_fd=new_folder, follow_symlinks=False)

    def rename(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        os.replace(old, new, src_dir_fd=old_folder, dst_dir_fd=new_folder)

    def unlink(self, name: str, folder: int) -> None:
        os.unlink(name, dir_fd=folder)


@contextmanager
def disk_errors_told(root: Path, name: str) -> Iterator[None]:
    """Turn a failure of the disk into an error that says what to do."""
    try:
        yield
    except OSError as error:
        what, remedy = _explained(error.errno or 0)
        raise UnavailableError(
            f"{what} under {root} ({errno.errorcode.get(error.errno or 0, 'unknown')})",
            subject=name,
            remedy=remedy,
        ) from error


def _explained(number: int) -> tuple[str, str]:
    for numbers, what, remedy in _MEANINGS:
        if number in numbers:
            return what, remedy
    return "the disk reports an error", "Look at the system's log and the health of the disk."
