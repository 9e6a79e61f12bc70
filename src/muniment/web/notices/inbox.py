"""The inbox: what the reader was told, what they have not looked at, and how it left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from muniment import access, notices
from muniment.core.clock import parse_stamp, stamp
from muniment.core.page import Page
from muniment.db import Work
from muniment.notices import Group, Seen, Severity, Telling
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.callers import require_visitor
from muniment.web.cells import Cell, time_cell
from muniment.web.lists import Action, Empty, Filter, Listing
from muniment.web.notices.drawing import (
    ADDRESS,
    ALL,
    CHANNELS,
    MINE,
    OWN,
    ROUTES,
    SEVERITIES,
    sent_cell,
    severity_cell,
    state_cell,
)
from muniment.web.parts import Column
from muniment.web.picking import PICK, PickAct, picked
from muniment.web.shell import log_of
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show
from muniment.web.undoing import Done

_READ: Final = "notices.read"
_SEVERITY: Final = Filter(
    "severity", "Severity", (("", "Any"), *((each, each) for each in SEVERITIES))
)


def fixed_routes() -> list[Route]:
    """List the addresses that are no notice's."""
    return [*LIST.routes(), *EVERYTHING.routes(), *SEEN.routes(), *PUT_BACK.routes()]


def routes() -> list[Route]:
    """List the page of one notice."""
    return [Route(f"{ADDRESS}/{{notice_id}}", show, methods=["GET"])]


def _wanted(typed: Mapping[str, str]) -> tuple[Severity | None, bool]:
    severity = Severity(typed["severity"]) if typed.get("severity") else None
    return severity, typed.get("which") == "unseen"


def _read_own(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Seen]:
    severity, unseen = _wanted(typed)
    return notices.inbox(work, severity=severity, unseen_only=unseen, cursor=cursor, limit=limit)


def _own_cells(_work: Work, found: Sequence[Seen]) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(each.group.title, f"{ADDRESS}/{each.group.id}"),
            severity_cell(each.group.severity),
            _about(each.group),
            Cell(f"{each.group.count:,}", kind="number"),
            time_cell(each.group.opened_at),
            _seen_cell(each),
            sent_cell(each.messages, sent=each.group.sent_at is not None),
        )
        for each in found
    ]


def _about(group: Group) -> Cell:
    kind, named = group.subject
    return Cell(named or kind, kind="code", note=group.kind)


def _seen_cell(each: Seen) -> Cell:
    if each.group.settled_at is not None:
        return Cell("settled", kind="tag")
    if each.telling.seen_at is None:
        return Cell("new", kind="tag", tone="look")
    return Cell("seen", kind="tag", tone="ok")


def _lede(work: Work) -> str:
    count = notices.count_unseen(work)
    if not count:
        return "You have looked at everything you were told."
    return f"{count:,} {'notice waits' if count == 1 else 'notices wait'} for your look."


LIST: Final = Listing[Seen](
    area=OWN,
    place="",
    title="Notices",
    says="What you were told, newest first. A notice says what happened and leads there; what it "
    "is about stays where it is.",
    columns=(
        Column("What", sort="what"),
        Column("Severity", sort="severity"),
        Column("About", sort="about", hide_narrow=True),
        Column("Times", sort="times", number=True),
        Column("First", sort="first", hide_narrow=True),
        Column("You", sort="you"),
        Column("Delivery", sort="delivery", hide_narrow=True),
    ),
    read=_read_own,
    cells=_own_cells,
    empty=Empty(
        "Nothing was told to you yet",
        "When an approval waits for you, a review is late or somebody takes a role in an "
        "emergency, it stands here. Choose how you are reached besides:",
        href=MINE,
        link="How you are reached",
    ),
    filters=(Filter("which", "Which", (("", "All"), ("unseen", "New"))), _SEVERITY),
    actions=(
        Action("How you are reached", MINE),
        Action("Mark all as seen", f"{ADDRESS}/seen"),
        Action("Everybody's", f"{ADDRESS}/all", _READ),
        Action("Channels", CHANNELS, _READ),
        Action("Routes", ROUTES, _READ),
    ),
    lede=_lede,
    key=lambda each, _cells: str(each.group.id),
    with_picked=(PickAct("Mark as seen", f"{ADDRESS}/seen"),),
)


