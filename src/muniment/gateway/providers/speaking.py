"""Speaks as real providers do, byte for byte in form: what the built-in ones answer with.

Given what is to be said, it gives the answer that a client of each interface expects, whole or as a
stream. Nothing leaves this process.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import anyio

from muniment.core.errors import UnavailableError
from muniment.plugins.sockets import Answer

Json = Mapping[str, Any]
_CREATED: Final = 1_760_000_000
_DIMENSIONS: Final = 16
_PIECE: Final = 12
_MOST_ANSWERS: Final = 128


@dataclass(frozen=True, slots=True)
class Saying:
    """What an answer says: words, tools to call, and how it goes wrong if it shall."""

    words: str = ""
    tools: tuple[tuple[str, str], ...] = ()
    model: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    breaks_after: int = -1
    delay_ms: int = 0
    raw: str = ""


def answer_for(path: str, body: bytes, say: Callable[[Json], Saying]) -> Answer:
    """Answer a request at the path of any interface that is known."""
    asked = json.loads(body)
    if not isinstance(asked, dict):
        asked = {}
    saying = say(asked)
    if saying.raw:
        return _whole(saying, saying.raw.encode())
    if saying.status >= 400:
        error = {"message": saying.words or "this was scripted to fail", "type": "server_error"}
        return _whole(saying, json.dumps({"type": "error", "error": error}).encode())
    form = _FORMS.get(path)
    if form is None:
        error = {"message": f"nothing answers at {path}", "type": "not_found_error"}
        return _whole(Saying(status=404), json.dumps({"error": error}).encode())
    whole, events = form
    if asked.get("stream") is True and events is not None:
        head = {"content-type": "text/event-stream", **saying.headers}
        return Answer(200, head, _streamed(events(asked, saying), saying))
    return _whole(saying, json.dumps(whole(asked, saying)).encode())


def last_words(asked: Json) -> str:
    """Find what the caller said last, whatever the interface."""
    given = asked.get("messages") or asked.get("input") or asked.get("prompt") or ""
    if isinstance(given, str):
        return given
    for each in reversed(given if isinstance(given, list) else []):
        if isinstance(each, str):
            return each
        if isinstance(each, Mapping) and (found := _words_in(each)):
            return found
    return ""


def _words_in(message: Json) -> str:
    content = message.get("content", message.get("output", ""))
    if isinstance(content, str):
        return content
    parts = [
        str(part.get("text") or part.get("content") or "")
        for part in (content if isinstance(content, list) else ())
        if isinstance(part, Mapping)
    ]
    return " ".join(part for part in parts if part)


def _whole(saying: Saying, raw: bytes) -> Answer:
    head = {"content-type": "application/json", **saying.headers}
    return Answer(saying.status, head, _once(raw, saying))


async def _once(raw: bytes, saying: Saying) -> AsyncIterator[bytes]:
    if saying.delay_ms:
        await anyio.sleep(saying.delay_ms / 1000)
    if saying.breaks_after >= 0:
        yield raw[: saying.breaks_after]
        raise UnavailableError("the provider's answer broke off")
    yield raw


async def _streamed(events: Iterator[bytes], saying: Saying) -> AsyncIterator[bytes]:
    for number, event in enumerate(events):
        if number == saying.breaks_after:
            raise UnavailableError("the provider's answer broke off")
        if saying.delay_ms:
            await anyio.sleep(saying.delay_ms / 1000)
        yield event


def _pieces(words: str) -> Iterator[str]:
    for at in range(0, len(words), _PIECE):
        yield words[at : at + _PIECE]


def _tokens(text: object) -> int:
    return max(1, len(str(text)) // 4)


def _sse(value: object, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value)}\n\n".encode()


def _usage(asked: Json, saying: Saying, into: str, out: str) -> dict[str, int]:
    given = _tokens(asked.get("messages") or asked.get("input") or asked.get("prompt"))
    said = _tokens(saying.words)
    return {into: given, out: said, "total_tokens": given + said}


def _model(asked: Json, saying: Saying) -> str:
    return saying.model or str(asked.get("model", ""))


def _id(prefix: str, asked: Json) -> str:
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return f"{prefix}-{digest[:24]}"


def _tool_calls(saying: Saying) -> list[dict[str, Any]]:
    return [
        {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for n, (name, arguments) in enumerate(saying.tools)
    ]


def _chat(asked: Json, saying: Saying) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": saying.words or None}
    if saying.tools:
        message["tool_calls"] = _tool_calls(saying)
    finish = "tool_calls" if saying.tools else "stop"
    choices = [
        {"index": n, "message": message, "finish_reason": finish, "logprobs": None}
        for n in range(_how_many(asked))
    ]
    return {
        "id": _id("chatcmpl", asked),
        "object": "chat.completion",
        "created": _CREATED,
        "model": _model(asked, saying),
        "choices": choices,
        "usage": _usage(asked, saying, "prompt_tokens", "completion_tokens"),
    }


def _how_many(asked: Json) -> int:
    n = asked.get("n")
    return n if isinstance(n, int) and 0 < n <= _MOST_ANSWERS else 1


def _chat_events(asked: Json, saying: Saying) -> Iterator[bytes]:
    frame = {
        "id": _id("chatcmpl", asked),
        "object": "chat.completion.chunk",
        "created": _CREATED,
        "model": _model(asked, saying),
    }

    def chunk(delta: Json, finish: str | None = None) -> bytes:
        return _sse({**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(saying.words):
        yield chunk({"content": piece})
    for number, call in enumerate(_tool_calls(saying)):
        function = call["function"]
        named = {**call, "index": number, "function": {"name": function["name"], "arguments": ""}}
        yield chunk({"tool_calls": [named]})
        for piece in _pieces(function["arguments"]):
            yield chunk({"tool_calls": [{"index": number, "function": {"arguments": piece}}]})
    yield chunk({}, "tool_calls" if saying.tools else "stop")
    options = asked.get("stream_options")
    if isinstance(options, Mapping) and options.get("include_usage"):
        usage = _usage(asked, saying, "prompt_tokens", "completion_tokens")
        yield _sse({**frame, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _completion(asked: Json, saying: Saying) -> dict[str, Any]:
    choice = {"index": 0, "text": saying.words, "finish_reason": "stop", "logprobs": None}
    return {
        "id": _id("cmpl", asked),
        "object": "text_completion",
        "created": _CREATED,
        "model": _model(asked, saying),
        "choices": [choice],
        "usage": _usage(asked, saying, "prompt_tokens", "completion_tokens"),
    }


def _completion_events(asked: Json, saying: Saying) -> Iterator[bytes]:
    whole = _completion(asked, saying)
    frame = {name: value for name, value in whole.items() if name not in ("choices", "usage")}
    for piece in _pieces(saying.words):
        one = {"index": 0, "text": piece, "finish_reason": None, "logprobs": None}
        yield _sse({**frame, "choices": [one]})
    end = {"index": 0, "text": "", "finish_reason": "stop", "logprobs": None}
    yield _sse({**frame, "choices": [end]})
    yield b"data: [DONE]\n\n"


def _embeddings(asked: Json, saying: Saying) -> dict[str, Any]:
    given = asked.get("input")
    texts = given if isinstance(given, list) else [given]
    rows = [
        {"object": "embedding", "index": n, "embedding": _vector(str(text))}
        for n, text in enumerate(texts)
    ]
    used = _tokens(given)
    usage = {"prompt_tokens": used, "total_tokens": used}
    return {"object": "list", "data": rows, "model": _model(asked, saying), "usage": usage}


def _vector(text: str) -> list[float]:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return [(byte - 128) / 128 for byte in digest[:_DIMENSIONS]]


def _blocks(saying: Saying) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if saying.words or not saying.tools:
        blocks.append({"type": "text", "text": saying.words})
    for n, (name, arguments) in enumerate(saying.tools):
        read = json.loads(arguments)
        blocks.append({"type": "tool_use", "id": f"toolu_{n}", "name": name, "input": read})
    return blocks


def _message(asked: Json, saying: Saying) -> dict[str, Any]:
    used = _usage(asked, saying, "input_tokens", "output_tokens")
    used.pop("total_tokens")
    return {
        "id": _id("msg", asked),
        "type": "message",
        "role": "assistant",
        "model": _model(asked, saying),
        "content": _blocks(saying),
        "stop_reason": "tool_use" if saying.tools else "end_turn",
        "stop_sequence": None,
        "usage": used,
    }


def _message_events(asked: Json, saying: Saying) -> Iterator[bytes]:
    whole = _message(asked, saying)
    begun = {**whole, "content": [], "stop_reason": None}
    yield _sse({"type": "message_start", "message": begun}, "message_start")
    for index, block in enumerate(whole["content"]):
        words = block["type"] == "text"
        opened = {**block, **({"text": ""} if words else {"input": {}})}
        start = {"type": "content_block_start", "index": index, "content_block": opened}
        yield _sse(start, "content_block_start")
        text = block["text"] if words else json.dumps(block["input"])
        kind, name = ("text_delta", "text") if words else ("input_json_delta", "partial_json")
        for piece in _pieces(text):
            delta = {"type": kind, name: piece}
            told = {"type": "content_block_delta", "index": index, "delta": delta}
            yield _sse(told, "content_block_delta")
        yield _sse({"type": "content_block_stop", "index": index}, "content_block_stop")
    ended = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    used = {"output_tokens": whole["usage"]["output_tokens"]}
    yield _sse({"type": "message_delta", "delta": ended, "usage": used}, "message_delta")
    yield _sse({"type": "message_stop"}, "message_stop")


def _count(asked: Json, _saying: Saying) -> dict[str, Any]:
    return {"input_tokens": _tokens(asked.get("messages"))}


def _items(asked: Json, saying: Saying) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if saying.words or not saying.tools:
        part = {"type": "output_text", "text": saying.words, "annotations": [], "logprobs": []}
        items.append(
            {
                "type": "message",
                "id": _id("msg", asked),
                "status": "completed",
                "role": "assistant",
                "content": [part],
            }
        )
    for n, (name, arguments) in enumerate(saying.tools):
        items.append(
            {
                "type": "function_call",
                "id": f"fc_{n}",
                "call_id": f"call_{n}",
                "name": name,
                "arguments": arguments,
                "status": "completed",
            }
        )
    return items


def _response(asked: Json, saying: Saying) -> dict[str, Any]:
    used = _usage(asked, saying, "input_tokens", "output_tokens")
    details = {"input_tokens_details": {"cached_tokens": 0}}
    more = {"output_tokens_details": {"reasoning_tokens": 0}}
    return {
        "id": _id("resp", asked),
        "object": "response",
        "created_at": _CREATED,
        "status": "completed",
        "model": _model(asked, saying),
        "output": _items(asked, saying),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": asked["tools"] if isinstance(asked.get("tools"), list) else [],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "usage": {**used, **details, **more},
    }


def _response_events(asked: Json, saying: Saying) -> Iterator[bytes]:
    whole = _response(asked, saying)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    number = 0

    def event(kind: str, **told: Any) -> bytes:  # noqa: ANN401 fields of an event
        nonlocal number
        number += 1
        return _sse({"type": kind, "sequence_number": number - 1, **told}, kind)

    yield event("response.created", response=begun)
    for index, item in enumerate(whole["output"]):
        yield from _item_events(index, item, event)
    yield event("response.completed", response=whole)


def _item_events(index: int, item: Json, event: Callable[..., bytes]) -> Iterator[bytes]:
    place = {"output_index": index, "item_id": item["id"]}
    if item["type"] == "function_call":
        opened = {**item, "arguments": "", "status": "in_progress"}
        yield event("response.output_item.added", output_index=index, item=opened)
        for piece in _pieces(item["arguments"]):
            yield event("response.function_call_arguments.delta", **place, delta=piece)
        done = {"arguments": item["arguments"], "name": item["name"]}
        yield event("response.function_call_arguments.done", **place, **done)
        yield event("response.output_item.done", output_index=index, item=item)
        return
    part, at = item["content"][0], {**place, "content_index": 0}
    opened = {**item, "content": [], "status": "in_progress"}
    yield event("response.output_item.added", output_index=index, item=opened)
    yield event("response.content_part.added", **at, part={**part, "text": ""})
    for piece in _pieces(part["text"]):
        yield event("response.output_text.delta", **at, delta=piece, logprobs=[])
    yield event("response.output_text.done", **at, text=part["text"], logprobs=[])
    yield event("response.content_part.done", **at, part=part)
    yield event("response.output_item.done", output_index=index, item=item)


_Whole = Callable[[Json, Saying], dict[str, Any]]
_Events = Callable[[Json, Saying], Iterator[bytes]]
_FORMS: Final[Mapping[str, tuple[_Whole, _Events | None]]] = {
    "/chat/completions": (_chat, _chat_events),
    "/completions": (_completion, _completion_events),
    "/embeddings": (_embeddings, None),
    "/responses": (_response, _response_events),
    "/messages": (_message, _message_events),
    "/messages/count_tokens": (_count, None),
}
