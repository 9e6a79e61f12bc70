"""What every dialect tells of a request and of an answer, and how it cuts a stream into pieces.

A dialect never changes anything by itself: it says which parts of a document hold words, and puts
changed ones back. Fields it does not know travel through as they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.exchange import Asked, OfferedTool, Stop, ToolCall, Usage

Json = Mapping[str, Any]
Said = Mapping[str, str]
_json: Final = msgspec.json.Encoder().encode
_read: Final = msgspec.json.Decoder().decode
_MOST_TOOLS: Final = 1_000
_MOST_ANSWERS: Final = 128
MOST_TOKENS: Final = 10**12
_NONE_USED: Final = Usage()
_OBJECTS: Final = frozenset({dict})
_NUMBERS: Final = (bool, int, float)
_PLAIN: Final = re.compile(r"[a-z][a-z_-]{0,39}|(?:resp|msg|conv|cntr)_[0-9a-zA-Z]{8,120}")


class PieceKind(StrEnum):
    """What a piece of a stream is."""

    TEXT = "text"
    TOOL = "tool"
    ARGUMENTS = "arguments"
    CLOSE = "close"
    PASS = "pass"  # noqa: S105 not a password
    LOOSE = "loose"
    ERROR = "error"
    END = "end"


def _nothing(_said: object) -> bytes:
    return b""


class Piece(Struct, frozen=True):
    """A part of a stream: words of a channel, a tool call that begins, or what only travels.

    `write` gives the bytes that go on: for words and arguments from what may be said, for a loose
    value from what of it may go on, for all else from what was said so far, channel by channel.
    Words that are known to be the last of their channel also close it.
    """

    kind: PieceKind
    channel: str = ""
    text: str = ""
    id: str = ""
    name: str = ""
    write: Callable[[Any], bytes] = _nothing
    value: Any = None
    closes: bool = False


class Parts(Struct, frozen=True):
    """What an answer that came whole is looked at for: words, how much was used, tools.

    `is_usual` says that with its words as they came it is the answer as it came.
    """

    content: Json
    usage: Usage
    tools: Sequence[ToolCall]
    is_usual: bool = False


class Event(Struct, frozen=True):
    """One event of a stream, as it came."""

    name: str
    data: str

    def json(self) -> dict[str, Any]:
        """Read its data; anything that is no JSON object is refused."""
        return read_object(self.data)


class Reader(Protocol):
    """Cuts the events of one stream into pieces, and notes what the provider says of itself."""

    model: str
    usage: Usage
    ended: bool

    def take(self, event: Event) -> list[Piece]:
        """Cut one event into pieces, in order."""
        ...


class Dialect(Protocol):
    """One form of asking."""

    @property
    def surface(self) -> str:
        """The name of the surface in records."""
        ...

    @property
    def protocol(self) -> str:
        """Which family of providers speaks it: openai or anthropic."""
        ...

    @property
    def path(self) -> str:
        """Where a provider of its family takes it."""
        ...

    def read(self, body: Json) -> Asked:
        """Say what a request asks for, or refuse what is malformed."""
        ...

    def content_of(self, answer: Json, /) -> Json:
        """Give the parts of an answer that hold words."""
        ...

    def with_content(self, answer: Json, content: Json, /) -> Json:
        """Put the parts that hold words back into an answer."""
        ...

    def tool_calls(self, answer: Json, /) -> Sequence[ToolCall]:
        """List the tools that an answer wants called."""
        ...

    def usage(self, answer: Json, /) -> Usage:
        """Read how much was used."""
        ...

    def parts(self, answer: Json, /) -> Parts:
        """Give all of that at once."""
        ...

    def reader(self) -> Reader:
        """Begin to cut a stream into pieces."""
        ...

    def error(self, stop: Stop, exchange: str) -> bytes:
        """Say in the caller's dialect why a call went no further."""
        ...

    def error_event(self, stop: Stop, exchange: str) -> bytes:
        """Say it within a stream that has begun."""
        ...


def parts_of(dialect: Dialect, answer: Json) -> Parts:
    """Give what an answer is looked at for, one after the other."""
    content = dialect.content_of(answer)
    return Parts(content, dialect.usage(answer), dialect.tool_calls(answer))


def write_json(value: object) -> bytes:
    """Write JSON."""
    return _json(value)


