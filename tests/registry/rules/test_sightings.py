"""What was seen is compared with what is registered: by name, by digest, by the provider."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.core.digest import digest_bytes
from muniment.registry import PartKind, PartVersion, Seen, SightingSort, SightingStanding
from muniment.registry.models.parts import version_digest
from muniment.registry.rules.sightings import (
    is_of,
    is_silent_change,
    names_of,
    read_seen,
    standing_of,
)
from tests.registry.making import AT


def a_version(kind: PartKind, **document: Any) -> PartVersion:
    """Make a version."""
    digest = version_digest(kind, document)
    return PartVersion("ver_1", "prt_1", "sys_1", kind, "main", 1, digest, document, "per_a", AT)


def a_seen(sort: SightingSort, name: str = "", digest: str = "", reported: str = "") -> Seen:
    """Make something that was seen."""
    return Seen("sys_1", "production", sort, name, digest, reported, AT)


MODEL = a_version(PartKind.MODEL, name="big", provider="acme", version="2", aliases=["large"])
PROMPT = a_version(PartKind.PROMPT, text="Be kind.")
TOOLS = a_version(PartKind.TOOLS, allowed=["mail", {"name": "refund"}])


@pytest.mark.parametrize(
    ("seen", "version", "same"),
    [
        (a_seen(SightingSort.MODEL, "big"), MODEL, True),
        (a_seen(SightingSort.MODEL, "big-2"), MODEL, True),
        (a_seen(SightingSort.MODEL, "large"), MODEL, True),
        (a_seen(SightingSort.MODEL, "small"), MODEL, False),
        (a_seen(SightingSort.PROMPT, "main", digest_bytes(b"Be kind.")), PROMPT, True),
        (a_seen(SightingSort.PROMPT, "main", PROMPT.digest), PROMPT, True),
        (a_seen(SightingSort.PROMPT, "main", digest_bytes(b"Be cruel.")), PROMPT, False),
        (a_seen(SightingSort.PROMPT, "main"), PROMPT, False),
        (a_seen(SightingSort.TOOL, "refund"), TOOLS, True),
        (a_seen(SightingSort.TOOL, "mail"), TOOLS, True),
        (a_seen(SightingSort.TOOL, "wire"), TOOLS, False),
        (a_seen(SightingSort.TOOL, "big"), MODEL, False),
    ],
)
def test_what_was_seen_is_a_version_or_not(seen: Seen, version: PartVersion, same: bool) -> None:  # noqa: FBT001 a table
    """A model by any of its names, a tool by its own, a prompt only by its digest."""
    assert is_of(seen, version) is same


def test_where_it_stands_is_told() -> None:
    """It serves there, or is registered and does not, or nobody knows it."""
    seen = a_seen(SightingSort.MODEL, "big")
    assert standing_of(seen, [MODEL], [MODEL]) is SightingStanding.SERVES
    assert standing_of(seen, [PROMPT], [MODEL]) is SightingStanding.ELSEWHERE
    assert standing_of(seen, [], [TOOLS]) is SightingStanding.UNKNOWN
    assert names_of(a_version(PartKind.ROUTING, routes=["big"])) == frozenset()


def test_another_answer_of_a_provider_is_a_silent_change() -> None:
    """Only of a model, and only against something that was reported before."""
    seen = a_seen(SightingSort.MODEL, "big", reported="big-0301")
    assert is_silent_change(seen, "big-0215")
    assert not is_silent_change(seen, "big-0301")
    assert not is_silent_change(seen, "")
    assert not is_silent_change(a_seen(SightingSort.MODEL, "big"), "big-0215")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"sort": "wish", "seen_at": "2026-01-01T00:00:00Z", "name": "a"},
        {"sort": "model", "seen_at": "soon", "name": "a"},
        {"sort": "model", "seen_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_record_that_cannot_be_read_says_nothing(body: dict[str, str]) -> None:
    """An odd record stops no follower."""
    assert read_seen(body) is None
