"""What a stream is made of while it is guarded: its words, its tool calls, and how it may break."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from muniment.core.errors import MunimentError, UnavailableError
from muniment.db import DriverError
from muniment.detect import Restoring, Stream
from muniment.gateway.dialects import Piece

_log = logging.getLogger("muniment.gateway")
_IN_THE_LOG: Final = "Whoever runs the gateway finds why in its log."
AtOnce = Callable[[], Callable[[bytes], object] | None]
"""Gives what writes to the caller without a wait; nothing where that is not so just now."""


@dataclass(slots=True)
class Words:
    """A channel of words: what guards it, what gives values back, and how to write more."""

    stream: Stream
    restoring: Restoring | None
    last: Piece


@dataclass(slots=True)
class Tool:
    """A tool call that is being said."""

    opened: Piece
    parts: list[str] = field(default_factory=list)


def never() -> None:
    """Give nothing that writes without a wait."""


def foreseen(error: Exception) -> MunimentError:
    """Give an error in words for a caller; what nobody foresaw stands in the log."""
    if isinstance(error, MunimentError):
        return error
    _log.error("a stream broke", exc_info=error)
    what = "recorded" if isinstance(error, DriverError) else "inspected"
    return UnavailableError(f"this answer could not be {what}", remedy=_IN_THE_LOG)
