"""A real MLflow server with a real client, as a process that is told what to do line by line.

It is run with MLflow's packages on its path. Each line is a JSON list: a word and its arguments;
each answer is a line of JSON behind `> `, for the client prints lines too.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server


def main(folder: str, store: str) -> None:
    """Serve a registry behind a store, and do with its client what is said."""
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    os.environ["MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS"] = "true"
    os.environ["MLFLOW_WEBHOOK_ALLOWED_SCHEMES"] = "http"
    os.environ["MLFLOW_WEBHOOK_CACHE_TTL"] = "0"
    tracking = f"sqlite:///{Path(folder) / 'tracking.db'}"
    os.environ["_MLFLOW_SERVER_FILE_STORE"] = tracking
    os.environ["_MLFLOW_SERVER_REGISTRY_STORE"] = store
    served = importlib.import_module("mlflow.server")  # after its settings
    handlers = importlib.import_module("mlflow.server.handlers")
    tracking_client = importlib.import_module("mlflow.tracking").MlflowClient
    handlers.initialize_backend_stores(tracking, store, str(Path(folder) / "artefacts"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = make_server("127.0.0.1", port, served.app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{port}"
    client = tracking_client(tracking_uri=address, registry_uri=address)
    print(f"> {json.dumps(address)}", flush=True)
    for line in sys.stdin:
        word, *arguments = json.loads(line)
        try:
            found: Any = _DO[word](client, *arguments)
        except Exception as error:  # noqa: BLE001 whatever it was, the test is told
            found = {"error": str(error)}
        print(f"> {json.dumps(found)}", flush=True)


def _register(client: Any, name: str, auc: float) -> str:
    """Train a little, and register what came of it."""
    if name not in {each.name for each in client.search_registered_models()}:
        client.create_registered_model(name)
    run = client.create_run("0", tags={"mlflow.source.git.commit": "0f3a"})
    client.log_param(run.info.run_id, "rate", 0.1)
    client.log_metric(run.info.run_id, "auc", auc)
    client.set_terminated(run.info.run_id)
    source = f"runs:/{run.info.run_id}/model"
    made = client.create_model_version(name, source, run.info.run_id, tags={"stage": "trial"})
    return str(made.version)


def _alias(client: Any, name: str, alias: str, version: str) -> None:
    client.set_registered_model_alias(name, alias, version)


def _remove(client: Any, name: str, alias: str) -> None:
    client.delete_registered_model_alias(name, alias)


def _delete(client: Any, name: str, version: str) -> None:
    if version:
        client.delete_model_version(name, version)
    else:
        client.delete_registered_model(name)


def _rename(client: Any, name: str, new: str) -> None:
    client.rename_registered_model(name, new)


def _aliases(client: Any, name: str) -> dict[str, str]:
    return {name: str(at) for name, at in client.get_registered_model(name).aliases.items()}


def _webhook(client: Any, url: str, secret: str) -> None:
    client.create_webhook("muniment", url, ["model_version.created"], secret=secret)


_DO: dict[str, Any] = {
    "register": _register,
    "alias": _alias,
    "aliases": _aliases,
    "remove": _remove,
    "delete": _delete,
    "rename": _rename,
    "webhook": _webhook,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
