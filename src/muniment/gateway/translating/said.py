"""What is asked and answered, in words that belong to no interface.

A request or an answer of one interface is read into these, and written as another from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its bytes in base64 with their type, or an address."""

    media: str = ""
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model says of its thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class Use:
    """A tool that the model wants called."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back."""

    id: str
    parts: tuple[Text | Picture, ...] = ()


Part = Text | Picture | Thought | Use | Result


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side says at once; `user` or `assistant`."""

    role: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that is offered."""

    name: str
    description: str
    schema: Mapping[str, Any]
    strict: bool = False


class Chosen(StrEnum):
    """Whether a tool is to be used."""

    UNSAID = ""
    AUTO = "auto"
    NONE = "none"
    ANY = "any"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether tools are to be used, which one, and whether several at once."""

    kind: Chosen = Chosen.UNSAID
    name: str = ""
    one_at_a_time: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A request; `hints` names what changes no answer and is left out."""

    model: str
    turns: tuple[Turn, ...]
    system: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    choice: Choice = Choice()
    most_tokens: int = 0
    temperature: float | None = None
    top_p: float | None = None
    stops: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    streamed: bool = False
    counted: bool = False
    user: str = ""
    hints: tuple[str, ...] = ()


class Why(StrEnum):
    """Why an answer ended."""

    END = "end"
    LENGTH = "length"
    TOOLS = "tools"
    SEQUENCE = "sequence"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Count:
    """How many tokens went in, how many of them were read from and written to a cache, and out."""

    given: int = 0
    read: int = 0
    written: int = 0
    said: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """A whole answer."""

    id: str
    model: str
    parts: tuple[Part, ...]
    why: Why
    sequence: str = ""
    count: Count = field(default_factory=Count)


@dataclass(frozen=True, slots=True)
class Began:
    """A stream begins."""

    id: str
    model: str


@dataclass(frozen=True, slots=True)
class Bit:
    """More words of a stream, or more of its thinking."""

    text: str
    thought: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """A stream begins to call a tool."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class More:
    """More of the arguments of the tool that was called last."""

    arguments: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a stream is about to end."""

    why: Why
    sequence: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much was used so far; nought leaves what was said before."""

    count: Count


@dataclass(frozen=True, slots=True)
class Broke:
    """The provider says that it could not go on."""

    says: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A stream has said all."""


Heard = Began | Bit | Called | More | Stopped | Counted | Broke | Ended


def joined(turns: list[Turn]) -> tuple[Turn, ...]:
    """Put turns of one side that follow each other together, as both interfaces understand them."""
    found: list[Turn] = []
    for each in turns:
        if found and found[-1].role == each.role:
            found[-1] = Turn(each.role, found[-1].parts + each.parts)
        else:
            found.append(each)
    return tuple(found)


def summed(before: Count, fresh: Count) -> Count:
    """Give what is known of the use after more was said of it."""
    return Count(
        fresh.given or before.given,
        fresh.read or before.read,
        fresh.written or before.written,
        fresh.said or before.said,
    )
