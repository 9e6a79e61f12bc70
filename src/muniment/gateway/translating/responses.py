"""OpenAI's responses: a request read, and an answer said, whole or as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.gateway.dialects.base import sse, word, write_json
from muniment.gateway.translating import said
from muniment.gateway.translating.chat_asked import choice_of, require_function, tool_from, user_of
from muniment.gateway.translating.checking import (
    Json,
    a_list,
    a_number,
    a_text,
    an_object,
    arguments_in,
    optional_text,
    picture_at,
    place,
    require_known,
    unheard,
    untranslatable,
)
from muniment.gateway.translating.said import (
    Asking,
    Count,
    Heard,
    Telling,
    Tool,
    Turn,
    Why,
)

_KNOWN: Final = frozenset(
    {
        *("model", "input", "instructions", "max_output_tokens", "temperature", "top_p", "stream"),
        *("tools", "tool_choice", "parallel_tool_calls", "user", "safety_identifier", "text"),
        "prompt_cache_key",
    }
)
_USUAL: Final[Mapping[str, tuple[Any, ...]]] = {
    "store": (False,),
    "include": ([],),
    "truncation": ("disabled",),
    "metadata": ({},),
    "background": (False,),
    "service_tier": ("auto", "default"),
    "top_logprobs": (0,),
    "reasoning": ({},),
}
_WORDS: Final = frozenset({"input_text", "output_text"})


def read(body: Json) -> Asking:
    """Read a request; what has no counterpart elsewhere is refused by its name."""
    require_known(body, _KNOWN, usual=_USUAL)
    given = body.get("input")
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    turns: list[Turn] = []
    system = [optional_text(body.get("instructions"), "instructions")]
    for n, each in enumerate(a_list(items, "input")):
        item, at = an_object(each, f"input[{n}]"), f"input[{n}]"
        if item.get("role") in ("system", "developer") and not turns:
            parts = _content(item.get("content"), f"{at}.content")
            system += [part.text for part in parts if isinstance(part, said.Text)]
        else:
            turns.append(_turn(item, at))
    return Asking(
        model=a_text(body.get("model"), "model"),
        turns=said.joined(turns),
        system=tuple(each for each in system if each),
        tools=tuple(
            _tool(each, f"tools[{n}]") for n, each in enumerate(a_list(body.get("tools") or [], ""))
        ),
        choice=choice_of(body, nested=False),
        most_tokens=body.get("max_output_tokens") or 0,
        temperature=a_number(body.get("temperature"), "temperature"),
        top_p=a_number(body.get("top_p"), "top_p"),
        schema=_schema(body.get("text")),
        streamed=body.get("stream") is True,
        counted=True,
        user=user_of(body),
        hints=("prompt_cache_key",) if body.get("prompt_cache_key") else (),
    )


def say(told: Telling) -> dict[str, Any]:
    """Write a whole answer."""
    output = []
    for n, part in enumerate(told.parts):
        match part:
            case said.Text():
                output.append(_message(f"{told.id}_{n}", part.text))
            case said.Thought():
                output.append(_thinking(f"{told.id}_{n}", part.text))
            case said.Use():
                arguments = write_json(part.arguments).decode()
                output.append(_call(f"{told.id}_{n}", part.id, part.name, arguments))
            case _:
                raise unheard("a part")
    return _response(told.id, told.model, output, told.why, told.count)


@dataclass(slots=True)
class ResponsesSpeaker:
    """Says a stream: items one after the other, and all of them again at the end."""

    _id: str = ""
    _model: str = ""
    _number: int = 0
    _items: list[dict[str, Any]] = field(default_factory=list)
    _open: dict[str, Any] | None = None
    _text: str = ""
    _why: Why | None = None
    _count: Count = field(default_factory=Count)

    def say(self, heard: Heard) -> bytes:
        """Write what was heard."""
        out = b""
        match heard:
            case said.Began():
                self._id, self._model = heard.id, heard.model
                begun = _response(self._id, self._model, [], None, Count())
                out = self._event("response.created", response=begun)
            case said.Bit():
                out = self._words(heard)
            case said.Called():
                item = _call(self._next(), heard.id, heard.name, "")
                out = self._close() + self._start(item)
            case said.More():
                self._text += heard.arguments
                out = self._within("response.function_call_arguments.delta", delta=heard.arguments)
            case said.Broke():
                out = self._event("error", code="upstream", message=heard.says)
            case said.Ended():
                out = self._end()
            case said.Stopped():
                self._why = heard.why
            case said.Counted():
                self._count = said.summed(self._count, heard.count)
        return out

    def _next(self) -> str:
        return f"{self._id}_{len(self._items) + (self._open is not None)}"

    def _words(self, heard: said.Bit) -> bytes:
        sort = "reasoning" if heard.thought else "message"
        out = b""
        if self._open is None or self._open["type"] != sort:
            out = self._close()
            item = (_thinking if heard.thought else _message)(self._next(), "")
            part = item["content"][0]
            out += self._start({**item, "content": []})
            out += self._within("response.content_part.added", content_index=0, part=part)
        self._text += heard.text
        name = "response.reasoning_text" if heard.thought else "response.output_text"
        more: dict[str, Any] = {} if heard.thought else {"logprobs": []}
        return out + self._within(f"{name}.delta", content_index=0, delta=heard.text, **more)

    def _start(self, item: dict[str, Any]) -> bytes:
        if not self._id and not self._model:
            raise unheard("the stream", "it has no beginning")
        self._open, self._text = item, ""
        told = {**item, "status": "in_progress"}
        return self._event("response.output_item.added", output_index=len(self._items), item=told)

    def _close(self) -> bytes:
        item = self._open
        if item is None:
            return b""
        if item["type"] == "function_call":
            done = {**item, "arguments": self._text}
            told = {"arguments": self._text, "name": item["name"]}
            out = self._within("response.function_call_arguments.done", **told)
        else:
            is_thought = item["type"] == "reasoning"
            done = (_thinking if is_thought else _message)(item["id"], self._text)
            name = "response.reasoning_text" if is_thought else "response.output_text"
            more: dict[str, Any] = {} if is_thought else {"logprobs": []}
            out = self._within(f"{name}.done", content_index=0, text=self._text, **more)
            part = done["content"][0]
            out += self._within("response.content_part.done", content_index=0, part=part)
        at = len(self._items)
        out += self._event("response.output_item.done", output_index=at, item=done)
        self._items.append(done)
        self._open = None
        return out

    def _end(self) -> bytes:
        if self._why is None:
            raise unheard("the stream", "it does not say why it ends")
        out = self._close()
        whole = _response(self._id, self._model, self._items, self._why, self._count)
        return out + self._event(f"response.{whole['status']}", response=whole)

    def _within(self, kind: str, **told: object) -> bytes:
        item = self._open or {}
        return self._event(kind, item_id=item.get("id"), output_index=len(self._items), **told)

    def _event(self, kind: str, **told: object) -> bytes:
        self._number += 1
        return sse({"type": kind, "sequence_number": self._number - 1, **told}, kind)


def _turn(item: Json, at: str) -> Turn:
    kind = item.get("type", "message")
    if kind == "function_call":
        require_known(item, ("type", "id", "call_id", "name", "arguments", "status"), at)
        arguments = arguments_in(item.get("arguments"), f"{at}.arguments")
        called = a_text(item.get("call_id"), f"{at}.call_id")
        name = a_text(item.get("name"), f"{at}.name")
        return Turn("assistant", (said.Use(called, name, arguments),))
    if kind == "function_call_output":
        require_known(item, ("type", "id", "call_id", "output", "status"), at)
        given = tuple(_content(item.get("output"), f"{at}.output"))
        return Turn("user", (said.Result(a_text(item.get("call_id"), f"{at}.call_id"), given),))
    if kind != "message":
        raise untranslatable(f"{at}.type", f"{str(kind)[:40]} has no counterpart there")
    require_known(item, ("type", "id", "role", "content", "status"), at)
    role = item.get("role")
    if role not in ("user", "assistant"):
        raise untranslatable(f"{at}.role", "words of the system stand before all others there")
    return Turn(str(role), tuple(_content(item.get("content"), f"{at}.content")))


def _content(content: object, at: str) -> Iterator[said.Text | said.Picture]:
    if isinstance(content, str):
        yield said.Text(content)
        return
    for n, each in enumerate(a_list(content, at)):
        where = place(at, n)
        part = an_object(each, where)
        kind = word(part.get("type"))
        if kind in _WORDS:
            usual: dict[str, Any] = {"annotations": ([],), "logprobs": ([],)}
            require_known(part, ("type", "text"), where, usual)
            yield said.Text(a_text(part.get("text"), f"{where}.text"))
        elif kind == "input_image":
            require_known(part, ("type", "image_url"), where, {"detail": ("auto",)})
            url = a_text(part.get("image_url"), f"{where}.image_url")
            yield picture_at(url, f"{where}.image_url")
        else:
            raise untranslatable(f"{where}.type", f"{str(kind)[:40]} has no counterpart there")


def _tool(value: object, at: str) -> Tool:
    tool = an_object(value, at)
    require_function(tool, at)
    return tool_from(tool, at)


def _schema(given: object) -> Mapping[str, Any] | None:
    if given is None:
        return None
    told = an_object(given, "text")
    require_known(told, ("format",), "text", {"verbosity": ("medium",)})
    form = an_object(told.get("format") or {"type": "text"}, "text.format")
    if form == {"type": "text"}:
        return None
    if form.get("type") != "json_schema":
        raise untranslatable("text.format.type")
    require_known(form, ("type", "name", "schema"), "text.format", {"strict": (True, False)})
    return an_object(form.get("schema"), "text.format.schema")


def _message(identity: str, text: str) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    told = {"type": "message", "id": identity, "status": "completed", "role": "assistant"}
    return {**told, "content": [part]}


def _thinking(identity: str, text: str) -> dict[str, Any]:
    part = {"type": "reasoning_text", "text": text}
    return {"type": "reasoning", "id": identity, "summary": [], "content": [part]}


def _call(identity: str, called: str, name: str, arguments: str) -> dict[str, Any]:
    told = {"type": "function_call", "id": identity, "call_id": called, "name": name}
    return {**told, "arguments": arguments, "status": "completed"}


def _response(
    identity: str, model: str, output: list[dict[str, Any]], why: Why | None, count: Count
) -> dict[str, Any]:
    cut = {Why.LENGTH: "max_output_tokens", Why.REFUSED: "content_filter"}.get(why or Why.END)
    status = "incomplete" if cut else "completed"
    given = count.given + count.read + count.written
    usage = {
        "input_tokens": given,
        "output_tokens": count.said,
        "total_tokens": given + count.said,
        "input_tokens_details": {"cached_tokens": count.read},
        "output_tokens_details": {"reasoning_tokens": 0},
    }
    return {
        "id": identity,
        "object": "response",
        "created_at": 0,
        "model": model,
        "status": "in_progress" if why is None else status,
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "instructions": None,
        "metadata": {},
        "incomplete_details": {"reason": cut} if cut else None,
        "usage": None if why is None else usage,
    }
