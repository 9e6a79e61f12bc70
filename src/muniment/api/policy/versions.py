"""Versions of the policy as JSON: written, compared, put in force, and what was on a date."""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from muniment import policy
from muniment.api.asking import Doing, Given, PageOf, Reading, Rows, Told, page_of
from muniment.api.policy.shapes import AREA, Number, Reason
from muniment.db import Work
from muniment.policy import Change, Source

Base = Annotated[
    int | None,
    Query(ge=0, le=1 << 31, description="To compare with; else what it was drafted from."),
]


class FileGiven(BaseModel):
    """One policy file."""

    model_config = {"extra": "forbid"}

    name: str = Field(max_length=200, examples=["cards.cedar"])
    text: str = Field(max_length=4_194_304)


class FilesGiven(BaseModel):
    """Policy files that are judged together."""

    model_config = {"extra": "forbid"}

    files: list[FileGiven] = Field(max_length=1_000)


class DraftGiven(FilesGiven):
    """A version to keep, and why it is written."""

    reason: Reason


class ReasonGiven(Given):
    """Why."""

    reason: Reason


class ChangeGiven(ReasonGiven):
    """Why, and which revision of what is in force was looked at."""

    revision: int | None = Field(None, ge=0, description="Refused if it is another by now.")


class RollbackGiven(ChangeGiven):
    """Why, and where back to; without a version, to the one before."""

    version: int | None = Field(None, ge=1)


class ProblemTold(Told):
    """Something wrong with a file: where, what, and what to do."""

    source: str
    line: int
    column: int
    rule: str
    says: str
    remedy: str


class CheckTold(Told):
    """Whether files are right."""

    bundle: str
    rules: int
    problems: list[ProblemTold]


class StandingTold(Told):
    """What is in force and in shadow now; zero is none."""

    revision: int
    enforced: int
    shadow: int


class VersionTold(Told):
    """A version as it was drafted."""

    number: int
    bundle: str
    based_on: int
    rules: int
    author: str
    reason: str
    made_at: AwareDatetime
    request_id: str


class RuleChangeTold(Told):
    """A rule that a version adds, changes or takes away."""

    rule: str
    kind: Literal["added", "changed", "removed"]
    before: str
    after: str


class LineTold(Told):
    """One line of a file: as it was and is, taken away, or new; a gap says how many are left out.

    `before` and `after` are its numbers in the two files.
    """

    kind: Literal["same", "added", "removed", "gap"]
    text: str
    before: int | None
    after: int | None


class FileDiffTold(Told):
    """What changed in a file, line by line."""

    name: str
    kind: Literal["added", "changed", "removed"]
    added: int
    removed: int
    lines: list[LineTold]


class DiffTold(Told):
    """What one version changes in another; zero is no version at all."""

    before: int
    after: int
    files: list[FileDiffTold]


class ShownTold(Told):
    """A version with its files and what it changes."""

    version: VersionTold
    files: list[FileGiven]
    changes: list[RuleChangeTold]


class ChangeTold(Told):
    """A change of what is in force or in shadow."""

    revision: int
    how: str
    version: int
    before: int
    person: str
    reason: str
    request_id: str
    at: AwareDatetime
    record_id: str


class AskedTold(Told):
    """The request that asks for a yes."""

    request_id: str
    digest: str


class InForceTold(Told):
    """What was enforced at a moment; the proof is of the entry that put it in force."""

    verdict: Literal["met", "not_met", "could_not_tell"]
    version: VersionTold | None
    change: ChangeTold | None
    shadow: VersionTold | None
    entry: int | None
    proof: str = Field(description="The proof file, base64; empty until the entry is sealed.")


def add_to(routes: APIRouter) -> None:
    """Add the endpoints of versions and of what is in force."""
    _looking(routes)
    _writing(routes)
    _changing(routes)


