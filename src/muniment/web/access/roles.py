"""The pages of roles: what can be allowed, by which role, and roles of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Permission, Role
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

ROLES: Final = f"{ADDRESS}/roles"
DEFINE: Final = "access.define_roles"
_CRUMBS: Final = (("Roles", ROLES),)
_CONDITIONS: Final = (
    ("must_expire", "Given for a time only"),
    ("must_scope", "Given for named places only"),
    ("views_recorded", "Each view is recorded"),
)


def routes() -> list[Route]:
    """List the pages of roles."""
    return [
        *LIST.routes(),
        *DEFINE_ROLE.routes(),
        *SHOW.routes(),
        *CHANGE.routes(),
        *END.routes(),
    ]


def role_options(work: Work) -> tuple[tuple[str, str], ...]:
    """List the roles for a choice, each with what it is."""
    return tuple((each.name, f"{each.name}: {each.says}") for each in access.roles(work))


def conditions_of(role: Role) -> str:
    """Say under which conditions a role is given."""
    said = [label[:1].lower() + label[1:] for name, label in _CONDITIONS if getattr(role, name)]
    return ", ".join(said)


def _read(work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Role]:
    return Page(tuple(access.roles(work)))


def _cells(_work: Work, found: Sequence[Role]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{ROLES}/{each.name}"),
            Cell(each.says),
            Cell(f"{len(each.permissions)}", kind="number"),
            Cell(conditions_of(each) or "no conditions"),
            Cell("built in" if each.built_in else f"your own, version {each.version}"),
        )
        for each in found
    ]


LIST: Final = Listing[Role](
    area=AREA,
    place="roles",
    title="Roles",
    says="Named sets of permissions. The built-in ones keep duties apart; of your own you can "
    "define others.",
    columns=(
        Column("Role", sort="name"),
        Column("What it is"),
        Column("Permissions", sort="permissions", number=True),
        Column("Given", hide_narrow=True),
        Column("From", sort="from", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty("No roles", "There are always the built-in ones."),
    actions=(
        Action("Define a role", f"{ROLES}/define", DEFINE, "main"),
        Action("Conflicting duties", f"{ADDRESS}/duties"),
    ),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    role = access.role(work, asked["name"])
    held = access.grants(work, role_name=role.name, only_holding=True, limit=500).rows
    here = f"{ROLES}/{role.name}"
    own = (
        Action("Define its next version", f"{here}/change", DEFINE),
        Action("End it", f"{here}/end", DEFINE, "stop"),
    )
    return ShownPage(
        title=role.name,
        lede=f"{role.says} Held by {len(held)} {'grant' if len(held) == 1 else 'grants'} now.",
        crumbs=_CRUMBS,
        facts=(
            ("From", Cell("built in" if role.built_in else f"your own, version {role.version}")),
            ("Given", Cell(conditions_of(role) or "without conditions")),
            ("Held by", Cell("Show the grants", f"{ADDRESS}/grants?role={role.name}")),
        ),
        sections=(
            Section(
                "What it allows",
                (Column("Permission"), Column("What"), Column("By whom")),
                tuple(
                    (
                        Cell(each.name, kind="code"),
                        Cell(each.says),
                        Cell("people only" if each.person_only else "people and programs"),
                    )
                    for each in _in_order(role.permissions)
                ),
                Empty("Nothing", "It carries no permission."),
                note=f"{len(role.permissions)} of {len(access.PERMISSIONS)}",
            ),
        ),
        actions=() if role.built_in else own,
    )


SHOW: Final = Show(
    AREA, "roles/{name}", "Show a role: what it allows and on which conditions.", _page
)


def _in_order(names: Iterable[str]) -> tuple[Permission, ...]:
    wanted = frozenset(names)
    return tuple(each for name, each in access.PERMISSIONS.items() if name in wanted)


def _fields(role: Role | None) -> tuple[Field, ...]:
    chosen = "\n".join(sorted(role.permissions)) if role else ""
    conditions = "\n".join(name for name, _ in _CONDITIONS if role and getattr(role, name))
    return (
        Field("says", "What it is, in a sentence", value=role.says if role else ""),
        Field(
            "permissions",
            "What it allows",
            kind="checkbox",
            value=chosen,
            options=tuple(
                (each.name, f"{each.name}: {each.says}") for each in access.PERMISSIONS.values()
            ),
        ),
        Field(
            "conditions",
            "Conditions",
            kind="checkbox",
            value=conditions,
            options=_CONDITIONS,
            required=False,
        ),
    )


def _define_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Define a role",
        lede="Duties that the built-in roles keep apart cannot be brought together in one role.",
        button="Define the role",
        fields=(
            Field("name", "Name", placeholder="reader", hint="Small letters, digits and hyphens."),
            *_fields(None),
        ),
        back=ROLES,
        crumbs=_CRUMBS,
    )


def _define(work: Work, typed: Typed) -> Outcome:
    return _defined(work, typed.get("name", ""), typed, 0)


DEFINE_ROLE: Final = Act(AREA, "roles/define", "Define a role.", DEFINE, _define_sheet, _define)


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    role = access.role(work, typed["name"])
    return Sheet(
        title=f"Next version of {role.name}",
        lede="Whoever holds the role then holds what it says now, at once.",
        button=f"Define version {role.version + 1}",
        fields=(
            *_fields(role),
            Field("version", "", kind="hidden", value=str(role.version)),
        ),
        back=f"{ROLES}/{role.name}",
        crumbs=(*_CRUMBS, (role.name, f"{ROLES}/{role.name}")),
    )


def _change(work: Work, typed: Typed) -> Outcome:
    return _defined(work, typed["name"], typed, belongings.version(typed))


CHANGE: Final = Act(
    AREA,
    "roles/{name}/change",
    "Define the next version of a role.",
    DEFINE,
    _change_sheet,
    _change,
)


def _end_sheet(work: Work, typed: Typed) -> Sheet:
    role = access.role(work, typed["name"])
    return Sheet(
        title=f"End the role {role.name}?",
        lede=role.says,
        button="End the role",
        consequences=(
            "Nobody can be given it any more. While grants of it hold, it cannot be ended.",
        ),
        tone="stop main",
        back=f"{ROLES}/{role.name}",
        crumbs=(*_CRUMBS, (role.name, f"{ROLES}/{role.name}")),
    )


def _end(work: Work, typed: Typed) -> Outcome:
    access.end_role(work, typed["name"])
    return ROLES


END: Final = Act(AREA, "roles/{name}/end", "End a role of one's own.", DEFINE, _end_sheet, _end)


def _defined(work: Work, name: str, typed: Typed, version: int | None) -> Outcome:
    conditions = typed.get("conditions", "").split("\n")
    role = access.define_role(
        work,
        name,
        typed.get("says", ""),
        [each for each in typed.get("permissions", "").split("\n") if each],
        must_expire="must_expire" in conditions,
        must_scope="must_scope" in conditions,
        views_recorded="views_recorded" in conditions,
        version=version,
    )
    return f"{ROLES}/{role.name}"
