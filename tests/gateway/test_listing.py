"""Models are listed to those who may call them."""

from __future__ import annotations

from tests.gateway.asking import Shared


def test_the_models_of_the_callers_system_are_listed(shared: Shared) -> None:
    """Models and routings stand by name; without a key nothing is told."""
    told = {"authorization": f"Bearer {shared.gate.key}"}
    listed = shared.client.get("/v1/models", headers=told).json()["data"]
    assert {"echo", "double", "both"} <= {each["id"] for each in listed}
    assert shared.client.get("/v1/models").status_code == 401
    assert shared.client.get("/v1/models/nope", headers=told).status_code == 404
