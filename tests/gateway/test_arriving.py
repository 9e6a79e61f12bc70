"""What arrives is cut into the same pieces, whether its form was learned or is read in full."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.arriving import Arriving, Patience
from muniment.gateway.dialects import BY_SURFACE, Piece, PieceKind, Reader
from muniment.gateway.events import Events

MOST = 1_000_000
# Kind, channel, words, and what is written for it where that does not depend on what was said.
Told = tuple[str, str, str, bytes]


def chat(text: str, padding: str, **more: Any) -> dict[str, Any]:
    """Say more words in a chat, as OpenAI pads them."""
    choice = {"index": 0, "delta": {"content": text}, "logprobs": None, "finish_reason": None}
    frame = {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    padded = {"obfuscation": padding} if padding else {}
    return {**frame, "choices": [choice], "usage": None, **padded, **more}


def message(text: str, _padding: str, **more: Any) -> dict[str, Any]:
    """Say more words of a message."""
    delta = {"type": "text_delta", "text": text}
    return {"type": "content_block_delta", "index": 0, "delta": delta, **more}


def completion(text: str, padding: str, **more: Any) -> dict[str, Any]:
    """Say more words of a completion."""
    choice = {"index": 0, "text": text, "finish_reason": None}
    return {"id": "c", "model": "m", "choices": [choice], "obfuscation": padding, **more}


def response(text: str, padding: str, **more: Any) -> dict[str, Any]:
    """Say more words of a response; each event has a number, so none is like another."""
    kind = "response.output_text.delta"
    place = {"output_index": 0, "content_index": 0, "item_id": "i"}
    number = {"sequence_number": len(text)}
    return {"type": kind, **place, "delta": text, "obfuscation": padding, **number, **more}


FORMS: dict[str, Callable[..., dict[str, Any]]] = {
    "chat": chat,
    "messages": message,
    "completions": completion,
    "responses": response,
}
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "content",
        '"',
        "\\",
        "\\\\",
        '"}',
        "\n",
        "}]}\n\ndata: ",
        "\u2028",
        "\U0001f600",
        "text_delta",
    ]
)
MORE: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {}, {}, {"usage": {"prompt_tokens": 3, "output_tokens": 2}}, {"note": "a content"}]
)
SAID = st.lists(st.tuples(WORDS, st.sampled_from(["", "x", "yy"]), MORE), max_size=12)
BROKEN = (b"a\nb", b"\xe2\x82", b"\\q", b'a"b', b"\\ud83d", b"\x01", b'WORD"}]}\n\n: WORD')


def told_of(piece: Piece) -> Told:
    """Put a piece in a form that can be compared."""
    given: Any = piece.text if piece.kind is PieceKind.TEXT else piece.value
    written = piece.write({} if given is None else given)
    return piece.kind.value, piece.channel, piece.text, written


def in_full(surface: str, raw: bytes) -> tuple[list[Told], str]:
    """Read every event in full, as the form says."""
    reader, found = BY_SURFACE[surface].reader(), list[Told]()
    try:
        for event in Events(MOST).feed(raw):
            found += map(told_of, reader.take(event))
    except InvalidError:
        return found, "broken"
    return found, ""


def arriving(
    surface: str, pieces: Iterable[bytes], *, waits: bool = False
) -> tuple[list[Told], str, Reader]:
    """Read bytes as they arrive, perhaps all while they are waited for."""
    reader = BY_SURFACE[surface].reader()
    stream, found = Arriving(reader, MOST), list[Told]()
    try:
        for raw in pieces:
            alone = stream.alone(raw) if waits else None
            found += map(told_of, stream.cut(raw) if alone is None else (alone,))
    except UnavailableError:
        return found, "broken", reader
    return found, "", reader


def in_words(told: Sequence[Told]) -> list[tuple[str, str, str]]:
    """Put words of one channel together that follow each other."""
    found: list[tuple[str, str, str]] = []
    for kind, channel, text, _ in told:
        before = found[-1] if found else ("", "", "")
        if kind == PieceKind.TEXT and before[:2] == (kind, channel):
            found[-1] = (kind, channel, before[2] + text)
        else:
            found.append((kind, channel, text))
    return found


def written(events: Sequence[dict[str, Any]], *, plain: bool) -> list[bytes]:
    """Write events as a provider does, with letters beyond ASCII as they are or escaped."""
    return [b"data: " + json.dumps(each, ensure_ascii=plain).encode() + b"\n\n" for each in events]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORMS)),
    SAID,
    st.booleans(),
    st.lists(st.integers(0, 4_000), max_size=8),
    st.none() | st.tuples(st.integers(0, 12), st.sampled_from(BROKEN)),
)
def test_a_form_that_was_learned_reads_as_in_full(
    surface: str,
    said: list[tuple[str, str, dict[str, Any]]],
    plain: bool,  # noqa: FBT001 drawn
    cuts: list[int],
    broken: tuple[int, bytes] | None,
) -> None:
    """However bytes are cut, the same words come in the same order, up to the same error."""
    form = FORMS[surface]
    events = written([form(text, pad, **more) for text, pad, more in said], plain=plain)
    if broken is not None:
        (event,) = written([form("WORD", "")], plain=plain)
        events.insert(broken[0], event.replace(b"WORD", broken[1]))
    raw = b"".join(events)
    places = [0, *sorted(min(each, len(raw)) for each in cuts), len(raw)]
    pieces = [raw[start:end] for start, end in pairwise(places)]
    wanted, problem = in_full(surface, raw)
    for waits in (False, True):
        got, failed, _ = arriving(surface, pieces, waits=waits)
        assert (in_words(got), failed) == (in_words(wanted), problem)


def test_words_that_come_alone_are_known_by_a_learned_form() -> None:
    """Neither what is cut nor what ends a choice is taken so, nor more than an answer may have."""
    (event,) = written([chat("a ", "")], plain=True)
    stream = Arriving(BY_SURFACE["chat"].reader(), 600)
    assert stream.alone(event) is None
    assert [each.text for _ in range(2) for each in stream.cut(event)] == ["a ", "a "]
    assert stream.alone(event[:-1]) is None
    assert stream.alone(b"data: [DONE]\n\n") is None
    taken = list(iter(lambda: stream.alone(event), None))
    assert {each.text for each in taken} == {"a "}
    assert len(taken) == 600 // 18 - 2


def test_a_form_ends_with_any_other_event() -> None:
    """An event that ends a choice closes its words, although more of them come after it."""
    ended = chat("", "") | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    events = [chat("a", ""), chat("b", ""), ended, chat("c", ""), chat("d", "")]
    raw = b"".join([*written(events, plain=True), b"data: [DONE]\n\n"])
    wanted, _ = in_full("chat", raw)
    got, _, reader = arriving("chat", [raw])
    assert in_words(got) == in_words(wanted)
    assert reader.ended


def test_however_many_come_at_once_none_is_lost() -> None:
    """Hundreds of events in one read are the same words, in pieces that are not too long."""
    events = [chat(f"word {number} ", "") for number in range(700)]
    raw = b"".join([*written(events, plain=True), b"data: [DONE]\n\n"])
    got, _, _ = arriving("chat", [raw])
    wanted, _ = in_full("chat", raw)
    assert in_words(got) == in_words(wanted)
    assert max(len(text) for _, _, text, _ in got) < 4_000
    assert len(got) < 20


def test_an_answer_without_end_is_given_up() -> None:
    """Many small events are bounded together, in a learned form as well."""
    raw = b"".join(written([chat("word ", "")] * 50, plain=True))
    stream = Arriving(BY_SURFACE["chat"].reader(), 600)
    said: list[str] = []
    with pytest.raises(UnavailableError, match="no end"):
        said.extend(
            piece.text for at in range(0, len(raw), 100) for piece in stream.cut(raw[at : at + 100])
        )
    assert "".join(said) == "word " * (600 // 21)


def test_a_provider_that_falls_silent_is_given_up() -> None:
    """The wait for a piece ends in time, and a wait that somebody else ends is not called late."""

    async def silent() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.Event().wait()

    async def late() -> None:
        patience, body = Patience(0.01), silent()
        assert await patience.wait(body) == b"first"
        with pytest.raises(UnavailableError, match="too long"):
            await patience.wait(body)
        patience.end()

    async def cancelled() -> None:
        patience, body = Patience(60.0), silent()
        assert await patience.wait(body) == b"first"
        task = asyncio.create_task(patience.wait(body))
        asyncio.get_running_loop().call_soon(task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await task
        patience.end()

    asyncio.run(late())
    asyncio.run(cancelled())
