"""Reads events that say more words in the same form as one before, without reading their JSON.

Nearly all events of a stream are written alike but for the words. Once one was read, its bytes
before and behind the words are known; another event with the very same bytes around other words can
only say those words. What is written in any other way is read in full, and so is the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from muniment.core.errors import MunimentError
from muniment.gateway.dialects import Piece, PieceKind, Reader
from muniment.gateway.dialects.base import write_json
from muniment.gateway.events import Events, only_event

TOGETHER_CHARS: Final = 2_048
_OTHER: Final = "\u2042 other words \u2042"
_WRITTEN: Final = write_json(_OTHER)
_INSIDE: Final = re.compile(rb'[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*')
_PLAIN: Final = re.compile(rb'[^"\\\x00-\x09\x0b-\x1f]*')
_MANY: Final = 128
_BETWEEN: Final = b"\n"
_LITERAL: Final = re.compile(b'"(' + _INSIDE.pattern + rb')"(\s*:)?')
# Padding that some providers put into each event; it says nothing, and is another one each time.
_PADDING: Final = re.compile(rb'"obfuscation": ?"[^"\\\x00-\x1f]*"')
_PADDED: Final = '"obfuscation":"\u2042"'.encode()
_text: Final = msgspec.json.Decoder(str).decode


@dataclass(frozen=True, slots=True)
class Repeating:
    """One form of event, and how its words go on."""

    channel: str
    before: bytes
    behind: bytes
    last: bytes | None  # what stands behind padding, where there is some
    head: bytes
    tail: bytes

    def take(self, raw: bytes, at: int) -> tuple[list[str], int]:
        """Give the words of the events of this form that begin at a place, and where they end."""
        said, at = self._many(raw, at)
        length = sum(map(len, said))
        while length <= TOGETHER_CHARS and raw.startswith(self.before, at):
            start = at + len(self.before)
            close = raw.find(self.behind, start)
            if close < 0 or _INSIDE.fullmatch(raw, start, close) is None:
                break
            end = self._end(raw, close + len(self.behind))
            words = _words(raw[start:close]) if end else None
            if words is None:
                break  # it is read in full, and told what is wrong with it
            said.append(words)
            length += len(words)
            at = end
        return said, at

    def only(self, raw: bytes) -> str | None:
        """Give the words of what is one event of this form, without padding, and no more."""
        start, end = len(self.before), len(raw) - len(self.behind)
        if self.last is not None or not (raw.startswith(self.before) and raw.endswith(self.behind)):
            return None
        if start > end or _INSIDE.fullmatch(raw, start, end) is None:
            return None
        return _words(raw[start:end])

    def _many(self, raw: bytes, at: int) -> tuple[list[str], int]:
        """Take many short plain events in one go; nothing is taken of others."""
        start = at + len(self.before)
        if self.last is not None or raw.find(self.before, start) < 0:
            return [], at
        if not raw.startswith(self.before, at):
            return [], at
        *whole, _ = raw[start:].split(self.behind + self.before, _MANY)
        said = _BETWEEN.join(whole)
        is_plain = len(said) <= TOGETHER_CHARS and _PLAIN.fullmatch(said) is not None
        if not is_plain or said.count(_BETWEEN) != len(whole) - 1:
            return [], at
        try:  # between two events no letter can begin in one and end in the next
            words = said.decode().split("\n")
        except UnicodeError:
            return [], at
        around = len(self.behind) + len(self.before)
        return words, start + sum(map(len, whole)) + len(whole) * around - len(self.before)

    def _end(self, raw: bytes, at: int) -> int:
        """Give where an event ends, behind its padding; nought if it goes on in another way."""
        if self.last is None:
            return at
        padding = _PADDING.match(raw, at)
        if padding is None or not raw.startswith(self.last, padding.end()):
            return 0
        return padding.end() + len(self.last)

    def piece(self, words: str) -> Piece:
        """Make a piece of words."""
        return Piece(PieceKind.TEXT, self.channel, words, write=self.write)

    def write(self, words: str) -> bytes:
        """Write an event of this form."""
        return self.head + write_json(words) + self.tail


def learned(raw: bytes, piece: Piece, reader: Reader) -> Repeating | None:
    """Learn the form of an event that was read as one piece of words, if it has one."""
    for literal in _LITERAL.finditer(raw):
        if literal[2] is not None or _words(literal[1]) != piece.text:
            continue  # a name, or another text
        before, behind = raw[: literal.start(1)], raw[literal.end(1) :]
        told = _told(before[:-1] + _WRITTEN + behind[1:], reader, piece.channel)
        if told is None:
            continue
        parts = _PADDING.split(behind)
        if len(parts) == 1:
            return Repeating(piece.channel, before, behind, None, *told)
        other = before[:-1] + _WRITTEN + _PADDED.join(parts)[1:]
        if len(parts) == 2 and told == _told(other, reader, piece.channel):
            return Repeating(piece.channel, before, parts[0], parts[1], *told)
    return None


def _told(raw: bytes, reader: Reader, channel: str) -> tuple[bytes, bytes] | None:
    """Read an event with other words on trial, and give what stands around them as they go on.

    A reader that takes note of each such event, or that numbers what it writes, repeats nothing.
    """
    once, twice = type(reader)(), type(reader)()
    try:
        event = only_event(raw)
        if event is None:
            (event,) = Events(len(raw) + 1).feed(raw)
        (read,) = once.take(event)
        twice.take(event)
        twice.take(event)
    except (MunimentError, ValueError):  # it is another number of events, or of pieces
        return None
    if (read.kind, read.channel, read.text) != (PieceKind.TEXT, channel, _OTHER) or once != twice:
        return None
    written = read.write(_OTHER)
    around = written.split(_WRITTEN)
    if len(around) != 2 or read.write(_OTHER) != written:
        return None
    return around[0], around[1]


def _words(literal: bytes) -> str | None:
    try:
        return _text(b'"' + literal + b'"') if b"\\" in literal else literal.decode()
    except (msgspec.DecodeError, UnicodeError):
        return None
