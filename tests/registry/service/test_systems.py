"""Systems: made known, changed, handed over, reviewed, stopped, retired."""

from __future__ import annotations

import pytest

from muniment import access, registry
from muniment.approvals import Answer
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.registry import SystemQuery, SystemState
from tests.approvals.people import ROOT
from tests.registry.yard import Yard, serving

DISPOSAL = {"data": "deleted", "models": "kept", "access": "revoked", "records": "kept"}


@pytest.mark.requirement("INV-01", "INV-06", "INV-07", "GOV-09", "GOV-10", "GOV-11")
def test_a_system_is_registered_with_who_answers_for_it(yard: Yard) -> None:
    """Owner, reviewer of alerts and approver of changes are people who could act."""
    system = yard.raise_up()
    assert system.state is SystemState.PROPOSED
    (entry,) = yard.recorded("registry.system_registered")
    assert entry["body"]["owner"] == yard.id("olga")
    assert entry["actor"]["grant"].startswith("grt_")
    with pytest.raises(InvalidError) as caught, yard.by("olga") as work:
        registry.register(work, "other", yard.stated(alert_reviewer="per_nobody"))
    assert caught.value.field == "alert_reviewer"
    with pytest.raises(ConflictError, match="already"), yard.by("olga") as work:
        registry.register(work, "credit-score", yard.stated())
    with pytest.raises(ForbiddenError), yard.by("rita") as work:
        registry.register(work, "other", yard.stated())


def test_what_is_stated_is_kept_version_by_version(yard: Yard) -> None:
    """A change is told by field; the same again is none; an old version in hand is refused."""
    system = yard.raise_up()
    with yard.by("olga") as work:
        same = registry.change_system(work, system.id, yard.stated())
        assert same.version == system.version
        changed = registry.change_system(
            work, system.id, yard.stated(purpose="Score all loans."), version=system.version
        )
    assert changed.profile.purpose == "Score all loans."
    with pytest.raises(ConflictError, match="meanwhile"), yard.by("olga") as work:
        registry.change_system(work, system.id, yard.stated(), version=system.version)
    (entry,) = yard.recorded("registry.system_changed")
    assert entry["body"] == {
        "system_id": system.id,
        "fields": ["purpose"],
        "material": ["purpose"],
    }
    with yard.looking() as work:
        told = registry.stated(work, "credit-score")
    assert [each.profile.purpose for each in told] == [yard.stated()["purpose"], "Score all loans."]


def test_the_systems_of_a_person_are_found_by_id_or_address(yard: Yard) -> None:
    """Whoever knows an address may ask by it; one that nobody has finds nothing."""
    system = yard.raise_up()
    with yard.looking() as work:
        address = access.person(work, yard.id("olga")).email
        for owner, found in ((yard.id("olga"), 1), (address, 1), ("none@example.org", 0)):
            rows = registry.find_systems(work, SystemQuery(owner=owner)).rows
            assert [each.id for each in rows] == [system.id] * found


@pytest.mark.requirement("GOV-12")
def test_an_owner_who_leaves_is_a_gap_until_somebody_else_owns_it(yard: Yard) -> None:
    """The check of every change says so, and a hand-over mends it."""
    yard.raise_up()
    change = yard.drafted("one")
    with yard.database.work(ROOT) as work:
        person = access.person(work, yard.id("olga"))
        access.suspend(work, person.id, version=person.version)
    with yard.by("ben") as work:
        found = {each.name: each.verdict for each in registry.check(work, change.id).findings}
        assert "its owner is not named or has left" in registry.gaps(
            work, registry.get_system(work, yard.system.id)
        )
    assert found["owner"] == "not_met"
    with pytest.raises(ConflictError, match="cannot be asked"), yard.by("ben") as work:
        registry.ask(work, change.id)
    with yard.by("cora") as work:
        moved = registry.transfer(work, "credit-score", yard.id("cora"), reason="Olga left")
    assert moved.profile.owner == yard.id("cora")


def test_a_system_is_reviewed_before_it_serves(yard: Yard) -> None:
    """A yes to exactly what is stated approves it; a no sends it back; a change voids the yes."""
    yard.raise_up()
    with yard.by("olga") as work:
        asked = registry.submit(work, "credit-score")
    assert asked.state is SystemState.IN_REVIEW
    yard.say_yes("cora", asked.request_id, Answer.DENY)
    with yard.database.work(ROOT) as work:
        assert registry.take_review(work, yard.system.id).state is SystemState.PROPOSED
    with yard.by("olga") as work:
        asked = registry.submit(work, "credit-score")
    yard.say_yes("cora", asked.request_id)
    with yard.by("olga") as work:
        registry.change_system(work, "credit-score", yard.stated(purpose="Something else."))
    with yard.database.work(ROOT) as work:
        assert registry.take_review(work, yard.system.id).state is SystemState.PROPOSED
    assert yard.recorded("registry.review_answered")[-1]["body"]["answer"] == "out_of_date"


