"""Channels: the ways out, how each fares, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.routing import Route

from muniment import access, notices
from muniment.core.page import Page
from muniment.db import Work
from muniment.notices import Channel, Courier, MessageState, SubscriberKind, Subscription
from muniment.web.acts import Act, Field, Outcome, Sheet, Shown, Typed, choices, refuse
from muniment.web.cells import Cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.notices.drawing import (
    ADDRESS,
    ALL,
    CHANNELS,
    MANAGE,
    SCOPE,
    SEVERITIES,
    SEVERITY_OPTIONS,
    carried_act,
    state_cell,
)
from muniment.web.notices.mine import severity_of
from muniment.web.parts import Column
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Section, Show

_CRUMBS: Final = (("Notices", ADDRESS), ("Channels", CHANNELS))
_SORTS: Final = (
    ("shared", "shared: one place, such as a room in a chat"),
    ("personal", "personal: each person gives an address, which stands for {to}"),
)


def routes() -> list[Route]:
    """List the pages of channels."""
    return [
        *LIST.routes(),
        *_ADD,
        *SHOW.routes(),
        *_CHANGE,
        *_ROTATE,
        *ROLE.routes(),
        *END_ROLE.routes(),
    ]


def _read(work: Work, _typed: Mapping[str, str], _cursor: str | None, _limit: int) -> Page[Channel]:
    return Page(notices.channels(work))


def _cells(work: Work, found: Sequence[Channel]) -> list[tuple[Cell, ...]]:
    counts = notices.counts(work)
    return [
        (
            Cell(each.name, f"{CHANNELS}/{each.id}"),
            Cell(each.via, kind="code"),
            Cell("personal" if each.personal else "shared"),
            tag_cell(each.least.value, SEVERITIES),
            Cell("on", kind="tag", tone="ok") if each.active else Cell("off", kind="tag"),
            *(
                Cell(f"{counts.get(each.id, {}).get(state, 0):,}", kind="number")
                for state in (
                    MessageState.DELIVERED,
                    MessageState.TRY_LATER,
                    MessageState.NEVER,
                )
            ),
        )
        for each in found
    ]


LIST: Final = Listing[Channel](
    area=ALL,
    place="channels",
    title="Channels",
    says="The ways notices leave besides the inbox: mail and chat through apprise, programs "
    "through signed webhooks. The counts are of the last seven days.",
    columns=(
        Column("Name", sort="name"),
        Column("Through", sort="via", hide_narrow=True),
        Column("For", sort="for", hide_narrow=True),
        Column("From", sort="from", hide_narrow=True),
        Column("State", sort="state"),
        Column("Delivered", sort="delivered", number=True),
        Column("Try later", sort="later", number=True, hide_narrow=True),
        Column("Never", sort="never", number=True),
    ),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No channels yet",
        "Everything told stands in the inboxes. From the command line:",
        line="muniment notices channels add --help",
    ),
    actions=(
        Action("Make a channel", f"{CHANNELS}/new", MANAGE, "main"),
        Action("Routes", f"{ADDRESS}/routes"),
    ),
    order="by name",
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    channel, subscriptions = notices.channel(work, asked["channel_id"])
    here = f"{CHANNELS}/{channel.id}"
    signs = (
        (
            ("Signs", Cell("as Standard Webhooks do")),
            ("Old secret until", time_cell(channel.old_until, "there is none")),
        )
        if channel.signs
        else ()
    )
    return ShownPage(
        title=channel.name,
        lede="Where it leads is kept sealed and is not shown; it can be replaced.",
        crumbs=_CRUMBS,
        state=Cell("on", kind="tag", tone="ok") if channel.active else Cell("off", kind="tag"),
        facts=(
            ("Through", Cell(channel.via, kind="code")),
            ("For", Cell("each person's address" if channel.personal else "one shared place")),
            ("From", tag_cell(channel.least.value, SEVERITIES)),
            *signs,
            ("Made", time_cell(channel.made_at)),
            ("Id", Cell(channel.id, kind="code")),
        ),
        sections=(_takers(work, channel, subscriptions), _left(work, channel)),
        actions=(
            Action("Send a test", f"{here}/test", MANAGE, "main"),
            Action("Change it", f"{here}/change", MANAGE),
            *(() if channel.personal else (Action("Add a role", f"{here}/roles", MANAGE),)),
            *((Action("New secret", f"{here}/secret", MANAGE),) if channel.signs else ()),
        ),
    )


def _takers(work: Work, channel: Channel, subscriptions: tuple[Subscription, ...]) -> Section:
    people = [each for each in subscriptions if each.kind is SubscriberKind.PERSON]
    names = access.named(work, [each.holder for each in people])
    takers = tuple(
        (
            Cell(names.get(each.holder, each.holder), note=each.kind.value),
            tag_cell(each.least.value, SEVERITIES),
            Cell("End it", f"{CHANNELS}/roles/{each.id}/end")
            if each.kind is SubscriberKind.ROLE
            else Cell("theirs to end", tone="faint"),
        )
        for each in subscriptions
    )
    return Section(
        "Who takes notices over it",
        (Column("Who"), Column("From"), Column("")),
        takers,
        Empty(
            "Nobody yet",
            "People choose it on the page “How you are reached”."
            if channel.personal
            else "Choose a role whose notices go there.",
        ),
    )


def _left(work: Work, channel: Channel) -> Section:
    sent = tuple(
        (
            Cell(each.id, kind="code"),
            state_cell(each),
            Cell(f"{each.attempts}", kind="number"),
            time_cell(each.ended_at or each.next_at),
        )
        for each in notices.messages(work, channel_id=channel.id, limit=20).rows
    )
    return Section(
        "What left last",
        (
            Column("Message", hide_narrow=True),
            Column("State"),
            Column("Attempts", number=True),
            Column("When"),
        ),
        sent,
        Empty("Nothing yet", "Send a test to see whether it arrives."),
    )


SHOW: Final = Show(ALL, "channels/{channel_id}", "Show a channel and how it fares.", _page)


def _add_sheet(_work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Make a channel",
        lede="Its address is tried for form now and kept sealed; nobody can read it again.",
        button="Make it",
        fields=(
            Field("name", "Name", placeholder="Security on call"),
            Field(
                "via",
                "Through",
                kind="select",
                value=typed.get("via", "webhook"),
                options=(("webhook", "webhook: signed, for programs"), ("apprise", "apprise")),
            ),
            Field(
                "target",
                "Address",
                hint="https://… for a webhook; for apprise what its pages say, such as "
                "mailtos://user:word@example.org?to={to}",
            ),
            Field("sort", "For", kind="select", value="shared", options=_SORTS),
            Field("least", "From", kind="select", value="info", options=SEVERITY_OPTIONS),
        ),
        back=CHANNELS,
        crumbs=_CRUMBS,
    )


def _add(work: Work, typed: Typed, courier: Courier) -> Outcome:
    channel, secret = notices.add_channel(
        work,
        courier,
        name=typed.get("name", ""),
        via=typed.get("via", ""),
        target=typed.get("target", ""),
        personal=typed.get("sort") == "personal",
        least=severity_of(typed, "least"),
    )
    here = f"{CHANNELS}/{channel.id}"
    return _shown(secret, f"The channel “{channel.name}” is made", here) if secret else here


_ADD: Final = carried_act(ALL, "channels/new", "Make a channel.", MANAGE, _add_sheet, _add)


def _shown(secret: str, title: str, here: str) -> Shown:
    return Shown(
        title=title,
        lede="With this secret the receiver checks that a message is from here and is fresh. Copy "
        "it now; it is kept sealed and cannot be shown again. If it is lost, make a new one.",
        secret=secret,
        next_href=here,
        next_label="I have copied it",
    )


def _change_sheet(work: Work, typed: Typed) -> Sheet:
    channel, _ = notices.channel(work, typed["channel_id"])
    return Sheet(
        title=f"Change “{channel.name}”",
        lede="What waits to leave by it leaves by what you set here.",
        button="Save it",
        fields=(
            Field("name", "Name", value=channel.name),
            Field("target", "New address", required=False, hint="Left empty, it stays what it is."),
            Field(
                "least", "From", kind="select", value=channel.least.value, options=SEVERITY_OPTIONS
            ),
            Field(
                "state",
                "State",
                kind="select",
                value="on" if channel.active else "off",
                options=(("on", "on"), ("off", "off: nothing leaves by it")),
            ),
            Field("version", "", kind="hidden", value=str(channel.version)),
        ),
        back=f"{CHANNELS}/{channel.id}",
        crumbs=(*_CRUMBS, (channel.name, f"{CHANNELS}/{channel.id}")),
    )


def _change(work: Work, typed: Typed, courier: Courier) -> Outcome:
    channel = notices.change_channel(
        work,
        courier,
        typed["channel_id"],
        name=typed.get("name", ""),
        target=typed.get("target", ""),
        least=severity_of(typed, "least"),
        active=typed.get("state") == "on",
        version=version_of(typed),
    )
    return f"{CHANNELS}/{channel.id}"


_CHANGE: Final = carried_act(
    ALL, "channels/{channel_id}/change", "Change a channel.", MANAGE, _change_sheet, _change
)


def _rotate_sheet(work: Work, typed: Typed) -> Sheet:
    channel, _ = notices.channel(work, typed["channel_id"])
    return Sheet(
        title=f"A new secret for “{channel.name}”?",
        lede="It is shown once, on the next page.",
        button="Make it",
        fields=(Field("version", "", kind="hidden", value=str(channel.version)),),
        consequences=(
            "For the overlap of the settings every message is signed with both secrets.",
            "Then the old one signs nothing any more.",
        ),
        back=f"{CHANNELS}/{channel.id}",
        crumbs=(*_CRUMBS, (channel.name, f"{CHANNELS}/{channel.id}")),
    )


def _rotate(work: Work, typed: Typed, courier: Courier) -> Outcome:
    channel, secret = notices.rotate_secret(
        work, courier, typed["channel_id"], version=version_of(typed)
    )
    return _shown(secret, f"“{channel.name}” has a new secret", f"{CHANNELS}/{channel.id}")


_ROTATE: Final = carried_act(
    ALL,
    "channels/{channel_id}/secret",
    "Give a webhook a new secret.",
    MANAGE,
    _rotate_sheet,
    _rotate,
)


def _role_sheet(work: Work, typed: Typed) -> Sheet:
    channel, _ = notices.channel(work, typed["channel_id"])
    roles = tuple((name, f"{name}: {role.says}") for name, role in access.all_roles(work).items())
    return Sheet(
        title="Add a role",
        lede=f"What holders of the role are told also goes to “{channel.name}”.",
        button="Add it",
        fields=(
            Field("role", "Role", kind="select", options=choices(roles)),
            Field("least", "From", kind="select", value="info", options=SEVERITY_OPTIONS),
        ),
        back=f"{CHANNELS}/{channel.id}",
        crumbs=(*_CRUMBS, (channel.name, f"{CHANNELS}/{channel.id}")),
    )


def _add_role(work: Work, typed: Typed) -> Outcome:
    if not typed.get("role"):
        refuse("role", "no role is chosen", "Choose one of the list.")
    notices.subscribe_role(
        work, typed["channel_id"], typed["role"], least=severity_of(typed, "least")
    )
    return f"{CHANNELS}/{typed['channel_id']}"


ROLE: Final = Act(
    ALL,
    "channels/{channel_id}/roles",
    "Let a role's notices go to a shared channel.",
    MANAGE,
    _role_sheet,
    _add_role,
    within=SCOPE,
)


def _end_sheet(_work: Work, _typed: Typed) -> Sheet:
    return Sheet(
        title="Send a role's notices there no longer?",
        lede="Those who hold the role still find them in their inboxes.",
        button="End it",
        tone="stop main",
        back=CHANNELS,
        crumbs=_CRUMBS,
    )


def _end_role(work: Work, typed: Typed) -> Outcome:
    notices.unsubscribe_role(work, typed["subscription_id"])
    return CHANNELS


END_ROLE: Final = Act(
    ALL,
    "channels/roles/{subscription_id}/end",
    "Send a role's notices to a shared channel no longer.",
    MANAGE,
    _end_sheet,
    _end_role,
    within=SCOPE,
)


def version_of(typed: Typed) -> int:
    """Read the version a form was made from."""
    text = typed.get("version", "")
    if not text.isascii() or not text.isdigit():
        refuse("version", "the version is missing", "Open the page again.")
    return int(text[:10])
