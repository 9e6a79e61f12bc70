"""What is stated about a system, in a form: everything but its owner and its boundary.

Each time it is stated anew, the statement before stays. Two who state it at once do not undo each
other: the form names the version it was made from.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from starlette.routing import Route

from muniment import registry
from muniment.core.errors import InvalidError, MunimentError
from muniment.db import Work
from muniment.registry import AiRole, Autonomy, Profile, Stage, System
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices
from muniment.web.cells import Cell
from muniment.web.registry.cells import AREA, SYSTEMS, people
from muniment.web.registry.persons import person_field

_TEXTS: Final = (
    *("name", "purpose", "alert_reviewer", "change_approver", "declared_tier", "autonomy"),
    *("role", "eu_class", "users_affected", "decision_logic", "refresh"),
)
_LISTS: Final = ("data_classes", "data_sources", "regions", "commitments")
_ONE_A_LINE: Final = "One a line."


def routes() -> list[Route]:
    """List the page of the form."""
    return STATE.routes()


def _sheet(work: Work, typed: Typed) -> Sheet:
    system = registry.get_system(work, typed["system_id"])
    here = f"{SYSTEMS}/{system.id}"
    owner = system.profile.owner
    return Sheet(
        title=f"State {system.key} anew",
        lede="What is stated now stays on record; this becomes the next statement.",
        button="State it",
        facts=(
            ("Owner", Cell(people(work, [owner]).get(owner, owner))),
            ("Another owner", Cell("Hand it over", f"{here}/transfer")),
            ("Components and flows", Cell("Change the boundary", f"{here}/boundary/edit")),
        ),
        consequences=_consequences(system),
        fields=_fields(work, system),
        back=here,
        wide=True,
        crumbs=(("Systems", SYSTEMS), (system.profile.name, here)),
    )


def _consequences(system: System) -> tuple[str, ...]:
    if system.review_due_at is None:
        return ("Those who look at it see what is stated then.",)
    return (
        "A change of name, people, commitments, refresh or first share is recorded, no more.",
        (
            "Any other change ends its review: what serves goes on, and nothing new is released "
            "until it was looked at again."
        ),
    )


def _fields(work: Work, system: System) -> tuple[Field, ...]:
    stated = system.profile
    return (
        Field("name", "Name", value=stated.name),
        Field("purpose", "What it is for", kind="textarea", value=stated.purpose),
        person_field(
            work,
            "alert_reviewer",
            "Reviewer of alerts",
            stated.alert_reviewer,
            required=False,
        ),
        person_field(
            work,
            "change_approver",
            "Approver of changes",
            stated.change_approver,
            required=False,
            hint="Has to be among those who say yes.",
        ),
        *_risk_fields(stated),
        *_data_fields(stated),
        *_running_fields(stated),
        Field("version", "", kind="hidden", value=f"{system.version}"),
    )


def _risk_fields(stated: Profile) -> tuple[Field, ...]:
    return (
        Field(
            "declared_tier",
            "Tier",
            kind="select",
            value=stated.declared_tier,
            options=choices([(each, each) for each in registry.TIERS], "not known"),
            required=False,
            hint="Not known is treated as the highest. A stricter assessed tier goes before it.",
        ),
        Field(
            "autonomy",
            "How much it does without a person",
            kind="select",
            value=stated.autonomy.value,
            options=_words_of(Autonomy),
        ),
        Field(
            "role",
            "Role under the EU AI Act",
            kind="select",
            value=stated.role.value,
            options=_words_of(AiRole),
        ),
        Field(
            "eu_class",
            "Class under the EU AI Act",
            kind="select",
            value=stated.eu_class,
            options=choices([(each, each) for each in registry.EU_CLASSES], "not classified"),
            required=False,
            hint="Rules are told of it, as those of the pack eu-ai-act-high-risk.",
        ),
        _area(
            "users_affected", "Users affected", stated.users_affected, "Who, and about how many."
        ),
    )


def _data_fields(stated: Profile) -> tuple[Field, ...]:
    return (
        _area("data_classes", "Classes of data", "\n".join(stated.data_classes), _ONE_A_LINE),
        _area(
            "data_sources", "Where the data come from", "\n".join(stated.data_sources), _ONE_A_LINE
        ),
        _area("regions", "Regions", "\n".join(stated.regions), _ONE_A_LINE),
        _area("commitments", "Commitments", "\n".join(stated.commitments), _ONE_A_LINE),
    )


def _running_fields(stated: Profile) -> tuple[Field, ...]:
    places = "\n".join(f"{each.name} = {each.stage.value}" for each in stated.environments)
    return (
        _area("decision_logic", "Decision logic", stated.decision_logic, "Who decides, and how."),
        _area(
            "refresh", "How it is refreshed", stated.refresh, "What is looked at, and how often."
        ),
        Field(
            "environments",
            "Environments",
            kind="textarea",
            value=places,
            hint=f"One a line: name = stage. Stages are {', '.join(Stage)}.",
        ),
        Field(
            "canary_percent",
            "First share of production",
            kind="number",
            value=f"{stated.canary_percent}",
            hint="In percent, of the traffic a new version gets first; 0 for all at once.",
        ),
    )


def _area(name: str, label: str, value: str, hint: str) -> Field:
    return Field(name, label, kind="textarea", value=value, hint=hint, rows=2, required=False)


def _words_of(kind: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, each.value.replace("_", " ")) for each in kind)


def _state(work: Work, typed: Typed) -> Outcome:
    system = registry.get_system(work, typed["system_id"])
    told = {**registry.profile_document(system.profile), **_read(typed)}
    try:
        made = registry.change_system(work, system.id, told, version=read_version(typed))
    except MunimentError as error:
        show_at_field(error)
        raise
    return f"{SYSTEMS}/{made.id}"


STATE: Final = Act(
    AREA,
    "systems/{system_id}/state",
    "State a system anew.",
    "registry.change",
    _sheet,
    _state,
    within=None,
)


def read_version(typed: Typed) -> int:
    """Read which version of the system a form was made from."""
    text = typed.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidError("the form is not whole", remedy="Open it again from the system's page.")
    return int(text)


def show_at_field(error: MunimentError) -> None:
    """Let an error stand beside the field of this form that it is about, if it is about one."""
    name = error.field.partition("[")[0]
    inner = error.field.rpartition(".")[2]
    error.field = "environments" if inner == "environments" else name
    if error.field == "version":
        error.field = ""


def _read(typed: Typed) -> dict[str, Any]:
    given: dict[str, Any] = {name: typed[name] for name in _TEXTS if name in typed}
    given |= {name: lines_of(typed[name]) for name in _LISTS if name in typed}
    if "environments" in typed:
        given["environments"] = [_environment(each) for each in lines_of(typed["environments"])]
    if "canary_percent" in typed:
        text = typed["canary_percent"]
        is_number = text.isascii() and text.isdigit() and len(text) < 10
        given["canary_percent"] = int(text) if is_number else text
    return given


def lines_of(text: str) -> list[str]:
    """Cut a text into its lines, without empty ones."""
    return [each.strip() for each in text.split("\n") if each.strip()]


def _environment(line: str) -> dict[str, str]:
    name, sign, stage = (part.strip() for part in line.partition("="))
    if not sign:
        raise InvalidError(
            f"{line[:60]!r} names no stage",
            field="environments",
            remedy="Write each as production = production.",
        )
    return {"name": name, "stage": stage}
