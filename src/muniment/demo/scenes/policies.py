"""The rules of the company: agreed to, in force, one in shadow; and policies for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from muniment import policy
from muniment.approvals import Answer
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale, event
from muniment.policy import DocumentDraft, Source

_PACKS: Final = ("generative-ai-data", "agent-tool-use")
_LISTS: Final = """
@id("brightwater.account-lists-stay")
@control("C1.1, CC6.7")
@reason("Account numbers of customers do not leave the company.")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.types.contains("IBAN_CODE") };
"""
_PRODUCTION: Final = """
@id("brightwater.production-needs-a-person")
@control("CC8.1")
@reason("What would change the production of others waits for a person.")
@remedy("hold:security")
forbid (principal is Muniment::Agent, action == Muniment::Action::"call", resource)
when {
  context.text.types.contains("PRODUCTION_CHANGE") && !context.text.held.contains("security")
};
"""
_ROLL_OUTS: Final = """
@id("brightwater.roll-outs-need-a-person")
@control("CC8.1")
@reason("An agent rolls nothing out by itself.")
@remedy("hold:security")
forbid (
  principal is Muniment::Agent,
  action == Muniment::Action::"use_tool",
  resource == Muniment::Tool::"deploy"
)
when { !context.text.held.contains("security") };
"""
_NO_PHONES: Final = """
@id("brightwater.no-phone-numbers")
@control("P4.1")
@reason("A phone number is not needed to answer a question.")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.types.contains("PHONE_NUMBER") };
"""
_DOCUMENTS: Final = (
    ("ai-use", "Use of AI at Brightwater", 2.1, ("CC1.4", "CC2.2")),
    ("incidents", "What to do when a model goes wrong", 3.2, ("CC7.4",)),
)


def scene(scale: Scale) -> Iterator[Event]:
    """Put rules in force, tighten them, refuse one that went too far, and try one in shadow."""
    yield Event(0.70, lambda stage: _draft(stage, "first", "The rules to begin with."))
    yield Event(0.75, lambda stage: _agree(stage, "first"))
    yield Event(0.78, lambda stage: _publish(stage, "first", "The systems are about to start."))
    yield Event(20.4, lambda stage: _draft(stage, "lists", "A list went into a prompt.", _LISTS))
    yield Event(20.6, lambda stage: _agree(stage, "lists"))
    yield Event(20.7, lambda stage: _publish(stage, "lists", "Nothing of it may leave."))
    yield Event(
        28.4,
        lambda stage: _draft(
            stage, "held", "The agent reaches further now.", _LISTS, _PRODUCTION, _ROLL_OUTS
        ),
    )
    yield Event(28.6, lambda stage: _agree(stage, "held"))
    yield Event(28.7, lambda stage: _publish(stage, "held", "A person looks at it first."))
    yield Event(64.2, _go_too_far)
    yield Event(
        scale.days - 9.5,
        lambda stage: _draft(
            stage,
            "phones",
            "Phones are asked for too often.",
            _LISTS,
            _PRODUCTION,
            _ROLL_OUTS,
            _NO_PHONES,
        ),
    )
    yield Event(scale.days - 9.4, _shade)
    yield Event(scale.days - 2.3, _ask_about_shadow)
    for name, title, day, controls in _DOCUMENTS:
        yield event(day, _write, name=name, title=title, controls=controls)
        yield event(day + 0.3, _hold, name=name)
        yield event(day + 1.2, _read, name=name)
    yield Event(scale.days - 6.5, _write_draft)


def sources(*more: str) -> list[Source]:
    """Give the rules of the company: two starter packs and its own."""
    found = [
        Source(f"{name}/{each.name}", each.text)
        for name in _PACKS
        for each in policy.pack(name).sources
    ]
    own = "\n".join(more)
    return [*found, Source("brightwater.cedar", own)] if own else found


def _draft(stage: Stage, name: str, reason: str, *own: str) -> None:
    with stage.by("sven") as work:
        made = policy.draft(work, sources(*own), reason=reason)
    stage.kept[f"policy {name}"] = made.number
    if name == "phones":
        return
    with stage.by("sven") as work:
        request = policy.ask_for_review(work, made.number)
    stage.kept[f"policy {name} request"] = request.id


def _agree(stage: Stage, name: str) -> None:
    said = "Tried it on the decisions of the last days."
    stage.answer("cora", stage.kept[f"policy {name} request"], reason=said)


def _publish(stage: Stage, name: str, reason: str) -> None:
    with stage.by("cora") as work:
        policy.publish(work, stage.kept[f"policy {name}"], reason=reason)


def _go_too_far(stage: Stage) -> None:
    _draft(
        stage, "too far", "No personal data at all.", _LISTS, _PRODUCTION, _ROLL_OUTS, _NO_PHONES
    )
    said = "The desk could not work: every third question carries a phone number."
    stage.answer("cora", stage.kept["policy too far request"], Answer.DENY, reason=said)


def _shade(stage: Stage) -> None:
    with stage.by("sven") as work:
        policy.shadow(work, stage.kept["policy phones"], reason="To see what it would stop.")


def _ask_about_shadow(stage: Stage) -> None:
    with stage.by("sven") as work:
        number = stage.kept["policy phones"]
        policy.ask_for_review(work, number, checks=policy.checks_of(work, number))


def _write(stage: Stage, name: str, title: str, controls: tuple[str, ...]) -> None:
    text = (
        f"# {title}\n\nThis policy was written for a demonstration.\n\n"
        "Use only systems that stand in the registry. Do not put secrets into prompts. "
        "Say so at once when something goes wrong."
    )
    with stage.by("sven") as work:
        told = DocumentDraft(
            title, text, stage.people["cora"], work.now + timedelta(days=365), controls
        )
        made = policy.write_document(work, name, told, reason="The first version.")
    with stage.by("sven") as work:
        request = policy.ask_for_document(work, name, made.version)
    stage.kept[f"document {name}"] = (made.version, request.id)


def _hold(stage: Stage, name: str) -> None:
    version, request = stage.kept[f"document {name}"]
    stage.answer("cora", request, reason="It says what we do.")
    with stage.by("cora") as work:
        policy.publish_document(work, name, version)


def _read(stage: Stage, name: str) -> None:
    for person in ("omar", "lena", "bea", "rita", "otto", "sven"):
        with stage.by(person) as work:
            held = policy.to_be_read(work, name)
            policy.acknowledge(work, name, digest=held.document.digest)


def _write_draft(stage: Stage) -> None:
    _write(stage, "agents", "What agents may do alone", ("CC6.3",))
