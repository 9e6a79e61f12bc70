"""The pages of issuers: who vouches for people and programs, on which conditions, and since when.

An issuer is described in the same words as on the command line. Its secret is written once and
never shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access
from muniment.access import Description, Issuer, Reception
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.cells import ADDRESS, AREA
from muniment.web.access.signin.asking import reception_of
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, do_act, refuse, show_act
from muniment.web.cells import Area, Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

ISSUERS: Final = f"{ADDRESS}/issuers"
MANAGE: Final = "access.manage_sign_in"
_STATES: Final = {"trusted": "ok", "stopped": "stop"}
_CRUMBS: Final = (("Issuers", ISSUERS),)
_AREA: Final = Area(ADDRESS, AREA.scope, MANAGE)
_EXAMPLE: Final = """name = "Directory"
url = "https://login.example.com"
client_id = "muniment"
just_in_time = true
email_domains = ["example.com"]
"""
Verb = Callable[[Reception, Work, Typed], Outcome]


def routes() -> list[Route]:
    """List the pages of issuers."""
    return [
        *LIST.routes(),
        *_act("issuers/add", "Trust an issuer.", _add_sheet, _add),
        *SHOW.routes(),
        *_act("issuers/{issuer_id}/change", "Believe something else.", _change_sheet, _change),
        *_act("issuers/{issuer_id}/stop", "Believe it nothing any more.", _stop_sheet, _stop),
        *_act("issuers/{issuer_id}/resume", "Believe it again.", _resume_sheet, _resume),
    ]


def _act(place: str, says: str, sheet: Callable[[Work, Typed], Sheet], verb: Verb) -> list[Route]:
    """Give an act whose verb needs what seals secrets and fetches with care."""

    def of(request: Request) -> Act:
        reception = reception_of(request)
        return Act(
            _AREA, place, says, MANAGE, sheet, lambda work, typed: verb(reception, work, typed)
        )

    async def show(request: Request) -> Response:
        return await show_act(of(request), request)

    async def do(request: Request) -> Response:
        reception_of(request).keyring()  # opened before the transaction, for it may begin the log
        return await do_act(of(request), request)

    show.__doc__ = f"Show the form: {says[:1].lower()}{says[1:]}"
    do.__doc__ = says
    address = f"{ADDRESS}/{place}"
    both: tuple[tuple[Callable[[Request], Awaitable[Response]], str], ...] = (
        (show, "GET"),
        (do, "POST"),
    )
    return [Route(address, endpoint, methods=[method]) for endpoint, method in both]


def _read(work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Issuer]:
    return Page(access.issuers(work))


def _cells(_work: Work, found: Sequence[Issuer]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.name, f"{ISSUERS}/{each.id}"),
            Cell(each.url, kind="code"),
            Cell(each.use.value),
            tag_cell(_state(each), _STATES),
            time_cell(each.created_at),
        )
        for each in found
    ]


def _state(issuer: Issuer) -> str:
    return "trusted" if issuer.active else "stopped"


LIST: Final = Listing[Issuer](
    area=_AREA,
    place="issuers",
    title="Issuers",
    says="Who vouches for people who sign in, and for programs that come with tokens of others.",
    columns=(
        Column("Name", sort="name"),
        Column("Issuer", sort="url"),
        Column("Vouches for", sort="use"),
        Column("State", sort="state"),
        Column("Since", sort="since", hide_narrow=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "Nobody vouches for anybody yet",
        "Connect your identity provider, and people sign in with the account they have.",
        href=f"{ISSUERS}/add",
        link="Trust an issuer",
    ),
    actions=(Action("Trust an issuer", f"{ISSUERS}/add", MANAGE, "main"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    issuer = access.find_issuer(work, asked["issuer_id"])
    here = f"{ISSUERS}/{issuer.id}"
    trust = issuer.trust
    yes_no = {True: "yes", False: "no"}
    state = (
        Action("Stop it", f"{here}/stop", MANAGE, "stop")
        if issuer.active
        else Action("Believe it again", f"{here}/resume", MANAGE)
    )
    return ShownPage(
        title=issuer.name,
        lede=f"It vouches for {issuer.use.value}. Look whether everything fits: "
        f"muniment access sso check {issuer.id}",
        crumbs=_CRUMBS,
        state=tag_cell(_state(issuer), _STATES),
        facts=(
            ("Issuer", Cell(issuer.url, kind="code")),
            ("Our name there", Cell(issuer.client_id)),
            ("Secret", Cell("kept, sealed" if issuer.sealed_secret else "none: PKCE alone")),
            ("Signatures", Cell(", ".join(trust.algorithms))),
            ("Audience", Cell(trust.audience or "our name there")),
            ("Makes accounts", Cell(yes_no[trust.just_in_time])),
            ("Addresses are believed", Cell(yes_no[trust.trust_email])),
            ("Domains", Cell(", ".join(trust.email_domains) or "all")),
            ("Id", Cell(issuer.id, kind="code")),
            ("In the ledger", Cell("Every record about it", belongings.records(issuer.id))),
        ),
        sections=(_groups(issuer), _programs(work, issuer)),
        actions=(Action("Change", f"{here}/change", MANAGE, "main"), state),
    )


def _groups(issuer: Issuer) -> Section:
    return Section(
        "Roles from groups",
        (Column("Group"), Column("Role"), Column("Where")),
        tuple(
            (Cell(each.group), Cell(each.role), Cell(str(each.scope)))
            for each in issuer.trust.group_roles
        ),
        Empty("No group gives a role", "People hold here what they were given here."),
    )


def _programs(work: Work, issuer: Issuer) -> Section:
    linked = access.workloads(work, issuer.id)
    names = access.names(work, [each.service_id for each in linked])
    return Section(
        "Programs",
        (Column("Name there"), Column("Service"), Column("Claims that must stand")),
        tuple(
            (
                Cell(each.subject, kind="code"),
                Cell(
                    names.get(each.service_id, each.service_id),
                    f"{ADDRESS}/services/{each.service_id}",
                ),
                Cell(", ".join(f"{name}={value}" for name, value in each.claims)),
            )
            for each in linked
        ),
        Empty(
            "No program comes from there",
            "A name it gives a program can stand for a service.",
            line=f"muniment access sso link {issuer.id} SUBJECT svc_…",
        ),
    )


SHOW: Final = Show(_AREA, "issuers/{issuer_id}", "Show an issuer: what is believed of it.", _page)


def _describing(text: str) -> tuple[Field, ...]:
    return (
        Field(
            "file",
            "Description",
            kind="textarea",
            value=text,
            hint="TOML, in the words of the guide on signing in.",
            rows=14,
        ),
        Field(
            "secret",
            "Client secret",
            kind="text",
            required=False,
            hint="Kept sealed, never shown; left empty, the one before stays.",
        ),
    )


def _add_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Trust an issuer",
        lede="Whoever it vouches for comes in as it says. Register this console there first.",
        button="Trust it",
        fields=_describing(_EXAMPLE),
        back=ISSUERS,
        crumbs=_CRUMBS,
    )


def _add(reception: Reception, work: Work, typed: Typed) -> Outcome:
    told = access.read_description(typed.get("file", ""))
    made = access.add_issuer(
        reception,
        work,
        name=told.name,
        url=told.url,
        use=told.use,
        client_id=told.client_id,
        client_secret=typed.get("secret", ""),
        trust=told.trust,
    )
    return f"{ISSUERS}/{made.id}"


def _sheet(issuer: Issuer, title: str, button: str, **more: object) -> Sheet:
    here = f"{ISSUERS}/{issuer.id}"
    told: dict[str, object] = {"lede": issuer.url, "tone": "main", **more}
    return Sheet(
        title=title,
        button=button,
        back=here,
        crumbs=(*_CRUMBS, (issuer.name, here)),
        **told,  # type: ignore[arg-type]  # each of these is a field of a sheet
    )


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    issuer = access.find_issuer(work, typed["issuer_id"])
    return _sheet(
        issuer,
        f"Change what is believed of {issuer.name}",
        "Save",
        fields=_describing(access.write_description(issuer)),
        consequences=("It counts from the next sign-in on. Its address and our name there stay.",),
    )


def _change(reception: Reception, work: Work, typed: Typed) -> Outcome:
    issuer = access.find_issuer(work, typed["issuer_id"])
    told: Description = access.read_description(typed.get("file", ""))
    before = (issuer.name, issuer.url, issuer.use, issuer.client_id)
    if (told.name, told.url, told.use, told.client_id) != before:
        refuse(
            "file",
            "its name, address and use, and our name there, stay as they are",
            "Put them back, or trust another issuer.",
        )
    access.change_issuer(
        reception, work, issuer, trust=told.trust, client_secret=typed.get("secret", "")
    )
    return f"{ISSUERS}/{issuer.id}"


def _stop_sheet(work: Work, typed: Typed) -> Sheet:
    issuer = access.find_issuer(work, typed["issuer_id"])
    return _sheet(
        issuer,
        f"Believe {issuer.name} nothing any more?",
        "Stop it",
        tone="stop main",
        consequences=(
            "Nobody signs in through it, and tokens of its programs open nothing.",
            "Sessions that began there go on until they end; end them under Sessions.",
        ),
    )


def _stop(reception: Reception, work: Work, typed: Typed) -> Outcome:
    return _set_active(reception, work, typed, active=False)


def _resume_sheet(work: Work, typed: Typed) -> Sheet:
    issuer = access.find_issuer(work, typed["issuer_id"])
    return _sheet(
        issuer,
        f"Believe {issuer.name} again?",
        "Believe it",
        consequences=("Everybody it vouches for can come in at once.",),
    )


def _resume(reception: Reception, work: Work, typed: Typed) -> Outcome:
    return _set_active(reception, work, typed, active=True)


def _set_active(reception: Reception, work: Work, typed: Typed, *, active: bool) -> Outcome:
    issuer = access.find_issuer(work, typed["issuer_id"])
    access.change_issuer(reception, work, issuer, active=active)
    return f"{ISSUERS}/{issuer.id}"
