"""How the reader is reached: their addresses on channels, and the hours they are left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.routing import Route

from muniment import access, notices
from muniment.core.actor import ActorKind
from muniment.db import Work
from muniment.notices import Courier, Severity, write_minutes
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, choices, refuse
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty
from muniment.web.notices.drawing import (
    ADDRESS,
    MINE,
    OWN,
    SEVERITIES,
    SEVERITY_OPTIONS,
    carried_act,
)
from muniment.web.parts import Column
from muniment.web.shows import Page, Section, Show

_CRUMBS: Final = (("Notices", ADDRESS), ("How you are reached", MINE))


def routes() -> list[Route]:
    """List the pages of one's own ways."""
    return [*SHOW.routes(), *_ADD, *HOURS.routes(), *CLEAR.routes(), *END.routes()]


def _page(work: Work, _asked: Mapping[str, str]) -> Page:
    found = notices.own_subscriptions(work)
    names = {each.id: each.name for each in notices.channel_names(work)}
    hours = notices.own_hours(work)
    rows = tuple(
        (
            Cell(names.get(each.channel_id, each.channel_id)),
            tag_cell(each.least.value, SEVERITIES),
            time_cell(each.made_at),
            Cell("Take it back", f"{MINE}/{each.id}/end"),
        )
        for each in found
    )
    quiet = "none; what is told reaches you at all hours"
    if hours is not None:
        ends = write_minutes(hours.ends)
        weekend = ", and on weekends" if hours.weekends else ""
        quiet = f"{write_minutes(hours.starts)} to {ends} in {hours.zone}{weekend}"
    return Page(
        title="How you are reached",
        lede="Everything you are told stands in the inbox. Here you choose what else brings it, "
        "and when you are left alone. What is urgent comes at all hours.",
        crumbs=_CRUMBS[:1],
        facts=(
            ("Quiet hours", Cell(quiet)),
            *((("Held back", Cell(f"up to {hours.holds.value}")),) if hours else ()),
        ),
        sections=(
            Section(
                "Your addresses",
                (Column("Channel"), Column("From"), Column("Since", hide_narrow=True), Column("")),
                rows,
                Empty(
                    "You are reached in the inbox only",
                    "Add an address to be told by mail or chat as well.",
                    href=f"{MINE}/add",
                    link="Add an address",
                ),
                note="kept sealed; removed when you take it back",
            ),
        ),
        actions=(
            Action("Add an address", f"{MINE}/add", "", "main"),
            Action("Set quiet hours", f"{MINE}/hours"),
            *((Action("No quiet hours", f"{MINE}/hours/clear"),) if hours else ()),
        ),
    )


SHOW: Final = Show(OWN, "mine", "Show how one is reached, and when not.", _page)


def _add_sheet(work: Work, _typed: Typed) -> Sheet:
    offered = tuple((each.id, each.name) for each in notices.offered_channels(work))
    mail = ""
    if work.actor.kind is ActorKind.PERSON:
        mail = access.person(work, work.actor.id).email
    return Sheet(
        title="Add an address",
        lede="Your address is kept sealed and is removed when you take it back or leave."
        if offered
        else "There is no channel to choose yet; whoever manages notices makes them.",
        button="Add it",
        fields=(
            Field("channel", "Channel", kind="select", options=choices(offered)),
            Field("address", "Your address", value=mail),
            Field("least", "From", kind="select", value="info", options=SEVERITY_OPTIONS),
        ),
        back=MINE,
        crumbs=_CRUMBS,
    )


def _add(work: Work, typed: Typed, courier: Courier) -> Outcome:
    if not typed.get("channel"):
        refuse("channel", "no channel is chosen", "Choose one of the list.")
    notices.subscribe(
        work,
        courier,
        typed["channel"],
        typed.get("address", ""),
        least=severity_of(typed, "least"),
    )
    return MINE


_ADD: Final = carried_act(OWN, "mine/add", "Add an address of one's own.", "", _add_sheet, _add)


def _hours_sheet(work: Work, typed: Typed) -> Sheet:
    now = notices.own_hours(work)
    undo = bool(typed.get("undo"))
    return Sheet(
        title="Your quiet hours are gone" if undo else "Set quiet hours",
        lede="Messages wait until they end. The inbox fills at all hours, and what is urgent "
        "always comes.",
        button="Put them back" if undo else "Set them",
        done="Messages now reach you at all hours. Below stand the hours you had." if undo else "",
        fields=(
            Field(
                "zone",
                "Time zone",
                kind="select",
                value=now.zone if now else "UTC",
                options=tuple((each, each) for each in notices.zones()),
            ),
            Field("starts", "From", value=write_minutes(now.starts) if now else "20:00"),
            Field("ends", "Until", value=write_minutes(now.ends) if now else "07:00"),
            Field(
                "weekends",
                "Weekends",
                kind="select",
                required=False,
                value="yes" if now and now.weekends else "",
                options=(("", "as on other days"), ("yes", "quiet all day")),
            ),
            Field(
                "holds",
                "Hold back",
                kind="select",
                value=now.holds.value if now else "look",
                options=(("look", "everything but urgent"), ("info", "only what is to know")),
            ),
        ),
        back=MINE,
        crumbs=_CRUMBS,
    )


def _set_hours(work: Work, typed: Typed) -> Outcome:
    notices.set_hours(
        work,
        zone=typed.get("zone", ""),
        starts=typed.get("starts", ""),
        ends=typed.get("ends", ""),
        weekends=typed.get("weekends") == "yes",
        holds=severity_of(typed, "holds"),
    )
    return MINE


HOURS: Final = Act(
    OWN, "mine/hours", "Set one's quiet hours.", "", _hours_sheet, _set_hours, within=None
)


def _clear_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Have no quiet hours?",
        lede="Messages reach you as soon as they leave.",
        button="Have none",
        back=MINE,
        crumbs=_CRUMBS,
    )


def _clear(work: Work, _typed: Typed) -> Outcome:
    had = notices.own_hours(work)
    notices.clear_hours(work)
    if had is None:
        return MINE
    kept = {
        "zone": had.zone,
        "starts": write_minutes(had.starts),
        "ends": write_minutes(had.ends),
        "weekends": "yes" if had.weekends else "",
        "holds": had.holds.value,
    }
    return f"{MINE}/hours?{urlencode({'undo': 'yes', **kept})}"


CLEAR: Final = Act(
    OWN, "mine/hours/clear", "Have no quiet hours.", "", _clear_sheet, _clear, within=None
)


def _end_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Take this address back?",
        lede="Nothing more is sent there.",
        button="Take it back",
        consequences=("The address is removed; the ledger keeps only that there was one.",),
        tone="stop main",
        back=MINE,
        crumbs=_CRUMBS,
    )


def _end(work: Work, typed: Typed) -> Outcome:
    notices.unsubscribe(work, typed["subscription_id"])
    return MINE


END: Final = Act(
    OWN,
    "mine/{subscription_id}/end",
    "Take an address of one's own back.",
    "",
    _end_sheet,
    _end,
    within=None,
)


def severity_of(typed: Typed, name: str) -> Severity:
    """Read a severity out of a form."""
    try:
        return Severity(typed.get(name, ""))
    except ValueError:
        refuse(name, "no severity is chosen", "Choose one of the list.")
