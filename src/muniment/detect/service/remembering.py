"""Remembers what was found in texts that come again: system prompts, and what was said before.

Under a keyed digest of the text, never the text, and in memory only, which is bounded: by how many
texts there are, and by how much was found in them.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Final, Generic, TypeVar

from muniment.detect.rules.quick import compiled

_MOST: Final = 4_096
_MOST_FINDINGS: Final = 65_536
_DIGEST_BYTES: Final = 16
_KEY_BYTES: Final = 16
Kept = TypeVar("Kept")


class Remembering(Generic[Kept]):
    """What one scanner knows of texts; safe to share between threads."""

    def __init__(self, most: int = _MOST, most_findings: int = _MOST_FINDINGS) -> None:
        self._most = most
        self._most_findings = most_findings
        self._findings = 0
        self._secret = secrets.token_bytes(_KEY_BYTES)
        # What is remembered under each digest, with how much was found in it.
        self.known: OrderedDict[bytes, tuple[Kept, int]] = OrderedDict()
        self._lock = threading.Lock()
        # The digest of a text, with the name it stands under; another object's differ.
        self.key: Callable[[str, str], bytes] = (
            self._digest if compiled is None else partial(compiled.digest, self._secret)
        )

    def _digest(self, text: str, context: str) -> bytes:
        told = f"{len(context)} {context} {text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, digest_size=_DIGEST_BYTES, key=self._secret).digest()

    def get(self, key: bytes) -> Kept | None:
        """Give what is remembered."""
        known = self.known.get(key)
        return known[0] if known is not None else None

    def put(self, key: bytes, kept: Kept, findings: int) -> None:
        """Remember something with so many findings in it; the oldest goes when there is much."""
        if findings > self._most_findings:
            return
        known = self.known
        with self._lock:
            if key in known:
                self._findings -= known.pop(key)[1]
            known[key] = (kept, findings)
            self._findings += findings
            while len(known) > self._most or self._findings > self._most_findings:
                _, (_, fewer) = known.popitem(last=False)
                self._findings -= fewer
