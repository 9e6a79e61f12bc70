"""A request of OpenAI's chat completions, read and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from muniment.gateway.dialects.base import word, write_json
from muniment.gateway.translating import said
from muniment.gateway.translating.checking import (
    Json,
    a_flag,
    a_list,
    a_number,
    a_text,
    an_object,
    arguments_in,
    optional_text,
    picture_at,
    place,
    require_known,
    texts,
    untranslatable,
)
from muniment.gateway.translating.said import Asking, Choice, Chosen, Part, Tool, Turn

_KNOWN: Final = frozenset(
    {
        *("model", "messages", "stream", "stream_options", "temperature", "top_p", "stop"),
        *("max_tokens", "max_completion_tokens", "tools", "tool_choice", "parallel_tool_calls"),
        *("user", "safety_identifier", "response_format", "prompt_cache_key"),
    }
)
_USUAL: Final[Mapping[str, tuple[Any, ...]]] = {
    "n": (1,),
    "logprobs": (False,),
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "store": (False,),
    "metadata": ({},),
    "modalities": (["text"],),
    "service_tier": ("auto", "default"),
}
_SYSTEM: Final = frozenset({"system", "developer"})
_EMPTY: Final[Mapping[str, Any]] = {"type": "object", "properties": {}}
_CHOICES: Final = {"auto": Chosen.AUTO, "none": Chosen.NONE, "required": Chosen.ANY}


def read(body: Json) -> Asking:
    """Read a request; what has no counterpart elsewhere is refused by its name."""
    require_known(body, _KNOWN, usual=_USUAL)
    options = an_object(body.get("stream_options") or {}, "stream_options")
    require_known(options, ("include_usage",), "stream_options", {"include_obfuscation": (False,)})
    messages = [
        an_object(each, f"messages[{n}]")
        for n, each in enumerate(a_list(body.get("messages"), "messages"))
    ]
    start = next(
        (n for n, m in enumerate(messages) if word(m.get("role")) not in _SYSTEM), len(messages)
    )
    turns = [_turn(each, f"messages[{n}]") for n, each in enumerate(messages) if n >= start]
    return Asking(
        model=a_text(body.get("model"), "model"),
        turns=said.joined(turns),
        system=tuple(t for n in range(start) for t in _system(messages[n], f"messages[{n}]")),
        tools=tuple(
            _tool(each, f"tools[{n}]") for n, each in enumerate(a_list(body.get("tools") or [], ""))
        ),
        choice=choice_of(body, nested=True),
        most_tokens=body.get("max_completion_tokens") or body.get("max_tokens") or 0,
        temperature=a_number(body.get("temperature"), "temperature"),
        top_p=a_number(body.get("top_p"), "top_p"),
        stops=texts(body.get("stop"), "stop"),
        schema=_schema(body.get("response_format")),
        streamed=body.get("stream") is True,
        counted=options.get("include_usage") is True,
        user=user_of(body),
        hints=("prompt_cache_key",) if body.get("prompt_cache_key") else (),
    )


def write(asking: Asking, *, is_openai: bool = True) -> dict[str, Any]:
    """Write a request; whoever only speaks as OpenAI does knows the older name of a limit."""
    limit = "max_completion_tokens" if is_openai else "max_tokens"
    tools = [_written_tool(each) for each in asking.tools]
    told: dict[str, Any] = {
        "model": asking.model,
        "messages": [
            *({"role": "system", "content": each} for each in asking.system),
            *(message for turn in asking.turns for message in _written(turn)),
        ],
        limit: asking.most_tokens or None,
        "temperature": asking.temperature,
        "top_p": asking.top_p,
        "stop": list(asking.stops) or None,
        "tools": tools or None,
        "tool_choice": _written_choice(asking.choice),
        "parallel_tool_calls": False if asking.choice.one_at_a_time else None,
        "user": asking.user or None,
    }
    if asking.schema is not None:
        form = {"name": "answer", "schema": asking.schema, "strict": True}
        told["response_format"] = {"type": "json_schema", "json_schema": form}
    if asking.streamed:
        told |= {"stream": True, "stream_options": {"include_usage": True}}
    return {name: each for name, each in told.items() if each is not None}


def user_of(body: Json) -> str:
    """Say for whom it is asked; two different names cannot both be told."""
    one, other = body.get("safety_identifier"), body.get("user")
    if one and other and one != other:
        raise untranslatable("user", "it differs from safety_identifier")
    return optional_text(one or other, "user")


def _system(message: Json, at: str) -> list[str]:
    require_known(message, ("role", "content"), at)
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    return [_text(each, f"{at}.content[{n}]") for n, each in enumerate(a_list(content, at))]


def _turn(message: Json, at: str) -> Turn:
    role = word(message.get("role"))
    if role == "user":
        require_known(message, ("role", "content"), at)
        return Turn("user", _shown(message.get("content"), f"{at}.content"))
    if role == "assistant":
        return Turn("assistant", tuple(_answered(message, at)))
    if role == "tool":
        require_known(message, ("role", "content", "tool_call_id"), at)
        given = _shown(message.get("content"), f"{at}.content", pictures=False)
        called = a_text(message.get("tool_call_id"), f"{at}.tool_call_id")
        return Turn("user", (said.Result(called, given),))
    why = "words of the system stand before all others there" if role in _SYSTEM else ""
    raise untranslatable(f"{at}.role", why or "nobody there has it")


def _answered(message: Json, at: str) -> Iterable[Part]:
    known = ("role", "content", "tool_calls", "reasoning_content")
    require_known(message, known, at, {"annotations": ([],)})
    if message.get("reasoning_content"):
        where = f"{at}.reasoning_content"
        yield said.Thought(a_text(message["reasoning_content"], where))
    content = message.get("content")
    if content:
        yield from _shown(content, f"{at}.content", pictures=False)
    for n, each in enumerate(a_list(message.get("tool_calls") or [], f"{at}.tool_calls")):
        where = f"{at}.tool_calls[{n}]"
        call = an_object(each, where)
        require_known(call, ("id", "function"), where, {"type": ("function",), "index": range(999)})
        function = an_object(call.get("function"), f"{where}.function")
        require_known(function, ("name", "arguments"), f"{where}.function")
        yield said.Use(
            a_text(call.get("id"), f"{where}.id"),
            a_text(function.get("name"), f"{where}.function.name"),
            arguments_in(function.get("arguments"), f"{where}.function.arguments"),
        )


def _shown(
    content: object, at: str, *, pictures: bool = True
) -> tuple[said.Text | said.Picture, ...]:
    if isinstance(content, str):
        return (said.Text(content),)
    found: list[said.Text | said.Picture] = []
    for n, each in enumerate(a_list(content, at)):
        part = an_object(each, place(at, n))
        if part.get("type") == "image_url" and pictures:
            found.append(_picture(part, place(at, n)))
        else:
            found.append(said.Text(_text(part, place(at, n))))
    return tuple(found)


def _picture(part: Json, at: str) -> said.Picture:
    require_known(part, ("type", "image_url"), at)
    told = an_object(part.get("image_url"), f"{at}.image_url")
    require_known(told, ("url",), f"{at}.image_url", {"detail": ("auto",)})
    return picture_at(a_text(told.get("url"), f"{at}.image_url.url"), f"{at}.image_url.url")


def _text(part: object, at: str) -> str:
    given = an_object(part, at)
    if given.get("type") != "text":
        raise untranslatable(f"{at}.type", f"{str(given.get('type'))[:40]} is not known there")
    require_known(given, ("type", "text"), at)
    return a_text(given.get("text"), f"{at}.text")


def _tool(value: object, at: str) -> Tool:
    tool = an_object(value, at)
    require_function(tool, at)
    require_known(tool, ("type", "function"), at)
    return tool_from(an_object(tool.get("function"), f"{at}.function"), f"{at}.function")


def require_function(tool: Json, at: str) -> None:
    """Refuse a tool that is no function; those a provider runs itself are known to it alone."""
    if tool.get("type") != "function":
        raise untranslatable(f"{at}.type", f"{str(tool.get('type'))[:40]} is not known there")


def tool_from(function: Json, at: str) -> Tool:
    """Read the function that is offered."""
    require_known(function, ("type", "name", "description", "parameters", "strict"), at)
    schema = function.get("parameters")
    return Tool(
        a_text(function.get("name"), f"{at}.name"),
        optional_text(function.get("description"), f"{at}.description"),
        dict(_EMPTY) if schema is None else an_object(schema, f"{at}.parameters"),
        a_flag(function.get("strict"), f"{at}.strict"),
    )


def choice_of(body: Json, *, nested: bool) -> Choice:
    """Read whether tools are to be used; the name of one stands in it, or one level deeper."""
    chosen = body.get("tool_choice")
    alone = body.get("parallel_tool_calls") is False
    if chosen is None:
        return Choice(one_at_a_time=alone)
    if isinstance(chosen, str) and chosen in _CHOICES:
        return Choice(_CHOICES[chosen], one_at_a_time=alone)
    named, at = an_object(chosen, "tool_choice"), "tool_choice"
    if named.get("type") != "function":
        raise untranslatable(at)
    if nested:
        named, at = an_object(named.get("function"), f"{at}.function"), f"{at}.function"
    return Choice(Chosen.ONE, a_text(named.get("name"), f"{at}.name"), alone)


def _schema(form: object) -> Mapping[str, Any] | None:
    if form is None or form == {"type": "text"}:
        return None
    given = an_object(form, "response_format")
    if given.get("type") != "json_schema":
        raise untranslatable("response_format")
    told = an_object(given.get("json_schema"), "response_format.json_schema")
    require_known(
        told, ("name", "schema"), "response_format.json_schema", {"strict": (True, False)}
    )
    return an_object(told.get("schema"), "response_format.json_schema.schema")


def _written(turn: Turn) -> Iterable[dict[str, Any]]:
    if turn.role == "assistant":
        yield _written_answer(turn)
        return
    words: list[said.Text | said.Picture] = []
    for each in turn.parts:
        if isinstance(each, said.Text | said.Picture):
            words.append(each)
        elif isinstance(each, said.Result):
            if words:
                yield {"role": "user", "content": _content(words)}
                words = []
            yield _written_result(each)
    if words:
        yield {"role": "user", "content": _content(words)}


def _written_answer(turn: Turn) -> dict[str, Any]:
    words = [each for each in turn.parts if isinstance(each, said.Text)]
    thoughts = "".join(each.text for each in turn.parts if isinstance(each, said.Thought))
    calls = [
        {
            "id": each.id,
            "type": "function",
            "function": {"name": each.name, "arguments": write_json(each.arguments).decode()},
        }
        for each in turn.parts
        if isinstance(each, said.Use)
    ]
    told: dict[str, Any] = {"role": "assistant", "content": _content(words) if words else None}
    if thoughts:
        told["reasoning_content"] = thoughts
    return {**told, "tool_calls": calls} if calls else told


def _written_result(result: said.Result) -> dict[str, Any]:
    if any(isinstance(each, said.Picture) for each in result.parts):
        raise untranslatable("messages.tool_result", "a tool gives back no picture there")
    return {"role": "tool", "tool_call_id": result.id, "content": _content(result.parts)}


def _content(parts: Iterable[said.Text | said.Picture]) -> str | list[dict[str, Any]]:
    given = list(parts)
    if len(given) == 1 and isinstance(given[0], said.Text):
        return given[0].text
    return [
        {"type": "text", "text": each.text}
        if isinstance(each, said.Text)
        else {"type": "image_url", "image_url": {"url": _address(each)}}
        for each in given
    ]


def _address(picture: said.Picture) -> str:
    return picture.url or f"data:{picture.media};base64,{picture.data}"


def _written_tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name, "parameters": tool.schema}
    if tool.description:
        function["description"] = tool.description
    if tool.strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _written_choice(choice: Choice) -> object:
    if choice.kind is Chosen.ONE:
        return {"type": "function", "function": {"name": choice.name}}
    names = {kind: name for name, kind in _CHOICES.items()}
    return names.get(choice.kind)
