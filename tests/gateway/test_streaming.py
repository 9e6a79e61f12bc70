"""A stream is guarded: nothing escapes at any cut, and every end is told and recorded."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from muniment.core.errors import UnavailableError
from muniment.gateway.dialects import Piece, PieceKind
from muniment.gateway.events import joined
from muniment.gateway.streaming import LONG_CHARS
from tests.gateway.asking import CARD, RULES, SECRET, USUAL, Shared
from tests.gateway.calling import Gate, gate_in
from tests.gateway.doubles import EVENTS, Double, Reply, chunk
from tests.gateway.outgoing.talking import OK, talking

TEXT = f"It is {SECRET} indeed."


def parts_at(cut: int) -> tuple[str, str]:
    """Cut the text in two."""
    return TEXT[:cut], TEXT[cut:]


def event(kind: str, **more: Any) -> bytes:
    """Write an event as Anthropic and OpenAI's responses do."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **more})}\n\n".encode()


def chat_cut(cut: int) -> Reply:
    """Stream a chat."""
    return Reply.events(*(chunk({"content": each}) for each in parts_at(cut)), chunk({}, "stop"))


def messages_cut(cut: int) -> Reply:
    """Stream a message."""
    deltas = [
        event("content_block_delta", index=0, delta={"type": "text_delta", "text": each})
        for each in parts_at(cut)
    ]
    return Reply(
        (
            event("message_start", message={"model": "c", "usage": {"input_tokens": 1}}),
            event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            *deltas,
            event("content_block_stop", index=0),
            event("message_stop"),
        ),
        headers=EVENTS,
    )


def responses_cut(cut: int) -> Reply:
    """Stream a response, which says everything again at its end."""
    place = {"output_index": 0, "content_index": 0, "item_id": "i"}
    part = {"type": "output_text", "text": TEXT, "annotations": []}
    item = {"type": "message", "id": "i", "content": [part]}
    said = [event("response.output_text.delta", **place, delta=each) for each in parts_at(cut)]
    return Reply(
        (
            event("response.output_item.added", output_index=0, item={**item, "content": []}),
            *said,
            event("response.output_text.done", **place, text=TEXT),
            event("response.content_part.done", **place, part=part),
            event("response.output_item.done", output_index=0, item=item),
            event("response.completed", response={"model": "d", "output": [item]}),
        ),
        headers=EVENTS,
    )


FORMS = {
    "/chat/completions": ("double", chat_cut),
    "/messages": ("claude", messages_cut),
    "/responses": ("double", responses_cut),
}


@pytest.mark.parametrize("path", FORMS)
def test_a_secret_cut_anywhere_never_escapes(shared: Shared, provider: Double, path: str) -> None:
    """At every cut point, in every form, the caller reads the text without the secret."""
    model, form = FORMS[path]
    for cut in range(5, len(TEXT) - 5):
        provider.says(form(cut))
        body = {"model": model, "stream": True, "messages": [USUAL], "input": "Hi", "max_tokens": 9}
        asked = shared.ask(path, body)
        assert asked.status == 200
        assert b"[REDACTED]" in asked.raw, cut
        told = b"".join(asked.raw.split(b'"'))
        assert SECRET[5:].encode() not in told, cut
        assert asked.kinds[0] == "intended"
    assert asked.body("concluded")["reached"] == "whole"
    assert asked.body("concluded")["effect"] == "cure"


