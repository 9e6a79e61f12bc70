"""The names layer: people, organisations, places, addresses, titles and groups in a text."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.artefact import PATH, Artefact
from muniment.detect.detectors.names.candidates import quiet_words
from muniment.detect.detectors.names.choosing import doubted
from muniment.detect.detectors.names.compiled import Compiled
from muniment.detect.detectors.names.firms import by_form, with_firms
from muniment.detect.detectors.names.firms import places as places_of_firms
from muniment.detect.detectors.names.guards import goes_on_to
from muniment.detect.detectors.names.reader import FullError, Reader
from muniment.detect.detectors.names.silence import are_none
from muniment.detect.detectors.names.spans import found_in
from muniment.detect.models import Finding

_AT_ONCE = 1 << 20
_SMALLEST = 1 << 10
_SHORT = 1 << 14
_LOOKS_BACK = 128


def fastest(of: Artefact) -> Reader:
    """Give compiled code if there is some for this machine, else NumPy."""
    try:
        return Compiled(of)
    except ImportError:
        from muniment.detect.detectors.names.arrays import Arrays  # noqa: PLC0415  (needs NumPy)

        return Arrays(of)


class Names:
    """Finds names. It loads at the first scan; any number of threads may scan at once."""

    def __init__(self, path: Path = PATH, reader: Callable[[Artefact], Reader] = fastest) -> None:
        self._path = path
        self._make = reader
        self._lock = threading.Lock()
        self._ready: tuple[Artefact, Reader] | None = None
        self._quiet: frozenset[str] | None = None
        self._build = ""

    @property
    def build(self) -> str:
        """The version and digest of the artefact."""
        if not self._build:
            self._build = f"names-7+{self._loaded()[0].digest[:16]}"
        return self._build

    @property
    def reader(self) -> str:
        """How texts are read: compiled, or with arrays; both find the same."""
        return type(self._loaded()[1]).__name__.lower()

    def scan(self, text: str) -> Sequence[Finding]:
        """Find the names of a text; offsets are characters of it."""
        if len(text) > _SHORT:
            return self._in_parts(text, _AT_ONCE)
        try:
            return self._scan(text)
        except FullError:
            return self._in_parts(text, _AT_ONCE)

    def scan_behind(self, text: str, after: int) -> Sequence[Finding]:
        """Find the names that do not end at a place or before it, which were told already.

        What a name is depends on the few words before it, so no more than those are read again.
        """
        start = text.rfind(" ", 0, max(0, after - _LOOKS_BACK)) + 1
        part = text[start:]
        try:
            found = self._scan(part, after - start)
        except FullError:
            found = self._in_parts(part, max(_SMALLEST, len(part) // 2))
        return [each.moved(start) for each in found if each.end + start > after]

    def doubtful(self, text: str) -> list[tuple[int, int]]:
        """Give the places of words that might belong to a name, in a scan of any part of the text.

        A part begins well before the words it is asked about and ends behind three plain words. Of
        these the first may be read with only two words behind it, so it is read so here too.
        """
        pieces, ends_firm = self._loaded()[1].doubts(text)
        firms = places_of_firms(text) if ends_firm else []
        return [*firms, *((each.start, goes_on_to(text, each.end)) for each in doubted(pieces))]

    def is_silent(self, text: str) -> bool:
        """Tell whether nothing is found in any part of a text as a stream cuts it."""
        reader = self._loaded()[1]
        pieces, ends_firm = reader.doubts(text)
        return not ends_firm and are_none(reader, text, doubted(pieces))

    def quiet_words(self) -> frozenset[str]:
        """Give the plain words in small letters that alone are no reason to look."""
        if self._quiet is None:
            self._quiet = quiet_words(self._loaded()[0])
        return self._quiet

    def settled(self, text: str) -> int:
        """Give how many characters at the beginning keep their findings, whatever follows them.

        A stream may release so many. A word is settled when the words after it are there, or when
        neither it nor its neighbour could be part of a name; so plain text is held for two words.
        """
        return self._loaded()[1].settled(text)

    def _in_parts(self, text: str, size: int) -> list[Finding]:
        """Scan at most so many characters at once; what is too varied even then, in halves."""
        found: list[Finding] = []
        start = 0
        while start < len(text):
            end = _cut(text, start + size, size)
            try:
                part = self._scan(text[start:end])
            except FullError:
                part = self._in_parts(text[start:end], max(_SMALLEST, (end - start) // 2))
            found.extend(part if start == 0 else [each.moved(start) for each in part])
            start = end
        return found

    def _loaded(self) -> tuple[Artefact, Reader]:
        ready = self._ready
        if ready is None:
            with self._lock:
                ready = self._ready
                if ready is None:
                    read = artefact.read(self._path)
                    ready = self._ready = read, self._make(read)
        return ready

    def _scan(self, text: str, after: int = 0) -> list[Finding]:
        """Scan a text: what the tagger finds, and firms that their legal form gives away."""
        names, ends_firm = self._loaded()[1].names(text, after)
        found = found_in(text, names) if names else []
        return with_firms(found, by_form(text)) if ends_firm else found


def _cut(text: str, end: int, size: int) -> int:
    """Give the last line end before a place, else the last blank, else the place itself."""
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        at = text.rfind(mark, end - size // 2, end)
        if at > 0:
            return at + 1
    return end
