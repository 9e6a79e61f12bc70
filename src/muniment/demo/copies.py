"""More of the same: calls like one that went through the gateway, recorded many at once.

They carry what was found and decided about the call they are like, for they say the same; each is
a call of its own, by the room's own door, and its place in the log and in the index is real.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from muniment import exchanges, policy, registry
from muniment.core.actor import Actor, ActorKind
from muniment.exchanges import (
    Attempt,
    Claim,
    Exchange,
    Inspected,
    Intent,
    Judgement,
    Origin,
    Outcome,
    Reached,
    Refusal,
    State,
    SubjectSource,
)
from muniment.ledger import Entry, Handed, Writer

if TYPE_CHECKING:
    from muniment.demo.stage import Stage

_MOST_WAITING: Final = 5_000
SYSTEMS: Final = ("support-assistant", "credit-score", "code-agent")


@dataclass(slots=True)
class Likeness:
    """What was recorded of a call, to make more like it."""

    actor: Actor
    intent: Intent | None = None
    outcome: Outcome | None = None
    refusal: Refusal | None = None

    def fits(self, version: int, serving: Collection[str]) -> bool:
        """Tell whether it was judged by this version of the rules, and served by one of these."""
        if self.refusal is not None:
            return self.refusal.judged.policy == version
        return (
            self.intent is not None
            and self.intent.judged.policy == version
            and self.intent.set_digest in serving
        )


@dataclass(slots=True)
class Copies:
    """Calls of the last day to make more like, and those that are being written."""

    heard: list[str] = field(default_factory=list)
    pool: list[Likeness] = field(default_factory=list, repr=False)
    owed: int = 0
    waiting: list[Handed] = field(default_factory=list, repr=False)

    def hear(self, exchange: str, more: int) -> None:
        """Note a call that went through the gateway, and how many like it there shall be."""
        self.heard.append(exchange)
        self.owed += more

    def wait(self) -> None:
        """Wait until all are durable."""
        for each in self.waiting:
            each.result()
        self.waiting.clear()


def learn(stage: Stage) -> None:
    """Read what was recorded of the day's calls, once the log is sealed and the index follows."""
    copies = stage.copies
    if not copies.heard or stage.scale.more == 0:
        copies.heard.clear()
        return
    with stage.house.database.look(stage.machine_actor) as work:
        rows = [exchanges.get(work, each) for each in copies.heard]
    copies.heard.clear()
    copies.pool = [_likeness(stage, each) for each in rows if each.state is not State.OPEN]


def make_more(stage: Stage, until: datetime) -> None:
    """Record what is owed of calls like those of the day before, spread over a time."""
    copies = stage.copies
    fitting = _fitting(stage) if copies.owed else []
    if not fitting:
        return
    pause = (until - stage.clock.now()) / (copies.owed + 1)
    writer = stage.desk.gateway.means.writer
    for number in range(copies.owed):
        stage.clock.go_to(stage.clock.now() + pause)
        _copy(stage, writer, fitting[number % len(fitting)])
    copies.owed = 0


def _fitting(stage: Stage) -> list[Likeness]:
    """Keep the calls that would be judged and served now as they were then."""
    with stage.house.database.look(stage.machine_actor) as work:
        version = policy.standing(work).enforced
        serving = {
            share.set_digest
            for key in SYSTEMS
            for place in registry.serving_now(work, key)
            for share in place.shares
        }
    return [each for each in stage.copies.pool if each.fits(version, serving)]


def _copy(stage: Stage, writer: Writer, like: Likeness) -> None:
    copies, made = stage.copies, stage.house.database.ids.new("exc")
    if like.refusal is not None:
        told = replace(like.refusal, origin=replace(like.refusal.origin, exchange=made))
        copies.waiting.append(exchanges.refuse(writer, like.actor, told))
    elif like.intent is not None and like.outcome is not None:
        intent = replace(like.intent, origin=replace(like.intent.origin, exchange=made))
        outcome = replace(like.outcome, exchange=made)
        copies.waiting.append(exchanges.intend(writer, like.actor, intent, Claim()))
        stage.clock.go_to(stage.clock.now() + timedelta(milliseconds=outcome.milliseconds))
        copies.waiting.append(exchanges.conclude(writer, like.actor, outcome))
    if len(copies.waiting) >= _MOST_WAITING:
        copies.wait()


def _likeness(stage: Stage, row: Exchange) -> Likeness:
    log = stage.house.log
    entries = [
        log.read_after(place, 1)[0] for place in dict.fromkeys((row.first_entry, row.last_entry))
    ]
    found = Likeness(_actor(entries[0]))
    for each in entries:
        _take(found, each)
    return found


def _actor(entry: Entry) -> Actor:
    told = entry.actor
    return Actor(
        ActorKind(told["kind"]), told["id"], told.get("credential", ""), told.get("grant", "")
    )


def _take(found: Likeness, entry: Entry) -> None:
    body = entry.body
    if entry.kind == "exchanges.intended":
        found.intent = _intent(body)
    elif entry.kind == "exchanges.concluded":
        found.outcome = _outcome(body)
    elif entry.kind == "exchanges.refused":
        found.refusal = _refusal(body)


def _origin(body: Mapping[str, Any]) -> Origin:
    return Origin(
        body["exchange"],
        body["system"],
        body["environment"],
        body["key"],
        body["surface"],
        body["subject"],
        SubjectSource(body["subject_source"]),
    )


def _judged(body: Mapping[str, Any]) -> Judgement:
    return Judgement(
        inspected=Inspected(body["inspected"]),
        detector=body["detector"],
        findings=dict(body["findings"]),
        effect=body["effect"],
        decision=body["decision"],
        policy=body["policy"],
        remedies=tuple(body["remedies"]),
        reasons=tuple(body["reasons"]),
    )


def _intent(body: Mapping[str, Any]) -> Intent:
    return Intent(
        _origin(body),
        body["model"],
        tuple(body["routes"]),
        body["set_digest"],
        body["request"],
        body["request_key"],
        body["prompt"],
        _judged(body),
        streamed=body["streamed"],
        took=dict(body["took"]),
        left_out=tuple(body["left_out"]),
    )


def _outcome(body: Mapping[str, Any]) -> Outcome:
    return Outcome(
        body["exchange"],
        body["system"],
        State(body["state"]),
        body["status"],
        Reached(body["reached"]),
        attempts=tuple(Attempt(**each) for each in body["attempts"]),
        provider_model=body["provider_model"],
        answer=body["answer"],
        answer_key=body["answer_key"],
        input_tokens=body["input_tokens"],
        output_tokens=body["output_tokens"],
        cost_micros=body["cost_micros"],
        milliseconds=body["milliseconds"],
        tools=tuple(body["tools"]),
        problem=body["problem"],
        judged=_judged(body),
        took=dict(body["took"]),
    )


def _refusal(body: Mapping[str, Any]) -> Refusal:
    return Refusal(
        _origin(body),
        body["model"],
        body["stage"],
        body["code"],
        body["status"],
        _judged(body),
        took=dict(body["took"]),
        left_out=tuple(body["left_out"]),
    )
