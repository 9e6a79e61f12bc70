"""The checks of a change: what is read from the tables is handed to judgements, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import (
    Change,
    Finding,
    PartKind,
    PartVersion,
    Run,
    RunSort,
    System,
    SystemState,
    VersionSet,
)
from muniment.registry.rules import artefacts, boundary
from muniment.registry.rules import changes as rules
from muniment.registry.rules.parts import model_gap
from muniment.registry.service.artefacts import known_of, named_in
from muniment.registry.service.policing import policy_finding
from muniment.registry.service.standing import is_active

_PEOPLE = ("owner", "alert_reviewer", "change_approver")


def versions_in(work: Work, found: VersionSet) -> tuple[PartVersion, ...]:
    """Read the versions that a set names, by label."""
    known = store.parts.versions_with(work, found.system_id, found.versions.values())
    return tuple(known[label, digest] for label, digest in sorted(found.versions.items()))


def findings_of(work: Work, system: System, change: Change) -> tuple[Finding, ...]:
    """Look at everything a change must answer for."""
    versions = versions_in(work, store.parts.version_set(work, change.set_digest))
    runs = store.parts.runs(work, system.id, of=change.set_digest)
    parts = [each.kind for each in versions]
    found = (
        rules.author_finding(writers_of(work, change, versions)),
        *_people(work, system),
        _review(work, system),
        _risk(work, system),
        _evaluation(runs, "evaluation", redacted=False),
        _evaluation(runs, "redacted_data_test", redacted=True),
        *_training(work, system, versions),
        *_reported(work, system, change, versions),
        boundary.boundary_finding(system.profile, parts),
    )
    reported = store.parts.facts_about(work, system.id, change.set_digest).get("policy_check")
    return (*found, policy_finding(work, system, change, versions, found, reported))


def writers_of(work: Work, change: Change, versions: Iterable[PartVersion]) -> set[str]:
    """Name who wrote a change and the versions in it that did not serve before."""
    old = store.parts.sets_with(work, [each for each in change.base.values() if each])
    known = {digest for each in old.values() for digest in each.versions.values()}
    new = [each for each in versions if each.digest not in known]
    adopted = store.adopting.adopters(work, [each.id for each in new])
    return {change.author, *(adopted.get(each.id, each.author) for each in new)}


def _people(work: Work, system: System) -> Iterator[Finding]:
    for name in _PEOPLE:
        person = getattr(system.profile, name)
        if not person:
            yield Finding(name, "not_met", "Nobody is named.")
        elif not is_active(work, person):
            yield Finding(name, "not_met", "Who is named can no longer act; name somebody else.")
        else:
            yield Finding(name, "met", "An active person is named.")


def _review(work: Work, system: System) -> Finding:
    if system.review_due_at is None:
        return Finding("system_review", "could_not_tell", "The system was not reviewed yet.")
    if system.review_due_at <= work.now or system.state is SystemState.IN_REVIEW:
        return Finding("system_review", "not_met", "The review of the system no longer holds.")
    return Finding("system_review", "met", f"It holds until {system.review_due_at:%Y-%m-%d}.")


def _risk(work: Work, system: System) -> Finding:
    if not system.assessed_tier:
        return Finding("risk_assessment", "could_not_tell", "No assessment was recorded.")
    until = system.assessed_until
    if until is not None and until <= work.now:
        return Finding("risk_assessment", "not_met", f"It ended on {until:%Y-%m-%d}.")
    return Finding("risk_assessment", "met", f"The tier is {system.assessed_tier}.")


def _evaluation(runs: tuple[Run, ...], name: str, *, redacted: bool) -> Finding:
    """Take the newest run of this very set; a run of another set says nothing about it."""
    for run in runs:
        is_redacted = run.document.get("redacted") is True
        if run.sort is RunSort.EVALUATION and is_redacted == redacted:
            return Finding(name, run.verdict, run.says)
    return Finding(name, "could_not_tell", "No run of exactly this set was recorded.")


def _training(work: Work, system: System, versions: tuple[PartVersion, ...]) -> Iterator[Finding]:
    for each in versions:
        if each.kind is not PartKind.MODEL:
            continue
        if gap := model_gap(each.document):
            yield Finding("model_identity", "could_not_tell", f"{gap[:1].upper()}{gap[1:]}.")
            continue
        runs = store.parts.runs(work, system.id, of=each.digest)
        run = next((run for run in runs if run.sort is RunSort.TRAINING), None)
        if run is None:
            yield Finding("training", "could_not_tell", f"No training of {each.label} is recorded.")
        else:
            yield Finding("training", run.verdict, run.says)


def _reported(
    work: Work, system: System, change: Change, versions: tuple[PartVersion, ...]
) -> Iterator[Finding]:
    facts = store.parts.facts_about(work, system.id, change.set_digest)
    named = [each for version in versions for each in named_in(version.document)]
    if named:
        files = known_of(work, system.id, sorted(set(named)))
        signed = artefacts.signature_answer(files, facts.get("artefact_signature"))
        yield Finding("artefact_signature", *signed)
        scanned = artefacts.scan_answer(files, facts.get("artefact_scan"))
        yield Finding("artefact_scan", *scanned)
