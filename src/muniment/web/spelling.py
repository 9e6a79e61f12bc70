"""Writes what others wrote so that it cannot turn or hide what a reader sees.

Characters that turn the direction of text, or take no room, could make a record read as another
one. Each is named where it stands and kept from its neighbours; the text itself stays exact.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_TURNS_OR_HIDES: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_NAMED: Final = Markup('<bdo dir="ltr" class="unseen" data-named="U+{:04X}">{}</bdo>')


def spelled(text: str) -> Markup:
    """Write a text with the characters named that would turn or hide it."""
    parts: list[Markup] = []
    start = 0
    for found in _TURNS_OR_HIDES.finditer(text):
        parts += [escape(text[start : found.start()]), _NAMED.format(ord(found[0]), found[0])]
        start = found.end()
    return Markup("").join([*parts, escape(text[start:])])
