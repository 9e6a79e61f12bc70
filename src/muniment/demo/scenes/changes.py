"""What was changed in the systems: drafted, tested, agreed to, released, and once taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from muniment import approvals, registry
from muniment.approvals import Answer
from muniment.demo.scenes.wording import CODER, HELPER, SCORE, TOOLS
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale, event
from muniment.registry import Origin, RunSort

_STEP_DAYS: Final = 0.12
_ANSWERED_AFTER: Final = 0.15


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the story: of which system, by whom, to what, and how far it goes."""

    day: float
    system: str
    name: str
    title: str
    reason: str
    parts: Mapping[str, Mapping[str, Any]]
    builder: str = "bea"
    approvers: tuple[str, ...] = ("rita",)
    steps: int = 3
    score: str = "0.94"
    ticket: str = ""
    refused: str = ""


_PROMPT: Final = "You help customers of Brightwater. Be kind, be brief."
CHANGES: Final = (
    Change(
        1.05,
        "support-assistant",
        "support first",
        "First release",
        "The desk needs help at night.",
        {
            "model/helper": HELPER,
            "prompt/main": {"text": _PROMPT},
            "guardrail/content": {
                "rules": ["keep one call in five for quality"],
                "content": {"keep": True, "percent": 20, "classification": "confidential"},
            },
        },
        steps=2,
        ticket="SUP-101",
    ),
    Change(
        1.1,
        "credit-score",
        "credit first",
        "Score of the first quarter",
        "The old scorecard is eight years old.",
        {
            "model/score": SCORE,
            "dataset/applications": {"source": "loans-2026q1", "collected_by": "Lending"},
        },
        approvers=("rita", "cora"),
        steps=2,
        ticket="LOAN-7",
    ),
    Change(
        1.2,
        "code-agent",
        "code first",
        "First release",
        "Small repairs wait for weeks.",
        {"model/coder": CODER, "tools/main": TOOLS},
        builder="raj",
        steps=2,
        ticket="DEV-311",
    ),
    Change(
        16.3,
        "support-assistant",
        "support refunds",
        "Answers about refunds",
        "A third of all questions is about refunds.",
        {"prompt/main": {"text": f"{_PROMPT} Refunds take five days."}},
        ticket="SUP-140",
    ),
    Change(
        34.4,
        "support-assistant",
        "support warm",
        "A warmer tone",
        "Customers find it cold.",
        {"prompt/main": {"text": f"{_PROMPT} Promise that all will be well."}},
        steps=2,
        score="0.91",
        ticket="SUP-166",
    ),
    Change(
        47.2,
        "credit-score",
        "credit second",
        "Score of the second quarter",
        "Trained anew, as each quarter.",
        {"model/score": {**SCORE, "model": "ledger-score-4", "version": "4"}},
        approvers=("rita", "cora"),
        ticket="LOAN-19",
    ),
    Change(
        58.3,
        "code-agent",
        "code alone",
        "Let it merge by itself",
        "It would be quicker.",
        {"tools/main": {"allowed": [*TOOLS["allowed"], {"name": "merge", "effect": "write"}]}},
        builder="raj",
        steps=0,
        ticket="DEV-402",
        refused="Nobody would look at what it merges. Keep the person in.",
    ),
    Change(
        88.4,
        "support-assistant",
        "support parcels",
        "Answers about lost parcels",
        "Before the busy season.",
        {"prompt/main": {"text": f"{_PROMPT} Ask for the parcel number."}},
        approvers=(),
        steps=0,
        ticket="SUP-203",
    ),
    Change(
        86.1,
        "support-assistant",
        "support returns",
        "Answers about returns",
        "The rule about returns has changed.",
        {"prompt/main": {"text": f"{_PROMPT} Returns are free for thirty days."}},
        steps=2,
        score="0.95",
        ticket="SUP-199",
    ),
)


def scene(scale: Scale) -> Iterator[Event]:
    """Tell each change step by step, the rollback, a freeze, and a system that stood still."""
    for each in CHANGES:
        yield from _told(each)
    yield Event(36.6, _roll_back)
    yield Event(47.3, _pass_up)
    yield Event(52.0, _stop_and_go)
    yield Event(scale.days - 1.5, _freeze)
    for number in range(3 * (scale.times - 1)):
        day = 5 + number * 70 / max(1, 3 * scale.times)
        yield event(day, _one_more, number=number)


