"""Changes of the detector as JSON: ask for one with figures, look at them, put one in force."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field

from muniment import detect
from muniment.access import Scope
from muniment.api.asking import Doing, Given, PageOf, Reading, Rows, Told
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.detect import Calibration, Proposal, ProposalState

_AREA = Scope.of(console="detect")
_MOST_CHARS = 1_000_000

ChangeId = Annotated[str, Path(max_length=40, description="Id of the change.")]
OfSystem = Annotated[str, Query(max_length=80, description="Id of a system; empty: all.")]


class ChangeAskedFor(Given):
    """A configuration as TOML or JSON, with an owner, a reason, and mostly an end."""

    configuration: str = Field(max_length=_MOST_CHARS, examples=['without = ["VEHICLE"]'])
    owner: str = Field(max_length=120)
    reason: str = Field(max_length=500)
    system: str = Field("", max_length=80, description="Id of a system; empty: all.")
    expires_at: AwareDatetime | None = None


class DifferenceTold(Told):
    """One thing a change of the detector makes different."""

    what: str
    before: str
    after: str


class JudgedTold(Told):
    """Something measured before and after, and whether it is at least as good."""

    name: str
    verdict: str
    says: str


class DetectorChangeTold(Told):
    """A change of the detector that was asked for, with its figures, and how it stands."""

    id: str
    state: ProposalState
    system: str
    configuration: str
    previous: str
    owner: str
    reason: str
    author: str
    proposed_at: AwareDatetime
    expires_at: AwareDatetime | None
    loosens: list[str]
    differences: list[DifferenceTold]
    before: dict[str, dict[str, int]]
    after: dict[str, dict[str, int]]
    judged: list[JudgedTold]
    request_id: str
    version: int = Field(description="Version it came into force as; 0: it did not.")


class CalibrationTold(Told):
    """A version of a detector's configuration that is in force or was."""

    system: str
    version: int
    configuration: str
    owner: str
    reason: str
    changed_by: str
    changed_at: AwareDatetime
    expires_at: AwareDatetime | None
    loosens: list[str]
    before: dict[str, int]
    after: dict[str, int]


class ConfigurationTold(Told):
    """The configuration that is in force now, as one would write it."""

    system: str
    digest: str
    configuration: str


def add_changes(routes: APIRouter) -> None:
    """Put the endpoints of changes beside those of detection."""

    @routes.get("/configuration", summary="Show the configuration in force")
    def detector_configuration(asking: Reading, system: OfSystem = "") -> ConfigurationTold:
        with asking.view("detect.read", _place(system)) as work:
            found = detect.in_force(work, system)
        return ConfigurationTold(
            system=system, digest=found.digest, configuration=detect.write_configuration(found)
        )

    @routes.get("/configuration/history", summary="List the versions of a configuration")
    def detector_history(asking: Reading, system: OfSystem = "") -> list[CalibrationTold]:
        with asking.view("detect.read", _place(system)) as work:
            return [_version(each) for each in detect.history(work, system)]

    @routes.post("/changes", summary="Ask for a change of the detector")
    def ask_detector_change(asking: Doing, given: ChangeAskedFor) -> DetectorChangeTold:
        wanted = detect.read_configuration(given.configuration)
        texts = detect.open_texts(asking.safe, asking.visitor.actor, system=given.system)

        def act(work: Work) -> DetectorChangeTold:
            made = detect.propose(
                work,
                wanted,
                texts,
                owner=given.owner,
                reason=given.reason,
                system=given.system,
                expires_at=given.expires_at,
            )
            return _told(made, detect.state_of(work, made))

        return asking.do(DetectorChangeTold, act)

    @routes.get("/changes", summary="List changes of the detector, the newest first")
    def list_detector_changes(
        asking: Reading, page: PageOf, system: OfSystem = ""
    ) -> Rows[DetectorChangeTold]:
        with asking.view("detect.read", _place(system)) as work:
            found = detect.proposals(work, system=system, limit=page.limit, cursor=page.cursor)
            told = [_told(each, detect.state_of(work, each)) for each in found.rows]
        return Rows(rows=told, next_cursor=found.next_cursor)

    @routes.get("/changes/{change_id}", summary="Show a change of the detector")
    def show_detector_change(asking: Reading, change_id: ChangeId) -> DetectorChangeTold:
        with asking.view_some("detect.read") as work:
            found = detect.proposal(work, change_id)
            return _told(found, detect.state_of(work, found))

    @routes.post("/changes/{change_id}/apply", summary="Put an approved change in force")
    def apply_detector_change(asking: Doing, change_id: ChangeId) -> CalibrationTold:
        texts = detect.open_texts_of(asking.safe, asking.visitor.actor, change_id)
        return asking.do(
            CalibrationTold, lambda work: _version(detect.apply(work, change_id, texts))
        )


def _place(system: str) -> Scope:
    if not (system.isascii() and system.isprintable()):
        raise InvalidError("this is not the id of a system", field="system", remedy="Check it.")
    return Scope.of(system=system) if system else _AREA


def _told(found: Proposal, state: ProposalState) -> DetectorChangeTold:
    return DetectorChangeTold(
        id=found.id,
        state=state,
        system=found.system,
        configuration=found.configuration.digest,
        previous=found.previous.digest,
        owner=found.owner,
        reason=found.reason,
        author=found.author,
        proposed_at=found.proposed_at,
        expires_at=found.expires_at,
        loosens=list(found.loosens),
        differences=[
            DifferenceTold(what=what, before=before, after=after)
            for what, before, after in detect.differences(found.previous, found.configuration)
        ],
        before=found.before.as_value(),
        after=found.after.as_value(),
        judged=[
            JudgedTold(name=name, verdict=verdict, says=says)
            for name, verdict, says in detect.judged(found.before, found.after)
        ],
        request_id=found.request_id,
        version=found.version,
    )


def _version(made: Calibration) -> CalibrationTold:
    return CalibrationTold(
        system=made.system,
        version=made.version,
        configuration=made.configuration.digest,
        owner=made.owner,
        reason=made.reason,
        changed_by=made.changed_by,
        changed_at=made.changed_at,
        expires_at=made.expires_at,
        loosens=list(made.loosens),
        before=made.before.as_value(),
        after=made.after.as_value(),
    )
