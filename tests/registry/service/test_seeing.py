"""What goes through the gateway beside what is registered, as numbers, findings and decisions."""

from __future__ import annotations

import pytest

from muniment import ledger, registry
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.ledger.kinds.exchanges import Seen
from muniment.registry import PartVersion, SightingQuery, SightingState
from tests.approvals.people import ROOT
from tests.registry.service.test_following import follow
from tests.registry.yard import Yard


def see(yard: Yard, sort: str, name: str = "", digest: str = "", reported: str = "") -> None:
    """Let something go through the gateway."""
    yard.later(1)
    with yard.database.work(ROOT) as work:
        system = yard.system.id
        seen = Seen(system, "production", sort, name, digest, reported, stamp(work.now))
        ledger.record(work, seen)
    follow(yard, "exchanges.seen")


def model(yard: Yard, **document: str) -> PartVersion:
    """Write a version of a model."""
    with yard.by("ben") as work:
        return registry.add_version(work, yard.system.id, "model/main", document)


def states(yard: Yard) -> list[tuple[str, str, str]]:
    """Say what was seen, what is wrong with it, and how it stands, the oldest first."""
    with yard.looking() as work:
        rows = registry.find_sightings(work, SightingQuery()).rows
    return [(each.what, each.finding, each.state.value) for each in reversed(rows)]


@pytest.mark.requirement("INV-05", "INV-12", "INV-13", "CHG-17")
def test_what_nobody_registered_is_seen_and_settled(yard: Yard) -> None:
    """Unregistered things are open until a person registers them or says why not."""
    yard.approved()
    yard.released("Be kind.")
    see(yard, "prompt", "main", digest_bytes(b"Be kind."))
    see(yard, "model", "big", reported="big-0215")
    see(yard, "tool", "wire")
    assert states(yard) == [
        ("main", "", "known"),
        ("big", "unregistered", "open"),
        ("wire", "unregistered", "open"),
    ]
    with yard.looking() as work:
        told = registry.completeness(work, "credit-score")
        system = registry.get_system(work, "credit-score")
        assert (told.open, told.unseen) == (2, ())
        assert "2 things seen in traffic nobody has settled" in registry.gaps(work, system)
        tool, model, _ = registry.find_sightings(work, SightingQuery()).rows
    with pytest.raises(ForbiddenError), yard.by("otto") as work:
        registry.not_ours(work, tool.id, reason="no")
    with pytest.raises(InvalidError), yard.by("ben") as work:
        registry.not_ours(work, tool.id, reason=" ")
    with yard.by("ben") as work:
        settled = registry.not_ours(work, tool.id, reason="a test of the network team")
        assert settled.decided_by == yard.id("ben")
    with yard.by("ben") as work:
        made = registry.register_seen(work, model.id, part="main", provider="acme")
        assert (made.label, made.document["reported"]) == ("model/main", "big-0215")
    with pytest.raises(ConflictError), yard.by("ben") as work:
        registry.not_ours(work, model.id, reason="too late")
    assert [each[2] for each in states(yard)] == ["known", "registered", "not_ours"]
    assert len(yard.recorded("registry.sighting_settled")) == 2


def test_a_silent_change_of_the_provider_is_a_finding(yard: Yard) -> None:
    """The same name answers as another model: open, and told among what the system lacks."""
    yard.approved()
    model(yard, name="big", provider="acme")
    see(yard, "model", "big", reported="big-0215")
    see(yard, "model", "big", reported="big-0301")
    assert [each[1] for each in states(yard)] == ["not_serving", "provider_changed"]
    with yard.looking() as work:
        system = registry.get_system(work, "credit-score")
        said = registry.gaps(work, system)
    assert "the provider of big answers as big-0301, before as big-0215" in said
    record = yard.recorded("registry.sighting_noted")[-1]["body"]
    assert (record["reported"], record["reported_before"]) == ("big-0301", "big-0215")


def test_registered_and_never_seen_is_listed(yard: Yard) -> None:
    """What serves and what is newest elsewhere, until traffic shows it."""
    yard.approved()
    yard.released("Be kind.")
    yard.version("tools/main", allowed=["mail"])
    yard.version("guardrail/main", rules=["no secrets"])
    with yard.looking() as work:
        told = registry.completeness(work, "credit-score")
    assert [(each.label, each.serves) for each in told.unseen] == [
        ("prompt/main", True),
        ("tools/main", False),
    ]
    assert not told.sees_traffic


