"""A real MLflow server and client beside Muniment: followed, heard, and its alias gated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muniment import registry
from muniment.net import Fetcher
from muniment.registry import Mlflow
from muniment.settings.knobs import Secret
from tests.registry import mlflow_real
from tests.server.people import service_with
from tests.server.registered import KEY, Registered, registered_in
from tests.web.browser.serving import serving
from tools.mlflow import ensure

SECRET = "a secret that both sides know"
ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


class Real:
    """A running MLflow, spoken to through its own client."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.address: str = self._heard()

    def __call__(self, word: str, *arguments: object) -> Any:
        """Have the client do something."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([word, *arguments]) + "\n")
        self.process.stdin.flush()
        return self._heard()

    def _heard(self) -> Any:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("> "):
                return json.loads(line[2:])
        raise AssertionError("MLflow ended")


@contextmanager
def mlflow_behind(folder: Path, gate: str, key: str) -> Iterator[Real]:
    """Start MLflow with our store, which its own entry points find."""
    folder.mkdir()
    store = f"sqlite:///{folder / 'registry.db'}"
    settings = folder / "gate.json"
    settings.write_text(json.dumps({"muniment": gate, "key": key, "store": store}))
    path = os.pathsep.join([str(ensure()), str(ROOT / "src"), str(ROOT)])
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, mlflow_real.__file__, str(folder), f"muniment:{settings}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        ) as process,
    ):
        try:
            yield Real(process)
        finally:
            process.kill()


def versions_in(there: Registered) -> int:
    """Count the versions of the model here."""
    with there.house.database.look(there.who("builder").actor) as work:
        return len(registry.versions_of(work, KEY, "model/main").rows)


def reached(there: Registered, address: str) -> Mlflow:
    """Reach the server from here, as the settings would."""
    settings = there.house.settings
    network = replace(settings.network, reach_plain_loopback=True)
    ours = replace(settings.registry, mlflow_url=address, mlflow_webhook_secret=Secret(SECRET))
    return Mlflow(ours, Fetcher(replace(settings, network=network), there.house.clock))


def agreed(there: Registered, number: int) -> None:
    """Have a change that serves this version approved."""
    with there.house.database.work(there.who("builder").actor) as work:
        named = {"model/main": number}
        change = registry.draft(work, KEY, "Serve it", named, reason="as asked")
        asked = registry.ask(work, change.id)
    there.yes(asked.request_id)
    with there.house.database.work(there.who("releaser").actor) as work:
        registry.take_answer(work, change.id)


def come_by_webhook(there: Registered, wanted: int) -> bool:
    """Wait until so many versions are here."""
    until = time.monotonic() + PATIENCE_SECONDS
    while versions_in(there) < wanted and time.monotonic() < until:
        time.sleep(0.1)
    return versions_in(there) == wanted


@pytest.mark.slow
def test_a_real_mlflow_is_followed_heard_and_gated(tmp_path: Path) -> None:
    """Versions come by looking and by webhook, as asserted; the alias moves and goes by the yes."""
    with registered_in(tmp_path) as there:
        there.live()
        builder, database = there.who("builder").actor, there.house.database
        asker = service_with(there.house, there.who("owner"), "builder", name="mlflow")
        with database.work(builder) as work:
            gates = {"champion": "production"}
            registry.link_mlflow(work, KEY, "model/main", "score", gates)
        folder = tmp_path / "mlflow"
        with serving(there.app) as here, mlflow_behind(folder, here, asker.secret) as real:
            server = reached(there, real.address)
            there.hear_from(server)
            assert real("register", "score", 0.93) == "1"
            assert len(registry.sync_mlflow(database, server, builder, "score").added) == 1
            assert registry.sync_mlflow(database, server, builder, "score").added == ()
            with database.look(builder) as work:
                version = registry.version_at(work, KEY, "model/main", 1)
            assert version.asserted
            assert version.document["metrics"] == {"auc": "0.93"}
            assert version.document["hyperparameters"] == {"rate": "0.1"}
            assert version.origin.commit == "0f3a"
            real("webhook", f"{here}/api/v1/registry/mlflow/webhook", SECRET)
            assert real("register", "score", 0.95) == "2"
            assert come_by_webhook(there, 2)
            refused = real("alias", "score", "champion", "2")
            assert "no approved change" in refused["error"]
            assert real("alias", "score", "challenger", "2") is None
            agreed(there, 2)
            assert real("alias", "score", "champion", "2") is None
            wanted = {"champion": "2", "challenger": "2"}
            assert real("aliases", "score") == wanted
            assert dict(registry.sync_mlflow(database, server, builder, "score").link.aliases) == (
                wanted
            )
            _removed_with_a_yes_only(there, real)


def _removed_with_a_yes_only(there: Registered, real: Real) -> None:
    """While the model serves, its alias cannot be removed, nor by deleting or renaming."""
    with there.house.database.work(there.who("releaser").actor) as work:
        change = registry.find_changes(work, registry.ChangeQuery()).rows[0]
        registry.promote(work, change.id)
    for word, *more in (("remove", "champion"), ("delete", "2"), ("delete", ""), ("rename", "x")):
        assert "serves production" in real(word, "score", *more)["error"], word
    assert real("remove", "score", "challenger") is None
    with there.house.database.work(there.who("owner").actor) as work:
        registry.suspend(work, KEY, reason="to take it away")
    assert real("remove", "score", "champion") is None
    assert real("aliases", "score") == {}
