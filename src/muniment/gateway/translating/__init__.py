"""Translates between the interfaces of OpenAI and Anthropic, both ways, whole and streamed.

A client of one family reaches a model of the other: requests are read into plain nouns and written
anew, answers likewise. What has no counterpart is refused by its name, never left out in silence.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.base import Event, Json, read_object, write_json
from muniment.gateway.events import Events
from muniment.gateway.translating import (
    chat_asked,
    chat_told,
    messages_asked,
    messages_told,
    responses,
)
from muniment.gateway.translating.said import Asking, Heard, Telling

__all__ = ["Translation", "translation"]


class _Hearer(Protocol):
    def hear(self, event: Event) -> Iterable[Heard]: ...


class _Speaker(Protocol):
    def say(self, heard: Heard) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Translation:
    """How calls of one surface are told to a family of providers, and their answers back."""

    name: str
    path: str
    _read: Callable[[Json], Asking]
    _write: Callable[[Asking, str], Json]
    _hear: Callable[[Json], Telling]
    _say: Callable[[Telling], Json]
    _hearer: Callable[[], _Hearer]
    _speaker: Callable[[Asking], _Speaker]

    def request(self, body: Json, kind: str = "") -> Json:
        """Write a request for a provider of a kind, or refuse it by the field that stands out."""
        return self._write(self._read(body), kind)

    def left_out(self, body: Json) -> tuple[str, ...]:
        """Name the hints of a request that change no answer and are not passed on."""
        return self._read(body).hints

    def answer(self, raw: bytes) -> bytes:
        """Write a whole answer as the caller's interface has it."""
        try:
            return write_json(self._say(self._hear(read_object(raw))))
        except InvalidError as error:
            raise _no_promise(error) from error

    async def stream(
        self, request: Json, body: AsyncIterator[bytes], most: int
    ) -> AsyncGenerator[bytes, None]:
        """Write a stream as the caller's interface has it, event by event."""
        events, hearer = Events(most), self._hearer()
        speaker = self._speaker(self._read(request))
        try:
            async for raw in body:
                yield _said(events, hearer, speaker, raw)
        finally:
            close = getattr(body, "aclose", None)
            if close is not None:
                await close()


def translation(surface: str, protocol: str) -> Translation | None:
    """Give how a surface is translated for a family of providers, if that can be done."""
    return _KNOWN.get((surface, protocol))


def _said(events: Events, hearer: _Hearer, speaker: _Speaker, raw: bytes) -> bytes:
    try:
        heard = [each for event in events.feed(raw) for each in hearer.hear(event)]
    except InvalidError as error:
        raise _no_promise(error) from error
    return b"".join(speaker.say(each) for each in heard)


def _no_promise(error: InvalidError) -> UnavailableError:
    return UnavailableError(
        "the provider's answer is not what its interface promises",
        reasons=(error.message[:80],),
        remedy="Try again; if it stays so, look at the provider.",
    )


def _as_chat(asking: Asking, kind: str) -> Json:
    return chat_asked.write(asking, is_openai=kind == "openai")


def _as_messages(asking: Asking, _kind: str) -> Json:
    return messages_asked.write(asking)


_KNOWN: Final[Mapping[tuple[str, str], Translation]] = {
    ("chat", "anthropic"): Translation(
        "chat to messages",
        "/messages",
        chat_asked.read,
        _as_messages,
        messages_told.hear,
        chat_told.say,
        messages_told.MessagesHearer,
        lambda asking: chat_told.ChatSpeaker(asking.counted),
    ),
    ("responses", "anthropic"): Translation(
        "responses to messages",
        "/messages",
        responses.read,
        _as_messages,
        messages_told.hear,
        responses.say,
        messages_told.MessagesHearer,
        lambda _asking: responses.ResponsesSpeaker(),
    ),
    ("messages", "openai"): Translation(
        "messages to chat",
        "/chat/completions",
        messages_asked.read,
        _as_chat,
        chat_told.hear,
        messages_told.say,
        chat_told.ChatHearer,
        lambda _asking: messages_told.MessagesSpeaker(),
    ),
}
