"""Lets the patterns read a text through its disguises: other letters, escapes, what was encoded.

What is found is told by its place in the text as it came.
"""

from __future__ import annotations

from collections.abc import Iterable

from muniment.detect.models import Family, Finding, Rejected
from muniment.detect.rules import encodings, normalise
from muniment.detect.service.patterns import PatternLayer


class Disguises:
    """The patterns of a configuration, and those of an organisation's own terms."""

    def __init__(self, layer: PatternLayer, own: PatternLayer | None) -> None:
        self._layer = layer
        self._own = own

    def find(
        self,
        text: str,
        context: tuple[str, ...],
        rejected: list[Rejected] | None,
        after: int = 0,
    ) -> list[Finding]:
        """Find what a text holds; what ends at `after` or before it need not be told."""
        is_itself = text.isascii() and "\\" not in text and "\r" not in text  # as most are
        shadow = None if is_itself else normalise.shadow_of(text)
        read = text if shadow is None else shadow.text
        if shadow is not None and shadow.gone:
            after = 0
        found, encoded = self._layer.find(read, context, rejected, after=after)
        if self._own is not None:
            found += self._own.find(read, context, rejected, after=after)[0]
        may_quote = "%" in read or "&" in read or "\\" in read
        plain = normalise.unquoted(read) if may_quote else None
        if plain is not None:
            inner = (_moved(each, plain) for each in self._layer.find(plain.text, context)[0])
            found.extend(each for each in inner if normalise.is_quoted(read, each.start, each.end))
        if shadow is not None and shadow.gone:
            found = [_moved(each, shadow) for each in found]
        if encoded:
            self.decode(shadow or normalise.Shadow(text), encoded, found)
        return found

    def decode(self, shadow: normalise.Shadow, starts: Iterable[int], found: list[Finding]) -> None:
        """Look into each run that was encoded, too."""
        for start, end, decoded in encodings.readable_runs(shadow, starts):
            found.extend(
                encodings.wrapped(each, start, end)
                for each in self._layer.find(decoded)[0]
                if each.family is Family.SECRETS or each.score >= encodings.SURE
            )


def _moved(each: Finding, shadow: normalise.Shadow) -> Finding:
    return each.at(shadow.place(each.start), shadow.end(each.end))
