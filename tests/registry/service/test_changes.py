"""Change requests: drafted, checked, asked about, answered, withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from muniment import approvals, registry
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.registry import Change, ChangeQuery, ChangeState
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def verdicts(change: Change) -> dict[str, str]:
    """Give what each check found."""
    return {each.name: each.verdict for each in change.findings}


@pytest.mark.requirement("CHG-05", "CHG-08", "CHG-09", "CHG-12")
def test_what_is_not_known_is_never_met(yard: Yard) -> None:
    """Without runs and reports the checks could not tell; what is reported counts."""
    yard.approved()
    change = yard.drafted("one")
    with yard.by("ben") as work:
        found = verdicts(registry.check(work, change.id))
    unknown = ("risk_assessment", "evaluation", "redacted_data_test", "policy_check")
    assert {found[name] for name in unknown} == {"could_not_tell"}
    assert {found[name] for name in ("owner", "system_review", "boundary")} == {"met"}
    yard.evaluated(change, "0.95")
    yard.evaluated(change, "0.85", redacted=True)
    with yard.by("ben") as work:
        registry.report(
            work, "credit-score", "policy_check", change.set_digest, "met", "12 of 12 hold"
        )
        found = verdicts(registry.check(work, change.id))
    assert found["evaluation"] == "met"
    assert found["redacted_data_test"] == "not_met"
    assert found["policy_check"] == "met"
    with pytest.raises(ConflictError) as caught, yard.by("ben") as work:
        registry.ask(work, change.id)
    assert caught.value.reasons == ("redacted_data_test: auc is 0.85, not >= 0.9.",)
    yard.evaluated(change, "0.93", redacted=True)
    with yard.by("ben") as work:
        asked = registry.ask(work, change.id)
        request, _, _ = approvals.get(work, asked.request_id)
    assert asked.state is ChangeState.WAITING
    assert ("evaluation", "met") in {(each.name, each.verdict) for each in request.matter.checks}
    assert request.matter.document["versions"] == {"prompt/main": yard.version(text="one").digest}


def test_a_run_of_another_set_says_nothing(yard: Yard) -> None:
    """Tests count for exactly the set they were run on."""
    yard.approved()
    first, second = yard.drafted("one"), yard.drafted("two")
    yard.evaluated(first, "0.99")
    with yard.by("ben") as work:
        assert verdicts(registry.check(work, second.id))["evaluation"] == "could_not_tell"


@pytest.mark.requirement("CHG-06", "REG-14")
def test_a_model_of_ones_own_answers_for_its_training(yard: Yard) -> None:
    """A provider's model has no digest; one's own has, and its training and scan are asked for."""
    yard.approved()
    digest = "sha256:" + "a" * 64
    yard.version("model/scorer", artefacts=[{"name": "w.safetensors", "digest": digest}])
    yard.version("model/helper", provider="acme", model="m-4")
    with yard.by("ben") as work:
        versions: dict[str, Any] = {"model/scorer": 1, "model/helper": "latest"}
        change = registry.draft(work, "credit-score", "Models", versions, reason="new")
        found = verdicts(registry.check(work, change.id))
    names = ("model_identity", "training", "artefact_scan", "artefact_signature")
    assert {found[name] for name in names} == {"could_not_tell"}


@pytest.mark.parametrize(
    ("versions", "error"),
    [
        ({}, InvalidError),
        ({"prompt/main": 9}, NotFoundError),
        ({"prompt/main": "newest"}, InvalidError),
        ({"prompt/main": "sha256:" + "0" * 64}, NotFoundError),
        ({"prompt/other": 1}, NotFoundError),
        ({"poem": 1}, InvalidError),
    ],
)
def test_a_change_names_versions_that_exist(
    yard: Yard, versions: dict[str, Any], error: type[Exception]
) -> None:
    """A set is made of versions that are there, and of one at least."""
    yard.raise_up()
    yard.version()
    with pytest.raises(error), yard.by("ben") as work:
        registry.draft(work, "credit-score", "Odd", versions, reason="r")


def test_a_change_begins_from_what_serves(yard: Yard) -> None:
    """Parts that are not named stay as they are; the same again is no change; a part can go."""
    yard.approved()
    first = yard.released("one")
    tools = yard.version("tools/all", allowed=["refund"])
    with yard.by("ben") as work:
        more = registry.draft(work, "credit-score", "Tools", {tools.label: 1}, reason="r")
        assert set(registry.set_of(work, more.set_digest).versions) == {"prompt/main", "tools/all"}
        assert more.base == {"production": first.set_digest}
    with pytest.raises(InvalidError, match="serves already"):
        yard.drafted("one")
    with pytest.raises(InvalidError, match="does not serve"):
        yard.drafted("three", without=["tools/all"])


def test_only_its_author_takes_a_change_back(yard: Yard) -> None:
    """And the question with it; what was released is rolled back instead."""
    yard.approved()
    change = yard.asked("one")
    with pytest.raises(ForbiddenError, match="whoever wrote"), yard.by("olga") as work:
        registry.withdraw(work, change.id, reason="no")
    with yard.by("ben") as work:
        done = registry.withdraw(work, change.id, reason="not needed")
        request, _, _ = approvals.get(work, change.request_id)
    assert done.state is ChangeState.WITHDRAWN
    assert request.state is approvals.State.WITHDRAWN
    with pytest.raises(ConflictError), yard.by("ben") as work:
        registry.withdraw(work, change.id, reason="again")


def test_changes_are_found(yard: Yard) -> None:
    """By system and by state, page after page."""
    yard.approved()
    for text in ("one", "two", "three"):
        yard.drafted(text)
    with yard.database.look(ROOT) as work:
        query = ChangeQuery(system_id=yard.system.id, state=ChangeState.DRAFT)
        page = registry.find_changes(work, query, limit=2)
        rest = registry.find_changes(work, query, limit=2, cursor=page.next_cursor)
    assert [each.title for each in (*page.rows, *rest.rows)] == ["Say three", "Say two", "Say one"]
