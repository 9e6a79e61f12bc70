"""Systems and their parts as JSON."""

from __future__ import annotations

from tests.server.registered import KEY, Registered


def test_a_system_is_registered_and_found(there: Registered) -> None:
    """Registered by its owner, listed for who may see it, told with what it lacks."""
    made = there.api("owner", "/systems", {"key": KEY, "profile": there.stated()})
    assert made.status == 201
    here = f"/systems/{made.json['id']}"
    assert [each["key"] for each in there.api("builder", "/systems?words=loans").json["rows"]] == [
        KEY
    ]
    assert there.api("nobody", "/systems").json["rows"] == []
    assert there.api("nobody", here).status == 403
    assert there.api("releaser", here).json["missing"] == []
    wrong = there.api("owner", "/systems", {"key": "b", "profile": {"name": "B"}})
    assert wrong.status == 422
    stated = {"profile": there.stated(purpose="Other."), "version": 9}
    assert there.api("owner", f"{here}/state", stated).status == 409
    assert there.api("owner", f"{here}/state", {**stated, "version": 1}).json["version"] == 2


def test_versions_runs_and_facts_are_written(there: Registered) -> None:
    """A part grows version by version; runs and reports are about a digest."""
    here = f"/systems/{there.live().id}"
    given = {"part": "prompt/main", "document": {"text": "one", "heat": 0.5}}
    made = there.api("builder", f"{here}/versions", given)
    assert made.json["document"]["heat"] == "0.5"
    assert there.api("builder", f"{here}/versions", given).json["number"] == 1
    assert len(there.api("operator", f"{here}/versions?part=prompt/main").json["rows"]) == 1
    run = {"sort": "training", "of": made.json["digest"], "document": {"seed": 7}}
    assert there.api("builder", f"{here}/runs", run).json["verdict"] == "not_met"
    fact = {"name": "policy_check", "about": made.json["digest"], "verdict": "met", "says": "ok"}
    assert there.api("operator", f"{here}/facts", fact).status == 200
    assert there.api("releaser", f"{here}/facts", fact).status == 403


def test_a_system_is_stopped_resumed_handed_over_and_retired(there: Registered) -> None:
    """Each by who may; what is retired is told so."""
    here = f"/systems/{there.live().id}"
    assert there.api("operator", f"{here}/suspend", {"reason": "odd"}).json["state"] == "suspended"
    assert there.api("operator", f"{here}/resume", {"reason": "ok"}).json["state"] == "approved"
    owner = {"owner": there.who("compliance").id, "reason": "leaves"}
    assert there.api("owner", f"{here}/transfer", owner).status == 200
    assert there.api("owner", f"{here}/submit", {}).json["request_id"].startswith("apr_")
    told = dict.fromkeys(("data", "models", "access", "records"), "kept")
    assert there.api("owner", f"{here}/retire", told).json["state"] == "retired"
    assert there.api("operator", f"{here}/suspend", {"reason": "odd"}).status == 409