def read_object(raw: bytes | str) -> dict[str, Any]:
    """Read a JSON object from bytes, or refuse with where it goes wrong."""
    try:
        value = _read(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidError(
            f"the body is not JSON: {str(error)[:120]}", field="body", remedy="Send a JSON object."
        ) from error
    if not isinstance(value, dict):
        raise InvalidError("the body is not a JSON object", field="body", remedy="Send {…}.")
    return value


def read_value(raw: str) -> Any:  # noqa: ANN401 any JSON
    """Read any JSON from a text, or refuse."""
    try:
        return _read(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidError("this is no JSON", field="body", remedy="Send JSON.") from error


def model_of(body: Json) -> str:
    """Take the name of the model that is asked for."""
    model = body.get("model")
    if not isinstance(model, str) or not model or len(model) > 200 or not model.isprintable():
        raise InvalidError(
            "no model is named", field="model", remedy="Name one that /v1/models lists."
        )
    return model


def flag(body: Json, name: str) -> bool:
    """Take a truth; what is neither is refused."""
    value = body.get(name, False)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise InvalidError("is neither true nor false", field=name, remedy="Send true or false.")
    return value


def whole(body: Json, *names: str) -> int:
    """Take the first of these numbers that is given; 0 where none is."""
    for name in names:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 10**9:
            raise InvalidError(
                "is not a number of tokens", field=name, remedy="Send a whole number above 0."
            )
        return value
    return 0


def rows(body: Json, name: str, *, needed: bool = True) -> list[dict[str, Any]]:
    """Take a list of objects."""
    value = body.get(name)
    if type(value) is list and value and _OBJECTS.issuperset(map(type, value)):
        return value
    if value is None and not needed:
        return []
    if not isinstance(value, list) or (needed and not value):
        raise InvalidError("is not a list with something in it", field=name, remedy="Send a list.")
    for number, each in enumerate(value):
        if not isinstance(each, dict):
            raise InvalidError("is not an object", field=f"{name}[{number}]", remedy="Send {…}.")
    return value


def tools_in(body: Json, name_of: Callable[[Json], object]) -> tuple[OfferedTool, ...]:
    """List the tools that a request offers."""
    if body.get("tools") is None:
        return ()
    found = []
    for number, each in enumerate(rows(body, "tools", needed=False)):
        name = name_of(each)
        if not isinstance(name, str) or not name or len(name) > 200 or not name.isprintable():
            raise InvalidError(
                "names no tool", field=f"tools[{number}].name", remedy="Give it a name."
            )
        found.append(OfferedTool(name, each))
    if len(found) > _MOST_TOOLS:
        raise InvalidError("offers too many tools", field="tools", remedy="Offer fewer.")
    return tuple(found)


def inspected(body: Json, steering: frozenset[str]) -> dict[str, Any]:
    """Give every field of a request that can hold words.

    A field that is known to steer is left out only where it holds a number, a truth, or what names
    something at the provider; whoever puts other words there has them inspected like any others.
    """
    found = {}
    for name, value in body.items():
        if name in steering:
            if name == "model" or value is None or isinstance(value, _NUMBERS):
                continue
            if isinstance(value, str) and _PLAIN.fullmatch(value):
                continue
        found[name] = value
    return found


def answers_of(body: Json, *names: str) -> int:
    """Take how many answers are asked for: the most of these fields, 1 where none is given."""
    most = 1
    for name in names:
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_ANSWERS:
            raise InvalidError(
                f"is not a number from 1 to {_MOST_ANSWERS}", field=name, remedy="Ask for fewer."
            )
        most = max(most, value)
    return most


def promised(answer: Json, name: str) -> list[dict[str, Any]]:
    """Take the list of objects that an answer of a provider must have."""
    found = answer.get(name)
    if not isinstance(found, list) or set(map(type, found)) - _OBJECTS:
        raise UnavailableError(
            "the provider's answer is not what its interface promises",
            reasons=(f"{name} is no list of objects",),
            remedy="Try again; if it stays so, look at the provider.",
        )
    return found


def listed(value: object) -> list[Any]:
    """Give a list; what is none is empty."""
    return value if isinstance(value, list) else []


def arguments_of(value: object) -> str:
    """Give the arguments of a tool as JSON, however a provider wrote them."""
    if isinstance(value, str):
        return value
    return "" if value is None else _json(value).decode()


def member(value: Json, name: str) -> dict[str, Any]:
    """Give an object within an object; where there is none, an empty one."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def index_in(value: Json) -> int:
    """Read the place of something in its list; the first where none is said."""
    found = value.get("index")
    return found if isinstance(found, int) else 0


def number(value: Json, name: str) -> int:
    """Read a count; what is none counts nothing."""
    found = value.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        return 0
    return found if 0 < found <= MOST_TOKENS else 0


def word(value: object) -> str:
    """Read a short word of somebody else's; what cannot be printed is left out."""
    if not isinstance(value, str):
        return ""
    return value[:200] if value.isprintable() else "".join(filter(str.isprintable, value[:200]))


def openai_error(stop: Stop, exchange: str) -> bytes:
    """Say why a call went no further, as OpenAI's clients read it."""
    return _json({"error": openai_error_value(stop, exchange)})


def openai_error_value(stop: Stop, exchange: str) -> dict[str, Any]:
    """Give the error as OpenAI's clients read it."""
    kinds = {
        400: "invalid_request_error",
        401: "authentication_error",
        403: "permission_error",
        404: "not_found_error",
        413: "invalid_request_error",
        429: "rate_limit_error",
    }
    return {
        "message": sentence(stop),
        "type": kinds.get(stop.status, "api_error"),
        "param": stop.field or None,
        "code": stop.code,
        "reasons": list(stop.reasons),
        "exchange": exchange,
        **({"approval": stop.approval} if stop.approval else {}),
    }


def sentence(stop: Stop) -> str:
    """Say what happened, why, and what to do."""
    why = f" ({'; '.join(stop.reasons)})" if stop.reasons else ""
    then = f" {stop.remedy}" if stop.remedy else ""
    return f"{stop.says}{why}.{then}".replace("..", ".")


def sse(value: object, name: str = "") -> bytes:
    """Write one event."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + _json(value) + b"\n\n"


def failed(value: object) -> Piece:
    """Make a piece of what a provider says went wrong, in the middle of its stream."""
    error = value if isinstance(value, dict) else {"message": value}
    return Piece(PieceKind.ERROR, text=word(error.get("message")) or word(error.get("type")))


def loose(value: Json, write: Callable[[Json], bytes]) -> list[Piece]:
    """Make a piece of fields that nobody here knows; they are inspected before they go on."""
    return [Piece(PieceKind.LOOSE, write=write, value=value)] if value else []


def passed(value: object, name: str = "") -> Piece:
    """Make a piece that only travels."""
    written = sse(value, name)
    return Piece(PieceKind.PASS, write=lambda _said: written)


def usage_of(found: object, into: str, out: str) -> Usage:
    """Read how much was used, under these names."""
    if not isinstance(found, dict):
        return _NONE_USED
    return Usage(number(found, into), number(found, out))
