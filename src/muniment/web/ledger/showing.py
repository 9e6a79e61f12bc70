"""One entry: what happened, its exact bytes, and the proof that it stands in the log."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from anyio import to_thread
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import ledger
from muniment.core.errors import NotFoundError
from muniment.ledger import Entry, Log, LogStatus
from muniment.web.ledger.listing import ADDRESS, status_of
from muniment.web.ledger.proving import Bounds, ProofView, bounds, proof_of
from muniment.web.shell import Problem, log_of, render, render_problem
from muniment.web.spelling import spelled

_PLACE: Final = re.compile(r"[0-9]{1,16}")
_MAX_TEXT_CHARS: Final = 200
_LONGEST_LINE_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that an entry covers; no state means that the row was removed."""

    table: str
    key: str
    state: str | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """Everything the page shows of an entry."""

    entry: Entry
    says: str
    facts: tuple[tuple[str, Markup], ...]
    changed: tuple[Changed, ...]
    status: LogStatus
    proof: ProofView | None
    bounds: Bounds
    command: str

    @property
    def actor(self) -> str:
        """Name who did it, as the list names them."""
        return f"{self.entry.actor['kind']}:{self.entry.actor['id']}"

    @property
    def subject(self) -> str:
        """Name what it was done to, as the list names it; empty when it was nothing."""
        about = self.entry.subject
        return f"{about['kind']}:{about['id']}" if about else ""


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route(f"{ADDRESS}/{{which}}", show_entry, methods=["GET"], name="ledger-entry"),
        Route(f"{ADDRESS}/{{which}}/bytes", save_entry, methods=["GET"], name="ledger-bytes"),
    ]


async def show_entry(request: Request) -> Response:
    """Show one entry by its number; a record's id leads to its number."""
    log, which = log_of(request), request.path_params["which"]
    if not _PLACE.fullmatch(which):
        return await _by_id(request, log, which)
    view = await to_thread.run_sync(_view, log, int(which))
    if view is None:
        return await _missing(request, log, int(which))
    return render(request, "ledger/entry.html", view=view, list_href=list_href)


async def save_entry(request: Request) -> Response:
    """Save an entry's bytes exactly as they were hashed."""
    log, which = log_of(request), request.path_params["which"]
    index = int(which) if _PLACE.fullmatch(which) else -1
    try:
        found = await to_thread.run_sync(ledger.entry, log, index)
    except NotFoundError:
        return await _missing(request, log, index)
    name = f'attachment; filename="entry-{index}.json"'
    return Response(
        found.data, media_type="application/json", headers={"content-disposition": name}
    )


def list_href(**narrowed: str) -> str:
    """Link to the entries that share something with this one."""
    pairs = {name: value[:_MAX_TEXT_CHARS] for name, value in narrowed.items()}
    return f"{ADDRESS}?{urlencode(pairs)}"


def facts_of(entry: Entry) -> tuple[tuple[str, Markup], ...]:
    """Write the facts of an entry, each under its name."""
    return tuple((name, _fact(value)) for name, value in entry.body.items())


def changed_by(entry: Entry) -> tuple[Changed, ...]:
    """List the rows an entry covers, with the digest of each."""
    return tuple(_changed(entry))


def _view(log: Log, index: int) -> EntryView | None:
    status = status_of(log)
    if status is None or index >= status.size:
        return None
    entry = ledger.entry(log, index)
    known = ledger.all_kinds().get(entry.kind)
    return EntryView(
        entry=entry,
        says=known.says if known else "",
        facts=facts_of(entry),
        changed=changed_by(entry),
        status=status,
        proof=proof_of(log, entry),
        bounds=bounds(log, index, status.signed_at),
        command=_offline(index, status.vkey),
    )


def _offline(index: int, vkey: str) -> str:
    proof, entry = f"entry-{index}.tlog-proof", f"entry-{index}.json"
    return shlex.join(["python3", "verify.py", proof, "--entry", entry, "--key", vkey])


def _changed(entry: Entry) -> Iterator[Changed]:
    for table, rows in entry.value.get("changes", {}).items():
        for key, state in rows.items():
            yield Changed(table, key, state)


def _fact(value: object) -> Markup:
    if isinstance(value, str):
        return Markup('<span class="fact">{}</span>').format(
            spelled(value) or Markup("<i>empty</i>")
        )
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > _LONGEST_LINE_CHARS:
        text = json.dumps(value, ensure_ascii=False, indent=2)
    return Markup('<code class="fact">{}</code>').format(spelled(text))


async def _by_id(request: Request, log: Log, which: str) -> Response:
    try:
        found = await to_thread.run_sync(ledger.find_by_id, log, which)
    except NotFoundError:
        return _problem(
            request,
            f"“{which[:60]}” is no entry of this ledger",
            "An entry is asked for by its number, or by the id of its record; no sealed entry has "
            "this id.",
            "Look at the list, or write the number of an entry at the end of the address.",
        )
    return RedirectResponse(f"{ADDRESS}/{found.index}", 303)


async def _missing(request: Request, log: Log, index: int) -> Response:
    status = await to_thread.run_sync(status_of, log)
    size, waiting = (status.size, status.waiting) if status else (0, 0)
    title = f"There is no entry {index:,} yet" if index >= 0 else "An entry is named by its number"
    if size <= index < size + waiting:
        return _problem(
            request,
            f"Entry {index:,} is durable, not sealed yet",
            f"The signed head covers {size:,} entries. Safely written, and waiting for a place: "
            f"{waiting:,}. Which of them gets this number is decided when they are sealed.",
            "Load this page again in a second. If no server runs, run muniment ledger seal.",
        )
    there = f"The ledger has {size:,} entries, 0 to {size - 1:,}." if size else "Nothing is sealed."
    return _problem(
        request,
        title,
        f"{there} Waiting to be sealed: {waiting:,}." if waiting else there,
        "Ask for one of these, or look at the list.",
    )


def _problem(request: Request, title: str, message: str, remedy: str) -> Response:
    problem = Problem(
        title=title,
        message=message,
        remedy=remedy,
        subject=request.url.path[:120],
        back_href=ADDRESS,
        back_label="Show the ledger",
    )
    return render_problem(request, problem, status_code=404)
