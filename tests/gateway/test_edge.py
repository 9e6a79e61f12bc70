"""The edge between the socket and the corridor."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest

from muniment.gateway.pace import LATE_SECONDS
from tests.gateway.calling import ECHO, Gate, bodies, gate_in, script

HELLO = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}
SLOW = {"model": "scripted", "messages": [{"role": "user", "content": "slowly"}]}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway that carries one call at a time and takes small requests."""
    lines = script({"when": "slowly", "say": "at last, and word by word", "delay_ms": 400})
    settings: dict[str, Any] = {
        "gateway.max_running": 1,
        "gateway.max_body_bytes": 20_000,
        "gateway.request_seconds": 1,
    }
    with gate_in(tmp_path_factory.mktemp("gate"), {**ECHO, **lines}, **settings) as opened:
        yield opened


def raw(gate: Gate, lines: list[str], body: bytes = b"{}") -> tuple[int, bytes]:
    """Send headers as no client would."""
    connection = http.client.HTTPConnection(gate.origin.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/v1/chat/completions")
    for line in (*lines, f"content-length: {len(body)}"):
        name, _, value = line.partition(": ")
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    told = answer.status, answer.read()
    connection.close()
    return told


def test_methods_are_those_of_the_interfaces(gate: Gate) -> None:
    """A surface takes POST, the list of models GET; the answer says which."""
    with urlopen(
        Request(f"{gate.origin}/v1/models", headers={"authorization": f"Bearer {gate.key}"}),
        timeout=30,
    ) as listed:
        assert {each["id"] for each in json.load(listed)["data"]} == {"echo", "scripted"}
    assert gate.post("/v1/models", HELLO).status == 405


def test_a_call_that_comes_alone_is_never_one_too_many(gate: Gate) -> None:
    """Though all that is done at once was late just before, as when a process warms up."""
    assert gate.post("/v1/chat/completions", HELLO).status == 200
    pace = gate.app.gateway._pace  # type: ignore[attr-defined]  # our application has it
    assert pace is not None
    pace._loop.call_soon_threadsafe(threading.Event().wait, 1.5 * LATE_SECONDS)
    assert gate.post("/v1/chat/completions", HELLO).status == 200


def test_two_keys_are_no_key(gate: Gate) -> None:
    """Smuggling a second header, or another key beside the first, is refused."""
    bearer = f"authorization: Bearer {gate.key}"
    status, said = raw(gate, [bearer, "authorization: Bearer other"])
    assert (status, json.loads(said)["error"]["code"]) == (400, "invalid")
    status, _ = raw(gate, [bearer, "x-api-key: other"])
    assert status == 401


def test_what_is_too_large_is_said_so(gate: Gate) -> None:
    """A request beyond the limit is refused, whether it says its length or not."""
    big = {**HELLO, "messages": [{"role": "user", "content": "x" * 30_000}]}
    assert gate.post("/v1/chat/completions", big).status == 413


def test_more_than_it_carries_is_asked_to_wait(gate: Gate) -> None:
    """While one call runs another is told when to come back; then it is answered."""
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(gate.post, "/v1/chat/completions", SLOW)
        threading.Event().wait(0.25)
        told = gate.post("/v1/chat/completions", HELLO)
        assert slow.result(30).status == 200
    assert told.status == 503
    assert told.headers["retry-after"] == "1"
    assert told.headers["x-should-retry"] == "true"
    assert gate.post("/v1/chat/completions", HELLO).status == 200


def test_who_goes_away_leaves_a_complete_record(gate: Gate) -> None:
    """A caller who hangs up within a stream is recorded as having got a part of it."""
    connection = http.client.HTTPConnection(gate.origin.removeprefix("http://"), timeout=30)
    body = json.dumps({**SLOW, "stream": True})
    headers = {"authorization": f"Bearer {gate.key}"}
    connection.request("POST", "/v1/chat/completions", body, headers)
    answer = connection.getresponse()
    answer.read(20)
    answer.close()
    connection.close()
    ended: list[Any] = []
    for _ in range(100):
        ended = [b for b in bodies(gate.entries("exchanges.concluded")) if b["status"] == 499]
        if ended:
            break
        threading.Event().wait(0.1)
    assert [each["state"] for each in ended] == ["failed"]
    assert ended[0]["reached"] in ("part", "none")
    assert gate.post("/v1/chat/completions", HELLO).status == 200


def test_a_body_that_never_comes_to_its_end_is_given_up(gate: Gate) -> None:
    """Whoever sends a byte now and then holds nothing for long, and is told."""
    host, _, port = gate.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as slow:
        head = f"POST /v1/messages HTTP/1.1\r\nhost: {host}\r\nx-api-key: {gate.key}\r\n"
        slow.sendall(f"{head}content-length: 1000\r\n\r\n{{".encode())
        said = b""
        while b"\r\n\r\n" not in said and (more := slow.recv(65_536)):
            said += more
    assert b" 408 " in said.partition(b"\r\n")[0]
    assert b"x-muniment-exchange" in said
    assert gate.post("/v1/chat/completions", HELLO).status == 200


@pytest.mark.parametrize(
    "name", ["x-muniment-actor", "x-forwarded-host", "x-muniment-guardrails", "x-original-url"]
)
def test_a_smuggled_header_changes_nothing(gate: Gate, name: str) -> None:
    """A header that is not of these interfaces is not read, and goes nowhere."""
    told = gate.post("/v1/chat/completions", HELLO, headers={name: "someone-else"})
    assert told.status == 200
    begun = bodies(gate.entries("exchanges.intended"))[-1]
    assert "someone-else" not in json.dumps(begun)
