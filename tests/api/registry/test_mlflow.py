"""MLflow as JSON: followed, looked at, heard, asked about."""

from __future__ import annotations

import time

from tests.registry.mlflow_told import SECRET, event, mlflow_told, signed
from tests.server.asking import Answer, ask
from tests.server.registered import Registered


def hear(there: Registered, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a webhook as MLflow does: without any key of ours."""
    given = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    where = "/api/v1/registry/mlflow/webhook"
    return ask(there.app, where, method="POST", headers=given, chunks=(body,))


def test_a_model_is_followed_looked_at_heard_and_gated(there: Registered) -> None:
    """From the link to an answer about its alias; a forged webhook is refused."""
    system = there.live()
    with mlflow_told(there.house.settings) as (told, mlflow):
        there.hear_from(mlflow)
        told.add("1")
        given = {"part": "model/main", "model": "score", "gates": {"champion": "production"}}
        made = there.api("builder", f"/systems/{system.id}/mlflow", given)
        assert made.status == 201
        asked = {"model": "score", "alias": "champion", "version": "1"}
        assert there.api("builder", "/mlflow/gate", asked).json["allowed"] is False
        found = there.api("builder", "/mlflow/sync", {"model": "score"}).json
        assert (found["added"], found["known"], found["problems"]) == (1, 0, [])
        assert there.api("operator", "/mlflow").json["rows"][0]["model"] == "score"
        assert there.api("nobody", "/mlflow").json["rows"] == []
        told.add("2")
        body = event()
        forged = hear(there, body, signed(body, time.time(), secret="other"))
        assert forged.status == 403
        assert hear(there, body, {}).status == 403
        heard = hear(there, body, signed(body, time.time(), secret=SECRET))
        assert (heard.status, heard.json) == (202, {"synced": True})
        found = there.api("builder", "/mlflow/sync", {"model": "score"}).json
        assert (found["added"], found["known"]) == (0, 2)
