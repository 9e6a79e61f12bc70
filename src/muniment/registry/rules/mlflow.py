"""What MLflow's answers and webhooks say, read with care; and may an alias be moved?"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from muniment.core.errors import ForbiddenError, InvalidError
from muniment.registry.models import SystemState
from muniment.registry.models.mlflow import AliasAnswer, MlflowLink, MlflowModel, MlflowVersion

TOLERANCE_SECONDS: Final = 300
MAX_EVENT_BYTES: Final = 1 << 20
_COMMIT: Final = "mlflow.source.git.commit"
_MOST_PAIRS: Final = 500
_MAY_SERVE: Final = (SystemState.APPROVED, SystemState.LIVE)


def require_signed(
    secret: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Mapping[str, Any]:
    """Read a webhook if MLflow signed it with the shared secret, and lately."""
    if len(body) > MAX_EVENT_BYTES:
        raise _unsigned("it is far too long")
    delivery = headers.get("x-mlflow-delivery-id", "")
    stamp = headers.get("x-mlflow-timestamp", "")
    version, _, proof = headers.get("x-mlflow-signature", "").partition(",")
    if not (secret and delivery and stamp.isascii() and stamp.isdigit() and version == "v1"):
        raise _unsigned("it carries no signature of version 1")
    signed = f"{delivery}.{stamp}.".encode() + body
    wanted = base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest())
    if not hmac.compare_digest(wanted, proof.encode("utf-8", "replace")):
        raise _unsigned("the signature is not by the secret that both sides know")
    if len(stamp) > 12 or abs(int(stamp) - now.timestamp()) > TOLERANCE_SECONDS:
        raise _unsigned("it was sent too long ago")
    return _object(_json(body), "body")


def model_of_event(event: Mapping[str, Any]) -> str:
    """Give the registered model that an event is about; nothing if it is about none."""
    data = event.get("data")
    name = data.get("name") if isinstance(data, Mapping) else None
    about = event.get("entity")
    is_model = isinstance(about, str) and ("model" in about)
    return name if is_model and isinstance(name, str) else ""


def read_model(value: Mapping[str, Any]) -> MlflowModel:
    """Read a registered model."""
    found = _object(value.get("registered_model"), "registered_model")
    aliases = {_text(each, "alias"): _text(each, "version") for each in _objects(found, "aliases")}
    return MlflowModel(_text(found, "name"), aliases, _pairs(found, "tags"))


def read_versions(value: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Read a page of versions, and where the next one begins."""
    token = value.get("next_page_token")
    return _objects(value, "model_versions"), token if isinstance(token, str) else ""


def read_version(told: Mapping[str, Any], run: Mapping[str, Any]) -> MlflowVersion:
    """Read a version with its run."""
    return MlflowVersion(
        number=_text(told, "version"),
        source=_text(told, "source"),
        run_id=_text(told, "run_id"),
        description=_text(told, "description"),
        made_at=_moment(told.get("creation_timestamp")),
        tags=_pairs(told, "tags"),
        run=run,
    )


def document_of(server: str, model: str, version: MlflowVersion) -> dict[str, Any]:
    """Write what a version says here; what may change there, tags and aliases, is kept apart."""
    data = _inner(version.run, "data")
    document: dict[str, Any] = {
        "provider": f"mlflow {server}",
        "model": model,
        "mlflow": {
            "version": version.number,
            "source": version.source,
            "run": version.run_id,
            "made_at": version.made_at,
        },
        "description": version.description,
        "hyperparameters": _named(data, "params"),
        "metrics": _named(data, "metrics"),
    }
    return {name: value for name, value in document.items() if value not in ("", {}, [])}


