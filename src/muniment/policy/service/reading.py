"""Looking at policies: versions, what is in force, and what was enforced on a date, with proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from muniment import access, ledger
from muniment.core.errors import CorruptError, InvalidError
from muniment.core.page import Page, read_cursor, require_limit, write_cursor
from muniment.db import Work
from muniment.ledger import Entry, Log, Query
from muniment.policy import store
from muniment.policy.models import (
    Bundle,
    Change,
    FileDiff,
    InForce,
    RuleChange,
    Standing,
    Version,
)
from muniment.policy.rules import (
    ACTIONS,
    Analysis,
    Answer,
    analyse,
    can_ever,
    file_diffs,
    places_of,
    places_where,
    rule_changes,
)
from muniment.policy.service.bundles import bundle_of, load, require_version
from muniment.policy.service.gate import AREA

_ENFORCED: Final = "policy.enforced"
_MOST_CASES: Final = 4_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with its rules, and what it changes in what it was drafted from."""

    version: Version
    bundle: Bundle
    changes: tuple[RuleChange, ...]
    files: tuple[FileDiff, ...] = ()


def standing(work: Work) -> Standing:
    """Say what is in force and in shadow now."""
    access.require(work, "policy.read", AREA)
    return store.standing(work)


def versions(work: Work, *, limit: int = 50, cursor: str | None = None) -> Page[Version]:
    """List versions, the newest first."""
    access.require(work, "policy.read", AREA)
    require_limit(limit)
    before = None if cursor is None else read_cursor(cursor, 1)[0]
    if before is not None and type(before) is not int:
        raise InvalidError("this cursor is not one of ours", field="cursor", remedy="Leave it out.")
    rows = store.versions(work, limit + 1, before)
    after = write_cursor([rows[limit - 1].number]) if len(rows) > limit else None
    return Page(rows[:limit], after)


def show(work: Work, number: int) -> Shown:
    """Show a version: its rules, and what it changes in what it was drafted from."""
    access.require(work, "policy.read", AREA)
    version = require_version(work, number)
    bundle = load(work, version.bundle)
    base = bundle_of(work, version.based_on)
    return Shown(version, bundle, rule_changes(base, bundle), _file_diffs(base, bundle))


def differences(work: Work, before: int, after: int) -> tuple[FileDiff, ...]:
    """Say line by line what one version changes in another; version zero has no files at all."""
    access.require(work, "policy.read", AREA)
    return _file_diffs(bundle_of(work, before), bundle_of(work, after))


def history(work: Work, *, limit: int = 50) -> tuple[Change, ...]:
    """List every change of what is in force or in shadow, the newest first."""
    access.require(work, "policy.read", AREA)
    return store.changes(work, require_limit(limit))


def in_force_at(work: Work, log: Log, at: datetime) -> InForce:
    """Say which policy was enforced at a moment, proved by the log; a shadow never counts.

    The tables say which change put it in force; the log must say the same, or one was altered.
    """
    access.require(work, "policy.read", AREA)
    if at > work.now:
        raise InvalidError(
            "nobody knows what will be in force", field="at", remedy="Give a time that has been."
        )
    change = store.last_enforcing(work, at)
    shadow = store.shadow_at(work, at)
    sealed = _last_sealed(log, at)
    _require_agreed(log, change, sealed)
    found = InForce(
        at=at,
        change=change,
        version=require_version(work, change.version) if change else None,
        shadow=require_version(work, shadow) if shadow else None,
    )
    if change is None or sealed is None or sealed.id != change.record_id:
        return found
    return InForce(
        found.at,
        found.change,
        found.version,
        found.shadow,
        entry=sealed.index,
        proof=ledger.prove(log, sealed.index),
    )


def analysis(work: Work, number: int) -> Analysis:
    """Say what is probably not meant in a version: rules that never speak, or contradict."""
    access.require(work, "policy.read", AREA)
    return analyse_bundle(load(work, require_version(work, number).bundle))


def analyse_bundle(bundle: Bundle, *, most: int = _MOST_CASES) -> Analysis:
    """Try the cases of every place the rules can speak about."""
    return analyse(bundle, places_of(bundle), most=most)


def can_ever_do(bundle: Bundle, role: str, action: str, *, most: int = _MOST_CASES) -> Answer:
    """Say whether somebody in a role can ever be allowed an action."""
    if action not in ACTIONS:
        raise InvalidError(
            f"{action[:40]!r} is not an action",
            field="action",
            remedy=f"Use one of {', '.join(ACTIONS)}.",
        )
    return can_ever(bundle, places_where(action), group=("Role", role), most=most)


def _file_diffs(before: Bundle | None, after: Bundle | None) -> tuple[FileDiff, ...]:
    return file_diffs(before.sources if before else (), after.sources if after else ())


def _last_sealed(log: Log, at: datetime) -> Entry | None:
    """Find the last sealed entry, up to a moment, that put a version in force."""
    until = at + timedelta(microseconds=1)
    rows = ledger.find(log, Query(kind=_ENFORCED, until=until), limit=1).rows
    return ledger.entry(log, rows[0].index) if rows else None


def _require_agreed(log: Log, change: Change | None, sealed: Entry | None) -> None:
    said = 0 if sealed is None else int(sealed.body["revision"])
    kept = 0 if change is None else change.revision
    same = (
        change is not None
        and sealed is not None
        and (sealed.id, sealed.body["version"]) == (change.record_id, change.version)
    )
    if said > kept or (said == kept and said and not same) or _is_missing(log, change, sealed):
        raise CorruptError(
            "the tables and the log disagree about which policy was enforced",
            subject=change.record_id if change else (sealed.id if sealed else ""),
            remedy="Run `muniment ledger reconcile`, and restore what it names from a backup.",
        )


def _is_missing(log: Log, change: Change | None, sealed: Entry | None) -> bool:
    """Tell whether a change must be sealed by now and is not: what came after it is."""
    if change is None or (sealed is not None and sealed.id == change.record_id):
        return False
    later = ledger.find(log, Query(kind=_ENFORCED, since=change.at), limit=1).rows
    return bool(later) and not ledger.find(log, Query(id=change.record_id), limit=1).rows
