"""Content by its fingerprint: what is put in comes back the same, or with a loud error.

Rules: the name of content is its SHA-256, so the same content is kept once; every read is checked
against the name; content already there is read and checked before a put relies on it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from muniment.blobs.files import disk_errors_told
from muniment.core.digest import Digest, digest_bytes, parse_digest, same_digest
from muniment.core.errors import ConflictError, CorruptError, NotFoundError
from muniment.plugins.sockets import Storage

_SPOOL_BYTES: Final = 1 << 20
_PIECE_BYTES: Final = 1 << 20


class Blobs:
    """Keeps content under its own fingerprint in a storage."""

    def __init__(self, storage: Storage, *, spool: Path | None = None) -> None:
        """Keep content in this storage; streams larger than a mebibyte are spooled to `spool`."""
        self._storage = storage
        self._spool = spool

    def put(self, data: bytes, known: str | None = None) -> Digest:
        """Keep some content; give the fingerprint to find it by, `known` if it was just taken."""
        digest = digest_bytes(data) if known is None else parse_digest(known)
        if not self._storage.put_if_absent(blob_name(digest), (data,)):
            self._require_whole(digest)
        return digest

    def put_stream(self, chunks: Iterable[bytes]) -> tuple[Digest, int]:
        """Keep content that arrives in pieces, in bounded memory; give fingerprint and size."""
        hasher = hashlib.sha256()
        size = 0
        where = self._spool or Path(tempfile.gettempdir())
        with tempfile.SpooledTemporaryFile(_SPOOL_BYTES, dir=str(where)) as spooled:
            for chunk in chunks:
                hasher.update(chunk)
                size += len(chunk)
                with disk_errors_told(where, "a stream being spooled"):
                    spooled.write(chunk)
            digest = Digest("sha256:" + hasher.hexdigest())
            with disk_errors_told(where, "a stream being spooled"):
                spooled.seek(0)
            if not self._storage.put_if_absent(blob_name(digest), _pieces(spooled)):
                self._require_whole(digest)
        return digest, size

    def get(self, digest: str) -> bytes:
        """Give the content of a fingerprint, checked."""
        data = self._storage.get(blob_name(digest))
        if not same_digest(digest_bytes(data), digest):
            raise _changed(digest)
        return data

    def stream(self, digest: str) -> Iterator[bytes]:
        """Give the content piece by piece; the last piece comes only when all of it is right."""
        hasher = hashlib.sha256()
        held = b""
        for piece in self._storage.stream(blob_name(digest)):
            if held:
                yield held
            hasher.update(piece)
            held = piece
        if not same_digest("sha256:" + hasher.hexdigest(), digest):
            raise _changed(digest)
        if held:
            yield held

    def exists(self, digest: str) -> bool:
        """Tell whether content of this fingerprint is kept."""
        return self._storage.exists(blob_name(digest))

    def delete(self, digest: str, *, written_before: datetime) -> bool:
        """Remove content older than the floor; tell whether it was removed."""
        return self._storage.delete(blob_name(digest), written_before=written_before)

    def _require_whole(self, digest: Digest) -> None:
        """Check content that was there already, for whoever puts it again will rely on it."""
        try:
            for _ in self.stream(digest):
                pass
        except NotFoundError as error:
            raise ConflictError(
                f"the content {digest} was removed while it was being kept again",
                subject=digest,
                remedy="Put it again.",
            ) from error


def blob_name(digest: str) -> str:
    """Name the object that holds the content of a fingerprint, such as sha256/ab/cd/abcd."""
    kind, _, digits = parse_digest(digest).partition(":")
    return f"{kind}/{digits[:2]}/{digits[2:4]}/{digits}"


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _changed(digest: str) -> CorruptError:
    return CorruptError(
        f"the bytes kept for {digest} are not the ones that were put in",
        subject=digest,
        remedy="Restore this object from a backup and look at the health of the storage.",
    )
