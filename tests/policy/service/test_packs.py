"""Starter packs are right, tested whole, and name only controls that exist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import policy
from muniment.core.errors import NotFoundError

CONTROLS = json.loads((Path(__file__).parents[2] / "data/policy/controls.json").read_text())
KNOWN = {each for ids in CONTROLS.values() for each in ids}


@pytest.mark.parametrize("name", [each.name for each in policy.packs()])
def test_each_pack_passes_its_own_tests(name: str) -> None:
    """Every rule of a pack is right, spoken for by a case, and serves a control that exists."""
    pack = policy.pack(name)
    bundle, problems = policy.check(pack.sources)
    assert problems == ()
    assert bundle is not None
    cases, wrong = policy.read_cases(pack.cases)
    assert wrong == ()
    report = policy.run_cases(bundle, cases)
    assert [(each.case.name, each.problems) for each in report.failed] == []
    assert (report.coverage, report.silent) == (100, ())
    assert {each for rule in bundle.rules for each in rule.controls} <= KNOWN
    assert all(rule.controls for rule in bundle.rules)
    assert set(pack.frameworks) <= set(CONTROLS)


def test_the_five_packs_are_there_and_go_together() -> None:
    """All packs can be taken together: no two rules share an id."""
    assert [each.name for each in policy.packs()] == [
        *("agent-tool-use", "eu-ai-act-high-risk", "generative-ai-data"),
        *("residency", "soc2-baseline"),
    ]
    _, problems = policy.check([file for each in policy.packs() for file in each.sources])
    assert problems == ()
    with pytest.raises(NotFoundError, match="no starter pack"):
        policy.pack("none")


@pytest.mark.requirement("GOV-04", "POL-04", "POL-05", "POL-12")
def test_policies_for_people_come_along() -> None:
    """Six written policies have a title, a text, controls that exist and a time for review."""
    found = {each.name: each for each in policy.templates()}
    assert set(found) == {
        *("acceptable-ai-use", "access", "change", "incident", "retention", "vendor")
    }
    for each in found.values():
        assert each.text.startswith(f"# {each.title}\n")
        assert set(each.controls) <= KNOWN
        assert 1 <= each.review_months <= 24
    assert policy.template("change") == found["change"]
    with pytest.raises(NotFoundError, match="no policy for people"):
        policy.template("none")
