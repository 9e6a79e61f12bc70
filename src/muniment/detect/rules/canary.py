"""Canaries: invented texts that nobody has a reason to write, planted to see what comes out.

If a canary comes out of a model, what it was planted in went in. The text is made of a random part
and a check, so that a canary is recognised by its form even when its list is not at hand.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from muniment.core.errors import InvalidError
from muniment.detect.models import Term, TermKind

_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ23456789"
_RANDOM: Final = 16
_CHECK: Final = 6
_FORM: Final = re.compile(
    rf"(?<![A-Z0-9])CNRY-([{_LETTERS}]{{4}})-([{_LETTERS}]{{4}})-([{_LETTERS}]{{4}})"
    rf"-([{_LETTERS}]{{4}})-([{_LETTERS}]{{{_CHECK}}})(?![A-Z0-9])"
)


def new_canary(chance: bytes) -> str:
    """Make a canary of sixteen random bytes, which the caller takes from a safe source."""
    if len(chance) < _RANDOM:
        raise InvalidError("a canary needs sixteen random bytes", field="chance")
    body = "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance[:_RANDOM])
    parts = "-".join(body[place : place + 4] for place in range(0, _RANDOM, 4))
    return f"CNRY-{parts}-{_check(body)}"


def canaries_in(text: str) -> list[tuple[int, int]]:
    """Find everything that has the form of a canary and its check."""
    return [
        found.span()
        for found in _FORM.finditer(text)
        if _check("".join(found.groups()[:4])) == found[5]
    ]


def term_for(name: str, canary: str) -> Term:
    """Give the term that finds one planted canary, by the name of where it was planted."""
    return Term(id=name, kind=TermKind.CANARY, text=canary, type="CANARY", ignore_case=True)


def _check(body: str) -> str:
    digest = hashlib.sha256(b"muniment-canary:" + body.encode("ascii")).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_CHECK])
