"""The values that walk through the corridor: a request, a call that each stage fills, its end.

A stage is given the call as far as it is known and gives a fuller copy, or a `Stop`. Nothing here
does anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replace_slowly
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec import field as filled
from msgspec.structs import replace as replace_struct

from muniment.access import Standing
from muniment.core.actor import Actor
from muniment.core.errors import MunimentError
from muniment.detect import Looked, Protector
from muniment.exchanges import Attempt, Judgement, Limit, Origin, Reached
from muniment.gateway.decisions import Named
from muniment.policy import Judged
from muniment.registry import Contents, Serving

if TYPE_CHECKING:
    from muniment.gateway.plans import Plan, Ready
    from muniment.gateway.telling import Told

T = TypeVar("T")


def replace(one: T, /, **changes: Any) -> T:  # noqa: ANN401 whatever the fields hold
    """Give a copy with other values; of what walks through the corridor it is made at once."""
    if isinstance(one, Struct):
        return replace_struct(one, **changes)
    return replace_slowly(one, **changes)  # type: ignore[type-var]  # else it is a dataclass


class Shown(Struct, frozen=True):
    """What headers say of who calls, and from where.

    `key` is what the key that is shown is known by; of what no key alone decides, it is empty.
    Where they say nothing of whose data is carried, or where it may go, they are `plain`.
    """

    key: str
    system: str
    environment: str
    plain: bool = False


class Headers(dict[str, str]):
    """The headers that count, with what was read of them once for all calls that bring them."""

    __slots__ = ("shown",)
    shown: Shown | None

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.shown = None


class Received(Struct):
    """A request as it came: its surface, the headers that count, and its body read once."""

    exchange: str
    surface: str
    headers: Mapping[str, str]
    address: str
    raw: bytes = b""
    body: Mapping[str, Any] = filled(default_factory=dict)
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool that a request offers to the model: its name, and its definition as it stands."""

    name: str
    definition: Mapping[str, Any]


class Asked(Struct, frozen=True):
    """What a request asks for, whatever its dialect."""

    model: str
    streamed: bool = False
    user: str = ""
    instructions: tuple[Any, ...] = ()
    tools: tuple[OfferedTool, ...] = ()
    most_tokens: int = 0
    answers: int = 1
    content: Mapping[str, Any] = filled(default_factory=dict)
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that an answer wants called, with its arguments as JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class HeldTool:
    """A tool call that waits for people, by which decision, and as what they are shown of it."""

    tool: ToolCall
    targets: tuple[str, ...]
    judged: Judged
    shown: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept back in an earlier call, and is let go by a yes to exactly it."""

    approval: str
    exchange: str
    route: str
    reference: Mapping[str, str | int]
    document: Mapping[str, Any]


class Usage(Struct, frozen=True):
    """How many tokens went in and came out, as the provider says."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """One way a call may go: a model of the set that serves, at a provider.

    `step` says why it stands in the order where it does; `data_classes` are those it may be given,
    where its version says.
    """

    name: str
    model: str
    kind: str
    document: Mapping[str, Any]
    protocol: str
    region: str = ""
    restricted: bool = False
    step: str = ""
    data_classes: frozenset[str] | None = None
    maker: str = field(init=False, compare=False)
    label: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Say who makes the model, and name the route in records; both are asked for often."""
        maker = str(self.document.get("provider", self.kind))
        object.__setattr__(self, "maker", maker)
        object.__setattr__(self, "label", f"{self.name}:{maker}/{self.model}"[:200])


class Call(Struct, frozen=True):
    """A call on its way; what a stage has not found out yet is empty.

    `plan` is what is remembered of calls like it, and `ready` what was where all of it was.
    """

    received: Received
    asked: Asked | None = None
    actor: Actor | None = None
    standing: Standing | None = None
    origin: Origin | None = None
    serving: Serving | None = None
    contents: Contents | None = None
    set_digest: str = ""
    routes: tuple[Route, ...] = ()
    left_out: tuple[str, ...] = ()
    shadow: Route | None = None
    exception: str = ""
    approval: str = ""
    kept: Kept | None = None
    limits: tuple[Limit, ...] = ()
    protector: Protector | None = None
    looked: Looked | None = None
    decided: tuple[Named, ...] = ()
    judged: Judgement = filled(default_factory=Judgement)
    body: Mapping[str, Any] = filled(default_factory=dict)
    prompt: str = ""
    held: tuple[str, ...] = ()
    intended: bool = False
    sent: bytes = b""
    took: dict[str, int] = filled(default_factory=dict)
    answer: Answered | None = None
    plan: Plan | None = None
    ready: Ready | None = None


class Answered(Struct, frozen=True):
    """What came back, as far as it is known.

    `holds` are its tool calls that wait for people, `approval` the request that was asked, `used`
    the digest of what was approved and is used up with it, `released` the call in which it came,
    `kept_back` those of its tools that did not go on with the rest, `written` its body and `told`
    its headers where those were written down already.
    """

    status: int
    route: Route
    attempts: tuple[Attempt, ...]
    body: Mapping[str, Any] = filled(default_factory=dict)
    raw: bytes = b""
    headers: Mapping[str, str] = filled(default_factory=dict)
    stream: Any = None
    provider_model: str = ""
    usage: Usage = filled(default_factory=Usage)
    tools: tuple[str, ...] = ()
    judged: Judgement = filled(default_factory=Judgement)
    decided: tuple[Named, ...] = ()
    reached: Reached = Reached.WHOLE
    translated: str = ""
    not_told: tuple[str, ...] = ()
    exception: str = ""
    holds: tuple[HeldTool, ...] = ()
    approval: str = ""
    used: str = ""
    released: str = ""
    kept_back: tuple[str, ...] = ()
    written: bytes = b""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A call goes no further: with which status and code, why, and what to do about it."""

    status: int
    code: str
    says: str
    field: str = ""
    remedy: str = ""
    reasons: tuple[str, ...] = ()
    stage: str = ""
    retry_after: int = 0
    retry: bool = False
    call: Call | None = None
    attempts: tuple[Attempt, ...] = ()
    recorded: bool = False
    approval: str = ""

    @classmethod
    def of(cls, error: MunimentError, status: int, *, call: Call | None = None) -> Stop:
        """Make a stop of an error."""
        return cls(
            status,
            error.code,
            error.message,
            error.field,
            error.remedy,
            error.reasons,
            call=call,
        )
