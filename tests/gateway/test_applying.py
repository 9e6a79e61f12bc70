"""A file that declares what is served: bootstrap once, then a proposal and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muniment import access, gateway, policy, registry
from muniment.core.errors import InvalidError
from muniment.db import Database
from muniment.gateway import Declared
from muniment.gateway.declaring import parts_of
from muniment.server import House
from muniment.settings import Settings
from tests.gateway.calling import HERE, bodies
from tests.registry.yard import Yard
from tests.server.asking import house_in

TABLES: dict[str, Any] = {
    "systems": [{"key": "desk", "regions": ["eu"]}],
    "models": [
        {"name": "fast", "provider": "echo"},
        {
            "name": "smart",
            "provider": "openai",
            "base_url": "https://x.example",
            "fallback": ["fast"],
        },
    ],
    "keys": [{"name": "app", "system": "desk"}],
    "policies": {"packs": ["generative-ai-data"]},
}
FILE = "sha256:" + "0" * 64


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house that was just made ready, without anybody in it."""
    with house_in(tmp_path / "data") as opened:
        opened.log.begin()
        yield opened


@pytest.fixture
def yard(database: Database, settings: Settings) -> Yard:
    """An installation with people, on each database."""
    return Yard(database, settings)


def declared(**changed: Any) -> Declared:
    """Read the file, with parts of it changed."""
    found = gateway.read_declared({**TABLES, **changed})
    assert found is not None
    return found


def records(house: House, kind: str) -> list[Any]:
    """Give the records of a kind."""
    house.log.seal()
    return bodies([each for each in house.log.read_after(0, 1_000) if each.kind == kind])


def test_an_empty_installation_is_bootstrapped(house: House) -> None:
    """Systems serve, rules hold, keys are made; the log says that nobody could approve it."""
    done = gateway.apply(house.database, declared(), file=FILE)
    assert (done.outcome, done.systems) == ("bootstrap", ("desk",))
    assert done.keys["app"].startswith("mun_svc_")
    assert done.keys["app"] not in repr(done)
    with house.database.look(HERE) as work:
        moment = registry.at(work, "desk", work.now)
    assert moment.deployment is not None
    assert {each.label for rows in moment.versions.values() for each in rows} == {
        "model/fast",
        "model/smart",
        "routing/smart",
    }
    assert records(house, "registry.bootstrapped")[0]["file"] == FILE
    assert records(house, "gateway.declared")[0]["outcome"] == "bootstrap"


def test_the_same_file_again_changes_nothing(house: House) -> None:
    """It is unchanged, and stays so however often it is read."""
    gateway.apply(house.database, declared(), file=FILE)
    for _ in range(2):
        assert gateway.apply(house.database, declared(), file=FILE).outcome == "unchanged"


def test_a_changed_file_is_a_proposal(house: House) -> None:
    """What serves goes on; one change waits for approval, however often the file is read."""
    gateway.apply(house.database, declared(), file=FILE)
    changed = declared(models=[{"name": "fast", "provider": "echo", "region": "us"}])
    first = gateway.apply(house.database, changed, file=FILE)
    again = gateway.apply(house.database, changed, file=FILE)
    assert first.outcome == again.outcome == "proposed"
    assert first.changes == again.changes
    assert len(first.changes) == 1
    with house.database.look(HERE) as work:
        moment = registry.at(work, "desk", work.now)
    assert len(next(iter(moment.versions.values()))) == 3


def test_changed_rules_are_proposed_once(house: House) -> None:
    """Their yes is asked for when the file says other rules, never again, and the old ones hold."""
    gateway.apply(house.database, declared(), file=FILE)
    stricter = {
        "rules": '@id("none") @reason("Nothing goes.") forbid (principal, action, resource);'
    }
    changed = declared(policies={"packs": ["generative-ai-data"], **stricter})
    first = gateway.apply(house.database, changed, file=FILE)
    assert (first.outcome, first.policy, first.changes) == ("proposed", 2, ())
    assert gateway.apply(house.database, changed, file=FILE).outcome == "unchanged"
    assert gateway.apply(house.database, declared(policies={}), file=FILE).outcome == "unchanged"
    with house.database.look(HERE) as work:
        assert policy.standing(work).enforced == 1
    assert [each["version"] for each in records(house, "policy.review_asked")] == [2]
    assert records(house, "gateway.declared")[1]["policy"] == 2


