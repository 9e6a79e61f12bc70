"""Tests of reading MLflow's words, and of judging its aliases."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import ForbiddenError, InvalidError
from muniment.registry import MlflowLink, SystemState
from muniment.registry.rules import mlflow
from tests.registry.making import AT
from tests.registry.mlflow_told import MADE, RUN, SECRET, event, signed

NOW = AT.timestamp()
LINK = MlflowLink("mlf_1", "sys_1", "model/main", "score", {"champion": "production"}, "p", AT, {})
DIGEST = "sha256:" + "a" * 64


def test_a_webhook_is_believed_by_its_signature_and_age() -> None:
    """Signed as MLflow signs, and lately; any other is refused without saying more."""
    body = event()
    found = mlflow.require_signed(SECRET, signed(body, NOW), body, AT)
    assert mlflow.model_of_event(found) == "score"
    for headers, secret in (
        (signed(body, NOW, secret="other"), SECRET),
        (signed(body, NOW), ""),
        (signed(body, NOW - 301), SECRET),
        (signed(body, NOW + 301), SECRET),
        (signed(body + b" ", NOW), SECRET),
        ({}, SECRET),
        ({**signed(body, NOW), "x-mlflow-timestamp": "9" * 400}, SECRET),
        ({**signed(body, NOW), "x-mlflow-signature": "v1,\u00fc"}, SECRET),
    ):
        with pytest.raises(ForbiddenError):
            mlflow.require_signed(secret, headers, body, AT)


@pytest.mark.parametrize("body", [b"[]", b"{", b"7"])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    """The secret does not make rubbish an event."""
    with pytest.raises(InvalidError):
        mlflow.require_signed(SECRET, signed(body, NOW), body, AT)


def test_events_about_something_else_name_no_model() -> None:
    """Prompts, missing names, and names of another type."""
    for body in (event(entity="prompt"), event(name=7), event(entity=None), b'{"entity":"model"}'):
        assert mlflow.model_of_event(json.loads(body)) == ""


def test_a_version_and_its_training_are_written_in_our_words() -> None:
    """Parameters, metrics and commit from the run; what may change there is left out."""
    told = {"version": "3", "run_id": "r1", "source": "s", "creation_timestamp": MADE}
    version = mlflow.read_version({**told, "tags": [{"key": "k", "value": "v"}]}, RUN)
    document = mlflow.document_of("ml:5000", "score", version)
    assert document["provider"] == "mlflow ml:5000"
    assert document["metrics"] == {"auc": "0.93"}
    assert "tags" not in document
    training = mlflow.training_of(version)
    assert (training["asserted"], training["commit"]) == (True, "0f3a")
    assert (training["datasets"], training["started_at"]) == (["loans"], "2026-11-18T11:06:40Z")
    assert mlflow.commit_of(version) == "0f3a"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "params", "key", "value", "tags", "inputs", "info"]), inner
            )
        ),
        max_leaves=10,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_answer_is_read_or_refused(value: Any) -> None:
    """A server that answers strangely breaks nothing."""
    for run in (value, {"data": value}, {"inputs": {"dataset_inputs": value}}):
        with suppress(InvalidError):
            told = run if isinstance(run, dict) else {}
            version = mlflow.read_version({"version": "1", "tags": value}, told)
            mlflow.document_of("s", "m", version)
            mlflow.training_of(version)


@pytest.mark.parametrize(
    ("alias", "state", "digest", "allowed"),
    [
        ("champion", SystemState.LIVE, DIGEST, True),
        ("champion", SystemState.APPROVED, DIGEST, True),
        ("champion", SystemState.SUSPENDED, DIGEST, False),
        ("champion", SystemState.LIVE, "", False),
        ("champion", SystemState.LIVE, "sha256:" + "b" * 64, False),
        ("challenger", SystemState.PROPOSED, "", True),
    ],
)
def test_a_gated_alias_goes_only_to_what_was_agreed(
    alias: str, state: SystemState, digest: str, *, allowed: bool
) -> None:
    """An alias without a gate goes anywhere; a refusal says why and what to do."""
    found = mlflow.may_move(LINK, alias, state=state, digest=digest, agreed={DIGEST})
    assert found.allowed is allowed
    assert found.reason
    assert bool(found.remedy) is not allowed
    assert mlflow.may_move(None, alias, state=None, digest="", agreed=()).allowed


@pytest.mark.parametrize(
    ("alias", "state", "serves", "allowed"),
    [
        ("champion", SystemState.LIVE, True, False),
        ("champion", SystemState.LIVE, False, True),
        ("champion", SystemState.SUSPENDED, True, True),
        ("champion", SystemState.RETIRED, False, True),
        ("challenger", SystemState.LIVE, True, True),
    ],
)
def test_a_gated_alias_stays_while_its_model_serves(
    alias: str, state: SystemState, *, serves: bool, allowed: bool
) -> None:
    """It goes when nothing serves by it any more, or the system is stopped."""
    found = mlflow.may_remove(LINK, alias, state=state, serves=serves)
    assert found.allowed is allowed
    assert bool(found.remedy) is not allowed
