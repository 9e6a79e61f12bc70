"""Remembers what was found in texts that come again: system prompts, and what was said before.

Under a keyed digest of the text, never the text, and in memory only. A scan that has a gap is not
remembered, for the next one may have none.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from typing import Final

from muniment.detect.models import Scan

_MOST: Final = 4_096
_DIGEST_BYTES: Final = 16
_KEY_BYTES: Final = 32


class Remembering:
    """The scans of one scanner; safe to share between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._secret = secrets.token_bytes(_KEY_BYTES)
        self._known: OrderedDict[bytes, Scan] = OrderedDict()

    def key(self, text: str, context: str) -> bytes:
        """Make the digest of a text, with the name it stands under."""
        told = f"{len(context)} {context} {text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, digest_size=_DIGEST_BYTES, key=self._secret).digest()

    def get(self, key: bytes) -> Scan | None:
        """Give what is remembered."""
        return self._known.get(key)

    def put(self, key: bytes, scan: Scan) -> None:
        """Remember a scan that has no gap; the oldest goes when there are many."""
        if not scan.coverage.whole:
            return
        self._known[key] = scan
        while len(self._known) > self._most:
            try:
                self._known.popitem(last=False)
            except KeyError:  # another thread was quicker
                return
