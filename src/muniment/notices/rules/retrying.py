"""When a message is tried again, and when it is given up."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

FIRST_DELAY: Final = timedelta(seconds=10)
LONGEST_DELAY: Final = timedelta(hours=6)
_FACTOR: Final = 3
_SPREAD: Final = 0.25


def delay(message_id: str, attempts: int) -> timedelta:
    """Say how long to wait after so many attempts: 10 s, then three times as long, 6 h at most.

    It is spread by a quarter either way, each message in its own way, so that what failed together
    does not come back together. The spread follows from the id, so that this stays a pure rule.
    """
    steps = min(max(attempts - 1, 0), 12)
    plain: timedelta = min(FIRST_DELAY * int(_FACTOR**steps), LONGEST_DELAY)
    drawn = hashlib.sha256(f"{message_id} {attempts}".encode()).digest()
    share = int.from_bytes(drawn[:4], "big") / 0xFFFFFFFF
    return plain * (1 - _SPREAD + 2 * _SPREAD * share)


def is_spent(attempts: int, most: int) -> bool:
    """Tell whether a message was tried often enough."""
    return attempts >= most
