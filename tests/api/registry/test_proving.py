"""Proof of order and runs as JSON."""

from __future__ import annotations

from tests.server.registered import Registered


def test_a_change_is_proved_and_runs_are_listed(there: Registered) -> None:
    """Entries with their places, and the whole of each run."""
    system = there.live()
    change = there.released("one")
    there.house.log.seal()
    told = there.api("operator", f"/changes/{change.id}/proof").json
    assert told["verdict"] == "not_met"
    assert all(each["index"] is not None for each in told["marks"])
    document = {"metrics": {"auc": "0.95"}, "thresholds": {"auc": ">= 0.9"}}
    given = {"sort": "evaluation", "of": change.set_digest, "document": document}
    there.api("builder", f"/systems/{system.id}/runs", given)
    where = f"/systems/{system.id}/runs?of={change.set_digest}"
    (run,) = there.api("operator", where).json["rows"]
    assert run["document"]["metrics"] == {"auc": "0.95"}
    assert there.api("nobody", where).status == 403
