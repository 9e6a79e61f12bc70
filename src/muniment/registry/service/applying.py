"""A repository's file becomes systems, parts, versions and a change request, all or nothing.

What is planned is computed again inside the transaction that does it: if the registry moved since
the plan was shown, nothing is done. What serves is not moved; a change is drafted for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from muniment import access, policy
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import (
    OPEN_STATES,
    Applied,
    Change,
    Desired,
    Origin,
    Plan,
    Planned,
    PlannedSort,
    Profile,
    System,
    SystemState,
    VersionSet,
)
from muniment.registry.models.parts import version_digest
from muniment.registry.rules import changes, declaring
from muniment.registry.rules.parts import read_label, readable_diff, require_document
from muniment.registry.rules.profiles import profile_document, read_profile
from muniment.registry.service.changes import draft
from muniment.registry.service.parts import add_version
from muniment.registry.service.standing import place_of, require_person
from muniment.registry.service.systems import change_system, register, transfer

_PEOPLE: Final = ("owner", "alert_reviewer", "change_approver")
_MOST_BYTES: Final = 256 * 1024
_MOST_LINES: Final = 40


def read_desired(path: Path) -> Desired:
    """Read what a repository declares, with the files it names; nothing outside it is read."""
    file = path / policy.DECLARATION if path.is_dir() else path
    root = file.parent.resolve()
    return _desired(_text(file, file.name), file.name, lambda name: _inside(root, name))


def read_desired_text(text: str) -> Desired:
    """Read a declaration that came without its repository; the files it names are not here."""

    def missing(name: str) -> str:
        raise InvalidError(
            f"it names {name[:80]}, which did not come with it",
            field="file",
            remedy="Use `muniment registry apply` in the repository, where the file is.",
        )

    if len(text.encode()) > _MOST_BYTES:
        raise InvalidError(
            "it is too large", field="file", remedy=f"{_MOST_BYTES:,} bytes at most."
        )
    return _desired(text, policy.DECLARATION, missing)


def _desired(text: str, name: str, read: Callable[[str], str]) -> Desired:
    declared, _, problems = policy.read_declaration(text, name)
    if declared is None:
        worst = problems[0]
        raise InvalidError(f"{name}:{worst.line}: {worst.says}", field="file", remedy=worst.remedy)
    given = msgspec.to_builtins(declared)
    texts = {each: read(each) for each in declaring.files_of(given)}
    for each in declared.prompts:
        _require_pinned(texts[each.file], each.file, each.sha256)
    return declaring.desired_of(given, texts)


def plan(work: Work, desired: Desired) -> Plan:
    """Say what would be done to bring the registry to what a file says."""
    try:
        system = store.systems.get(work, desired.key)
    except NotFoundError:
        access.require(work, "registry.register")
        return _plan_of_new(work, desired)
    access.require(work, "registry.read", place_of(system.id))
    if system.state is SystemState.RETIRED:
        raise ConflictError(
            f"{system.key} is retired", subject=system.id, remedy="Declare another id."
        )
    steps = [*_people_steps(work, system, desired), *_write_steps(work, system, desired)]
    made = _wanted(work, system, desired)
    waiting: tuple[str, ...] = ()
    if made is not None and (serving := _serving(work, system)) != made.versions:
        under_way = _under_way(work, system, made)
        if under_way is None:
            lines = declaring.set_lines(serving, made.versions)
            steps.append(Planned(PlannedSort.DRAFT, "change what serves", lines))
        else:
            waiting = (f"{under_way.id} is {under_way.state.value}: {under_way.title}",)
    return Plan(system.key, tuple(steps), waiting, made.digest if made is not None else "")


def apply(
    work: Work,
    desired: Desired,
    *,
    reason: str,
    title: str = "",
    expected: str = "",
    origin: Origin = Origin(),  # noqa: B008 a frozen value
) -> Applied:
    """Do what a plan says, in one transaction; of a plan that is no longer true, nothing."""
    _wait_for_others(work, desired)
    found = plan(work, desired)
    if expected and expected != found.digest and found.steps:
        raise ConflictError(
            "the registry moved since this plan was shown",
            subject=desired.key,
            remedy="Look at the plan again.",
        )
    sorts = {each.sort for each in found.steps}
    if PlannedSort.REGISTER in sorts:
        register(work, desired.key, desired.stated)
    if PlannedSort.HAND_OVER in sorts:
        transfer(work, desired.key, str(desired.stated["owner"]), reason=reason)
    if PlannedSort.STATE in sorts:
        system = store.systems.get(work, desired.key)
        change_system(work, desired.key, _merged(work, system, desired))
    digests = {
        label: add_version(work, desired.key, label, document, origin=origin).digest
        for label, document in desired.parts.items()
    }
    change = None
    if PlannedSort.DRAFT in sorts:
        change = _draft(work, desired, digests, title=title, reason=reason, origin=origin)
    return Applied(found, store.systems.get(work, desired.key), change)


def _wait_for_others(work: Work, desired: Desired) -> None:
    """Let those who apply the same file come one after the other; the second finds it done."""
    try:
        store.systems.hold(work, desired.key)
    except NotFoundError:
        store.systems.take_turn(work)


def _plan_of_new(work: Work, desired: Desired) -> Plan:
    profile = read_profile(dict(desired.stated))
    for name in _PEOPLE:
        if getattr(profile, name):
            require_person(work, getattr(profile, name), name)
    steps = [Planned(PlannedSort.REGISTER, desired.key, _first_lines(desired))]
    digests = {}
    for label, document in desired.parts.items():
        kind = read_label(label)[0]
        content = require_document(kind, document)
        digests[label] = str(version_digest(kind, content))
        steps.append(_write_step(label, None, content))
    if digests:
        lines = declaring.set_lines({}, digests)
        steps.append(Planned(PlannedSort.DRAFT, "change what serves", lines))
    return Plan(desired.key, tuple(steps))


def _first_lines(desired: Desired) -> tuple[str, ...]:
    return declaring.stated_lines({}, desired.stated)


def _people_steps(work: Work, system: System, desired: Desired) -> list[Planned]:
    """Compare what is stated, with ids in the place of addresses."""
    before = profile_document(system.profile)
    after = profile_document(read_profile(_merged(work, system, desired, owner=True)))
    steps = []
    if after["owner"] != before["owner"]:
        line = f"owner: {before['owner']} → {after['owner']}"
        steps.append(Planned(PlannedSort.HAND_OVER, system.key, (line,)))
    lines = declaring.stated_lines(before, {**after, "owner": before["owner"]})
    if lines:
        steps.append(Planned(PlannedSort.STATE, system.key, lines))
    return steps


def _merged(work: Work, system: System, desired: Desired, *, owner: bool = False) -> dict[str, Any]:
    """Put what a file says over what is stated; another owner comes by a hand-over alone."""
    stated = {**profile_document(system.profile), **desired.stated}
    for name in _PEOPLE:
        if name in desired.stated:
            stated[name] = require_person(work, str(desired.stated[name]), name)
    if not owner:
        stated["owner"] = system.profile.owner
    return {name: _plain(value) for name, value in stated.items() if name in _FIELDS}


_FIELDS: Final = frozenset(Profile.__dataclass_fields__)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _write_steps(work: Work, system: System, desired: Desired) -> list[Planned]:
    steps = []
    for label, document in desired.parts.items():
        kind, name = read_label(label)
        content = require_document(kind, document)
        part = store.parts.part(work, system.id, kind, name)
        before: Mapping[str, Any] | None = None
        if part is not None:
            if store.parts.version_of(work, part.id, version_digest(kind, content)):
                continue
            before = store.parts.version_numbered(work, part.id, part.latest).document
        steps.append(_write_step(label, before, content))
    return steps


def _write_step(
    label: str, before: Mapping[str, Any] | None, content: Mapping[str, Any]
) -> Planned:
    lines = readable_diff(before, content)
    if len(lines) > _MOST_LINES:
        lines = (*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES:,} lines more")
    return Planned(PlannedSort.WRITE, label, lines)


def _wanted(work: Work, system: System, desired: Desired) -> VersionSet | None:
    digests = {}
    for label, document in desired.parts.items():
        kind = read_label(label)[0]
        digests[label] = str(version_digest(kind, require_document(kind, document)))
    return declaring.wanted_set(system.id, _serving(work, system), desired, digests)


def _serving(work: Work, system: System) -> dict[str, str]:
    """Say which versions serve in production, or in the first place of it."""
    base = changes.base_of(system, store.serving.serving_now(work, system.id))
    start = next((each for each in base.values() if each), "")
    known = store.parts.sets_with(work, [start]) if start else {}
    return dict(known[start].versions) if start in known else {}


def _under_way(work: Work, system: System, made: VersionSet) -> Change | None:
    query = store.ChangeQuery(system_id=system.id, set_digest=made.digest)
    rows = store.changes.find(work, query).rows
    return next((each for each in rows if each.state in OPEN_STATES), None)


def _draft(
    work: Work,
    desired: Desired,
    digests: Mapping[str, str],
    *,
    title: str,
    reason: str,
    origin: Origin,
) -> Change:
    system = store.systems.get(work, desired.key)
    made = declaring.wanted_set(system.id, _serving(work, system), desired, digests)
    gone = sorted(set(_serving(work, system)) - set(made.versions if made is not None else ()))
    return draft(
        work,
        system.id,
        title or f"As {policy.DECLARATION} declares",
        dict(digests),
        reason=reason,
        without=gone,
        origin=origin,
    )


def _text(path: Path, name: str) -> str:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidError(
                f"{name} is too large", field="file", remedy=f"{_MOST_BYTES:,} bytes at most."
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise InvalidError(
            f"{name} cannot be read: {why}",
            field="file",
            remedy="Name the file, or its folder; docs/registry.md shows one.",
        ) from error


def _inside(root: Path, name: str) -> str:
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise InvalidError(
            f"{name[:80]} lies outside the repository", field="file", remedy="Move it inside."
        )
    return _text(path, name)


def _require_pinned(text: str, file: str, pinned: str) -> None:
    actual = digest_bytes(text.encode()).removeprefix("sha256:")
    if pinned and pinned != actual:
        raise InvalidError(
            f"{file} is not the file that was pinned",
            field="prompts.sha256",
            remedy=f"If the change is meant, pin {actual}.",
        )
