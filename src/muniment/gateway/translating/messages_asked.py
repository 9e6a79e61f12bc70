"""A request of Anthropic's messages, read and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from muniment.gateway.dialects.base import word
from muniment.gateway.translating import said
from muniment.gateway.translating.checking import (
    MEDIA,
    Json,
    a_flag,
    a_list,
    a_number,
    a_text,
    an_object,
    optional_text,
    place,
    require_known,
    texts,
    untranslatable,
)
from muniment.gateway.translating.said import Asking, Choice, Chosen, Part, Tool, Turn

USUAL_TOKENS: Final = 4_096
"""How long an answer may be where nobody says: this interface has to be told."""
_KNOWN: Final = frozenset(
    {
        *("model", "messages", "system", "max_tokens", "stop_sequences", "stream"),
        *("temperature", "top_p", "tools", "tool_choice", "metadata", "output_config"),
        "cache_control",
    }
)
_USUAL: Final[Mapping[str, tuple[Any, ...]]] = {
    "thinking": ({"type": "disabled"},),
    "service_tier": ("auto",),
}
_CACHED: Final = "cache_control"
_CHOICES: Final = {"auto": Chosen.AUTO, "none": Chosen.NONE, "any": Chosen.ANY, "tool": Chosen.ONE}
_FAILED: Final = "Error: "


def read(body: Json) -> Asking:
    """Read a request; what has no counterpart elsewhere is refused by its name."""
    require_known(body, _KNOWN, usual=_USUAL)
    turns = [
        _turn(an_object(each, f"messages[{n}]"), f"messages[{n}]")
        for n, each in enumerate(a_list(body.get("messages"), "messages"))
    ]
    metadata = an_object(body.get("metadata") or {}, "metadata")
    require_known(metadata, ("user_id",), "metadata")
    return Asking(
        model=a_text(body.get("model"), "model"),
        turns=said.joined(turns),
        system=_system(body.get("system")),
        tools=tuple(
            _tool(each, f"tools[{n}]") for n, each in enumerate(a_list(body.get("tools") or [], ""))
        ),
        choice=_choice(body.get("tool_choice")),
        most_tokens=body.get("max_tokens") or 0,
        temperature=a_number(body.get("temperature"), "temperature"),
        top_p=a_number(body.get("top_p"), "top_p"),
        stops=texts(body.get("stop_sequences"), "stop_sequences"),
        schema=_schema(body.get("output_config")),
        streamed=body.get("stream") is True,
        counted=True,
        user=optional_text(metadata.get("user_id"), "metadata.user_id"),
        hints=(_CACHED,) if _is_cached(body) else (),
    )


def write(asking: Asking) -> dict[str, Any]:
    """Write a request."""
    if asking.temperature is not None and not 0 <= asking.temperature <= 1:
        raise untranslatable("temperature", "it goes from 0 to 1 there")
    told: dict[str, Any] = {
        "model": asking.model,
        "max_tokens": asking.most_tokens or USUAL_TOKENS,
        "system": _written_system(asking.system),
        "messages": [{"role": turn.role, "content": _content(turn.parts)} for turn in asking.turns],
        "temperature": asking.temperature,
        "top_p": asking.top_p,
        "stop_sequences": list(asking.stops) or None,
        "tools": [_written_tool(each) for each in asking.tools] or None,
        "tool_choice": _written_choice(asking.choice),
        "metadata": {"user_id": asking.user} if asking.user else None,
        "stream": True if asking.streamed else None,
    }
    if asking.schema is not None:
        told["output_config"] = {"format": {"type": "json_schema", "schema": asking.schema}}
    return {name: each for name, each in told.items() if each is not None}


def _is_cached(value: object) -> bool:
    """Tell whether a request hints at what may be cached, anywhere in it."""
    if isinstance(value, dict):
        return bool(value.get(_CACHED)) or any(_is_cached(each) for each in value.values())
    return isinstance(value, list) and any(_is_cached(each) for each in value)


def _system(given: object) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    blocks = enumerate(a_list(given, "system"))
    return tuple(_text(an_object(b, f"system[{n}]"), f"system[{n}]").text for n, b in blocks)


def _turn(message: Json, at: str) -> Turn:
    require_known(message, ("role", "content"), at)
    role = message.get("role")
    if role not in ("user", "assistant"):
        raise untranslatable(f"{at}.role", "it is neither user nor assistant")
    content = message.get("content")
    if isinstance(content, str):
        return Turn(str(role), (said.Text(content),))
    readers = _OF_ASSISTANT if role == "assistant" else _OF_USER
    return Turn(str(role), _blocks(content, f"{at}.content", readers))


_Readers = Mapping[str, Callable[[Json, str], Part]]


def _blocks(content: object, at: str, readers: _Readers) -> tuple[Part, ...]:
    found = []
    for n, each in enumerate(a_list(content, at)):
        block = an_object(each, place(at, n))
        kind = str(block.get("type"))
        if kind not in readers:
            raise untranslatable(f"{place(at, n)}.type", f"{kind[:40]} has no counterpart there")
        found.append(readers[kind](block, place(at, n)))
    return tuple(found)


def _text(block: Json, at: str) -> said.Text:
    if block.get("type") != "text":
        raise untranslatable(f"{at}.type", "only text has a counterpart there")
    require_known(block, ("type", "text", _CACHED), at, {"citations": ([],)})
    return said.Text(a_text(block.get("text"), f"{at}.text"))


def _picture(block: Json, at: str) -> said.Picture:
    require_known(block, ("type", "source", _CACHED), at)
    source = an_object(block.get("source"), f"{at}.source")
    if source.get("type") == "url":
        require_known(source, ("type", "url"), f"{at}.source")
        return said.Picture(url=a_text(source.get("url"), f"{at}.source.url"))
    if source.get("type") != "base64" or word(source.get("media_type")) not in MEDIA:
        raise untranslatable(f"{at}.source", "only addresses and bytes of pictures go there")
    require_known(source, ("type", "media_type", "data"), f"{at}.source")
    return said.Picture(source["media_type"], a_text(source.get("data"), f"{at}.source.data"))


def _thought(block: Json, at: str) -> said.Thought:
    require_known(block, ("type", "thinking"), at, {"signature": ("",)})
    return said.Thought(a_text(block.get("thinking"), f"{at}.thinking"))


def _use(block: Json, at: str) -> said.Use:
    require_known(block, ("type", "id", "name", "input", _CACHED), at)
    return said.Use(
        a_text(block.get("id"), f"{at}.id"),
        a_text(block.get("name"), f"{at}.name"),
        an_object(block.get("input"), f"{at}.input"),
    )


def _result(block: Json, at: str) -> said.Result:
    """Read what a tool gave back; that it failed is said in words, since others have no sign."""
    known = ("type", "tool_use_id", "content", "is_error", _CACHED)
    require_known(block, known, at)
    content = block.get("content")
    parts: tuple[Any, ...] = ()
    if isinstance(content, str):
        parts = (said.Text(content),) if content else ()
    elif content is not None:
        parts = _blocks(content, f"{at}.content", {"text": _text, "image": _picture})
    if a_flag(block.get("is_error"), f"{at}.is_error"):
        parts = (said.Text(_FAILED), *parts)
    return said.Result(a_text(block.get("tool_use_id"), f"{at}.tool_use_id"), parts)


_OF_USER: Final[_Readers] = {"text": _text, "image": _picture, "tool_result": _result}
_OF_ASSISTANT: Final[_Readers] = {"text": _text, "tool_use": _use, "thinking": _thought}


def _tool(value: object, at: str) -> Tool:
    tool = an_object(value, at)
    if tool.get("type") not in (None, "custom"):
        raise untranslatable(f"{at}.type", f"{str(tool['type'])[:40]} is not known there")
    known = ("type", "name", "description", "input_schema", "strict", _CACHED)
    require_known(tool, known, at)
    return Tool(
        a_text(tool.get("name"), f"{at}.name"),
        optional_text(tool.get("description"), f"{at}.description"),
        an_object(tool.get("input_schema"), f"{at}.input_schema"),
        a_flag(tool.get("strict"), f"{at}.strict"),
    )


def _choice(given: object) -> Choice:
    if given is None:
        return Choice()
    choice = an_object(given, "tool_choice")
    require_known(choice, ("type", "name", "disable_parallel_tool_use"), "tool_choice")
    kind = _CHOICES.get(str(choice.get("type")))
    if kind is None:
        raise untranslatable("tool_choice.type")
    alone = a_flag(choice.get("disable_parallel_tool_use"), "tool_choice.disable_parallel_tool_use")
    name = a_text(choice.get("name"), "tool_choice.name") if kind is Chosen.ONE else ""
    return Choice(kind, name, alone)


def _schema(given: object) -> Mapping[str, Any] | None:
    if given is None:
        return None
    config = an_object(given, "output_config")
    require_known(config, ("format",), "output_config")
    if config.get("format") is None:
        return None
    form = an_object(config["format"], "output_config.format")
    require_known(form, ("type", "schema"), "output_config.format")
    return an_object(form.get("schema"), "output_config.format.schema")


def _written_system(system: tuple[str, ...]) -> object:
    if len(system) == 1:
        return system[0]
    return [{"type": "text", "text": each} for each in system] or None


def _content(parts: Iterable[Part]) -> str | list[dict[str, Any]]:
    given = list(parts)
    if len(given) == 1 and isinstance(given[0], said.Text):
        return given[0].text
    return [_block(each) for each in given]


def _block(part: Part) -> dict[str, Any]:
    match part:
        case said.Text():
            return {"type": "text", "text": part.text}
        case said.Picture(url=url) if url:
            return {"type": "image", "source": {"type": "url", "url": url}}
        case said.Picture():
            source = {"type": "base64", "media_type": part.media, "data": part.data}
            return {"type": "image", "source": source}
        case said.Use():
            return {
                "type": "tool_use",
                "id": part.id,
                "name": part.name,
                "input": dict(part.arguments),
            }
        case said.Result():
            given = _content(part.parts) if part.parts else ""
            return {"type": "tool_result", "tool_use_id": part.id, "content": given}
    raise untranslatable("messages.reasoning_content", "thoughts of others are not taken there")


def _written_tool(tool: Tool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": tool.name, "input_schema": tool.schema}
    if tool.description:
        told["description"] = tool.description
    return {**told, "strict": True} if tool.strict else told


def _written_choice(choice: Choice) -> dict[str, Any] | None:
    kind = choice.kind
    if kind is Chosen.UNSAID:
        if not choice.one_at_a_time:
            return None
        kind = Chosen.AUTO
    names = {value: name for name, value in _CHOICES.items()}
    told: dict[str, Any] = {"type": names[kind]}
    if choice.name:
        told["name"] = choice.name
    if choice.one_at_a_time and kind is not Chosen.NONE:
        told["disable_parallel_tool_use"] = True
    return told
