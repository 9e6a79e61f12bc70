"""The past as JSON."""

from __future__ import annotations

import pytest

from tests.server.registered import Registered


@pytest.mark.requirement("REG-08")
def test_what_served_is_told_with_proofs(there: Registered) -> None:
    """Which versions, by whose yes, at which places in the log; a moment needs a zone."""
    here = f"/systems/{there.live().id}"
    change = there.released("one")
    there.house.log.seal()
    found = there.api("operator", f"{here}/at").json
    assert [each["set_digest"] for each in found["shares"]] == [change.set_digest]
    assert found["approvals"][0]["approved_by"] == [there.who("releaser").id]
    assert found["approval_stood_first"] is True
    assert all("tlog-proof" in each["proof"] for each in found["records"])
    assert there.api("operator", f"{here}/at?at=2020-01-01T00:00:00Z").json["shares"] == []
    assert there.api("operator", f"{here}/at?at=2020-01-01T00:00:00").status == 422
    assert len(there.api("operator", f"{here}/deployments").json["rows"]) == 1
    assert there.api("nobody", f"{here}/at").status == 403
