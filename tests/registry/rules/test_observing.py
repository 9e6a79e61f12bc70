"""A heartbeat is believed by its signature and its time; what was observed is compared."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import ForbiddenError, InvalidError, MunimentError
from muniment.registry import (
    Heard,
    Heartbeat,
    Host,
    Means,
    Observed,
    PartKind,
    Served,
    Sighting,
    SightingSort,
    SightingStanding,
    SightingState,
)
from muniment.registry.rules.observing import (
    conflicts,
    of_host,
    of_traffic,
    read_heartbeat,
    require_believable,
    signed_heartbeat,
)
from tests.registry.making import AT, NEW, OLD
from tests.registry.rules.test_sightings import a_version
from tests.registry.signed import A_KEY, a_key, public_of

HOST = Host("hst_1", "sys_1", "production", "web-1", "", public_of(A_KEY), "per_a", AT)
TOLD = Heartbeat("hst_1", NEW, AT)


def enveloped(**changed: Any) -> dict[str, Any]:
    """Sign a heartbeat and change something of its envelope."""
    return {**signed_heartbeat(TOLD, A_KEY, None), **changed}


def test_a_heartbeat_is_read_as_it_was_signed() -> None:
    """What the host signed comes back, and its key proves it within five minutes."""
    told, payload, proof = read_heartbeat(enveloped())
    assert told == TOLD
    assert require_believable(told, payload, proof, HOST, AT + timedelta(minutes=5)) == HOST


@pytest.mark.parametrize(
    ("host", "later", "why"),
    [
        (None, 0, "no such host"),
        (replace(HOST, ended_at=AT), 0, "no such host"),
        (replace(HOST, public_key=public_of(a_key())), 0, "signature"),
        (HOST, 301, "clock"),
        (HOST, -301, "clock"),
    ],
)
def test_what_is_not_believed_says_why(host: Host | None, later: int, why: str) -> None:
    """An unknown host, another key, an old or a future time."""
    told, payload, proof = read_heartbeat(enveloped())
    with pytest.raises(ForbiddenError, match=why):
        require_believable(told, payload, proof, host, AT + timedelta(seconds=later))


def test_what_was_changed_after_signing_is_not_believed() -> None:
    """Another set under the same signature is refused."""
    given = enveloped()
    value = {**json.loads(base64.b64decode(given["payload"])), "set": OLD}
    given["payload"] = base64.b64encode(json.dumps(value).encode()).decode()
    told, payload, proof = read_heartbeat(given)
    with pytest.raises(ForbiddenError, match="signature"):
        require_believable(told, payload, proof, HOST, AT)


def coded(value: object) -> str:
    """Write a payload."""
    return base64.b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"payloadType": "text/plain"},
        {"payload": "%%%"},
        {"payload": None},
        {"payload": "A" * 5_000},
        {"payload": coded([])},
        {"payload": coded({"host": "hst_1", "set": NEW})},
        {"payload": coded({"host": 1, "set": NEW, "at": "2026-11-20T14:27:00Z"})},
        {"payload": coded({"host": "hst_1", "set": "sha256:x", "at": "2026-11-20T14:27:00Z"})},
        {"signatures": []},
        {"signatures": [{"sig": 1}]},
        {"signatures": "no"},
    ],
)
def test_what_is_no_heartbeat_is_told(changed: dict[str, Any]) -> None:
    """Each field of another form is refused with the way out."""
    with pytest.raises(InvalidError, match="no heartbeat"):
        read_heartbeat(enveloped(**changed))


@given(st.dictionaries(st.sampled_from(["payload", "payloadType", "signatures"]), st.text()))
def test_nothing_breaks_the_reader(changed: dict[str, Any]) -> None:
    """Whatever is sent is read or refused."""
    with suppress(MunimentError):
        read_heartbeat(enveloped(**changed))


def seen(sort: SightingSort, name: str, reported: str = "") -> Sighting:
    """Make something that was seen."""
    standing, state = SightingStanding.SERVES, SightingState.KNOWN
    place = ("sys_1", "production")
    return Sighting("sgt_1", *place, sort, name, "", reported, standing, state, AT)


def served(label: str, number: int, **document: Any) -> Served:
    """Make a version that is declared to serve."""
    return Served(label, number, NEW, document, asserted=False)


def test_traffic_is_of_the_version_that_is_declared() -> None:
    """Of versions that answer to one name it is the declared one; of none, none in particular."""
    first = a_version(PartKind.MODEL, name="big", provider="acme")
    second = replace(first, number=2)
    stretch = Observed("sgt_1", 1, AT, AT, 3, Means.PREDICTION, 7, 9)
    versions = {"sys_1": [first, second]}
    sighting = seen(SightingSort.MODEL, "big", "big-0215")
    one = of_traffic(stretch, sighting, versions, frozenset({("model/main", 2)}))
    assert (one.name, one.source.value, one.by) == ("model/main 2", "observed", "prediction")
    assert (one.record, one.reported, one.count) == ("entry 7", "big-0215", 3)
    either = of_traffic(stretch, sighting, versions)
    assert (either.label, either.version) == ("model/main", None)
    twice = [first, replace(first, name="spare")]
    both = frozenset({("model/main", 1), ("model/spare", 1)})
    assert of_traffic(stretch, sighting, {"sys_1": twice}, both).name == "model/main 1"
    unknown = of_traffic(stretch, replace(sighting, name="other"), versions)
    assert (unknown.label, unknown.name) == ("", "other")


def test_where_declared_and_observed_differ_is_said() -> None:
    """Unregistered, another version, another name by the provider, another set on a host."""
    model = a_version(PartKind.MODEL, name="big", provider="acme")
    stretch = Observed("sgt_1", 1, AT, AT, 1)
    of_model = of_traffic(stretch, seen(SightingSort.MODEL, "big", "big-0301"), {"sys_1": [model]})
    tool = of_traffic(stretch, seen(SightingSort.TOOL, "wire"), {})
    host = of_host(Heard("hst_1", 1, NEW, AT, AT, 1, "rec_1", "rec_1"), HOST)
    as_declared = {NEW: [served("model/main", 1, reported="big-0301")]}
    assert conflicts(as_declared, [of_model, host]) == ()
    assert conflicts(as_declared, [tool]) == ("wire was seen, and is not registered",)
    other = {OLD: [served("model/main", 2)]}
    assert conflicts(other, [of_model, of_model, host]) == (
        "model/main 1 was seen as big, and is not declared to serve then",
        f"web-1 runs the set {NEW[:19]}, which is not declared then",
    )
    silent = {NEW: [served("model/main", 1, reported="big-0215")]}
    assert conflicts(silent, [of_model]) == (
        "the provider of big calls it big-0301, which is not declared",
    )
