"""Knows which bundles of entries this process made a moment ago, by their digest.

Entries that are made here are sound by how they are made. Whoever seals a bundle that is still the
same, byte for byte, need not look at every entry of it again; of any other each is read exactly.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import Final

_MOST: Final = 4_096


class Made:
    """The digests of the last bundles; safe to share between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def note(self, bundle: bytes) -> bytes:
        """Remember that a bundle was made here, and give it on; the oldest is forgotten."""
        self._known[sha256(bundle).digest()] = None
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return bundle

    def knows(self, bundle: bytes) -> bool:
        """Tell, once, whether a bundle was made here and is as it was made."""
        return self._known.pop(sha256(bundle).digest(), self) is None


MADE_HERE: Final = Made()