def test_a_prompt_or_a_tool_is_registered_as_what_was_seen(yard: Yard) -> None:
    """Another text is refused; a tool joins those allowed; what is written later settles itself."""
    yard.approved()
    yard.version("tools/main", allowed=["mail"])
    see(yard, "prompt", "main", digest_bytes(b"Be brief."))
    see(yard, "tool", "wire")
    with yard.looking() as work:
        tool, prompt = registry.find_sightings(
            work, SightingQuery(system_id=yard.system.id, state=SightingState.OPEN)
        ).rows
    with pytest.raises(InvalidError, match="not what was seen"), yard.by("ben") as work:
        registry.register_seen(work, prompt.id, part="main", text="Be long.")
    with yard.by("ben") as work:
        registry.register_seen(work, prompt.id, part="main", text="Be brief.")
        made = registry.register_seen(work, tool.id, part="main")
        assert made.document["allowed"] == ["mail", "wire"]


def test_an_interval_is_declared_and_observed(yard: Yard) -> None:
    """Of what was declared to serve, traffic says from when to when it was seen."""
    yard.approved()
    yard.released("Be kind.")
    see(yard, "prompt", "main", digest_bytes(b"Be kind."))
    yard.later(3600)
    see(yard, "prompt", "main", digest_bytes(b"Be kind."))
    with yard.looking() as work:
        moment = registry.at(work, "credit-score", work.now)
        (seen,) = moment.observed
        assert (seen.name, seen.source.value, seen.by) == ("prompt/main 1", "observed", "traffic")
        assert (seen.ends_at - seen.starts_at).total_seconds() == pytest.approx(3601)
        assert moment.conflicts == ()
        since = seen.starts_at
        yard.later(86_401 * 2)
    see(yard, "prompt", "main", digest_bytes(b"Be kind."))
    with yard.looking() as work:
        assert len(registry.observations(work, "credit-score", since, work.now)) == 2
    see(yard, "prompt", "other", digest_bytes(b"Be silent."))
    assert states(yard)[-1] == ("other", "unregistered", "open")
    yard.version("prompt/other", text="Be silent.")
    follow(yard, "registry.version_added")
    assert states(yard)[-1] == ("other", "unregistered", "registered")


def test_what_belongs_to_no_system_is_kept_too(yard: Yard) -> None:
    """Traffic of an unknown system is open, and cannot be registered before the system is."""
    yard.raise_up()
    with yard.database.work(ROOT) as work:
        ledger.record(work, Seen("shadow", "prod", "model", "big", "", "", stamp(work.now)))
    follow(yard, "exchanges.seen")
    with yard.looking() as work:
        (found,) = registry.find_sightings(work, SightingQuery()).rows
    assert (found.system_id, found.finding) == ("shadow", "unregistered")
    with pytest.raises(ConflictError, match="no registered system"), yard.by("olga") as work:
        registry.register_seen(work, found.id, part="main", provider="acme")


def test_a_provider_that_goes_back_is_a_finding_again(yard: Yard) -> None:
    """From one name to another and back: each way once, until somebody has settled it."""
    yard.approved()
    model(yard, name="big", provider="acme")
    for reported in ("big-1", "big-2", "big-1", "big-2", "big-1"):
        see(yard, "model", "big", reported=reported)
    told = [(each[1], each[2]) for each in states(yard)]
    assert told == [("not_serving", "open"), *[("provider_changed", "open")] * 2]
    with yard.looking() as work:
        back = registry.find_sightings(work, SightingQuery()).rows[0]
        assert (back.reported, back.reported_before) == ("big-1", "big-2")
    with yard.by("ben") as work:
        registry.not_ours(work, back.id, reason="they told us")
    see(yard, "model", "big", reported="big-2")
    see(yard, "model", "big", reported="big-1")
    assert len(states(yard)) == 4


def test_a_provider_that_does_what_is_declared_is_no_finding(yard: Yard) -> None:
    """A version that serves says how its provider calls it; that name is expected."""
    yard.approved()
    made = model(yard, name="big", provider="acme", reported="big-2")
    with yard.by("ben") as work:
        named = {"model/main": made.number}
        change = registry.draft(work, "credit-score", "Big", named, reason="as asked")
        asked = registry.ask(work, change.id)
    yard.say_yes("rita", asked.request_id)
    yard.promoted(asked)
    see(yard, "model", "big", reported="big-1")
    see(yard, "model", "big", reported="big-2")
    assert [each[1] for each in states(yard)] == ["", ""]
