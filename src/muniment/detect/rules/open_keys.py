"""Private keys that begin in a text: they are known only once their end came, or cannot come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from muniment.detect.models import Family, Finding, Why

MOST_CHARS: Final = 65_536
_LONGEST_END: Final = 100
_KEY_OPENS: Final = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY: Final = re.compile(
    r"(?:(?:\s|\\[nr])*(?:[A-Za-z0-9+/=]{16,}|[A-Z][A-Za-z-]{2,30}:[^\r\n\\]{0,200}))*"
)
_KEY_CLOSES: Final = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")


@dataclass(frozen=True, slots=True)
class Key:
    """A private key that begins in a text: up to where it goes, and whether that is known."""

    start: int
    end: int
    known: bool
    closed: bool


def open_key(text: str, start: int, end: int, *, final: bool) -> Key | None:
    """Find a private key that begins in a part of a text and is not over there."""
    for opened in _KEY_OPENS.finditer(text, start, end):
        if _KEY_CLOSES.search(text, opened.end(), end):
            continue
        limit = opened.start() + MOST_CHARS
        closed = _KEY_CLOSES.search(text, opened.end(), limit)
        if closed:
            return Key(opened.start(), closed.end(), known=True, closed=True)
        body = _KEY_BODY.match(text, opened.end(), limit)
        to = body.end() if body else opened.end()
        return Key(opened.start(), to, known=final or len(text) >= limit, closed=False)
    return None


@dataclass(slots=True)
class Waiting:
    """Waits for the end of a private key without looking at all of it for each piece that comes.

    `until` is the length at which the text is looked at in any case; up to `searched` there is no
    end.
    """

    until: int = 0
    searched: int = 0

    @classmethod
    def of(cls, key: Key, text: str) -> Waiting:
        """Wait for the end of a key that is not known."""
        return cls(key.start + MOST_CHARS, len(text))

    def waits(self, text: str) -> bool:
        """Tell whether the end still has not come."""
        unseen = max(0, self.searched - _LONGEST_END)
        if len(text) >= self.until or _KEY_CLOSES.search(text, unseen):
            self.until = 0
        self.searched = len(text)
        return self.until > 0

    def moved(self, by: int) -> None:
        """Go back with a text whose beginning was let go."""
        self.until = max(0, self.until - by)
        self.searched = max(0, self.searched - by)


def with_key(found: list[Finding], key: Key) -> list[Finding]:
    """Count a private key whose end never came as found: its beginning is secret already."""
    if any(each.start <= key.start and each.end >= key.end for each in found):
        return found
    why = Why("open_private_key", steps=("it begins like a private key and does not end",))
    mine = Finding("PRIVATE_KEY", Family.SECRETS, key.start, key.end, 1.0, why)
    return [*(each for each in found if not each.overlaps(mine)), mine]
