"""What the room exchanges records: calls that leave and end, what was seen, limits and stops."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from muniment.ledger.kinds.base import kind


@kind("exchanges.intended", subject=("system", "system"))
class Intended(Struct, frozen=True):
    """A call is about to leave: whose it is, where it may go, what was found and decided.

    `left_out` says of routes why they were not taken, `shadow` where it goes for comparison, and
    `exception` which approved request lets it go on although it could not be inspected; `approval`
    names the request by which it was held and let go.
    """

    exchange: str
    system: str
    environment: str
    key: str
    surface: str
    model: str
    routes: tuple[str, ...]
    set_digest: str
    request: str
    request_key: str
    prompt: str
    subject: str
    subject_source: str
    streamed: bool
    inspected: str
    detector: str
    findings: Mapping[str, int]
    effect: str
    decision: str
    policy: int
    remedies: tuple[str, ...]
    reasons: tuple[str, ...]
    reserved: Mapping[str, int]
    took: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    shadow: str = ""
    exception: str = ""
    approval: str = ""


@kind("exchanges.concluded", subject=("system", "system"))
class Concluded(Struct, frozen=True):
    """A call ended: what was tried, what the provider said of itself, how much reached whom.

    `fallback` says of which sort the route was that answered, where it was not the first, and
    `exception` which approved request let the answer go on although it could not be inspected.
    `approval` names the request by which a tool call in the answer was held, and `released` the
    call in which that answer came, where it was kept until somebody said yes. Of `tools`, those
    that did not go on with the rest of a stream are `kept_back`.
    """

    exchange: str
    system: str
    state: str
    status: int
    reached: str
    attempts: tuple[Mapping[str, str | int], ...]
    provider_model: str
    answer: str
    answer_key: str
    input_tokens: int
    output_tokens: int
    cost_micros: int
    milliseconds: int
    tools: tuple[str, ...]
    problem: str
    inspected: str
    detector: str
    findings: Mapping[str, int]
    effect: str
    decision: str
    policy: int
    remedies: tuple[str, ...]
    reasons: tuple[str, ...]
    took: Mapping[str, int] = field(default_factory=dict)
    fallback: str = ""
    exception: str = ""
    approval: str = ""
    released: str = ""
    kept_back: tuple[str, ...] = ()


@kind("exchanges.held", subject=("exchange", "exchange"))
class Held(Struct, frozen=True):
    """An answer is kept back, since a person must say yes to it or to tools that it wants called.

    Of the answer itself `tools` says "the answer". `arguments` are digests of what each of `tools`
    is called with, under the key of whose data the call carries. The answer rests in the vault;
    `approval` is the request that was asked.
    """

    exchange: str
    system: str
    environment: str
    approval: str
    tools: tuple[str, ...]
    arguments: tuple[str, ...]
    arguments_key: str


@kind("exchanges.refused", subject=("system", "system"))
class Refused(Struct, frozen=True):
    """A call was stopped before anything of it left, at this stage and for these reasons."""

    exchange: str
    system: str
    environment: str
    key: str
    surface: str
    model: str
    subject: str
    subject_source: str
    stage: str
    code: str
    status: int
    inspected: str
    detector: str
    findings: Mapping[str, int]
    effect: str
    decision: str
    policy: int
    remedies: tuple[str, ...]
    reasons: tuple[str, ...]
    took: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    approval: str = ""


@kind("exchanges.shadowed", subject=("exchange", "exchange"))
class Shadowed(Struct, frozen=True):
    """What another route made of a call, next to what was given: compared, and thrown away.

    `same` is met, not_met or could_not_tell. Lengths are in characters, and nothing of it counted
    towards anybody's limits.
    """

    exchange: str
    system: str
    route: str
    status: int
    problem: str
    same: str
    answer: str
    answer_key: str
    length: int
    served_length: int
    milliseconds: int
    served_milliseconds: int
    input_tokens: int
    output_tokens: int
    cost_micros: int
    inspected: str
    findings: Mapping[str, int]


@kind("exchanges.lost", subject=("system", "system"))
class Lost(Struct, frozen=True):
    """How a call ended is not known and never will be: whoever made it died over it."""

    exchange: str
    system: str
    began: int
    why: str


@kind("exchanges.limit_set", covers=("exchange_limits",), subject=("limit", "limit"))
class LimitSet(Struct, frozen=True):
    """So much may be used by this scope in each window, and from which share on people hear."""

    limit: str
    scope: str
    scope_id: str
    measure: str
    window: str
    amount: int
    warn_percent: int
    reason: str


@kind("exchanges.limit_ended", covers=("exchange_limits",), subject=("limit", "limit"))
class LimitEnded(Struct, frozen=True):
    """A limit no longer holds."""

    limit: str
    scope: str
    scope_id: str
    reason: str


@kind("exchanges.limit_neared", subject=("limit", "limit"))
class LimitNeared(Struct, frozen=True):
    """The share of a limit was passed from which on people want to hear of it."""

    limit: str
    scope: str
    scope_id: str
    measure: str
    window: str
    used: int
    amount: int


@kind("exchanges.stopped", covers=("exchange_stops",), subject=("stop", "stop"))
class Stopped(Struct, frozen=True):
    """Something was stopped at once, by whom and why.

    Where no human being stopped it, `rule` names the rule and `cause` the record that asked for it.
    """

    stop: str
    what: str
    name: str
    reason: str
    rule: str = ""
    cause: str = ""


@kind("exchanges.resumed", covers=("exchange_stops",), subject=("stop", "stop"))
class Resumed(Struct, frozen=True):
    """What was stopped goes on."""

    stop: str
    what: str
    name: str
    reason: str


@kind("exchanges.matched", subject=("exchange", "exchange"))
class Matched(Struct, frozen=True):
    """Somebody asked, for a stated reason, whether a text is the one a call carried.

    `answer` is matches, does_not_match or could_not_tell. Nothing of the text is kept, nor a digest
    of it.
    """

    exchange: str
    system: str
    direction: str
    answer: str
    reason: str


@kind("exchanges.price_set", covers=("exchange_prices",), subject=("price", "price"))
class PriceSet(Struct, frozen=True):
    """A million tokens of a model cost so much, in millionths, from a moment on."""

    price: str
    provider: str
    model: str
    currency: str
    input_micros: int
    output_micros: int
    valid_from: str
    source: str
    reason: str


@kind("exchanges.price_withdrawn", covers=("exchange_prices",), subject=("price", "price"))
class PriceWithdrawn(Struct, frozen=True):
    """From a moment on nobody knows what a model costs."""

    price: str
    provider: str
    model: str
    valid_from: str
    reason: str


@kind("exchanges.seen", subject=("system", "system_id"))
class Seen(Struct, frozen=True):
    """A model, a prompt or a tool was seen in the traffic of a system's environment.

    `sort` is model, prompt or tool. A prompt is known by its digest; of a model, `reported` is what
    its provider calls it in the answer. It is recorded when something is first seen, when what the
    provider reports changes, and then once in a while.
    """

    system_id: str
    environment: str
    sort: str
    name: str
    digest: str
    reported: str
    seen_at: str
