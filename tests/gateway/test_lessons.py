"""What users of other gateways met, one promise each; see the list in docs/gateway.md."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from muniment import access, exchanges
from muniment.exchanges import Limit, Measure, ScopeKind, StopKind, Window
from tests.gateway.calling import (
    ECHO,
    HERE,
    MASKING_RULES,
    OPEN_RULES,
    Gate,
    bodies,
    gate_in,
    script,
    seen,
)

CARD = "4111 1111 1111 1111"
HELLO = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}
DENYING = (
    OPEN_RULES
    + """
@id("test.no-cards") @reason("No card numbers.")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.types.contains("CREDIT_CARD") };
@id("test.no-card-answers") @reason("No card numbers come out.")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.types.contains("CREDIT_CARD") };
@id("test.tools") @reason("Nobody permitted this tool.")
forbid (principal, action == Muniment::Action::"use_tool", resource)
when { !resource.permitted };
"""
)

RELEASES_ONLY = """
@id("test.none") @reason("Only releases.")
permit (principal, action == Muniment::Action::"release", resource);
"""


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway that refuses card numbers and tools nobody permitted."""
    lines = script(
        {"when": "tool", "tools": [{"name": "pay", "arguments": {"to": "Bob"}}]},
        {"when": "card", "say": f"Of course: {CARD}, and the rest of it comes after that."},
        {"when": "break", "say": "This is never said to its end.", "breaks_after": 3},
        {"when": "broken", "status": 500, "say": "key sk-live-abcdefabcdefabcdefabcdef is bad"},
        {"when": "garbage", "raw": "<html>no JSON</html>"},
        {"say": "Fine."},
    )
    with gate_in(tmp_path_factory.mktemp("gate"), {**ECHO, **lines}, DENYING) as opened:
        yield opened


def ask(gate: Gate, words: str, *, stream: bool = False, **more: Any) -> Any:
    """Ask the scripted model something."""
    message = {"role": "user", "content": words}
    body = {"model": "scripted", "messages": [message], "stream": stream, **more}
    return gate.post("/v1/chat/completions", body)


def last(gate: Gate, kind: str) -> Mapping[str, Any]:
    """Give the newest record of a kind."""
    return bodies(gate.entries(kind))[-1]


@pytest.mark.requirement("IOG-05")
def test_a_block_is_a_block_and_stands_in_the_records(gate: Gate) -> None:
    """A refusal is told with the rule's reason, never softened, and recorded like an answer."""
    told = ask(gate, f"my card is {CARD}")
    assert told.status == 403
    assert told.headers["x-should-retry"] == "false"
    assert "test.no-cards: No card numbers." in told.error["reasons"]
    refused = last(gate, "exchanges.refused")
    assert refused["stage"] == "decide"
    assert refused["effect"] == "deny"
    assert refused["findings"] == {"CREDIT_CARD": 1}
    assert refused["decision"].startswith("dec_")
    assert CARD not in json.dumps(refused)


@pytest.mark.requirement("IOG-01")
def test_a_verdict_comes_before_the_words_not_after(gate: Gate) -> None:
    """In a stream nothing of what is forbidden arrives; the end says that it was stopped."""
    told = ask(gate, "a card please", stream=True)
    assert told.status == 200
    assert b"4111" not in told.body
    assert b"1111" not in told.body
    assert b"the answer may not be given" in told.body
    assert b"[DONE]" not in told.body
    ended = last(gate, "exchanges.concluded")
    assert ended["state"] == "refused"
    assert ended["findings"]["CREDIT_CARD"] == 1


@pytest.mark.requirement("IOG-04")
@pytest.mark.parametrize("stream", [False, True])
def test_tools_nobody_permitted_are_not_called(gate: Gate, *, stream: bool) -> None:
    """A tool call in an answer is judged before anybody sees it."""
    told = ask(gate, "use the tool", stream=stream)
    assert b'"pay"' not in told.body.replace(b"the tool pay", b"")
    assert b"Nobody permitted this tool" in told.body
    assert last(gate, "exchanges.concluded")["state"] == "refused"


