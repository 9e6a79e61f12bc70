"""Hosts and what was observed, by commands."""

from __future__ import annotations

import json

import pytest

from muniment import registry
from tests.cli.registry.left import Left
from tests.registry.making import NEW
from tests.registry.signed import A_KEY, public_of
from tests.server.people import MACHINE


@pytest.mark.slow
def test_a_host_tells_and_is_shown(left: Left) -> None:
    """Trusted by compliance, signed by its key, shown beside what is declared, then ended."""
    cora = left.somebody("compliance")
    with left.inside() as there:
        there.live()
        there.released("Be kind.")
    pem, key = left.file("host.pub", public_of(A_KEY)), left.file("host.pem", A_KEY.decode())
    named = ("--name", "web-1", "--reason", "met it")
    assert "web-1 is believed" in left.by(cora, "trust-host", "credit-score", pem, *named)
    (host,) = left.json("hosts", "--system", "credit-score")
    beat = json.loads(left.said("heartbeat", host["id"], "--set", NEW, "--key", key))
    with left.inside() as there, there.house.database.work(MACHINE) as work:
        registry.hear_host(work, beat)
    (seen,) = left.json("observed", "--system", "credit-score")
    assert (seen["source"], seen["by"]) == ("observed", "heartbeat of web-1")
    assert "heartbeat" in left.said("observed")
    now = left.said("at", "now", "--system", "credit-score")
    assert "100 % sha256:" in now
    with left.inside() as there, there.house.database.look(MACHINE) as work:
        last = registry.find_observed(work, registry.ObservedQuery()).rows[0].ends_at
    then = left.said("at", f"{last:%Y-%m-%dT%H:%M:%S.%f}Z", "--system", "credit-score")
    assert "Declared and observed differ: web-1 runs the set" in then
    rows = left.said("served", "--system", "credit-score", "--since", "2026-01-01").splitlines()
    assert [row.split(",")[11] for row in rows] == ["source", "declared", "observed"]
    assert left("heartbeat", host["id"], "--set", NEW, "--key", key, "--to", "http://x") == 2
    left.by(cora, "end-host", host["id"], "--reason", "gone")
    assert left.json("hosts")[0]["ended_at"]