def _told(change: Change) -> Iterator[Event]:
    yield event(change.day, _ask, change=change)
    at = change.day + _ANSWERED_AFTER
    if change.refused:
        yield event(at, _refuse, change=change)
    for number, name in enumerate(change.approvers if not change.refused else ()):
        yield event(at + number / 30, _agree, change=change, name=name)
    for number in range(change.steps):
        day = at + 0.1 + number * _STEP_DAYS * (4 if number == 2 else 1)
        yield event(day, _promote, change=change)


def _ask(stage: Stage, change: Change) -> None:
    with stage.by(change.builder) as work:
        named = {}
        for label, document in change.parts.items():
            origin = Origin(ticket=change.ticket)
            made = registry.add_version(work, change.system, label, document, origin=origin)
            named[label] = made.number
    with stage.by(change.builder) as work:
        origin = Origin(ticket=change.ticket)
        drafted = registry.draft(
            work, change.system, change.title, named, reason=change.reason, origin=origin
        )
    stage.clock.go_to(stage.clock.now() + timedelta(hours=1))
    _test(stage, change, drafted.set_digest)
    with stage.by(change.builder) as work:
        asked = registry.ask(work, drafted.id)
    stage.kept[f"{change.name} change"] = asked.id
    stage.kept[f"{change.name} request"] = asked.request_id


def _test(stage: Stage, change: Change, set_digest: str) -> None:
    """Record how the set did in its tests, on whole and on redacted texts."""
    for redacted in (False, True):
        document = {
            "metrics": {"quality": change.score},
            "thresholds": {"quality": ">= 0.9"},
            "redacted": redacted,
        }
        with stage.by(change.builder) as work:
            registry.record_run(work, change.system, RunSort.EVALUATION, set_digest, document)


def _agree(stage: Stage, change: Change, name: str) -> None:
    said = "Read the difference and the tests."
    stage.answer(name, stage.kept[f"{change.name} request"], reason=said)


def _refuse(stage: Stage, change: Change) -> None:
    request = stage.kept[f"{change.name} request"]
    stage.answer("rita", request, Answer.DENY, reason=change.refused)


def _pass_up(stage: Stage) -> None:
    """Let the owner answer too, for the releaser is away."""
    with stage.by("cora") as work:
        request = stage.kept["credit second request"]
        approvals.escalate(work, request, reason="The quarter ends, and Rita is on a train.")


def _promote(stage: Stage, change: Change) -> None:
    with stage.by("rita") as work:
        registry.promote(work, stage.kept[f"{change.name} change"])


def _roll_back(stage: Stage) -> None:
    """Go back from the share that tried the warmer tone: it promised refunds nobody owed."""
    reason = "It promised refunds that nobody owes; two customers complained."
    with stage.by("otto") as work:
        registry.roll_back(work, "support-assistant", "production", reason=reason)


def _stop_and_go(stage: Stage) -> None:
    with stage.by("otto") as work:
        registry.suspend(work, "code-agent", reason="It opened the same pull request forty times.")
    stage.clock.go_to(stage.clock.now() + timedelta(hours=3))
    with stage.by("tom") as work:
        registry.resume(work, "code-agent", reason="The loop was found and mended.")


def _freeze(stage: Stage) -> None:
    with stage.by("rita") as work:
        registry.freeze(
            work,
            starts_at=work.now,
            ends_at=work.now + timedelta(days=5),
            reason="The books of the quarter are closed.",
            system="credit-score",
        )


def _one_more(stage: Stage, number: int) -> None:
    """Draft a change of a part that serves nobody yet, as busy teams do."""
    label = f"prompt/idea-{number + 1}"
    with stage.by("bea") as work:
        made = registry.add_version(
            work, "support-assistant", label, {"text": f"Idea {number + 1}: say it in one line."}
        )
    with stage.by("bea") as work:
        registry.draft(
            work,
            "support-assistant",
            f"Idea {number + 1}",
            {label: made.number},
            reason="To be tried some day.",
        )
