"""What stands in the tables of these pages: states, shares, people, what served."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from muniment import access
from muniment.access import EVERYTHING
from muniment.db import Work
from muniment.registry import ChangeState, Deployment, Observation, SystemState
from muniment.web.cells import Area, Cell, time_cell
from muniment.web.parts import Column

ADDRESS: Final = "/console/registry"
AREA: Final = Area(ADDRESS, EVERYTHING, "registry.read", line_by_line=True)
SYSTEMS: Final = f"{ADDRESS}/systems"
CHANGES: Final = f"{ADDRESS}/changes"
STATES: Final = {
    SystemState.PROPOSED: "info",
    SystemState.IN_REVIEW: "look",
    SystemState.APPROVED: "ok",
    SystemState.LIVE: "ok",
    SystemState.SUSPENDED: "stop",
    SystemState.RETIRED: "unknown",
}
CHANGE_STATES: Final = {
    ChangeState.DRAFT: "info",
    ChangeState.WAITING: "look",
    ChangeState.APPROVED: "ok",
    ChangeState.RELEASING: "look",
    ChangeState.DONE: "ok",
    ChangeState.DENIED: "stop",
    ChangeState.WITHDRAWN: "unknown",
    ChangeState.ROLLED_BACK: "stop",
}
OBSERVED_COLUMNS: Final = (
    Column("What was seen"),
    Column("How we know"),
    Column("From", hide_narrow=True),
    Column("Until", hide_narrow=True),
    Column("Times", number=True),
    Column("Proof", hide_narrow=True),
)
VERDICTS: Final = {"met": "ok", "not_met": "stop", "could_not_tell": "unknown"}


def records(kind: str, named: str) -> str:
    """Link to every record about something."""
    return "/console/ledger?" + urlencode({"subject": f"{kind}:{named}"})


def bill_facts(system_id: str, set_digest: str = "") -> tuple[tuple[str, Cell], ...]:
    """Link to the bills of materials of a version set, or of what serves."""
    asked = f"?{urlencode({'set': set_digest})}" if set_digest else ""
    here = f"/api/v1/registry/systems/{system_id}/bom"
    return (
        ("Bill of materials", Cell("CycloneDX", f"{here}/cyclonedx{asked}")),
        ("The same for SPDX", Cell("SPDX 3", f"{here}/spdx{asked}")),
    )


def people(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Give the names of people, as far as they are known."""
    return access.named(work, [each for each in ids if each])


def system_cell(keys: Mapping[str, str], system_id: str) -> Cell:
    """Name a system by its key, and lead to it."""
    href = f"{SYSTEMS}/{system_id}" if system_id else ""
    return Cell(keys.get(system_id, system_id), href, kind="code")


def short(digest: str) -> str:
    """Write the beginning of a digest, enough to tell two apart."""
    return digest.removeprefix("sha256:")[:12]


def shares_text(found: Deployment) -> str:
    """Say who shared the traffic."""
    return ", ".join(f"{each.percent} % {short(each.set_digest)}" for each in found.shares)


def interval_cells(found: Deployment) -> tuple[Cell, ...]:
    """Write one interval as a line of a table."""
    change = found.shares[-1].change_id if found.shares else ""
    told = "corrected later" if found.corrected_at is not None else found.cause.value
    return (
        Cell(found.environment),
        Cell(shares_text(found), f"{CHANGES}/{change}" if change else "", kind="code"),
        time_cell(found.starts_at),
        time_cell(found.ends_at, "still"),
        Cell(told, note=found.source.value),
        Cell("Record", f"/console/ledger?{urlencode({'text': found.record_id})}"),
    )


def observed_cells(found: Observation) -> tuple[Cell, ...]:
    """Write one observed interval as a line of a table."""
    here = f"{SYSTEMS}/{found.system_id}"
    href = f"{here}/parts/{found.label}?version={found.version}" if found.version else ""
    note = f"its provider calls it {found.reported}" if found.reported else ""
    return (
        Cell(found.name, href, "code" if found.name.startswith("sha256:") else "text", note=note),
        Cell(found.source.value, note=found.by),
        time_cell(found.starts_at),
        time_cell(found.ends_at),
        Cell(f"{found.count:,}", kind="number"),
        _proof_of(found),
    )


def _proof_of(found: Observation) -> Cell:
    place = found.record.removeprefix("entry ")
    if place.isdigit():
        return Cell(found.record, f"/console/ledger/{place}")
    return Cell("Record", f"/console/ledger?{urlencode({'text': found.record})}")