def _looking(routes: APIRouter) -> None:
    @routes.get("", summary="Show what is in force")
    def policy_standing(asking: Reading) -> StandingTold:
        with asking.view("policy.read", AREA) as work:
            return StandingTold.model_validate(policy.standing(work))

    @routes.get("/at", summary="Show what was enforced at a moment, with proof")
    def policy_at(
        asking: Reading, moment: Annotated[AwareDatetime, Query(alias="at")]
    ) -> InForceTold:
        with asking.view("policy.read", AREA) as work:
            found = policy.in_force_at(work, asking.log, moment)
        return InForceTold(
            verdict=found.verdict,
            version=VersionTold.model_validate(found.version) if found.version else None,
            change=_change(found.change) if found.change else None,
            shadow=VersionTold.model_validate(found.shadow) if found.shadow else None,
            entry=found.entry,
            proof=base64.b64encode(found.proof).decode(),
        )

    @routes.get("/versions", summary="List versions, the newest first")
    def policy_versions(asking: Reading, page: PageOf) -> Rows[VersionTold]:
        with asking.view("policy.read", AREA) as work:
            found = policy.versions(work, limit=page.limit, cursor=page.cursor)
        return page_of(VersionTold, found)

    @routes.get("/versions/{number}", summary="Show a version and what it changes")
    def show_policy_version(asking: Reading, number: Number) -> ShownTold:
        with asking.view("policy.read", AREA) as work:
            shown = policy.show(work, number)
        return ShownTold(
            version=VersionTold.model_validate(shown.version),
            files=[FileGiven(name=each.name, text=each.text) for each in shown.bundle.sources],
            changes=[RuleChangeTold.model_validate(each) for each in shown.changes],
        )

    @routes.get("/versions/{number}/diff", summary="Compare two versions, line by line")
    def compare_policy_versions(asking: Reading, number: Number, base: Base = None) -> DiffTold:
        with asking.view("policy.read", AREA) as work:
            before = policy.show(work, number).version.based_on if base is None else base
            files = policy.differences(work, before, number)
        told = [FileDiffTold.model_validate(each) for each in files]
        return DiffTold(before=before, after=number, files=told)

    @routes.get("/changes", summary="List changes of what is in force, the newest first")
    def policy_changes(asking: Reading) -> list[ChangeTold]:
        with asking.view("policy.read", AREA) as work:
            return [_change(each) for each in policy.history(work)]


def _writing(routes: APIRouter) -> None:
    @routes.post("/check", summary="Check policy files without keeping them")
    def check_policies(asking: Reading, given: FilesGiven) -> CheckTold:
        with asking.view("policy.read", AREA):
            pass
        bundle, problems = policy.check(_sources(given))
        return CheckTold(
            bundle="" if bundle is None else bundle.digest,
            rules=0 if bundle is None else len(bundle.rules),
            problems=[ProblemTold.model_validate(each) for each in problems[:200]],
        )

    @routes.post("/versions", summary="Keep policy files as a version; it is not in force")
    def draft_policy(asking: Doing, given: DraftGiven) -> VersionTold:
        def act(work: Work) -> VersionTold:
            made = policy.draft(work, _sources(given), reason=given.reason)
            return VersionTold.model_validate(made)

        return asking.do(VersionTold, act)

    @routes.post("/versions/{number}/review", summary="Ask a peer for a yes to a version")
    def ask_policy_review(asking: Doing, number: Number) -> AskedTold:
        def act(work: Work) -> AskedTold:
            asked = policy.ask_for_review(work, number, checks=policy.checks_of(work, number))
            return AskedTold(request_id=asked.id, digest=asked.version.digest)

        return asking.do(AskedTold, act)


def _changing(routes: APIRouter) -> None:
    @routes.post("/versions/{number}/publish", summary="Put an approved version in force")
    def publish_policy(asking: Doing, number: Number, given: ChangeGiven) -> ChangeTold:
        def act(work: Work) -> ChangeTold:
            revision, reason = given.revision, given.reason
            return _change(policy.publish(work, number, reason=reason, revision=revision))

        return asking.do(ChangeTold, act)

    @routes.post("/versions/{number}/shadow", summary="Judge a version beside the one in force")
    def shadow_policy(asking: Doing, number: Number, given: ReasonGiven) -> ChangeTold:
        return asking.do(
            ChangeTold, lambda work: _change(policy.shadow(work, number, reason=given.reason))
        )

    @routes.post("/shadow/end", summary="End the shadow")
    def end_policy_shadow(asking: Doing, given: ReasonGiven) -> ChangeTold:
        return asking.do(
            ChangeTold, lambda work: _change(policy.end_shadow(work, reason=given.reason))
        )

    @routes.post("/rollback", summary="Go back at once to a version that was in force")
    def roll_back_policy(asking: Doing, given: RollbackGiven) -> ChangeTold:
        def act(work: Work) -> ChangeTold:
            back, reason = given.version, given.reason
            return _change(policy.roll_back(work, back, reason=reason, revision=given.revision))

        return asking.do(ChangeTold, act)


def _sources(given: FilesGiven) -> list[Source]:
    return [Source(each.name, each.text) for each in given.files]


def _change(made: Change) -> ChangeTold:
    return ChangeTold.model_validate(made)
