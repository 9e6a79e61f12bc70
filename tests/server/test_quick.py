"""Calls of models take the short way, and are surrounded by the same things."""

from __future__ import annotations

from pathlib import Path

from muniment.server.middleware import HEADERS
from tests.gateway.calling import ECHO, gate_in

HELLO = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}


def test_both_ways_give_the_same_surroundings(tmp_path: Path) -> None:
    """Id, security headers and metrics are there; a strange host or length is judged as ever."""
    with gate_in(tmp_path, ECHO) as gate:
        told = gate.post("/v1/chat/completions", HELLO, headers={"x-request-id": "mine-0001"})
        headers = {name.lower(): value for name, value in told.headers.items()}
        assert told.status == 200
        assert headers["x-request-id"] == "mine-0001"
        assert headers["cache-control"] == "no-store"
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
        own = gate.post("/v1/chat/completions", HELLO, headers={"x-request-id": "no id, no"})
        assert own.headers["x-request-id"].startswith("req_")
        strange = gate.post("/v1/chat/completions", HELLO, headers={"host": "evil.example"})
        assert strange.status == 421
        assert strange.headers["x-frame-options"] == "DENY"
        assert gate.post("/v1/nothing", HELLO).status == 404
        counted = gate.app.metrics.registry.get_sample_value(  # type: ignore[attr-defined]  # ours
            "muniment_http_requests_total", {"method": "POST", "route": "/v1", "status": "200"}
        )
        assert counted == 2.0
