"""Words that must wait in a stream because the organisation looks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from muniment.detect.models import Term

_LETTERS: Final = re.compile(r"[^\W\d_]+")


def loud_words(terms: Iterable[Term]) -> frozenset[str]:
    """Give every word that an own term or pattern is made of; scripts without spaces by letter."""
    found: set[str] = set()
    for term in terms:
        for word in _LETTERS.findall(term.text.lower()):
            found.add(word)
            if not word.isascii():
                found.update(word)
    return frozenset(found)
