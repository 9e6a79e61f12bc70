"""What the path does by a form: a name, a first system, a word that the ledger was checked."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, gateway, ledger
from muniment.access import EVERYTHING
from muniment.db import Work
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed, refuse
from muniment.web.begin.steps import ADDRESS, MAY
from muniment.web.callers import require_visitor
from muniment.web.cells import Area
from muniment.web.shell import log_of

AREA: Final = Area(ADDRESS, EVERYTHING, "")
_CRUMBS: Final = (("First steps", ADDRESS),)
_NOT_KEY: Final = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY: Final = 60
_MOST_DIGITS: Final = 16


def routes() -> list[Route]:
    """List the forms of the path."""
    return [
        *NAME.routes(),
        *SYSTEM.routes(),
        Route(f"{ADDRESS}/verified", verified, methods=["POST"]),
    ]


def _name_sheet(work: Work, _typed: Typed) -> Sheet:
    known = access.organisation(work)
    return Sheet(
        title="Name the organisation",
        lede="The name stands above every page, so that everybody sees where they are.",
        button="Keep the name",
        fields=(
            Field("name", "Name of the organisation", value=known, placeholder="Brightwater Ltd"),
            Field("was", "", kind="hidden", value=known),
        ),
        consequences=("Everybody who signs in sees it.", "Who named it, and when, is on record."),
        crumbs=_CRUMBS,
    )


def _name(work: Work, typed: Typed) -> Outcome:
    access.name_organisation(work, typed.get("name", ""), was=typed.get("was", ""))
    return ADDRESS


NAME: Final = Act(
    AREA,
    "name",
    "Say what the organisation is called.",
    "access.name_organisation",
    _name_sheet,
    _name,
)


def _system_sheet(work: Work, _typed: Typed) -> Sheet:
    closed = not gateway.is_first(work)
    return Sheet(
        title="Create the first system",
        lede="There is a system already, so this way is closed; nothing would be done."
        if closed
        else "A system is what calls models: a chatbot, a scorer, an agent. You answer for this "
        "one until you hand it over.",
        button="Create the system",
        fields=(
            Field("name", "Name", placeholder="Support desk"),
            Field(
                "purpose",
                "What it is for",
                kind="textarea",
                placeholder="Answers questions about orders.",
            ),
            Field(
                "key",
                "Short name for programs",
                required=False,
                placeholder="support-desk",
                hint="Letters, digits and hyphens. Left empty, it is made from the name.",
            ),
        ),
        consequences=(
            "It is registered, and you are its owner. Nobody reviewed it, and the record says so.",
            "A model named echo serves its development environment; nothing leaves this machine.",
            "If no rules hold yet, the starter rules do: personal data is masked before it leaves.",
            "A program of its name may call it there, once you make a key for it.",
        ),
        crumbs=_CRUMBS,
    )


def _system(work: Work, typed: Typed) -> Outcome:
    name = typed.get("name", "")
    key = typed.get("key", "") or key_from(name)
    if not key:
        refuse("key", "no short name can be made from this name", "Write one, like support-desk.")
    gateway.begin_first(work, key, name, typed.get("purpose", ""))
    return ADDRESS


SYSTEM: Final = Act(
    AREA,
    "system",
    "Make the first system, with a model that says back what it is told.",
    MAY,
    _system_sheet,
    _system,
)


def key_from(name: str) -> str:
    """Make a short name for programs from a name for people; nothing, if no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _NOT_KEY.sub("-", plain).strip("-")[:_LONGEST_KEY].rstrip("-")


async def verified(request: Request) -> Response:
    """Record that somebody says they checked the ledger away from this server."""
    visitor, log = require_visitor(request), log_of(request)
    async with request.form(max_files=0, max_fields=10) as form:
        how, text = str(form.get("how", "")), str(form.get("size", ""))
    size = int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0

    def note() -> None:
        with log.database.work(visitor.actor) as work:
            access.require(work, MAY)
            ledger.note_verified(work, log, size, how)

    await to_thread.run_sync(note)
    return RedirectResponse(f"{ADDRESS}?said=verified", 303)
