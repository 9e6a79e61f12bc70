"""For who runs MLflow: a store for its registry in which gated aliases move and go only with a yes.

MLflow takes it as a plug-in on the server, so no client can go around it. Start the server with
`--registry-store-uri muniment:/etc/muniment/mlflow.json`; the file, which only the server may read,
says `{"muniment": "https://…", "key": "mun_…", "store": "postgresql://…"}`. If Muniment cannot be
asked, the alias stays where it is.
"""

from __future__ import annotations

import importlib
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

_GATE: Final = "/api/v1/registry/mlflow/gate"
_SECONDS: Final = 10
_REMOVED: Final = ""  # the version to which an alias that is removed goes


class AliasRefusedError(Exception):
    """This alias may not be moved; the message says why and what to do."""


def gated_store(store_uri: str) -> Any:  # noqa: ANN401 a class of MLflow's, known only where it runs
    """Make the store that MLflow asks for: its own, with a gate before the aliases."""
    settings = read_settings(store_uri)
    own = importlib.import_module("mlflow.store.model_registry.sqlalchemy_store").SqlAlchemyStore
    refused = importlib.import_module("mlflow.exceptions").MlflowException

    class GatedStore(own):  # type: ignore[misc, valid-type]  # a class of MLflow's
        """MLflow's store; an alias is moved or removed only after Muniment said yes."""

        def set_registered_model_alias(self, name: str, alias: str, version: str) -> None:
            """Move an alias, if it may be moved."""
            self._require(name, {alias: str(version)})
            super().set_registered_model_alias(name, alias, version)

        def delete_registered_model_alias(self, name: str, alias: str) -> None:
            """Remove an alias, if it may be removed."""
            self._require(name, {alias: _REMOVED})
            super().delete_registered_model_alias(name, alias)

        def delete_model_version(self, name: str, version: str) -> None:
            """Delete a version, if each alias that points to it may be removed."""
            self._require(name, self._aliases(name, str(version)))
            super().delete_model_version(name, version)

        def delete_registered_model(self, name: str) -> None:
            """Delete a model, if each of its aliases may be removed."""
            self._require(name, self._aliases(name))
            super().delete_registered_model(name)

        def rename_registered_model(self, name: str, new_name: str) -> Any:  # noqa: ANN401 a model of MLflow's
            """Rename a model, if each of its aliases may be removed; they go with it."""
            self._require(name, self._aliases(name))
            return super().rename_registered_model(name, new_name)

        def _aliases(self, name: str, version: str = "") -> dict[str, str]:
            """Name the aliases of a model, or of a version, as such that are to be removed."""
            found = self.get_registered_model(name).aliases.items()
            return {each: _REMOVED for each, at in found if version in ("", str(at))}

        def _require(self, name: str, aliases: dict[str, str]) -> None:
            try:
                for alias, version in aliases.items():
                    require_yes(settings, name, alias, version)
            except AliasRefusedError as error:
                raise refused(str(error), error_code=_denied()) from error

    return GatedStore(settings["store"])


def read_settings(store_uri: str) -> dict[str, str]:
    """Read the file that the address of the store names."""
    place = store_uri.removeprefix("muniment:")
    try:
        found = json.loads(Path(place).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AliasRefusedError(f"{place} cannot be read: {error}") from error
    names = ("muniment", "key", "store")
    if not isinstance(found, dict) or not all(isinstance(found.get(each), str) for each in names):
        raise AliasRefusedError(f"{place} does not say {', '.join(names)}")
    if not found["muniment"].startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise AliasRefusedError(f"{place}: Muniment is reached by https")
    return {each: found[each] for each in names}


def require_yes(settings: dict[str, str], model: str, alias: str, version: str) -> None:
    """Ask whether an alias may be moved, or removed; anything but a clear yes is a no."""
    body = json.dumps({"model": model, "alias": alias, "version": version}).encode()
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {settings['key']}",
    }
    url = settings["muniment"].rstrip("/") + _GATE
    asked = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 read_settings saw it
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 as above
            told = json.loads(answer.read(1 << 20))
    except (OSError, ValueError, urllib.error.HTTPError) as error:
        raise AliasRefusedError(
            f"Muniment could not be asked, so {alias} stays: {error}"
        ) from error
    if not isinstance(told, dict):
        raise AliasRefusedError(f"Muniment did not answer clearly, so {alias} stays")
    if told.get("allowed") is not True:
        reason, remedy = str(told.get("reason", "")), str(told.get("remedy", ""))
        raise AliasRefusedError(f"{alias} stays where it is: {reason}. {remedy}".strip())


def _denied() -> Any:  # noqa: ANN401 a number of MLflow's
    codes = importlib.import_module("mlflow.protos.databricks_pb2")
    return codes.PERMISSION_DENIED