def test_a_material_change_asks_for_a_new_review(yard: Yard) -> None:
    """A live system goes on, its review no longer holds, and no change is asked about."""
    yard.approved()
    yard.released("one")
    with yard.by("olga") as work:
        registry.change_system(work, "credit-score", yard.stated(users_affected="Everybody."))
    change = yard.drafted("two")
    with pytest.raises(ConflictError) as caught, yard.by("ben") as work:
        registry.ask(work, change.id)
    assert any("review" in each for each in caught.value.reasons)


def test_a_review_holds_by_tier_and_then_no_longer(yard: Yard) -> None:
    """Of a low tier two years; then what serves goes on, and the system says what it lacks."""
    yard.approved()
    yard.released("one")
    yard.later(729 * 86_400)
    lapsed = "its review no longer holds"
    with yard.looking() as work:
        assert lapsed not in registry.gaps(work, registry.get_system(work, "credit-score"))
    yard.later(2 * 86_400)
    with yard.looking() as work:
        system = registry.get_system(work, "credit-score")
        assert lapsed in registry.gaps(work, system)
        assert serving(work, system) != []


def test_a_retired_system_serves_nothing_and_keeps_its_history(yard: Yard) -> None:
    """Intervals end, disposal is told, nothing can be added or removed."""
    yard.approved()
    yard.released("one")
    yard.later(60)
    with pytest.raises(ConflictError, match="has served"), yard.by("olga") as work:
        registry.remove(work, "credit-score")
    with yard.by("olga") as work:
        gone = registry.retire(work, "credit-score", DISPOSAL)
        assert registry.serving_now(work, "credit-score") == ()
    assert gone.state is SystemState.RETIRED
    with pytest.raises(ConflictError, match="retired"):
        yard.version(text="two")
    with pytest.raises(ConflictError, match="retired"), yard.by("olga") as work:
        registry.change_system(work, "credit-score", yard.stated(purpose="x"))
    with yard.looking() as work:
        assert len(registry.deployments(work, "credit-score").rows) == 1
    with pytest.raises(ConflictError, match="on record"), yard.by("ben") as work:
        registry.remove_version(work, yard.system.id, "prompt/main", 1)


def test_systems_are_found_by_words_state_and_owner(yard: Yard) -> None:
    """A search narrows, pages follow each other, and nobody sees what is not theirs to see."""
    yard.raise_up()
    with yard.by("olga") as work:
        for number in range(5):
            registry.register(work, f"bot-{number}", yard.stated(name=f"Bot {number} 100%_x"))
    with yard.looking() as work:
        found = registry.find_systems(work, SystemQuery(words="BOT 100%_"), limit=3)
        rest = registry.find_systems(
            work, SystemQuery(words="BOT 100%_"), limit=3, cursor=found.next_cursor
        )
        assert [len(found.rows), len(rest.rows), rest.next_cursor] == [3, 2, None]
        assert registry.find_systems(work, SystemQuery(words="100%%")).rows == ()
        query = SystemQuery(state=SystemState.PROPOSED, owner=yard.id("olga"), tier="low")
        assert registry.count_systems(work, query) == 6
        with pytest.raises(NotFoundError):
            registry.get_system(work, "nothing")
    yard.person("nora")
    with yard.by("nora") as work:
        assert registry.find_systems(work, SystemQuery()).rows == ()
    yard.person("sam", "operator", scope=access.Scope.of(system=yard.system.id))
    with yard.by("sam") as work:
        assert [each.key for each in registry.find_systems(work, SystemQuery()).rows] == [
            "credit-score"
        ]


def test_a_system_states_how_it_decides_how_risky_it_is_and_how_it_is_refreshed(
    yard: Yard,
) -> None:
    """Whatever of these is not stated is told among what is missing."""
    yard.raise_up(decision_logic="", refresh="", declared_tier="")
    with yard.looking() as work:
        found = registry.gaps(work, registry.get_system(work, "credit-score"))
    assert found == (
        "its decision logic is not stated",
        "how it is refreshed is not stated",
        "its risk tier is not known",
    )
