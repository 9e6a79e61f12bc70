"""How to check the ledger without this server: its keys, its head, commands to copy.

The keys are read from the log's own entries, so that each is a door to the record that named it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from muniment import ledger, verify
from muniment.ledger import Entry, Log, LogStatus, Query
from muniment.ledger.kinds import all_kinds
from muniment.web.heads import Head, open_head
from muniment.web.ledger.listing import ADDRESS, status_of
from muniment.web.shell import log_of, render

KeyState = Literal["current", "retired", "lost", "not sealed yet"]

_MOST_CHANGES: Final = 100


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key of the log: whether it still signs, and the entry that named it."""

    vkey: str
    state: KeyState
    since: datetime | None
    entry: int | None
    reason: str = ""

    @property
    def key_id(self) -> str:
        """Give the id by which a signature names this key."""
        return verify.parse_vkey(self.vkey).id.hex()


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything the page shows."""

    status: LogStatus | None
    head: Head | None
    keys: tuple[KeyLine, ...]
    unlock_says: str
    folder: str
    wrong: str
    is_public: bool


def routes() -> list[Route]:
    """List the pages of this module."""
    return [
        Route(f"{ADDRESS}/check", show, methods=["GET"], name="ledger-check"),
        Route(f"{ADDRESS}/verify.py", save_verifier, methods=["GET"], name="ledger-verifier"),
    ]


async def show(request: Request) -> HTMLResponse:
    """Show the keys, the head, and how to check both."""
    found = await to_thread.run_sync(_look, log_of(request))
    vkey = found.status.vkey if found.status else ""
    address = f"{request.base_url}log/"
    return render(
        request,
        "ledger/check.html",
        found=found,
        online=shlex.join(["python3", "verify.py", address, "--key", vkey]),
        on_disk=shlex.join(["python3", "verify.py", found.folder, "--key", vkey]),
        older=shlex.join(["python3", "verify.py", address, "--key", vkey, "--old", "checkpoint"]),
    )


async def save_verifier(_request: Request) -> Response:
    """Save the offline verifier: one file that needs nothing but Python."""
    data = await to_thread.run_sync(Path(verify.__file__).read_bytes)
    headers = {"content-disposition": 'attachment; filename="verify.py"'}
    return Response(data, media_type="text/x-python; charset=utf-8", headers=headers)


def keys_named(entries: Iterable[Entry]) -> tuple[KeyLine, ...]:
    """Read from entries which keys the log has had; the present one first."""
    found: dict[str, KeyLine] = {}
    for entry in entries:
        body = entry.body
        reason = str(body.get("reason", ""))
        for vkey, state in _ended(body):
            old = found.get(vkey, KeyLine(vkey, state, None, None))
            found[vkey] = KeyLine(vkey, state, old.since, old.entry, reason)
        vkey = str(body.get("new_vkey") or body.get("vkey"))
        found[vkey] = KeyLine(vkey, "current", entry.at, entry.index)
    return tuple(reversed(found.values()))


def _ended(body: Mapping[str, Any]) -> list[tuple[str, KeyState]]:
    lost: list[tuple[str, KeyState]] = [(str(vkey), "lost") for vkey in body.get("lost_vkeys", ())]
    return [(str(body["old_vkey"]), "retired")] if "old_vkey" in body else lost


def _look(log: Log) -> Checked:
    status = status_of(log)
    keys = _keys(log) if status else ()
    return Checked(
        status=status,
        head=open_head(log),
        keys=keys,
        unlock_says=log.unlock_says,
        folder=str(log.tiles.root),
        wrong=log.stopped(),
        is_public=log.settings.ledger.publish,
    )


def _keys(log: Log) -> tuple[KeyLine, ...]:
    asked = ("ledger.began", *(kind for kind in all_kinds() if kind.startswith("ledger.key_")))
    rows = [
        row for kind in asked for row in ledger.find(log, Query(kind), limit=_MOST_CHANGES).rows
    ]
    places = sorted(row.index for row in rows)
    keys = keys_named(ledger.entry(log, place) for place in places)
    known = {line.vkey for line in keys}
    fresh = tuple(
        KeyLine(vkey, "not sealed yet", None, None) for vkey in log.vkeys() if vkey not in known
    )
    return (*fresh, *keys)
