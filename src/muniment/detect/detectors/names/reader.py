"""What reads a text for the names layer, in one way or the other."""

from __future__ import annotations

from typing import Protocol

from muniment.detect.detectors.names.spans import Name, Piece


class FullError(Exception):
    """What is remembered has no room for what is asked; half of the text may have."""


class Reader(Protocol):
    """Reads texts: the words that may be of a name, in order, each with what the tagger says."""

    def read(self, text: str, after: int = 0) -> tuple[list[Piece], bool]:
        """Give these words, and whether a word may end the name of a firm.

        There are none if all of them end at a place or before it.
        """
        ...

    def names(self, text: str, after: int = 0) -> tuple[list[Name], bool]:
        """Give these words joined into names, and whether a word may end the name of a firm."""
        ...

    def doubts(self, text: str) -> tuple[list[Piece], bool]:
        """Give these words so as they may be read in any part of the text."""
        ...

    def settled(self, text: str) -> int:
        """Give how many characters at the beginning keep their findings, whatever follows them."""
        ...
