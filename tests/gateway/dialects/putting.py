"""Puts the pieces of a stream together again, as a caller who may have everything reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from muniment.core.errors import MunimentError
from muniment.gateway.dialects import PieceKind, Reader
from muniment.gateway.dialects.base import Event
from muniment.gateway.events import Events
from muniment.gateway.providers import speaking
from muniment.gateway.providers.speaking import Saying

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TOOLS = st.lists(
    st.tuples(
        st.sampled_from(["read", "write"]),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), WORDS),
    ),
    max_size=3,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def saying(words: str, tools: Iterable[tuple[str, Any]]) -> Saying:
    """Say words and call tools."""
    called = tuple((name, json.dumps(arguments)) for name, arguments in tools)
    return Saying(words, called)


def wire(path: str, said: Saying) -> bytes:
    """Give what a provider sends for it."""
    _, events = speaking._FORMS[path]
    assert events is not None
    asked = {"model": "m", "stream": True, "messages": [], "input": "x", "prompt": "x"}
    return b"".join(events(asked, said))


def whole(path: str, said: Saying) -> dict[str, Any]:
    """Give the answer that a provider sends at once."""
    asked = {"model": "m", "messages": [], "input": "x", "prompt": "x"}
    return speaking._FORMS[path][0](asked, said)


def passed_on(reader: Reader, raw: bytes) -> list[Event]:
    """Let everything go on, and read what was written as the next one would."""
    return list(Events(10**6).feed(b"".join(_written(reader, raw))))


def _written(reader: Reader, raw: bytes) -> Iterator[bytes]:
    said: dict[str, str] = {}
    tools: dict[str, Any] = {}
    for event in Events(10**6).feed(raw):
        for piece in reader.take(event):
            if piece.kind is PieceKind.TEXT:
                said[piece.channel] = said.get(piece.channel, "") + piece.text
                yield piece.write(piece.text)
            elif piece.kind is PieceKind.TOOL:
                tools[piece.channel] = piece
                said[piece.channel] = ""
            elif piece.kind is PieceKind.ARGUMENTS:
                said[piece.channel] += piece.text
            elif piece.kind is PieceKind.CLOSE:
                if piece.channel in tools:
                    yield tools.pop(piece.channel).write(said[piece.channel])
            elif piece.kind is PieceKind.LOOSE:
                yield piece.write(piece.value)
            else:
                yield piece.write(said)


def survives(reader: Reader, values: Iterable[object], name: str = "") -> None:
    """Read whatever a provider may send; only errors of our own are raised."""
    for value in values:
        try:
            for piece in reader.take(Event(name, json.dumps(value))):
                if piece.kind not in (PieceKind.TEXT, PieceKind.TOOL, PieceKind.ARGUMENTS):
                    piece.write(piece.value if piece.kind is PieceKind.LOOSE else {})
        except MunimentError:
            pass
