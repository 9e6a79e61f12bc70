"""What goes through the gateway unregistered is on the system's page within seconds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from muniment import ledger
from muniment.core.clock import stamp
from muniment.ledger.kinds.exchanges import Seen
from tests.server.office import words
from tests.server.people import MACHINE
from tests.server.registered import KEY, Registered, registered_in

PATIENCE_SECONDS = 60


def appears(there: Registered, sort: str, name: str) -> float:
    """Let something go through, and wait until the API tells it; give the seconds it took."""
    with there.house.database.work(MACHINE) as work:
        system = there.api("operator", f"/systems/{KEY}").json["id"]
        ledger.record(work, Seen(system, "production", sort, name, "", "", stamp(work.now)))
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_SECONDS:
        rows = there.api("operator", f"/seen?system={KEY}&state=open").json["rows"]
        if name in {each["name"] for each in rows}:
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"{name} did not appear in {PATIENCE_SECONDS} seconds")


@pytest.mark.slow
@pytest.mark.requirement("INV-05", "INV-13")
def test_what_nobody_registered_appears_by_itself(tmp_path: Path) -> None:
    """The running worker seals, follows and compares; nobody has to ask for it."""
    with registered_in(tmp_path) as there:
        system = there.live()
        there.house.runner.start()
        try:
            taken = [appears(there, "model", "big"), appears(there, "tool", "wire")]
        finally:
            assert there.house.runner.stop(grace_seconds=30)
        told = words(there.page("operator", f"/systems/{system.id}"))
        assert "Seen, not settled 2" in told
        print(f"appeared after {max(taken):.1f} s at most")