def test_a_half_stream_is_never_taken_for_a_whole_one(gate: Gate) -> None:
    """An answer that broke off ends in an error, and the record says how much arrived."""
    told = ask(gate, "please break", stream=True)
    assert b"broke off" in told.body
    assert b"[DONE]" not in told.body
    ended = last(gate, "exchanges.concluded")
    assert (ended["state"], ended["inspected"]) == ("failed", "part")


def test_a_provider_that_fails_leaks_no_key(gate: Gate, caplog: pytest.LogCaptureFixture) -> None:
    """Its words are made safe before they are told, and stand in no log."""
    with caplog.at_level(logging.DEBUG):
        told = ask(gate, "a broken one")
    assert told.status == 502
    assert b"sk-live" not in told.body
    assert "sk-live" not in caplog.text
    assert "a broken one" not in caplog.text


def test_garbage_is_an_error_of_ours(gate: Gate) -> None:
    """What is no JSON is told as that, in the caller's dialect, with a complete record."""
    told = ask(gate, "garbage please")
    assert told.status == 502
    assert told.error["type"] == "api_error"
    assert last(gate, "exchanges.concluded")["state"] == "failed"


@pytest.mark.parametrize("path", ["/v1/audio/speech", "/v1/files", "/v1/chat", "/v1/../metrics"])
def test_an_unknown_path_is_refused(gate: Gate, path: str) -> None:
    """Nothing passes unguarded because nobody thought of its path."""
    told = gate.post(path, HELLO)
    assert told.status in (404, 405)
    assert b"hello" not in told.body


@pytest.mark.parametrize(
    "more",
    [
        {"guardrails": []},
        {"metadata": {"guardrails": "off", "disable": True}},
        {"extra_body": {"no-log": True}},
        {"base_url": "http://169.254.169.254/latest"},
        {"api_base": "http://127.0.0.1:1"},
    ],
)
def test_callers_switch_nothing_off(gate: Gate, more: dict[str, Any]) -> None:
    """Whatever a request carries beside it, what is forbidden stays so; nothing is sent away."""
    body = {"model": "echo", "messages": [{"role": "user", "content": CARD}], **more}
    headers = {"x-muniment-guardrails": "off", "x-no-log": "1"}
    assert gate.post("/v1/chat/completions", body, headers=headers).status == 403
    clean = gate.post("/v1/chat/completions", {**HELLO, **more})
    assert clean.json["choices"][0]["message"]["content"] == "hello"


@pytest.mark.requirement("HUM-03")
def test_a_kill_switch_works_at_once(gate: Gate) -> None:
    """Within a second no call of the model passes, though the key was used a moment ago."""
    assert gate.post("/v1/chat/completions", HELLO).status == 200
    with gate.house.database.work(HERE) as work:
        stop = exchanges.stop(work, StopKind.MODEL, "echo", reason="It says strange things.")
    seen()
    told = gate.post("/v1/chat/completions", HELLO)
    assert told.status == 403
    assert told.error["reasons"] == ["It says strange things."]
    assert last(gate, "exchanges.refused")["stage"] == "limit"
    with gate.house.database.work(HERE) as work:
        exchanges.resume(work, stop.id, reason="It is mended.")
    gate.look_again()
    assert gate.post("/v1/chat/completions", HELLO).status == 200


def test_a_budget_is_not_overrun_by_many_at_once(gate: Gate) -> None:
    """Of many callers at once exactly as many pass as the limit allows."""
    limit = Limit("", ScopeKind.SYSTEM, gate.system, Measure.REQUESTS, Window.DAY, 5, reason="Few.")
    with gate.house.database.work(HERE) as work:
        made = exchanges.set_limit(work, limit)
    gate.look_again()
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda _: gate.post("/v1/chat/completions", HELLO), range(12)))
    assert sorted(each.status for each in told) == [200] * 5 + [429] * 7
    over = next(each for each in told if each.status == 429)
    assert over.headers["x-should-retry"] == "false"
    with gate.house.database.work(HERE) as work:
        exchanges.end_limit(work, made.id, reason="Tried.")
    gate.look_again()


