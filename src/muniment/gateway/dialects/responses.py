"""OpenAI's responses: items in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from muniment.core.errors import InvalidError
from muniment.gateway.dialects.base import (
    Json,
    Parts,
    arguments_of,
    flag,
    inspected,
    listed,
    model_of,
    openai_error_value,
    parts_of,
    promised,
    sse,
    tools_in,
    usage_of,
    whole,
    word,
)
from muniment.gateway.dialects.responding import ResponsesReader
from muniment.gateway.dialects.telling import TellsAsOpenAi
from muniment.gateway.exchange import Asked, Stop, ToolCall, Usage

_STEERING: Final = frozenset(
    {
        *("model", "stream", "stream_options", "temperature", "top_p", "max_output_tokens"),
        *("user", "safety_identifier", "store", "parallel_tool_calls", "tool_choice", "include"),
        *("service_tier", "truncation", "reasoning", "max_tool_calls", "previous_response_id"),
        *("prompt_cache_key", "background", "top_logprobs", "metadata"),
    }
)


@dataclass(frozen=True, slots=True)
class Responses(TellsAsOpenAi):
    """Responses of OpenAI's interface."""

    surface: str = "responses"
    protocol: str = "openai"
    path: str = "/responses"

    def read(self, body: Json) -> Asked:
        """Say what a request asks for."""
        given = body.get("input")
        if not isinstance(given, str | list) or not given:
            raise InvalidError("holds nothing", field="input", remedy="Send text, or items.")
        if flag(body, "background"):
            raise InvalidError(
                "an answer in the background could not be inspected",
                field="background",
                remedy="Leave it out.",
            )
        items = [each for each in given if isinstance(each, dict)] if given != str(given) else []
        steering = [each for each in items if each.get("role") in ("system", "developer")]
        instructions = body.get("instructions")
        return Asked(
            model=model_of(body),
            streamed=flag(body, "stream"),
            user=word(body.get("safety_identifier") or body.get("user")),
            instructions=(*([instructions] if instructions else ()), *steering),
            tools=tools_in(body, lambda tool: tool.get("name") or tool.get("type")),
            most_tokens=whole(body, "max_output_tokens"),
            content=inspected(body, _STEERING),
            results=tuple(
                word(each.get("call_id"))
                for each in items
                if each.get("type") == "function_call_output"
            ),
        )

    def content_of(self, answer: Json) -> Json:
        """Give the items of an answer; what a request said comes back with them as it was."""
        return {"output": promised(answer, "output")}

    def with_content(self, answer: Json, content: Json) -> Json:
        """Put changed items back; what tells words in another way goes."""
        if content["output"] == answer["output"]:
            return {**answer}
        return {**answer, "output": [_without_logprobs(each) for each in content["output"]]}

    def tool_calls(self, answer: Json) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        output = answer.get("output")
        return [
            ToolCall(
                word(each.get("call_id")),
                word(each.get("name")) or word(each.get("type")),
                arguments_of(each.get("arguments", each.get("input"))),
            )
            for each in listed(output)
            if isinstance(each, dict) and word(each.get("type")).endswith("_call")
        ]

    def usage(self, answer: Json) -> Usage:
        """Read how much was used."""
        return usage_of(answer.get("usage"), "input_tokens", "output_tokens")

    def parts(self, answer: Json) -> Parts:
        """Give all that an answer is looked at for."""
        return parts_of(self, answer)

    def reader(self) -> ResponsesReader:
        """Begin to cut a stream into pieces."""
        return ResponsesReader()

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        told = {"type": "error", **openai_error_value(stop, exchange), "sequence_number": 0}
        return sse({**told, "error": openai_error_value(stop, exchange)}, "error")


def _without_logprobs(item: Json) -> dict[str, Any]:
    parts = item.get("content")
    if not isinstance(parts, list):
        return dict(item)
    kept = [
        {**each, "logprobs": []} if isinstance(each, dict) and "logprobs" in each else each
        for each in parts
    ]
    return {**item, "content": kept}
