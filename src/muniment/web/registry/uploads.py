"""Files of models by form: kept as they arrive, scanned at once, shown with what was found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from muniment import access, registry
from muniment.access import Scope
from muniment.core.actor import Actor
from muniment.core.errors import MunimentError
from muniment.db import Work
from muniment.registry import Kept
from muniment.settings.areas import RegistrySettings
from muniment.vault import Safe
from muniment.web.acts import SHOWN_BESIDE, Act, Field, Outcome, Sheet, Typed, drawn
from muniment.web.callers import require_visitor
from muniment.web.cells import Cell, time_cell
from muniment.web.formats import bytes_size
from muniment.web.registry.cells import AREA, SYSTEMS
from muniment.web.registry.files import answer_cell, found_section
from muniment.web.shows import Page, Show
from muniment.web.uploads import Upload, read_upload
from muniment.web.vault import safe_of

_CRUMBS: Final = (("Systems", SYSTEMS),)


def routes() -> list[Route]:
    """List the pages of files."""
    show, _ = UPLOAD.routes()
    do = Route(f"{AREA.address}/{UPLOAD.place}", take_upload, methods=["POST"])
    return [show, do, *FILE.routes()]


async def take_upload(request: Request) -> Response:
    """Keep the file of a form as it arrives, then scan it."""
    actor, safe = require_visitor(request).actor, safe_of(request)
    settings, system_id = settings_of(request), str(request.path_params["system_id"])

    def look(typed: Typed) -> Sheet:
        with safe.database.look(actor) as work:
            system = registry.get_system(work, system_id)
            access.require(work, "registry.write", Scope.of(system=system.id))
            return _sheet(work, {**typed, "system_id": system_id})

    typed: Typed = {}
    await to_thread.run_sync(partial(look, typed))  # who may not see the form may not send it
    try:
        given = await read_upload(request, "file")
        typed = given.typed
        keep = partial(_keep, safe, settings, actor, system_id, given)
        digest = await to_thread.run_sync(keep)
    except SHOWN_BESIDE as error:
        sheet = await to_thread.run_sync(partial(look, typed))
        return drawn(UPLOAD, request, sheet, typed, _at_field(error))
    return RedirectResponse(f"{SYSTEMS}/{system_id}/files/{digest}", 303)


def settings_of(request: Request) -> RegistrySettings:
    """Find what is set about files of models in the application which answers this request."""
    settings = getattr(request.app.state, "registry", None)
    if not isinstance(settings, RegistrySettings):
        raise TypeError("this application keeps no files; set app.state.registry where it is built")
    return settings


def _keep(
    safe: Safe, settings: RegistrySettings, actor: Actor, system_id: str, given: Upload
) -> str:
    plain = PurePosixPath(given.file_name.replace("\\", "/")).name
    kept = registry.keep_artefact(
        safe,
        settings,
        actor,
        system_id,
        given.typed.get("digest", ""),
        given.chunks(),
        name=given.typed.get("name", "") or plain,
    )
    registry.scan_artefact(safe, actor, system_id, kept.digest)
    return kept.digest


def _at_field(error: MunimentError) -> MunimentError:
    """Show what is wrong with the bytes beside the file."""
    if error.field == "content":
        error.field = "file"
    return error


def _sheet(work: Work, typed: Typed) -> Sheet:
    system = registry.get_system(work, typed["system_id"])
    here = f"{SYSTEMS}/{system.id}"
    return Sheet(
        title="Keep a file of a model",
        lede="It is encrypted as it arrives, and looked through without loading it.",
        button="Keep and scan it",
        fields=(
            Field("name", "Name", required=False, hint="Left out: what the file is called."),
            Field(
                "digest",
                "Digest it must have",
                required=False,
                hint="sha256:… If the file has another one, nothing of it is kept.",
            ),
            Field("file", "File", kind="file"),
        ),
        consequences=("It stays under its digest, whatever the scan finds.",),
        back=here,
        crumbs=(*_CRUMBS, (system.profile.name, here)),
    )


def _unread(_work: Work, typed: Typed) -> Outcome:
    """Lead back to the system; the file of this form is taken as it arrives."""
    return f"{SYSTEMS}/{typed['system_id']}"


UPLOAD: Final = Act(
    AREA,
    "systems/{system_id}/upload",
    "Keep a file of a model.",
    "registry.write",
    _sheet,
    _unread,
    within=None,
)


def _page(work: Work, asked: Mapping[str, str]) -> Page:
    system = registry.get_system(work, asked["system_id"])
    kept = registry.artefact_of(work, system.id, asked["digest"])
    here = f"{SYSTEMS}/{system.id}"
    return Page(
        title=kept.name,
        lede=_lede(kept),
        crumbs=(*_CRUMBS, (system.profile.name, here)),
        facts=_facts(kept),
        sections=(found_section((kept,)),),
    )


FILE: Final = Show(
    AREA, "systems/{system_id}/files/{digest}", "Show a file and what its scan found.", _page
)


def _lede(kept: Kept) -> str:
    verdict, says = kept.scan_answer
    told = {"met": "Nothing unsafe was found in it.", "not_met": "It is not safe to load."}
    return told.get(verdict, f"Whether it is safe to load could not be told. {says}")


def _facts(kept: Kept) -> tuple[tuple[str, Cell], ...]:
    scan, artefact = kept.scan, kept.artefact
    size = bytes_size(artefact.size) if artefact is not None else "not kept here"
    metadata = scan.scanned.metadata if scan is not None and scan.scanned.metadata else {}
    return (
        ("Digest", Cell(kept.digest, kind="code")),
        ("Size", Cell(size)),
        ("Safe to load", answer_cell(kept.scan_answer)),
        ("Signed", answer_cell(kept.signed)),
        ("Scanned", time_cell(scan.at if scan is not None else None, "not scanned")),
        ("Format", Cell(scan.scanned.format if scan is not None else "not known")),
        *((f"It says: {name}"[:60], Cell(str(metadata[name])[:200])) for name in sorted(metadata)),
    )