def test_what_a_file_does_not_change_is_named(house: House) -> None:
    """What is stated of a system and who may call stay as they are, and the record says which."""
    gateway.apply(house.database, declared(), file=FILE)
    again = declared(
        systems=[{"key": "desk", "regions": ["us"], "eu_class": "high"}],
        keys=[{"name": "app", "system": "desk"}, {"name": "other", "system": "desk"}],
    )
    done = gateway.apply(house.database, again, file=FILE)
    assert done.outcome == "unchanged"
    assert [each.partition(":")[0] for each in done.left] == [
        "systems.desk.regions",
        "systems.desk.eu_class",
        "keys.other",
    ]
    assert records(house, "gateway.declared")[-1]["left"] == list(done.left)
    with house.database.look(HERE) as work:
        assert registry.get_system(work, "desk").profile.regions == ("eu",)


def test_what_rules_are_told_can_be_declared(house: House) -> None:
    """The tier, the class under the AI Act, how far it goes, and that its caller is an agent."""
    system = {"key": "desk", "tier": "high", "eu_class": "high", "autonomy": "acts"}
    keys = [{"name": "app", "system": "desk", "kind": "agent"}]
    gateway.apply(house.database, declared(systems=[system], keys=keys), file=FILE)
    with house.database.look(HERE) as work:
        profile = registry.get_system(work, "desk").profile
        kinds = [each.kind.value for each in access.services(work).rows]
    assert (profile.declared_tier, profile.eu_class, kinds) == ("high", "high", ["agent"])
    assert profile.autonomy.in_rules == "acts"


def test_what_was_approved_and_is_cited_serves(yard: Yard) -> None:
    """A file that cites the digest of exactly its own parts releases them, step by step, once."""
    yard.approved()
    models = [{"name": "fast", "provider": "echo", "model": "echo-1"}]

    def citing(digest: str) -> Declared:
        systems = [{"key": "credit-score", "approved": digest}]
        return declared(systems=systems, models=models, keys=[], policies={})

    plain = citing("")
    numbers = {
        label: yard.version(label, **document).number
        for label, document in parts_of(plain, plain.systems[0]).items()
    }
    with yard.by("ben") as work:
        change = registry.draft(work, yard.system.id, "As declared", numbers, reason="So it is.")
    with yard.by("ben") as work:
        asked = registry.ask(work, change.id)
    early = gateway.apply(yard.database, citing(change.set_digest), file=FILE)
    assert (early.released, early.changes) == ((), (change.id,)), "nobody said yes yet"
    yard.say_yes("rita", asked.request_id)
    wrong = gateway.apply(yard.database, citing("sha256:" + "0" * 64), file=FILE)
    assert wrong.released == ()
    assert change.set_digest in wrong.left[0], "what it would have to cite"
    yard.later(60)
    done = gateway.apply(yard.database, citing(change.set_digest), file=FILE)
    assert done.released[-1] == "credit-score: production:100"
    assert done.outcome == "unchanged"
    with yard.database.look(HERE) as work:
        serving = registry.serving_now(work, yard.system.id)
    assert [each.whole for each in serving if each.environment == "production"] == [
        change.set_digest
    ]
    again = gateway.apply(yard.database, citing(change.set_digest), file=FILE)
    assert (again.released, again.outcome) == ((), "unchanged")


def test_what_is_no_key_is_refused(house: House) -> None:
    """What is no key of ours is refused, and nothing is done."""
    with pytest.raises(InvalidError, match="new-key"):
        gateway.apply(house.database, declared(), file=FILE, secret="secret")
    assert records(house, "registry.bootstrapped") == []
