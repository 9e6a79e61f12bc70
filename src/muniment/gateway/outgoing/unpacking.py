"""Unpacks a body that a provider has packed although it was asked not to, piece by piece."""

from __future__ import annotations

import zlib
from typing import Any, Final

from muniment.gateway.outgoing.failing import ClientPayloadError

MOST_AT_ONCE: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
_ZLIB_METHOD: Final = 8


class Unpacking:
    """Unpacks gzip, or deflate with or without its frame."""

    def __init__(self, kind: bytes) -> None:
        self._is_gzip = kind in (b"gzip", b"x-gzip")
        self._left = b""
        self._inflating: Any = None  # a type that the library does not name

    def give(self, packed: bytes) -> None:
        """Take more of what is packed."""
        self._left += packed

    def take(self) -> bytes:
        """Give some of what was packed; nothing if more must come first."""
        while self._left:
            if self._inflating is None:
                self._inflating = zlib.decompressobj(self._bits())
            try:
                out: bytes = self._inflating.decompress(self._left, MOST_AT_ONCE)
            except zlib.error as error:
                raise ClientPayloadError from error
            self._left = self._inflating.unconsumed_tail
            if self._inflating.eof:
                self._left = self._inflating.unused_data
                if self._left and not self._is_gzip:
                    raise ClientPayloadError
                if self._left:  # gzip may be several, one behind the other
                    self._inflating = None
            if out:
                return out
        return b""

    def require_end(self) -> None:
        """Refuse an end in the middle."""
        if self._inflating is None or not self._inflating.eof:
            raise ClientPayloadError

    def _bits(self) -> int:
        if self._is_gzip:
            return _GZIP
        return zlib.MAX_WBITS if self._left[0] & 15 == _ZLIB_METHOD else -zlib.MAX_WBITS


def unpacking_for(kind: bytes | None) -> Unpacking | None:
    """Give what unpacks a body of this `content-encoding`; what nobody here knows is refused."""
    named = (kind or b"identity").strip().lower()
    if named in (b"", b"identity"):
        return None
    if named in (b"gzip", b"x-gzip", b"deflate"):
        return Unpacking(named)
    raise ClientPayloadError
