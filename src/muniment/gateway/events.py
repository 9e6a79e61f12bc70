"""Reads server-sent events from bytes that arrive anyhow cut, and joins what came together."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import anyio
from msgspec.structs import replace

from muniment.core.errors import UnavailableError
from muniment.gateway.dialects.base import Event, Piece, PieceKind
from muniment.gateway.outgoing import Body

_TOGETHER_CHARS: Final = 2_048
_ONE: Final = re.compile(rb"(?:event: ?([^\r\n]*)\n)?data: ?([^\r\n]*)\n\n")


@dataclass(slots=True)
class Events:
    """The events of one stream; a single one may not grow without end."""

    most: int
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace"), repr=False
    )
    _rest: str = ""
    _name: str = ""
    _data: list[str] = field(default_factory=list)
    _size: int = 0
    _last_cr: bool = False

    def feed(self, raw: bytes) -> Iterator[Event]:
        """Take bytes and give the events that are complete."""
        text = self._decoder.decode(raw)
        if self._last_cr and text.startswith("\n"):
            text = text[1:]
            self._last_cr = False
        if text:
            self._last_cr = text.endswith("\r")
        self._rest += text.replace("\r\n", "\n").replace("\r", "\n")
        *lines, self._rest = self._rest.split("\n")
        if len(self._rest) > self.most:
            raise UnavailableError("the provider's stream has an event without end")
        for line in lines:
            found = self._line(line)
            if found is not None:
                yield found

    def _line(self, line: str) -> Event | None:
        if not line:
            return self._complete()
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            self._size += len(value) + 1
            if self._size > self.most:
                raise UnavailableError("the provider's stream has an event without end")
        elif name == "event":
            self._name = value
        return None

    def _complete(self) -> Event | None:
        name, data = self._name, self._data
        self._name, self._data, self._size = "", [], 0
        return Event(name, "\n".join(data)) if data else None


def only_event(raw: bytes) -> Event | None:
    """Read what is one event and no more, written as nearly all are; nothing is read of others."""
    found = _ONE.fullmatch(raw)
    if found is None:
        return None
    name = found[1].decode("utf-8", "replace") if found[1] else ""
    return Event(name, found[2].decode("utf-8", "replace"))


def joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Take words of one channel that came together as one piece: they are judged and said once.

    What closes the channel right behind them goes with them.
    """
    words, parts, length = None, list[str](), 0
    try:
        for piece in pieces:
            if words is not None and _closes(words, piece):
                yield _told(words, parts, closes=True)
                words, parts, length = None, [], 0
                continue
            more = length + len(piece.text)
            if words is not None and (more > _TOGETHER_CHARS or not _goes_on(words, piece)):
                yield _told(words, parts)
                words, parts, more = None, [], len(piece.text)
            if piece.kind is PieceKind.TEXT:
                parts.append(piece.text)
                words, length = piece, more
            else:
                yield piece
                length = 0
    except Exception:
        if words is not None:  # what came before it went wrong is said first
            yield _told(words, parts)
        raise
    if words is not None:
        yield _told(words, parts)


def _told(last: Piece, parts: list[str], *, closes: bool = False) -> Piece:
    if len(parts) == 1 and not closes:
        return last
    return replace(last, text="".join(parts), closes=closes)


def _goes_on(words: Piece, piece: Piece) -> bool:
    return piece.kind is PieceKind.TEXT and piece.channel == words.channel


def _closes(words: Piece, piece: Piece) -> bool:
    return piece.kind is PieceKind.CLOSE and piece.channel == words.channel


async def closed(stream: object) -> None:
    """Give the connection to the provider back, also when the caller is gone."""
    if isinstance(stream, Body):
        stream.close()
        return
    close = getattr(stream, "aclose", None)
    if close is not None:
        with anyio.CancelScope(shield=True):
            await close()
