"""What Prometheus may read, and who may read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import Response

from muniment.server import House
from tests.server.asking import ELSEWHERE, HERE, app_of, ask, house_in


async def fine(_request: Request) -> Response:
    """Answer."""
    return Response("fine")


def test_is_prometheus_text_with_every_request(house: House) -> None:
    """A scrape parses, and counts each request under its method, route pattern and status."""
    app = app_of(house, **{"things/{name}": fine})
    for path in ("/things/secret-1", "/things/secret-2", "/secret-3", "/api/v1/about"):
        ask(app, path)
    answer = ask(app, "/metrics")
    assert answer.status == 200
    families = {each.name: each for each in text_string_to_metric_families(answer.body.decode())}
    counted = {
        (each.labels["method"], each.labels["route"], each.labels["status"]): each.value
        for each in families["muniment_http_requests"].samples
        if each.name.endswith("_total")
    }
    assert counted[("GET", "/things/{name}", "200")] == 2
    assert counted[("GET", "(no route)", "404")] == 1
    assert counted[("GET", "/api/v1/about", "200")] == 1
    assert {each.labels["state"] for each in families["muniment_jobs"].samples} == {
        "queued",
        "running",
        "done",
        "parked",
    }
    assert "muniment_http_request_seconds" in families
    assert "secret" not in answer.body.decode()


def test_labels_cannot_be_invented(house: House) -> None:
    """A caller cannot fill the memory with labels of their own making."""
    app = app_of(house)
    for number in range(50):
        ask(app, f"/invented-{number}", method=f"M{number}")
    body = ask(app, "/metrics").body.decode()
    assert "M1" not in body
    assert "invented" not in body
    assert 'method="other"' in body


@pytest.mark.parametrize("client", [ELSEWHERE, None, ("testclient", 1)])
def test_answers_this_machine_only(house: House, client: tuple[str, int] | None) -> None:
    """Without a token only callers from this machine are answered."""
    app = app_of(house)
    assert ask(app, "/metrics", client=HERE).status == 200
    assert ask(app, "/metrics", client=("::1", 1)).status == 200
    refused = ask(app, "/metrics", client=client)
    assert refused.status == 403
    assert "metrics_token" in refused.json["remedy"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer s3cret", 200),
        ("bearer s3cret", 200),
        ("Bearer  s3cret ", 200),
        ("Bearer s3cre", 403),
        ("Bearer s3cret2", 403),
        ("Basic s3cret", 403),
        ("s3cret", 403),
        ("Bearer", 403),
        ("Bearer ********", 403),
        ("Bearer é", 403),
        ("", 403),
    ],
)
def test_a_token_opens_from_anywhere(tmp_path: Path, given: str, status: int) -> None:
    """With a token configured exactly that token opens, from wherever."""
    with house_in(tmp_path / "data", **{"telemetry.metrics_token": "s3cret"}) as house:
        answer = ask(app_of(house), "/metrics", headers={"authorization": given}, client=ELSEWHERE)
    assert answer.status == status
    assert b"s3cret" not in answer.body


def test_behind_a_proxy_nobody_is_here(tmp_path: Path) -> None:
    """Behind a proxy on this machine everybody seems near, so only a token opens."""
    proxied = {"server.behind_proxy": True, "server.trusted_proxies": ("127.0.0.1",)}
    with house_in(tmp_path / "data", **proxied) as house:
        assert ask(app_of(house), "/metrics", client=HERE).status == 403
    with house_in(tmp_path / "two", **proxied, **{"telemetry.metrics_token": "s3cret"}) as house:
        headers = {"authorization": "Bearer s3cret"}
        assert ask(app_of(house), "/metrics", headers=headers).status == 200


def test_can_be_switched_off(tmp_path: Path) -> None:
    """Switched off there is nothing at the address."""
    with house_in(tmp_path / "data", **{"telemetry.metrics": False}) as house:
        assert ask(app_of(house), "/metrics").status == 404
