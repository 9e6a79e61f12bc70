"""The pages of keys: issued and shown once, replaced without a gap, revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from starlette.routing import Route

from muniment import access
from muniment.access import Key, KeyLimits
from muniment.core.page import Page
from muniment.db import Work
from muniment.web.access import belongings
from muniment.web.access.belongings import KEY_STATES, key_cells, key_columns, key_state
from muniment.web.access.cells import ADDRESS, AREA, holder_cell
from muniment.web.access.grants import scope_fields, scope_of
from muniment.web.acts import (
    Act,
    Field,
    Outcome,
    Sheet,
    Shown,
    Typed,
    choices,
    read_day,
    refuse,
)
from muniment.web.cells import Cell, place_names, scope_cell, tag_cell, time_cell
from muniment.web.lists import Action, Empty, Listing
from muniment.web.picking import PICK, PickAct, picked
from muniment.web.shows import Page as ShownPage
from muniment.web.shows import Show

KEYS: Final = f"{ADDRESS}/keys"
OWN: Final = "access.own_keys"
_CRUMBS: Final = (("Keys", KEYS),)
_HOURS: Final = (
    ("0", "End it at once"),
    ("1", "One hour"),
    ("24", "One day"),
    ("168", "Seven days"),
)


def routes() -> list[Route]:
    """List the pages of keys."""
    return [
        *LIST.routes(),
        *ISSUE.routes(),
        *END_PICKED.routes(),
        *SHOW.routes(),
        *ROTATE.routes(),
        *REVOKE.routes(),
    ]


def _read(work: Work, _typed: Mapping[str, str], cursor: str | None, limit: int) -> Page[Key]:
    return access.keys(work, cursor=cursor, limit=limit)


def _cells(work: Work, found: Sequence[Key]) -> list[tuple[Cell, ...]]:
    return list(key_cells(work, found, holder=True))


LIST: Final = Listing[Key](
    area=AREA,
    place="keys",
    title="Keys",
    says="What programs show to be let in. A key is shown once, kept as a digest, and may never "
    "more than its holder.",
    columns=key_columns(holder=True),
    read=_read,
    cells=_cells,
    empty=Empty(
        "No keys yet",
        "A program that calls Muniment comes with a key. From the command line:",
        line="muniment access keys issue --help",
    ),
    actions=(Action("Make a key", f"{KEYS}/issue", OWN, "main"),),
    with_picked=(PickAct("End them now", f"{KEYS}/end", "", "stop"),),
)


def _page(work: Work, asked: Mapping[str, str]) -> ShownPage:
    key = access.key_of(work, asked["key_id"])
    names = access.names(work, [key.holder.id, key.created_by])
    state = key_state(key, work.now)
    here = f"{KEYS}/{key.id}"
    allowed = key.limits.permissions
    works = (
        Action("Replace it", f"{here}/rotate", OWN, "main"),
        Action("End it now", f"{here}/revoke", "", "stop"),
    )
    replaced = (
        (("Replaced by", Cell(key.replaced_by, f"{KEYS}/{key.replaced_by}", "code")),)
        if key.replaced_by
        else ()
    )
    return ShownPage(
        title=key.label,
        lede=f"A key of {names.get(key.holder.id, key.holder.id)}. {_SAID[state]}",
        crumbs=_CRUMBS,
        state=tag_cell(state, KEY_STATES),
        facts=(
            ("Begins", Cell(key.shown, kind="code")),
            ("Held by", holder_cell(key.holder, names)),
            (
                "May at most",
                Cell(
                    "all its holder may"
                    if allowed is None
                    else ", ".join(sorted(allowed)) or "none"
                ),
            ),
            ("Where", scope_cell(key.limits.scope, place_names(work, [key.limits.scope]))),
            ("Budget", Cell(key.budget)),
            ("Made", time_cell(key.created_at)),
            ("Made by", Cell(names.get(key.created_by, key.created_by))),
            ("Last used", time_cell(key.last_used_at, "never")),
            ("Expires", time_cell(key.expires_at, "no end")),
            *((("Revoked", time_cell(key.revoked_at)),) if key.revoked_at else ()),
            *replaced,
            ("Id", Cell(key.id, kind="code")),
            ("In the ledger", Cell("Every record about it", belongings.records(key.id))),
        ),
        actions=works if state == "works" else works[1:] if state == "ending" else (),
    )


_SAID: Final = {
    "works": "It works now.",
    "ending": "It was replaced, and works on for a while beside the new one.",
    "expired": "It has expired, and opens nothing.",
    "revoked": "It was revoked, and opens nothing.",
}

SHOW: Final = Show(
    AREA, "keys/{key_id}", "Show a key: whose, what it may at most, when it was used.", _page
)


def _own_holders(work: Work) -> tuple[tuple[str, str], ...]:
    """List whom the visitor may make keys for: themselves and the services they answer for."""
    me = work.actor.id
    mine = access.services_owned(work, me)
    return (
        (f"person:{me}", "yourself"),
        *((f"service:{each.id}", f"{each.name}, {each.kind.value}") for each in mine),
    )


def _issue_sheet(work: Work, typed: Typed) -> Sheet:
    return Sheet(
        title="Make a key",
        lede="For yourself, or for a service you answer for. Nobody makes keys for others: whoever "
        "sees a key could act in its name.",
        button="Make the key",
        fields=(
            Field(
                "holder",
                "For whom",
                kind="select",
                value=typed.get("holder", ""),
                options=choices(_own_holders(work)),
            ),
            Field("label", "What it is for", placeholder="nightly export"),
            Field(
                "permissions",
                "What it may at most",
                kind="checkbox",
                required=False,
                hint="Nothing chosen: all its holder may.",
                options=tuple(
                    (each.name, f"{each.name}: {each.says}")
                    for each in access.PERMISSIONS.values()
                    if not each.person_only
                ),
            ),
            *scope_fields(),
            Field("budget", "Budget", required=False, hint="The name of a budget it counts to."),
            Field("expires_at", "Last day", kind="date", required=False, hint="A year at most."),
        ),
        back=KEYS,
        crumbs=_CRUMBS,
    )


def _issue(work: Work, typed: Typed) -> Outcome:
    chosen = [each for each in typed.get("permissions", "").split("\n") if each]
    fresh = access.issue_key(
        work,
        belongings.holder_of(typed.get("holder", "")),
        typed.get("label", ""),
        limits=KeyLimits(frozenset(chosen) if chosen else None, scope_of(typed)),
        budget=typed.get("budget", ""),
        expires_at=read_day(typed, "expires_at", required=False),
    )
    return _shown(fresh.key, fresh.secret, f"The key “{fresh.key.label}” is made")


ISSUE: Final = Act(AREA, "keys/issue", "Make a key; it is shown once.", OWN, _issue_sheet, _issue)


def _shown(key: Key, secret: str, title: str) -> Shown:
    return Shown(
        title=title,
        lede="Copy it now and put it where your program finds it. It is not kept here and cannot "
        "be shown again; if it is lost, replace it.",
        secret=secret,
        facts=(
            ("May at most", Cell(belongings.limits_said(key))),
            ("Expires", time_cell(key.expires_at, "no end")),
        ),
        next_href=f"{KEYS}/{key.id}",
        next_label="I have copied it",
        command='curl -H "Authorization: Bearer $MUNIMENT_KEY" "$MUNIMENT_URL/api/v1/access/me"',
    )


def _rotate_sheet(work: Work, typed: Typed) -> Sheet:
    key = access.key_of(work, typed["key_id"])
    return Sheet(
        title=f"Replace “{key.label}”?",
        lede="A new key with the same limits is made and shown once.",
        button="Make the new key",
        fields=(
            Field(
                "overlap",
                "How long the old one works on",
                kind="select",
                value="24",
                options=_HOURS,
                hint="So that your program can change over without a gap.",
            ),
        ),
        consequences=(
            "The new key is shown once, on the next page.",
            "The old one ends after the time below, whether it is still used or not.",
        ),
        back=f"{KEYS}/{key.id}",
        crumbs=(*_CRUMBS, (key.label, f"{KEYS}/{key.id}")),
    )


def _rotate(work: Work, typed: Typed) -> Outcome:
    hours = typed.get("overlap", "")
    if hours not in dict(_HOURS):
        refuse("overlap", "no time is chosen", "Choose one of the list.")
    fresh = access.rotate_key(work, typed["key_id"], overlap=timedelta(hours=int(hours)))
    return _shown(fresh.key, fresh.secret, f"The key “{fresh.key.label}” has a successor")


ROTATE: Final = Act(
    AREA,
    "keys/{key_id}/rotate",
    "Replace a key by another.",
    OWN,
    _rotate_sheet,
    _rotate,
    within=None,
)


def _revoke_sheet(work: Work, typed: Typed) -> Sheet:
    key = access.key_of(work, typed["key_id"])
    used = (
        f"It was last used on {key.last_used_at:%d %b %Y}."
        if key.last_used_at
        else ("It was never used.")
    )
    return Sheet(
        title=f"End “{key.label}” now?",
        lede=f"The key that begins {key.shown}. {used}",
        button="End the key",
        fields=(Field("version", "", kind="hidden", value=str(key.version)),),
        consequences=(
            "Programs that show it are refused, within a second.",
            "It cannot be put back; a new key can be made.",
        ),
        tone="stop main",
        back=f"{KEYS}/{key.id}",
        crumbs=(*_CRUMBS, (key.label, f"{KEYS}/{key.id}")),
    )


def _revoke(work: Work, typed: Typed) -> Outcome:
    key = access.revoke_key(work, typed["key_id"], version=belongings.version(typed))
    return f"{KEYS}/{key.id}"


REVOKE: Final = Act(
    AREA, "keys/{key_id}/revoke", "End a key at once.", "", _revoke_sheet, _revoke, within=None
)


def _end_sheet(work: Work, typed: Typed) -> Sheet:
    found = [access.key_of(work, each) for each in picked(typed.get(PICK, ""))]
    if not found:
        refuse(PICK, "no key is picked", f"Pick them at {KEYS}.")
    ended = [each for each in found if key_state(each, work.now) not in ("works", "ending")]
    return Sheet(
        title="End this key now?" if len(found) == 1 else f"End {len(found):,} keys now?",
        lede=f"{len(ended):,} of them have ended already and stay as they are."
        if ended
        else "All of them work now.",
        button="End them",
        fields=(
            Field(PICK, "", kind="hidden", value="\n".join(each.id for each in found)),
            Field(
                "versions",
                "",
                kind="hidden",
                value="\n".join(str(each.version) for each in found),
            ),
        ),
        facts=tuple((each.label, Cell(each.shown, f"{KEYS}/{each.id}", "code")) for each in found),
        consequences=(
            "Programs that show one of them are refused, within a second.",
            "They cannot be put back; new ones can be made.",
            "All of them end, or none does.",
        ),
        tone="stop main",
        back=KEYS,
        crumbs=_CRUMBS,
    )


def _end_picked(work: Work, typed: Typed) -> Outcome:
    ids, versions = picked(typed.get(PICK, "")), typed.get("versions", "").split("\n")
    if len(ids) != len(versions):
        refuse(PICK, "this form names other keys than it showed", f"Pick them at {KEYS} again.")
    for key_id, version in zip(ids, versions, strict=True):
        if key_state(access.key_of(work, key_id), work.now) in ("works", "ending"):
            access.revoke_key(work, key_id, version=belongings.version({"version": version}))
    return KEYS


END_PICKED: Final = Act(
    AREA, "keys/end", "End the keys picked, at once.", "", _end_sheet, _end_picked, within=None
)
