"""The acts of a system's life: register, submit, stop, resume, hand over, roll back, retire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.routing import Route

from muniment import registry
from muniment.db import Work
from muniment.registry import System
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices
from muniment.web.registry.cells import AREA, SYSTEMS
from muniment.web.registry.persons import person_field
from muniment.web.undoing import Done

_CRUMBS: Final = (("Systems", SYSTEMS),)
_REASON: Final = Field("reason", "Why", kind="textarea", hint="It stands in the record.")
_DISPOSAL: Final = ("data", "models", "access", "records")


def routes() -> list[Route]:
    """List the acts of a system's life."""
    acts = (REGISTER, SUBMIT, SUSPEND, RESUME, TRANSFER, ROLL_BACK, RETIRE)
    return [route for act in acts for route in act.routes()]


def _register_sheet(work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Register a system",
        lede="It is proposed at first, and serves nobody until it was approved. What else is to be "
        "stated, data, autonomy, boundary, stands on its page afterwards.",
        button="Register the system",
        fields=(
            Field("key", "Key", hint="As it stands in commands.", placeholder="credit-score"),
            Field("name", "Name"),
            Field("purpose", "What it is for", kind="textarea"),
            person_field(work, "owner", "Owner", hint="Who answers for it."),
            person_field(work, "alert_reviewer", "Reviewer of alerts", required=False),
            person_field(work, "change_approver", "Approver of changes", required=False),
            Field(
                "declared_tier",
                "Tier",
                kind="select",
                options=choices([(each, each) for each in registry.TIERS], "not known"),
                required=False,
                hint="Not known is treated as the highest.",
            ),
        ),
        back=SYSTEMS,
        crumbs=_CRUMBS,
    )


def _register(work: Work, typed: Typed) -> Outcome:
    names = ("name", "purpose", "owner", "alert_reviewer", "change_approver", "declared_tier")
    stated = {name: typed.get(name, "") for name in names}
    made = registry.register(work, typed.get("key", ""), stated)
    return f"{SYSTEMS}/{made.id}"


REGISTER: Final = Act(
    AREA, "systems/register", "Register a system.", "registry.register", _register_sheet, _register
)


def _sheet(
    work: Work,
    typed: Typed,
    title: Callable[[System], str],
    button: str,
    consequences: tuple[str, ...],
    fields: tuple[Field, ...] = (_REASON,),
    tone: str = "main",
) -> Sheet:
    system = registry.get_system(work, typed["system_id"])
    here = f"{SYSTEMS}/{system.id}"
    return Sheet(
        title=title(system),
        lede=f"{system.profile.name} is {system.state.value.replace('_', ' ')}.",
        button=button,
        fields=fields,
        consequences=consequences,
        tone=tone,
        back=here,
        crumbs=(*_CRUMBS, (system.profile.name, here)),
    )


def _submit_sheet(work: Work, typed: Typed) -> Sheet:
    return _sheet(
        work,
        typed,
        lambda system: f"Submit {system.key} for review",
        "Submit it",
        ("Those who approve its tier are asked.", "What is stated now is what they answer."),
        fields=(),
    )


def _submit(work: Work, typed: Typed) -> Outcome:
    made = registry.submit(work, typed["system_id"])
    return f"/console/approvals/{made.request_id}"


SUBMIT: Final = Act(
    AREA,
    "systems/{system_id}/submit",
    "Put a system before those who approve it.",
    "registry.change",
    _submit_sheet,
    _submit,
    within=None,
)


def _suspend_sheet(work: Work, typed: Typed) -> Sheet:
    return _sheet(
        work,
        typed,
        lambda system: f"Stop {system.key}?",
        "Stop it now",
        ("Within a second every process refuses its calls.", "It can be resumed as it was."),
        tone="stop main",
    )


def _suspend(work: Work, typed: Typed) -> Outcome:
    made = registry.suspend(work, typed["system_id"], reason=typed.get("reason", ""))
    here = f"{SYSTEMS}/{made.id}"
    return Done(here, f"{made.key} is stopped.", f"{here}/resume")


SUSPEND: Final = Act(
    AREA,
    "systems/{system_id}/suspend",
    "Stop a system at once.",
    "registry.suspend",
    _suspend_sheet,
    _suspend,
    within=None,
)


def _resume_sheet(work: Work, typed: Typed) -> Sheet:
    return _sheet(
        work,
        typed,
        lambda system: f"Resume {system.key}",
        "Resume it",
        ("What served before it was stopped serves again.",),
    )


def _resume(work: Work, typed: Typed) -> Outcome:
    made = registry.resume(work, typed["system_id"], reason=typed.get("reason", ""))
    here = f"{SYSTEMS}/{made.id}"
    return Done(here, f"{made.key} goes on.", f"{here}/suspend")


RESUME: Final = Act(
    AREA,
    "systems/{system_id}/resume",
    "Let a stopped system go on.",
    "registry.suspend",
    _resume_sheet,
    _resume,
    within=None,
)


def _transfer_sheet(work: Work, typed: Typed) -> Sheet:
    return _sheet(
        work,
        typed,
        lambda system: f"Hand {system.key} over",
        "Hand it over",
        ("Whoever is named answers for it from now on.",),
        fields=(person_field(work, "owner", "New owner"), _REASON),
    )


def _transfer(work: Work, typed: Typed) -> Outcome:
    owner, reason = typed.get("owner", ""), typed.get("reason", "")
    made = registry.transfer(work, typed["system_id"], owner, reason=reason)
    return f"{SYSTEMS}/{made.id}"


TRANSFER: Final = Act(
    AREA,
    "systems/{system_id}/transfer",
    "Let somebody else answer for a system.",
    "registry.transfer",
    _transfer_sheet,
    _transfer,
    within=None,
)


def _roll_back_sheet(work: Work, typed: Typed) -> Sheet:
    system = registry.get_system(work, typed["system_id"])
    places = [(each.name, each.name) for each in system.profile.environments]
    return _sheet(
        work,
        typed,
        lambda system: f"Roll {system.key} back?",
        "Roll back now",
        (
            "What served the whole environment before serves it again, within a second.",
            "The change that is left is marked and not gone back to.",
        ),
        fields=(
            Field("environment", "Environment", kind="select", options=tuple(places)),
            _REASON,
        ),
        tone="stop main",
    )


def _roll_back(work: Work, typed: Typed) -> Outcome:
    environment, reason = typed.get("environment", ""), typed.get("reason", "")
    made = registry.roll_back(work, typed["system_id"], environment, reason=reason)
    return f"{SYSTEMS}/{made.system_id}"


ROLL_BACK: Final = Act(
    AREA,
    "systems/{system_id}/rollback",
    "Go back to what served before.",
    "registry.roll_back",
    _roll_back_sheet,
    _roll_back,
    within=None,
)


def _retire_sheet(work: Work, typed: Typed) -> Sheet:
    return _sheet(
        work,
        typed,
        lambda system: f"Retire {system.key}?",
        "Retire it for good",
        ("Nothing of it serves any more.", "What is retired stays so; its history stays too."),
        fields=tuple(Field(each, f"What became of its {each}") for each in _DISPOSAL),
        tone="stop main",
    )


def _retire(work: Work, typed: Typed) -> Outcome:
    told = {name: typed.get(name, "") for name in _DISPOSAL}
    made = registry.retire(work, typed["system_id"], told)
    return f"{SYSTEMS}/{made.id}"


RETIRE: Final = Act(
    AREA,
    "systems/{system_id}/retire",
    "Retire a system for good.",
    "registry.retire",
    _retire_sheet,
    _retire,
    within=None,
)