def test_a_long_piece_is_judged_on_a_thread(shared: Shared, provider: Double) -> None:
    """It comes out as it would have here: made safe or refused, whole, told and recorded."""
    plain = "Nothing of note was said here. " * (LONG_CHARS // 30)
    provider.says(Reply.events(chunk({"content": plain + TEXT}, "stop")))
    asked = shared.chat(stream=True)
    assert b"[REDACTED]" in asked.raw
    assert asked.body("concluded")["reached"] == "whole"
    provider.says(Reply.events(chunk({"content": f"{plain}Pay {CARD} now."}, "stop")))
    refused = shared.chat(stream=True)
    assert CARD.encode() not in refused.raw
    assert refused.body("concluded")["state"] == "refused"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, list[list[str]]]]:
    """Run a gateway whose provider says the next words once the caller has those before."""
    said: list[list[str]] = []

    def does(line: socket.socket, _turn: int) -> None:
        line.sendall(OK + b"content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        for words in said[-1]:
            data = b"data: " + json.dumps(chunk({"content": words})).encode() + b"\n\n"
            line.sendall(b"%x\r\n%b\r\n" % (len(data), data))
            assert HEARD.acquire(timeout=30), words
        line.sendall(b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n")

    with talking(does) as there:
        part = {"provider": "openai", "model": "t-1", "base_url": there.url.rpartition("/chat")[0]}
        folder = tmp_path_factory.mktemp("spoken")
        with gate_in(folder, {"model/talker": part}, RULES) as gate:
            yield gate, said


HEARD = threading.Semaphore(0)
QUIET = "so it is plain and quiet here, and it goes on and on, as it may"


@pytest.mark.parametrize(
    ("last", "state", "wanted"),
    [
        ("be so", "answered", f"{QUIET} be so"),
        (f"be {SECRET} and so it is", "answered", f"{QUIET} be [REDACTED] and so it is"),
        (f"be {CARD} and so it goes on", "refused", QUIET.removesuffix("it may")),
    ],
)
def test_words_go_on_as_they_come(
    spoken: tuple[Gate, list[list[str]]], last: str, state: str, wanted: str
) -> None:
    """None waits for those behind it; what is no plain word is judged all the same."""
    gate, said = spoken
    words = QUIET.split()
    plain = [f"{one} {other} " for one, other in zip(words[::2], words[1::2], strict=True)]
    said.append([*plain, last])
    told = {"authorization": f"Bearer {gate.key}"}
    body = {"model": "talker", "stream": True, "messages": [USUAL]}
    heard: list[str] = []
    errors = 0
    with httpx.stream(
        "POST", f"{gate.origin}/v1/chat/completions", json=body, headers=told, timeout=60
    ) as answer:
        for line in answer.iter_lines():
            if line.startswith("data: {"):
                event = json.loads(line[6:])
                errors += "error" in event
                heard += [each["delta"]["content"] for each in event.get("choices", ())]
                HEARD.release()
            if len(heard) == len(plain):
                HEARD.release()  # the last ones may wait for the end
    assert "".join(heard) == wanted
    assert errors == (state == "refused")
    outcome = gate.entries("exchanges.concluded")[-1].body
    assert (outcome["state"], outcome["reached"]) == (
        state,
        "whole" if state == "answered" else "part",
    )


@pytest.mark.parametrize(
    ("reply", "state", "word"),
    [
        (Reply.events(chunk({"content": "Hi"}), done=False), "failed", "broke off"),
        (Reply.events(chunk({"content": "Hi"}), done=False, drops=True), "failed", "broke off"),
        (Reply.events({"error": {"message": f"no {SECRET}"}}), "failed", "broke off"),
        (Reply.events([1]), "failed", "promises"),
        (Reply((b"data: {oops\n\n",), headers=EVENTS), "failed", "promises"),
        (Reply((b"data: " + b"x" * 250_000,), headers=EVENTS), "failed", "without end"),
        (Reply((b"data: \xff\n\n",), headers=EVENTS), "failed", "promises"),
        (Reply.of({"choices": []}), "failed", "did not stream"),
        (Reply.events(chunk({"content": f"Pay {CARD} now."}, "stop")), "refused", "may not"),
        (
            Reply.events(
                chunk({"tool_calls": [{"function": {"name": "delete_all", "arguments": "{}"}}]}),
                chunk({}, "tool_calls"),
            ),
            "refused",
            "may not be used",
        ),
        (
            Reply.events(
                chunk({"function_call": {"name": "delete_all", "arguments": "{oops"}}, "stop")
            ),
            "refused",
            "may not be used",
        ),
    ],
)
def test_every_way_a_stream_goes_wrong_is_told_and_recorded(
    shared: Shared, provider: Double, reply: Reply, state: str, word: str
) -> None:
    """Half, broken, endless and forbidden streams end with one error and one outcome."""
    provider.says(reply)
    asked = shared.chat(stream=True)
    assert word in asked.raw.decode()
    assert asked.raw.count(b'"error"') == 1
    assert b"[DONE]" not in asked.raw
    assert SECRET.encode() not in asked.raw
    assert b"4111" not in asked.raw
    assert asked.kinds[0] == "intended"
    assert asked.body("concluded")["state"] == state
    assert asked.body("concluded")["reached"] != "whole"


def test_comments_and_unknown_events_do_no_harm(shared: Shared, provider: Double) -> None:
    """Comments are passed over, and unknown fields go on without what may not."""
    extra = chunk({"content": "Hi", "notes": [f"see {SECRET}"]}, extra=f"and {SECRET}")
    lines = f": ping\n\ndata: {json.dumps(extra)}\r\n\r\ndata: [DONE]\n\n"
    provider.says(Reply((lines.encode(),), headers=EVENTS))
    asked = shared.chat(stream=True)
    assert asked.events[-1] == "[DONE]"
    assert asked.raw.count(b"[REDACTED]") == 2
    assert SECRET.encode() not in asked.raw
    assert asked.body("concluded")["findings"]


def test_words_that_come_together_are_judged_together() -> None:
    """Words of one channel become one piece; nothing is lost, reordered or held back by it."""
    text, tool = PieceKind.TEXT, PieceKind.TOOL

    def broken() -> Iterator[Piece]:
        yield Piece(text, "0", "a")
        yield Piece(text, "0", "b")
        raise UnavailableError("it broke off", remedy="Try again.")

    several = [
        *(Piece(text, "0", "a"), Piece(text, "0", "b"), Piece(text, "1", "c")),
        *(Piece(tool, "t"), Piece(text, "1", "d"), Piece(text, "1", "x" * 5_000)),
    ]
    found = [(each.kind, each.channel, each.text) for each in joined(iter(several))]
    assert found == [
        *((text, "0", "ab"), (text, "1", "c"), (tool, "t", "")),
        *((text, "1", "d"), (text, "1", "x" * 5_000)),
    ]
    said: list[str] = []
    with pytest.raises(UnavailableError):
        said.extend(each.text for each in joined(broken()))
    assert said == ["ab"]