def _read_all(work: Work, typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Group]:
    severity, unseen = _wanted(typed)
    return notices.all_notices(
        work, severity=severity, unseen_only=unseen, cursor=cursor, limit=limit
    )


def _all_cells(work: Work, found: Sequence[Group]) -> list[tuple[Cell, ...]]:
    names = access.named(work, [each.seen_by for each in found])
    return [
        (
            Cell(each.title, f"{ADDRESS}/{each.id}"),
            severity_cell(each.severity),
            _about(each),
            Cell(f"{each.count:,}", kind="number"),
            time_cell(each.opened_at),
            Cell(names.get(each.seen_by, each.seen_by) or "nobody"),
            Cell(each.escalate_to if each.escalated_at else ""),
        )
        for each in found
    ]


EVERYTHING: Final = Listing[Group](
    area=ALL,
    place="all",
    title="Everybody's notices",
    says="Every matter somebody was told of, who looked first, and whether it was passed up.",
    columns=(
        Column("What", sort="what"),
        Column("Severity", sort="severity"),
        Column("About", sort="about", hide_narrow=True),
        Column("Times", sort="times", number=True),
        Column("First", sort="first", hide_narrow=True),
        Column("Looked at by", sort="seen"),
        Column("Passed up to", sort="up", hide_narrow=True),
    ),
    read=_read_all,
    cells=_all_cells,
    empty=Empty(
        "Nobody was told of anything yet",
        "Routes say which records are told to whom; many are there from the start.",
        href=ROUTES,
        link="See the routes",
    ),
    filters=(
        Filter("which", "Which", (("", "All"), ("unseen", "Nobody looked"))),
        _SEVERITY,
    ),
)


def _seen_sheet(work: Work, typed: Typed) -> Sheet:
    if ids := picked(typed.get(PICK, "")):
        return _some_seen(work, ids)
    count = notices.count_unseen(work)
    return Sheet(
        title="Mark all as seen?",
        lede=f"{count:,} of your notices are new.",
        button="Mark them as seen",
        consequences=(
            "They are not passed up to anybody else for lack of a look.",
            "That you marked them all at once is recorded.",
        ),
        back=ADDRESS,
        crumbs=(("Notices", ADDRESS),),
    )


def _some_seen(work: Work, ids: Sequence[str]) -> Sheet:
    new = sum(notices.is_new(work, each) for each in ids)
    return Sheet(
        title=f"Mark {len(ids):,} as seen?",
        lede=f"{new:,} of the notices you picked are new.",
        button="Mark them as seen",
        fields=(Field(PICK, "", kind="hidden", value="\n".join(ids)),),
        consequences=("They are not passed up to anybody else for lack of a look.",),
        back=ADDRESS,
        crumbs=(("Notices", ADDRESS),),
    )


def _see(work: Work, typed: Typed) -> Outcome:
    ids = picked(typed.get(PICK, ""))
    fresh = notices.see(work, ids, how="picked") if ids else notices.see_all(work)
    if not fresh:
        return ADDRESS
    says = "One notice is seen." if len(fresh) == 1 else f"{len(fresh):,} notices are seen."
    undo = f"{ADDRESS}/put-back?{urlencode({'at': stamp(work.now)})}"
    return Done(ADDRESS, says, undo, "Put back as new")


def _back_sheet(_work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Put back as new?",
        lede="What you marked as seen in one go is new again.",
        button="Put them back",
        fields=(Field("at", "", kind="hidden", value=typed.get("at", "")),),
        consequences=(
            "They wait for your look, and are passed up if nobody looks in time.",
            "That you put them back is recorded.",
        ),
        back=ADDRESS,
        crumbs=(("Notices", ADDRESS),),
    )


