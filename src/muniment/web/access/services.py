"""The pages of services: programs that act under their own name, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Holder, HolderKind, PersonId, Service, ServiceId, ServiceKind
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.access.people import active_people
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show
from muniment.web.undoing import Done

SERVICES: Final = f"{ADDRESS}/services"
MANAGE: Final = "access.manage_services"
_STATES: Final = {"active": "ok", "stopped": "stop"}
_CRUMBS: Final = (("Services", SERVICES),)
_KINDS: Final = (
    ("application", "Application: a program that people use"),
    ("agent", "Agent: a program that acts by itself"),
    ("pipeline", "Pipeline: a program that builds, trains or releases"),
)


def routes() -> list[Route]:
    """List the pages of services."""
    acts = (ADD, RENAME, SUSPEND, REACTIVATE, TRANSFER)
    return [
        *LIST.routes(),
        *ADD.routes(),
        *SHOW.routes(),
        *(route for act in acts[1:] for route in act.routes()),
    ]


def _read(work: Work, _typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Service]:
    return access.services(work, cursor=cursor, limit=limit)


def _cells(work: Work, found: Sequence[Service]) -> list[tuple[Cell, ...]]:
    names = access.names(work, [each.owner_id for each in found])
    return [
        (
            Cell(each.name, f"{SERVICES}/{each.id}"),
            Cell(each.kind.value),
            Cell(names.get(each.owner_id, each.owner_id), f"{ADDRESS}/people/{each.owner_id}"),
            tag_cell(_state(each), _STATES),
            time_cell(each.created_at),
        )
        for each in found
    ]


def _state(service: Service) -> str:
    return "active" if service.active else "stopped"


LIST: Final = Listing[Service](
    area=AREA,
    place="services",
    title="Services",
    says="Applications, agents and pipelines that act under their own name. For each of them a "
    "person answers.",
    columns=(
        Column("Service", sort="name"),
        Column("Kind", sort="kind"),
        Column("Answered for by", sort="owner"),
        Column("State", sort="state"),
        Column("Since", sort="since", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    order="by name",
    empty=Empty(
        "No services yet",
        "A program that calls Muniment gets a name of its own, an owner, and a key.",
        href=f"{SERVICES}/add",
        link="Make a service",
    ),
    actions=(Action("Make a service", f"{SERVICES}/add", MANAGE, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    service = access.service(work, asked["service_id"])
    holder = Holder(HolderKind.SERVICE, service.id)
    owner = access.names(work, [service.owner_id]).get(service.owner_id, service.owner_id)
    here = f"{SERVICES}/{service.id}"
    state = (
        (Action("Stop it", f"{here}/suspend", MANAGE, "stop"),)
        if service.active
        else (Action("Let it run again", f"{here}/reactivate", MANAGE),)
    )
    return ShownPage(
        title=service.name,
        lede=f"{owner} answers for this {service.kind.value}. "
        + (
            "It may do what its grants say, and no key of it may more."
            if service.active
            else "It is stopped: its keys open nothing."
        ),
        crumbs=_CRUMBS,
        state=tag_cell(_state(service), _STATES),
        facts=(
            ("Kind", Cell(service.kind.value)),
            ("Id", Cell(service.id, kind="code")),
            ("Answered for by", Cell(owner, f"{ADDRESS}/people/{service.owner_id}")),
            ("Since", time_cell(service.created_at)),
            ("In the ledger", Cell("Every record about it", belongings.records(service.id))),
        ),
        sections=(
            belongings.grants(work, holder),
            belongings.keys(work, holder),
            belongings.teams(work, holder),
        ),
        actions=(
            Action(
                "Make a key", f"{ADDRESS}/keys/issue?holder=service:{service.id}", "access.own_keys"
            ),
            Action(
                "Give a role", f"{ADDRESS}/grants/give?holder=service:{service.id}", "access.grant"
            ),
            Action("Rename", f"{here}/rename", MANAGE),
            Action("Another owner", f"{here}/transfer", MANAGE),
            *state,
        ),
    )


SHOW: Final = Show(
    AREA, "services/{service_id}", "Show a service: who answers for it and what it holds.", _page
)


def _add_sheet(work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Make a service",
        lede="It holds nothing at first. Give it a role, then its owner makes it a key.",
        button="Make the service",
        fields=(
            Field("name", "Name", placeholder="web-shop"),
            Field("kind", "Kind", kind="select", options=choices(_KINDS)),
            Field(
                "owner_id",
                "Who answers for it",
                kind="select",
                options=choices(active_people(work)),
                hint="Its rights count as theirs when conflicting duties are judged.",
            ),
        ),
        back=SERVICES,
        crumbs=_CRUMBS,
    )


def _add(work: Work, typed: Typed) -> Outcome:
    kind = typed.get("kind", "")
    if kind not in dict(_KINDS):
        refuse("kind", "no kind is chosen", "Choose one of the list.")
    if not typed.get("owner_id"):
        refuse("owner_id", "nobody is chosen", "Choose who answers for it.")
    owner = PersonId(typed["owner_id"])
    made = access.add_service(work, ServiceKind(kind), typed.get("name", ""), owner)
    return f"{SERVICES}/{made.id}"


ADD: Final = Act(AREA, "services/add", "Make a service.", MANAGE, _add_sheet, _add)


def _sheet(
    service: Service,
    title: str,
    button: str,
    consequences: tuple[str, ...] = (),
    fields: tuple[Field, ...] = (),
    tone: str = "main",
) -> Sheet:
    here = f"{SERVICES}/{service.id}"
    return Sheet(
        title=title,
        lede=f"{service.name} is an {service.kind.value}."
        if service.kind is not ServiceKind.PIPELINE
        else f"{service.name} is a pipeline.",
        button=button,
        fields=(*fields, Field("version", "", kind="hidden", value=str(service.version))),
        consequences=consequences,
        tone=tone,
        back=here,
        crumbs=(*_CRUMBS, (service.name, here)),
    )


def _rename_sheet(work: Work, typed: Typed) -> Sheet:
    service = access.service(work, typed["service_id"])
    fields = (Field("name", "Name", value=service.name),)
    return _sheet(service, f"Rename {service.name}", "Save", fields=fields)


def _rename(work: Work, typed: Typed) -> Outcome:
    service_id = ServiceId(typed["service_id"])
    version = belongings.version(typed)
    access.rename_service(work, service_id, typed.get("name", ""), version=version)
    return f"{SERVICES}/{service_id}"


RENAME: Final = Act(
    AREA,
    "services/{service_id}/rename",
    "Give a service another name.",
    MANAGE,
    _rename_sheet,
    _rename,
)


def _suspend_sheet(work: Work, typed: Typed) -> Sheet:
    service = access.service(work, typed["service_id"])
    consequences = (
        "Its keys open nothing any more, within a second.",
        "Its grants stay as they are, and count in reviews.",
    )
    return _sheet(service, f"Stop {service.name}?", "Stop it", consequences, tone="stop main")


def _suspend(work: Work, typed: Typed) -> Outcome:
    service_id = ServiceId(typed["service_id"])
    access.suspend_service(work, service_id, version=belongings.version(typed))
    here = f"{SERVICES}/{service_id}"
    return Done(here, "The service is stopped.", f"{here}/reactivate")


SUSPEND: Final = Act(
    AREA, "services/{service_id}/suspend", "Stop a service.", MANAGE, _suspend_sheet, _suspend
)


def _reactivate_sheet(work: Work, typed: Typed) -> Sheet:
    service = access.service(work, typed["service_id"])
    consequences = ("Every key of it that has not ended opens again what it opened.",)
    return _sheet(service, f"Let {service.name} run again?", "Let it run", consequences)


def _reactivate(work: Work, typed: Typed) -> Outcome:
    service_id = ServiceId(typed["service_id"])
    access.reactivate_service(work, service_id, version=belongings.version(typed))
    here = f"{SERVICES}/{service_id}"
    return Done(here, "The service runs again.", f"{here}/suspend")


REACTIVATE: Final = Act(
    AREA,
    "services/{service_id}/reactivate",
    "Let a stopped service run again.",
    MANAGE,
    _reactivate_sheet,
    _reactivate,
)


def _transfer_sheet(work: Work, typed: Typed) -> Sheet:
    service = access.service(work, typed["service_id"])
    others = [each for each in active_people(work) if each[0] != service.owner_id]
    return _sheet(
        service,
        f"Another owner for {service.name}",
        "Hand it over",
        (
            "What the service holds counts as theirs when conflicting duties are judged.",
            "They can make and revoke its keys; the present owner cannot any more.",
        ),
        (Field("owner_id", "Who answers for it", kind="select", options=choices(others)),),
    )


def _transfer(work: Work, typed: Typed) -> Outcome:
    service_id = ServiceId(typed["service_id"])
    if not typed.get("owner_id"):
        refuse("owner_id", "nobody is chosen", "Choose who answers for it.")
    owner = PersonId(typed["owner_id"])
    access.transfer_service(work, service_id, owner, version=belongings.version(typed))
    return f"{SERVICES}/{service_id}"


TRANSFER: Final = Act(
    AREA,
    "services/{service_id}/transfer",
    "Let another person answer for a service.",
    MANAGE,
    _transfer_sheet,
    _transfer,
)
