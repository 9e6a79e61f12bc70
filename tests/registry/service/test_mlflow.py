"""Tests of following MLflow: what is new is asserted, webhooks are heard, aliases gated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment import registry
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.registry import Mlflow
from tests.access.recorded import records
from tests.registry.mlflow_told import Told, event, mlflow_told, signed
from tests.registry.yard import Yard


@pytest.fixture
def server(yard: Yard) -> Iterator[tuple[Told, Mlflow]]:
    """A server with two versions, followed with one gate."""
    with mlflow_told(yard.settings) as found:
        yard.approved()
        found[0].add("1")
        found[0].add("2")
        with yard.by("ben") as work:
            gates = {"champion": "production"}
            registry.link_mlflow(work, yard.system.key, "model/main", "score", gates)
        yield found


def synced(yard: Yard, mlflow: Mlflow) -> registry.Synced:
    """Look at the server as Ben."""
    yard.later(1)
    return registry.sync_mlflow(yard.database, mlflow, yard.people["ben"], "score")


def test_what_is_new_comes_in_once_and_as_asserted(yard: Yard, server: tuple[Told, Mlflow]) -> None:
    """Versions with metrics and trainings; a second look changes nothing and records nothing."""
    told, mlflow = server
    told.aliases["champion"] = "1"
    assert len(synced(yard, mlflow).added) == 2
    before = len(records(yard.database))
    again = synced(yard, mlflow)
    assert (again.added, again.known) == ((), 2)
    assert len(records(yard.database)) == before
    told.add("10", tags=[{"key": "stage", "value": "x"}])
    told.add("9")
    assert [each.partition("=")[0] for each in synced(yard, mlflow).added] == ["9", "10"]
    with yard.looking() as work:
        found = registry.versions_of(work, yard.system.id, "model/main").rows
        versions = sorted(found, key=lambda each: each.number, reverse=True)
        assert [each.document["mlflow"]["version"] for each in versions] == ["10", "9", "2", "1"]
        assert all(each.asserted for each in versions)
        assert versions[0].origin.commit == "0f3a"
        run = registry.runs_of(work, yard.system.id, of=versions[0].digest)[0]
        assert run.document["asserted"] is True
        assert run.verdict != "met"
        (link,) = registry.mlflow_links(work)
        assert dict(link.aliases) == {"champion": "1"}
    kinds = [each["kind"] for each in records(yard.database)]
    assert kinds.count("registry.mlflow_synced") == 2


def test_tags_that_change_there_are_kept_apart(yard: Yard, server: tuple[Told, Mlflow]) -> None:
    """No new version comes of them, but a record."""
    told, mlflow = server
    synced(yard, mlflow)
    told.versions[0]["tags"] = [{"key": "checked", "value": "yes"}]
    assert synced(yard, mlflow).added == ()
    with yard.looking() as work:
        assert len(registry.versions_of(work, yard.system.id, "model/main").rows) == 2
    kinds = [each["kind"] for each in records(yard.database)]
    assert kinds.count("registry.mlflow_synced") == 2


def test_a_version_that_cannot_be_taken_is_told_and_the_others_come(
    yard: Yard, server: tuple[Told, Mlflow]
) -> None:
    """One that is far too large does not hold up the rest."""
    told, mlflow = server
    params = [{"key": f"p{number}", "value": "x" * 1_900} for number in range(200)]
    told.runs["big"] = {"data": {"params": params}}
    told.add("3", run_id="big")
    told.add("4", run_id="gone")
    found = synced(yard, mlflow)
    assert [each.partition("=")[0] for each in found.added] == ["1", "2", "4"]
    assert found.problems[0].startswith("version 3: the document has")


def test_a_server_that_does_not_answer_well_changes_nothing(
    yard: Yard, server: tuple[Told, Mlflow]
) -> None:
    """Strange answers, another address, no address: each is told, and nothing is written."""
    told, mlflow = server
    before = len(records(yard.database))
    for odd in ({}, {"registered_model": 7}, {"registered_model": {"aliases": "x"}}):
        told.odd = odd
        with pytest.raises(InvalidError):
            synced(yard, mlflow)
    with pytest.raises(InvalidError, match="no MLflow server"):
        synced(yard, Mlflow(yard.settings.registry, mlflow.fetcher))
    with pytest.raises(NotFoundError, match="not followed"):
        registry.sync_mlflow(yard.database, mlflow, yard.people["ben"], "other")
    with pytest.raises(ForbiddenError):
        registry.sync_mlflow(yard.database, mlflow, yard.people["otto"], "score")
    assert len(records(yard.database)) == before


def test_a_webhook_makes_us_look(yard: Yard, server: tuple[Told, Mlflow]) -> None:
    """One that is signed; a forged one is refused; one of a model nobody follows does nothing."""
    told, mlflow = server
    body, now = event(), yard.database.clock.now().timestamp()
    asked = told.asked
    with pytest.raises(ForbiddenError):
        registry.hear_mlflow(yard.database, mlflow, signed(body, now, secret="x"), body)
    other = event("other")
    assert registry.hear_mlflow(yard.database, mlflow, signed(other, now), other) is None
    assert told.asked == asked
    found = registry.hear_mlflow(yard.database, mlflow, signed(body, now), body)
    assert found is not None
    assert len(found.added) == 2
    with yard.looking() as work:
        (link,) = registry.mlflow_links(work)
        authors = {
            each.author for each in registry.versions_of(work, yard.system.id, "model/main").rows
        }
    assert authors == {link.author}  # who linked the model answers for what comes


def test_a_gated_alias_moves_only_with_a_yes(yard: Yard, server: tuple[Told, Mlflow]) -> None:
    """Unknown, then known but not agreed, then in an approved change; each answer is recorded."""
    _, mlflow = server

    def allowed(version: str, alias: str = "champion", model: str = "score") -> bool:
        with yard.by("ben") as work:
            return registry.judge_alias(work, model, alias, version).allowed

    assert not allowed("1")
    synced(yard, mlflow)
    assert not allowed("1")
    with yard.by("ben") as work:
        named = {"model/main": 1}
        change = registry.draft(work, yard.system.id, "Serve 1", named, reason="as asked")
        asked = registry.ask(work, change.id)
    assert not allowed("1")
    yard.say_yes("rita", asked.request_id)
    with yard.looking() as work:
        registry.get_change(work, change.id)
    with yard.by("rita") as work:
        registry.take_answer(work, change.id)
    assert allowed("1")
    assert not allowed("2")
    assert allowed("2", "challenger")
    assert allowed("2", model="nobody's")
    judged = [each for each in records(yard.database) if each["kind"] == "registry.alias_judged"]
    assert [each["body"]["verdict"] for each in judged] == [*["not_met"] * 3, "met", "not_met"]


def test_every_model_is_looked_at_and_one_that_fails_stops_none(
    yard: Yard, server: tuple[Told, Mlflow]
) -> None:
    """One that is gone there is told in the end; the others came; those of the retired stay."""
    _, mlflow = server
    with yard.by("ben") as work:
        registry.link_mlflow(work, yard.system.key, "model/gone", "gone", {})
    with pytest.raises(NotFoundError):
        registry.sync_every_mlflow(yard.database, mlflow)
    with yard.looking() as work:
        found = registry.versions_of(work, yard.system.id, "model/main").rows
        assert {each.author for each in found} == {yard.id("ben")}
        assert len(found) == 2
    with yard.by("cora") as work:
        told = dict.fromkeys(("data", "models", "access", "records"), "kept")
        registry.retire(work, yard.system.id, told)
    assert registry.sync_every_mlflow(yard.database, mlflow) == 0


def test_a_gated_alias_is_removed_only_when_nothing_serves_by_it(
    yard: Yard, server: tuple[Told, Mlflow]
) -> None:
    """Before anything serves, not while it does, and again when the system is stopped."""
    _, mlflow = server

    def may_go() -> bool:
        with yard.by("ben") as work:
            return registry.judge_alias(work, "score", "champion", "").allowed

    synced(yard, mlflow)
    assert may_go()
    with yard.by("ben") as work:
        named = {"model/main": 1}
        change = registry.draft(work, yard.system.id, "Serve 1", named, reason="as asked")
        asked = registry.ask(work, change.id)
    yard.say_yes("rita", asked.request_id)
    yard.promoted(asked)
    assert not may_go()
    with yard.by("olga") as work:
        registry.suspend(work, yard.system.id, reason="stop")
    assert may_go()
    judged = [each for each in records(yard.database) if each["kind"] == "registry.alias_judged"]
    assert [each["body"]["number"] for each in judged] == ["", "", ""]


def test_what_cannot_be_followed_is_refused(yard: Yard, server: tuple[Told, Mlflow]) -> None:
    """A second time, another kind of part, an environment there is not, and without permission."""
    key = yard.system.key
    for label, model, gates, error in (
        ("model/main", "score", {}, ConflictError),
        ("model/main", "more", {}, ConflictError),
        ("prompt/main", "more", {}, InvalidError),
        ("model/x", "more", {"champion": "moon"}, InvalidError),
        ("model/x", "more", {"": "production"}, InvalidError),
        ("model/x", "", {}, InvalidError),
    ):
        with yard.by("ben") as work, pytest.raises(error):
            registry.link_mlflow(work, key, label, model, gates)
    with yard.by("rita") as work, pytest.raises(ForbiddenError):
        registry.link_mlflow(work, key, "model/x", "more", {})
