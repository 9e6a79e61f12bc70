"""A server that answers as MLflow does, on this machine, from what a test puts into it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from muniment.net import Fetcher
from muniment.registry import Mlflow
from muniment.settings import Settings
from muniment.settings.knobs import Secret
from muniment.testing import FixedClock

TOKEN: Final = "a token"
SECRET: Final = "a secret that both sides know"
MADE: Final = 1_795_000_000_000
RUN: Final[dict[str, Any]] = {
    "info": {"run_id": "r1", "start_time": MADE, "end_time": MADE + 5_000},
    "data": {
        "metrics": [{"key": "auc", "value": 0.93}],
        "params": [{"key": "rate", "value": "0.1"}],
        "tags": [{"key": "mlflow.source.git.commit", "value": "0f3a"}],
    },
    "inputs": {"dataset_inputs": [{"dataset": {"name": "loans"}}]},
}


@dataclass
class Told:
    """What the server knows."""

    versions: list[dict[str, Any]] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    runs: dict[str, Any] = field(default_factory=lambda: {"r1": RUN})
    page: int = 2
    asked: int = 0
    odd: object = None

    def add(self, number: str, **more: Any) -> None:
        """Register a version."""
        told = {"name": "score", "version": number, "source": f"runs:/r1/{number}", "run_id": "r1"}
        self.versions.append({**told, "creation_timestamp": MADE, **more})

    def answer(self, path: str, asked: dict[str, str]) -> tuple[int, object]:
        """Answer as the server does."""
        self.asked += 1
        if self.odd is not None:
            return 200, self.odd
        what = path.removeprefix("/api/2.0/mlflow/")
        if what == "registered-models/get" and asked["name"] == "score":
            aliases = [{"alias": name, "version": at} for name, at in self.aliases.items()]
            return 200, {"registered_model": {"name": "score", "aliases": aliases}}
        if what == "model-versions/search" and asked["filter"] == "name='score'":
            first = int(asked.get("page_token", "0"))
            some = self.versions[first : first + self.page]
            more = str(first + self.page) if first + self.page < len(self.versions) else ""
            return 200, {"model_versions": some, "next_page_token": more}
        if what == "runs/get" and asked["run_id"] in self.runs:
            return 200, {"run": self.runs[asked["run_id"]]}
        return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}


@contextmanager
def mlflow_told(settings: Settings) -> Iterator[tuple[Told, Mlflow]]:
    """Serve, and give what it knows and how it is reached."""
    told = Told()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(split.query).items()}
            known = self.headers["authorization"] == f"Bearer {TOKEN}"
            status, value = told.answer(split.path, asked) if known else (401, {})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(value).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        yield told, mlflow_at(settings, url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def mlflow_at(settings: Settings, url: str) -> Mlflow:
    """Reach a server at an address of this machine."""
    network = replace(settings.network, reach_plain_loopback=True)
    fetcher = Fetcher(replace(settings, network=network), FixedClock())
    given = replace(
        settings.registry,
        mlflow_url=url,
        mlflow_token=Secret(TOKEN),
        mlflow_webhook_secret=Secret(SECRET),
    )
    return Mlflow(given, fetcher)


def signed(body: bytes, at: float, *, secret: str = SECRET) -> dict[str, str]:
    """Sign a webhook as MLflow does."""
    stamp = str(int(at))
    proof = hmac.new(secret.encode(), b"d1." + stamp.encode() + b"." + body, hashlib.sha256)
    return {
        "x-mlflow-delivery-id": "d1",
        "x-mlflow-timestamp": stamp,
        "x-mlflow-signature": f"v1,{base64.b64encode(proof.digest()).decode()}",
    }


def event(name: object = "score", entity: object = "model_version") -> bytes:
    """Write the body of a webhook."""
    told = {"entity": entity, "action": "created", "data": {"name": name, "version": "1"}}
    return json.dumps(told).encode()