def _put_back(work: Work, typed: Typed) -> Outcome:
    notices.put_back(work, parse_stamp(typed.get("at", "")))
    return ADDRESS


SEEN: Final = Act(
    OWN,
    "seen",
    "Mark one's notices as seen, all or some.",
    "",
    _seen_sheet,
    _see,
    within=None,
)


PUT_BACK: Final = Act(
    OWN,
    "put-back",
    "Take back that one looked at what one marked as seen.",
    "",
    _back_sheet,
    _put_back,
    within=None,
)


async def show(request: Request) -> Response:
    """Show one notice to somebody; one they were told of counts as seen by them."""
    actor, database = require_visitor(request).actor, log_of(request).database
    notice_id = str(request.path_params["notice_id"])

    def see() -> bool:
        with database.look(actor) as work:
            mine, new = notices.is_mine(work, notice_id), notices.is_new(work, notice_id)
        if new:
            with database.work(actor) as work:
                notices.see(work, [notice_id])
        return mine

    shown = _OWN if await to_thread.run_sync(see) else _OTHERS
    answer: Response = await shown.routes()[0].endpoint(request)
    return answer


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    seen, tellings = notices.notice(work, asked["notice_id"])
    group = seen.group
    return ShownPage(
        title=group.title,
        lede=_says(group),
        crumbs=(("Notices", ADDRESS),),
        state=severity_cell(group.severity),
        facts=(
            ("About", Cell(group.subject[1] or group.subject[0], group.href, "code")),
            ("Because of", Cell(group.kind, kind="code")),
            ("Route", Cell(group.route, kind="code")),
            ("Times", Cell(f"{group.count:,}", kind="number")),
            ("First", time_cell(group.opened_at)),
            ("Last", time_cell(group.last_at)),
            ("Settled", time_cell(group.settled_at, "not yet")),
            ("Passed up", time_cell(group.escalated_at, "no")),
            ("In the ledger", Cell("Every record of it", f"/console/ledger?text={group.id}")),
        ),
        sections=(_told(work, tellings), _left(work, seen)),
        actions=(Action("Go there", group.href, "", "main"),),
    )


def _told(work: Work, tellings: Sequence[Telling]) -> Section:
    names = access.named(work, [each.person for each in tellings])
    told = tuple(
        (
            Cell(names.get(each.person, each.person)),
            Cell(each.why, kind="code"),
            time_cell(each.told_at),
            time_cell(each.seen_at, "not yet") if each.seen_at else Cell("not yet", tone="faint"),
        )
        for each in tellings
    )
    return Section(
        "Who was told",
        (Column("Who"), Column("Why", hide_narrow=True), Column("Told"), Column("Looked")),
        told,
        Empty("No person", "Only a shared channel was told."),
    )


def _left(work: Work, seen: Seen) -> Section:
    offered = {each.id: each.name for each in notices.channel_names(work)}
    sent = tuple(
        (
            Cell(offered.get(each.channel_id, each.channel_id)),
            state_cell(each),
            Cell(f"{each.attempts}", kind="number"),
            time_cell(each.ended_at or each.next_at),
            Cell(each.id, kind="code"),
        )
        for each in seen.messages
    )
    return Section(
        "How it left",
        (
            Column("Channel"),
            Column("State"),
            Column("Attempts", number=True),
            Column("When", hide_narrow=True),
            Column("Message", hide_narrow=True),
        ),
        sent,
        Empty("It stands in the inbox", "Nobody who was told takes it over a channel."),
    )


def _says(group: Group) -> str:
    if group.settled_at is not None:
        return "What it asks for was done; nobody is told of it any more."
    if group.sent_at is None:
        return "It still gathers: the same again within its window only raises its count."
    if group.seen_at is None:
        return "Nobody has looked at it yet."
    return "Somebody has looked at it."


_OWN: Final = Show(OWN, "{notice_id}", "Show one notice.", _page)
_OTHERS: Final = Show(ALL, "{notice_id}", "Show a notice of others.", _page)
