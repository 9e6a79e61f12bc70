"""The vault's page: keys by classification and period, the age of the keyring's key, erasures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from muniment import access, vault
from muniment.core.actor import Actor
from muniment.vault import Safe, ShredState, VaultStatus
from muniment.web.callers import require_visitor
from muniment.web.gate import behind
from muniment.web.parts import Column
from muniment.web.shell import render

ADDRESS: Final = "/console/vault"
KEY_COLUMNS: Final = (
    Column("Period"),
    Column("Classification"),
    Column("Current", number=True),
    Column("Retired", number=True),
    Column("Destroyed", number=True),
    Column("Oldest", hide_narrow=True),
)
ERASURE_COLUMNS: Final = (
    Column("Subject"),
    Column("What", hide_narrow=True),
    Column("State"),
    Column("Asked", hide_narrow=True),
    Column("Keys", number=True, hide_narrow=True),
    Column("Certificate"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says first."""

    state: str
    tone: str


def routes() -> list[Route]:
    """List the pages of the vault."""
    certificate = f"{ADDRESS}/erasures/{{shred_id}}.certificate.json"
    pages = [
        Route(ADDRESS, show, methods=["GET"], name="vault"),
        Route(certificate, save_certificate, methods=["GET"], name="vault-certificate"),
    ]
    return behind("vault.status", "vault", pages)


async def show(request: Request) -> HTMLResponse:
    """Show how the vault stands."""
    safe = safe_of(request)
    found, askers = await to_thread.run_sync(_look, safe, require_visitor(request).actor)
    done = sum(one.state is ShredState.DONE for one in found.shreds)
    return render(
        request,
        "vault/show.html",
        found=found,
        askers=askers,
        done=done,
        waiting=len(found.shreds) - done,
        rotation=rotation_words(found),
        key_columns=KEY_COLUMNS,
        erasure_columns=ERASURE_COLUMNS,
        backup_days=safe.settings.backup_days,
        two_person=safe.settings.two_person,
    )


async def save_certificate(request: Request) -> Response:
    """Save the certificate of an erasure."""
    safe, actor = safe_of(request), require_visitor(request).actor
    shred_id = str(request.path_params["shred_id"])
    written = await to_thread.run_sync(_certificate, safe, actor, shred_id)
    name = f'attachment; filename="{shred_id}.certificate.json"'
    headers = {"content-disposition": name}
    return Response(written, media_type="application/json", headers=headers)


def rotation_words(found: VaultStatus) -> Words:
    """Say whether the keyring's key is young enough, in the three answers."""
    if not found.live_keys:
        return Words("nothing to turn", "")
    if found.rotation_is_due is None:
        return Words("could not tell", "unknown")
    return Words("rotation due", "look") if found.rotation_is_due else Words("not due", "ok")


def safe_of(request: Request) -> Safe:
    """Find the vault of the application which answers this request."""
    safe = getattr(request.app.state, "safe", None)
    if not isinstance(safe, Safe):
        raise TypeError("this application has no vault; set app.state.safe where it is built")
    return safe


def _look(safe: Safe, actor: Actor) -> tuple[VaultStatus, dict[str, str]]:
    """Read how the vault stands, and who asked for its erasures, by name."""
    found = vault.status(safe, actor)
    asked = {one.asked_by: one.asked_by.partition(":")[2] for one in found.shreds}
    with safe.database.look(actor) as work:
        names = access.named(work, asked.values())
    return found, {each: names.get(named, each) for each, named in asked.items()}


def _certificate(safe: Safe, actor: Actor, shred_id: str) -> bytes:
    with safe.database.look(actor) as work:
        return vault.certificate(safe, work, shred_id)