def test_a_revoked_key_opens_nothing(gate: Gate) -> None:
    """A key that worked a moment ago does not, within a second of its end."""
    with gate.house.database.look(HERE) as work:
        key = next(iter(access.keys(work).rows))
    with gate.house.database.work(HERE) as work:
        access.revoke_key(work, key.id)
    seen()
    told = gate.post("/v1/chat/completions", HELLO)
    assert told.status == 401
    assert "www-authenticate" in {name.lower() for name in told.headers}


class _Upstream(BaseHTTPRequestHandler):
    """A provider on this machine that counts what reaches it."""

    protocol_version = "HTTP/1.1"
    hits: list[dict[str, Any]]

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        self.hits.append({"headers": dict(self.headers.items()), "body": json.loads(raw)})
        status = 503 if len(self.hits) < 3 and "flaky" in self.path else 200
        answer = {"choices": [{"message": {"role": "assistant", "content": "ok"}}], "model": "m-2"}
        body = json.dumps(answer if status == 200 else {"error": {"message": "busy"}}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@contextmanager
def upstream() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run the provider on a free port."""
    hits: list[dict[str, Any]] = []
    handler = type("Upstream", (_Upstream,), {"hits": hits})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", hits
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_reaches_a_provider(tmp_path: Path) -> None:
    """It sees its own model's name and the masked words; of the caller's key it sees nothing.

    A busy one is asked again, each sending stands in the record, and a dead one is passed over.
    """
    with upstream() as (address, hits):
        own = {"provider": "openai", "model": "m-1"}
        parts: dict[str, dict[str, Any]] = {
            "model/good": {**own, "base_url": f"{address}/v1"},
            "model/flaky": {**own, "base_url": f"{address}/flaky"},
            "model/dead": {**own, "base_url": "http://127.0.0.1:9/v1"},
            "routing/safe": {"routes": [{"model": "dead"}, {"model": "good"}]},
        }
        with gate_in(tmp_path, parts, MASKING_RULES) as gate:
            asked = [{"role": "user", "content": "anna@example.org"}]
            body = {"model": "safe", "messages": asked}
            assert gate.post("/v1/chat/completions", body).status == 200
            assert hits[-1]["body"]["model"] == "m-1"
            assert "anna@example.org" not in json.dumps(hits)
            assert gate.key not in json.dumps(hits)
            ended = last(gate, "exchanges.concluded")
            assert ended["provider_model"] == "m-2"
            assert [each["status"] for each in ended["attempts"]][-1] == 200
            assert ended["attempts"][0]["route"].startswith("dead:")
            hits.clear()
            assert gate.post("/v1/chat/completions", {**body, "model": "flaky"}).status == 200
            assert len(hits) == 3
            assert len(last(gate, "exchanges.concluded")["attempts"]) == 3
            dead = gate.post("/v1/chat/completions", {**body, "model": "dead"})
            assert dead.status == 502
            assert "127.0.0.1" not in dead.body.decode()


def test_a_credential_goes_only_to_its_host(tmp_path: Path) -> None:
    """A version of a model cannot send a secret of this machine anywhere else."""
    with upstream() as (address, hits):
        model = {"provider": "openai", "base_url": f"{address}/v1", "credential": "env:HOME"}
        with gate_in(tmp_path, {"model/thief": model}) as gate:
            told = gate.post("/v1/chat/completions", {**HELLO, "model": "thief"})
        assert told.status == 502
        assert hits == []


def test_without_rules_nothing_passes(tmp_path: Path) -> None:
    """No rule means no."""
    with gate_in(tmp_path, rules=RELEASES_ONLY) as gate:
        told = gate.post("/v1/chat/completions", HELLO)
        assert told.status == 403
        assert "no rule allows it" in told.error["message"]
