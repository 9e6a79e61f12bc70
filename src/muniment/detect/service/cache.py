"""Keeps compiled patterns between runs, in a folder that only its owner can write.

A compiled database is read by native code, so it is trusted only if its folder and file belong to
whoever runs this and nobody else may write there, and if its content has the digest it was kept
with. Whatever is wrong, the patterns are compiled anew: the cache can slow a start, never stop one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path
from typing import Final

_DIGEST_BYTES: Final = 32
_MOST_BYTES: Final = 64 << 20
_MOST_FILES: Final = 64


class Cache:
    """A folder of compiled pattern databases, by digest of what they were compiled from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of_user(cls) -> Cache | None:
        """Give the cache of whoever runs this; none where there is no home."""
        try:
            return cls(Path.home() / ".cache" / "muniment" / "detect")
        except RuntimeError:
            return None

    def read(self, key: str) -> bytes | None:
        """Give what was kept under a key, if it can be trusted."""
        path = self._path(key)
        try:
            if not (_is_ours(self._folder) and _is_ours(path)):
                return None
            if path.stat().st_size > _MOST_BYTES:
                return None
            data = path.read_bytes()
            os.utime(path)  # what is used stays; the oldest unused are forgotten
        except OSError:
            return None
        digest, content = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
        return content if hashlib.sha256(content).digest() == digest else None

    def write(self, key: str, content: bytes) -> None:
        """Keep something; a reader sees all of it or nothing, also if we crash here."""
        import tempfile  # noqa: PLC0415  (only who has compiled needs it; it costs each start)

        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self._folder):
                return
            handle, name = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(hashlib.sha256(content).digest() + content)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                return
            self._forget_oldest()

    def _path(self, key: str) -> Path:
        return self._folder / (key.removeprefix("sha256:")[:40] + ".hsdb")

    def _forget_oldest(self) -> None:
        files = sorted(self._folder.glob("*.hsdb"), key=lambda path: path.stat().st_mtime)
        for path in files[:-_MOST_FILES]:
            path.unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Tell whether a path is no link, belongs to us and cannot be written by others."""
    found = path.lstat()
    owner = os.getuid() if hasattr(os, "getuid") else found.st_uid
    writable = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return not stat.S_ISLNK(found.st_mode) and found.st_uid == owner and not writable
