"""Whether the boundary of a system is told completely."""

from __future__ import annotations

from typing import Any

import pytest

from muniment.registry import PartKind, Profile, missing_components, read_profile, remarks
from muniment.registry.rules.boundary import boundary_finding
from tests.registry.yard import BOUNDARY

STATED: dict[str, Any] = {"name": "Credit score", "purpose": "Score loans.", "owner": "per_olga"}


def profile(**more: Any) -> Profile:
    """State a system."""
    return read_profile({**STATED, **BOUNDARY, **more})


def test_a_whole_boundary_is_met() -> None:
    """Entry point, model and log are told, and nothing is shared."""
    assert boundary_finding(profile(), [PartKind.PROMPT]).verdict == "met"


@pytest.mark.requirement("INV-01")
def test_what_is_missing_is_named() -> None:
    """A system with tools shows its tools; one without a boundary shows nothing."""
    assert missing_components(profile(), [PartKind.TOOLS]) == ("tool",)
    assert missing_components(profile(components=[], flows=[]), []) == (
        "model endpoint",
        "prompt log",
        "an entry point",
    )


def test_what_two_stages_share_is_a_finding() -> None:
    """An index that production shares with development is told; so is an act beyond recall."""
    store = {
        "name": "index",
        "sort": "embedding_store",
        "environments": ["development", "production"],
    }
    refund = {"name": "refund", "sort": "tool", "action": "irreversible"}
    found = remarks(profile(components=[*BOUNDARY["components"], store, refund]))
    assert any("index is shared by development and production" in each for each in found)
    assert any("refund does what cannot be undone" in each for each in found)
    queue = {"name": "queue", "sort": "review_queue"}
    found = remarks(profile(components=[*BOUNDARY["components"], refund, queue]))
    assert found == ()


@pytest.mark.parametrize("sort", ["embedding_store", "prompt_log", "admin_tool", "tool", "cache"])
def test_whatever_two_environments_share_is_a_finding(sort: str) -> None:
    """Indexes, trace stores and admin tools included, even within one stage."""
    places = [{"name": each, "stage": "production"} for each in ("eu", "us")]
    shared = {"name": "it", "sort": sort, "environments": ["eu", "us"]}
    found = remarks(profile(environments=places, components=[*BOUNDARY["components"], shared]))
    assert found == ("it is shared by eu and us; they should be separate",)


def test_data_that_flows_where_it_is_not_stated_is_told() -> None:
    """Health data that goes to a model endpoint which does not state it is a finding."""
    flow = {"source": "app", "target": "model", "data_classes": ["health"]}
    assert remarks(profile(flows=[flow])) == ("health flows into model, which does not state it",)