def training_of(version: MlflowVersion) -> dict[str, Any]:
    """Write the training of a version, as its run tells it."""
    info, data = _inner(version.run, "info"), _inner(version.run, "data")
    tags = dict(_pairs(data, "tags"))
    inputs = _objects(_inner(version.run, "inputs"), "dataset_inputs")
    datasets = [_text(_inner(each, "dataset"), "name") for each in inputs]
    document: dict[str, Any] = {
        "asserted": True,
        "mlflow_run": version.run_id,
        "started_at": _moment(info.get("start_time")),
        "ended_at": _moment(info.get("end_time")),
        "hyperparameters": _named(data, "params"),
        "metrics": _named(data, "metrics"),
        "datasets": [each for each in datasets if each],
        "commit": tags.get(_COMMIT, ""),
    }
    return {name: value for name, value in document.items() if value not in ("", {}, [])}


def commit_of(version: MlflowVersion) -> str:
    """Give the commit that a version's run names."""
    return dict(_pairs(_inner(version.run, "data"), "tags")).get(_COMMIT, "")[:100]


def may_move(
    link: MlflowLink | None,
    alias: str,
    *,
    state: SystemState | None,
    digest: str,
    agreed: Collection[str],
) -> AliasAnswer:
    """Judge the move of an alias: a gated one goes only to a version in a set that was agreed."""
    if link is None or state is None:
        return AliasAnswer(True, "This model is not followed here, so nothing is asked.")
    if alias not in link.gates:
        return AliasAnswer(True, "This alias serves no environment that is gated.")
    place = link.gates[alias]
    if state not in _MAY_SERVE:
        why = f"the system is {state.value.replace('_', ' ')}"
        return AliasAnswer(False, why, "See that the system is approved and not suspended.")
    if not digest:
        why = f"{link.model} has no such version here"
        return AliasAnswer(False, why, f"Run `muniment registry mlflow sync {link.model}`.")
    if digest not in agreed:
        why = f"no approved change brings this version of {link.part} to {place}"
        return AliasAnswer(
            False, why, "Draft a change with it, have it approved, then move the alias."
        )
    return AliasAnswer(True, f"An approved change brings it to {place}.")


def may_remove(link: MlflowLink, alias: str, *, state: SystemState, serves: bool) -> AliasAnswer:
    """Judge the removal of an alias: a gated one stays while what it points to serves."""
    if alias not in link.gates:
        return AliasAnswer(True, "This alias serves no environment that is gated.")
    place = link.gates[alias]
    if serves and state in _MAY_SERVE:
        why = f"{link.part} serves {place}, which is read by this alias"
        remedy = "Release a change without it, or stop the system; then remove the alias."
        return AliasAnswer(False, why, remedy)
    return AliasAnswer(True, f"Nothing of {link.part} serves {place} now.")


def _named(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Write pairs of key and value as an object whose names are ASCII."""
    found = {}
    for each in _objects(data, name):
        key, value = each.get("key"), each.get("value")
        if isinstance(key, str) and key.isascii() and key.isprintable():
            found[key] = _plain(value)
    return found


def _plain(value: object) -> str:
    """Write a value as text, a number in its shortest form; what is no number stays a word."""
    if isinstance(value, float):
        return repr(value)
    return str(value)[:2_000]


def _pairs(value: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    found = [(_text(each, "key"), _text(each, "value")) for each in _objects(value, name)]
    return tuple(sorted(found)[:_MOST_PAIRS])


def _inner(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = value.get(name, [])
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise _strange(name)
    return [dict(_object(each, name)) for each in found]


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _strange(name)
    return value


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name, "")
    if found is None:
        return ""
    if not isinstance(found, (str, int)):
        raise _strange(name)
    return "".join(each for each in str(found)[:2_000] if each.isprintable())


def _moment(value: object) -> str:
    try:
        at = datetime.fromtimestamp(int(str(value)) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _strange("body") from error


def _strange(name: str) -> InvalidError:
    return InvalidError(
        f"MLflow's {name} is not what it should be",
        field=name[:60],
        remedy="Check the address in registry.mlflow_url and the version of the server.",
    )


def _unsigned(why: str) -> ForbiddenError:
    return ForbiddenError(
        f"this webhook is not to be believed: {why}",
        remedy="Give MLflow's webhook the secret of registry.mlflow_webhook_secret.",
    )
