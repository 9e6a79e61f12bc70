"""The list of entries: narrowed by a form, paged by a cursor, saved as JSON or CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from muniment import access, ledger
from muniment.core.clock import parse_stamp
from muniment.core.errors import NotFoundError
from muniment.ledger import IndexRow, Log, LogStatus
from muniment.web.callers import require_visitor, saved_by
from muniment.web.heads import Head, open_head
from muniment.web.ledger import exporting
from muniment.web.ledger.asking import COLUMNS, Asked, kind_options, read, with_picks
from muniment.web.parts import Export, Pager
from muniment.web.shell import log_of, render

ROWS_SHOWN: Final = 50
ADDRESS: Final = "/console/ledger"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, as it is drawn."""

    row: IndexRow
    at: datetime
    says: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger answered: how it stands, the kinds there are, the rows asked for."""

    status: LogStatus | None
    head: Head | None
    kinds: tuple[tuple[str, int], ...] = ()
    lines: tuple[Line, ...] = ()
    next_cursor: str = ""


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route(ADDRESS, show_list, methods=["GET"], name="ledger"),
        Route(f"{ADDRESS}/export.json", save_json, methods=["GET"], name="ledger-json"),
        Route(f"{ADDRESS}/export.csv", save_csv, methods=["GET"], name="ledger-csv"),
    ]


async def show_list(request: Request) -> HTMLResponse:
    """Show the entries asked for; what was wrong with the question stands beside its field."""
    asked = read(request.query_params)
    found = await to_thread.run_sync(_look, log_of(request), asked)
    return _drawn(request, asked, found)


async def save_json(request: Request) -> Response:
    """Save every entry asked for as JSON."""
    return await _saved(request, "json", "application/json")


async def save_csv(request: Request) -> Response:
    """Save every entry asked for as a table."""
    return await _saved(request, "csv", "text/csv; charset=utf-8")


def status_of(log: Log) -> LogStatus | None:
    """Say how the log stands; nothing when it has not begun."""
    try:
        return log.status()
    except NotFoundError:
        return None


def _look(log: Log, asked: Asked) -> Found:
    status = status_of(log)
    if status is None:
        return Found(None, None)
    head, kinds = open_head(log), tuple(log.index.kinds())
    if asked.errors:
        return Found(status, head, kinds)
    page = ledger.find(log, asked.query, cursor=asked.cursor, limit=ROWS_SHOWN)
    lines = tuple(_line(row) for row in page.rows)
    return Found(status, head, kinds, lines, page.next_cursor or "")


def _line(row: IndexRow) -> Line:
    known = ledger.all_kinds().get(row.kind)
    return Line(row, parse_stamp(row.at), known.says if known else "")


def _drawn(request: Request, asked: Asked, found: Found) -> HTMLResponse:
    here = f"?{asked.address()}"
    pager = Pager(
        _shown(found, asked),
        first_href=here if asked.cursor else "",
        next_href=f"?{asked.address(cursor=found.next_cursor)}" if found.next_cursor else "",
    )
    exports = tuple(
        Export(name, f"{ADDRESS}/export.{name.lower()}{here if here != '?' else ''}")
        for name in ("JSON", "CSV")
    )
    return render(
        request,
        "ledger/list.html",
        status_code=422 if asked.errors else 200,
        asked=asked,
        found=found,
        columns=COLUMNS,
        kinds=kind_options(found.kinds, asked.typed["kind"]),
        pager=pager,
        exports=exports if found.lines else (),
        paper=_paper(request, asked, found),
    )


def _paper(request: Request, asked: Asked, found: Found) -> tuple[tuple[str, str], ...]:
    if not found.lines:
        return ()
    at = log_of(request).database.clock.now()
    saved = exporting.Saved(log_of(request), asked, 0, at, saved_by(request), found.head)
    return saved.foot.on_paper(len(found.lines))


def _shown(found: Found, asked: Asked) -> str:
    if not found.lines:
        return "Nothing to show"
    first, last = found.lines[0].row.index, found.lines[-1].row.index
    of = "matching" if asked.is_narrowed else f"of {found.status.indexed:,}" if found.status else ""
    if first == last:
        return f"Entry {first:,}, the only one on this page"
    return f"{len(found.lines)} {of}, from entry {first:,} to {last:,}"


async def _saved(request: Request, form: str, media_type: str) -> Response:
    asked, log = read(request.query_params), log_of(request)
    asked = with_picks(asked, request.query_params)
    if asked.errors:
        return _drawn(request, asked, await to_thread.run_sync(_look, log, asked))
    saved = await to_thread.run_sync(exporting.begin, log, asked, saved_by(request))
    await to_thread.run_sync(_note, request, form, saved)
    lines: Iterator[str] = exporting.FORMS[form](saved)
    name = f'attachment; filename="ledger-{saved.size}.{form}"'
    return StreamingResponse(lines, media_type=media_type, headers={"content-disposition": name})


def _note(request: Request, form: str, saved: exporting.Saved) -> None:
    """Record that entries were saved, and how many, before the first of them is given away."""
    count = saved.count()
    with log_of(request).database.work(require_visitor(request).actor) as work:
        access.note_export(work, ADDRESS, form, rows=count)
