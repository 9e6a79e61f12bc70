"""Compares what was seen in traffic with what is registered: is it ours, does it serve there?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from muniment.core.clock import parse_stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import InvalidError
from muniment.registry.models import (
    PartKind,
    PartVersion,
    Seen,
    Sighting,
    SightingSort,
    SightingStanding,
)

_SORTS: Final[Mapping[PartKind, SightingSort]] = {
    PartKind.MODEL: SightingSort.MODEL,
    PartKind.PROMPT: SightingSort.PROMPT,
    PartKind.TOOLS: SightingSort.TOOL,
}
KINDS: Final[Mapping[SightingSort, PartKind]] = {sort: kind for kind, sort in _SORTS.items()}
_MOST_CHARS: Final = 200
_MOST_SHORT: Final = 100


def read_seen(body: Mapping[str, Any]) -> Seen | None:
    """Read a record of traffic; what cannot be read says nothing."""
    try:
        sort, at = SightingSort(str(body["sort"])), parse_stamp(str(body["seen_at"]))
    except (KeyError, ValueError, InvalidError):
        return None
    found = Seen(
        system=str(body.get("system_id", ""))[:_MOST_SHORT],
        environment=str(body.get("environment", ""))[:_MOST_SHORT],
        sort=sort,
        name=str(body.get("name", ""))[:_MOST_CHARS],
        digest=str(body.get("digest", ""))[:71],
        reported=str(body.get("reported", ""))[:_MOST_CHARS],
        at=at,
    )
    return found if found.name or found.digest else None


def read_predicted(body: Mapping[str, Any]) -> tuple[Seen, datetime, int] | None:
    """Read which model made predictions, until when, and how many; what is unclear says nothing."""
    first = {**body, "sort": SightingSort.MODEL.value, "seen_at": body.get("first_at")}
    seen = read_seen(first)
    try:
        until, count = parse_stamp(str(body["last_at"])), int(body["predictions"])
    except (KeyError, TypeError, ValueError, InvalidError):
        return None
    if seen is None or until < seen.at or count < 1:
        return None
    return replace(seen, reported=""), until, count


def is_watched(kind: PartKind) -> bool:
    """Tell whether versions of a kind can be seen in traffic."""
    return kind in _SORTS


def names_of(version: PartVersion) -> frozenset[str]:
    """Name a version as traffic would: a model's names, a prompt's digests, the tools allowed."""
    document = version.document
    if version.kind is PartKind.MODEL:
        told = [document.get(each) for each in ("name", "model", "id")]
        told += list(_list(document.get("aliases")))
        if (name := document.get("name")) and (number := document.get("version")):
            told += [f"{name}-{number}", f"{name}:{number}", f"{name}@{number}"]
        digests = [each.get("digest") for each in _list(document.get("artefacts"))]
        return _words([*told, *digests, version.digest])
    if version.kind is PartKind.PROMPT:
        text = document.get("text")
        digests = [digest_bytes(text.encode())] if isinstance(text, str) else []
        return _words([version.digest, *digests])
    if version.kind is PartKind.TOOLS:
        tools = _list(document.get("allowed"))
        return _words(each.get("name") if isinstance(each, Mapping) else each for each in tools)
    return frozenset()


def is_of(seen: Seen | Sighting, version: PartVersion) -> bool:
    """Tell whether what was seen is this version; of a prompt only its digest says so."""
    if _SORTS.get(version.kind) is not seen.sort:
        return False
    names = names_of(version)
    if seen.sort is SightingSort.PROMPT:
        return seen.digest in names
    return (bool(seen.name) and seen.name in names) or (bool(seen.digest) and seen.digest in names)


def standing_of(
    seen: Seen | Sighting, serving: Iterable[PartVersion], registered: Iterable[PartVersion]
) -> SightingStanding:
    """Say whether what was seen serves there, is registered and serves elsewhere, or is unknown."""
    if any(is_of(seen, each) for each in serving):
        return SightingStanding.SERVES
    if any(is_of(seen, each) for each in registered):
        return SightingStanding.ELSEWHERE
    return SightingStanding.UNKNOWN


def is_silent_change(
    seen: Seen, reported_last: str, declared: frozenset[str] = frozenset()
) -> bool:
    """Tell whether a provider calls the model otherwise than before, though nobody declared it."""
    wanted = seen.sort is SightingSort.MODEL and bool(seen.reported)
    changed = bool(reported_last) and reported_last != seen.reported
    return wanted and changed and seen.reported not in declared


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _words(values: Iterable[object]) -> frozenset[str]:
    return frozenset(str(each) for each in values if each)
