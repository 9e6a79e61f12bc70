"""A gateway that many tests ask, and what was recorded of each question."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from muniment.core.actor import Actor
from muniment.gateway import Means
from muniment.gateway.exchange import Call, Received
from muniment.gateway.pipeline import CORRIDOR
from muniment.ledger import Entry
from tests.gateway.calling import OPEN_RULES, Gate, gate_in
from tests.gateway.doubles import Double, Reply, double

RULES: Final = (
    OPEN_RULES
    + """
@id("test.mask") @reason("Personal data does not leave.") @remedy("mask")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.families.contains("pii") || context.text.families.contains("financial") };
@id("test.iban") @reason("Accounts are never asked about.")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.types.contains("IBAN_CODE") };
@id("test.unread") @reason("What cannot be read does not leave.")
forbid (principal, action == Muniment::Action::"call", resource)
when { !context.text.inspected };
@id("test.answers") @reason("Secrets are not given out.") @remedy("redact")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.families.contains("secrets") };
@id("test.cards") @reason("Cards are never read out.")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.types.contains("CREDIT_CARD") };
@id("test.tools") @reason("Nobody may delete.")
forbid (principal, action == Muniment::Action::"use_tool",
resource == Muniment::Tool::"delete_all");
@id("test.results") @reason("No account comes in by a tool.")
forbid (principal, action == Muniment::Action::"take_result", resource)
when { context.text.types.contains("IP_ADDRESS") };
"""
)
SECRET: Final = "AKIAIOSFODNN7EXAMPLE"
CARD: Final = "4111 1111 1111 1111"
EMAIL: Final = "anna@example.org"
USUAL: Final = {"role": "user", "content": "Good day to you."}
MOST_ANSWER: Final = 200_000


@dataclass(frozen=True)
class Asked:
    """What came back, and what was recorded of it."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    entries: Sequence[Entry]

    @property
    def json(self) -> Any:
        """Read the answer."""
        return json.loads(self.raw)

    @property
    def events(self) -> list[Any]:
        """Read the data of each event of a stream."""
        lines = [each[6:] for each in self.raw.split(b"\n") if each.startswith(b"data: ")]
        return [json.loads(each) if each != b"[DONE]" else "[DONE]" for each in lines]

    @property
    def kinds(self) -> list[str]:
        """Say what was recorded, in order."""
        return [each.kind.removeprefix("exchanges.") for each in self.entries]

    def body(self, kind: str) -> Mapping[str, Any]:
        """Give the one entry of a kind."""
        [found] = [each for each in self.entries if each.kind == f"exchanges.{kind}"]
        return found.body


@dataclass(frozen=True)
class Shared:
    """The gateway, its provider, and a connection to it."""

    gate: Gate
    provider: Double
    client: httpx.Client

    @property
    def means(self) -> Means:
        """Give what the stages use."""
        return self.gate.means

    def calm(self) -> None:
        """Forget what was said and what failed."""
        self.provider.says(Reply.of({}))
        self.means.circuits._failed.clear()
        self.means.circuits.saved = 20.0

    def ask(
        self,
        path: str = "/chat/completions",
        body: object = None,
        /,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
    ) -> Asked:
        """Ask as any client would."""
        told = {"authorization": f"Bearer {self.gate.key}"} if headers is None else headers
        content = json.dumps(body).encode() if raw is None else raw
        answer = self.client.post(f"/v1{path}", content=content, headers=told)
        exchange = answer.headers["x-muniment-exchange"]
        found = [each for each in self.gate.entries() if each.body.get("exchange") == exchange]
        return Asked(answer.status_code, answer.headers, answer.content, found)

    def chat(self, model: str = "double", /, **more: object) -> Asked:
        """Ask for a chat."""
        return self.ask("/chat/completions", {"model": model, "messages": [USUAL], **more})

    def call(self, upto: str, surface: str = "chat", /, **body: object) -> Call:
        """Walk a call through the stages that do not wait, as far as the one that is named."""
        asked = {"model": "double", "messages": [USUAL], **body}
        received = Received(
            exchange=self.means.ids.new("exc"),
            surface=surface,
            headers={"authorization": f"Bearer {self.gate.key}"},
            address="127.0.0.1",
            raw=json.dumps(asked).encode(),
            began=self.means.database.clock.monotonic(),
        )
        call = Call(received)
        for stage in CORRIDOR:
            if stage.at_once is not None:
                result = stage.at_once(call, self.means)
                assert isinstance(result, Call)
                call = result
            if stage.name == upto:
                break
        return call

    @property
    def actor(self) -> Actor:
        """Say who the key is."""
        return self.means.keybook.identify(self.gate.key)


@contextmanager
def shared_in(folder: Path) -> Iterator[Shared]:
    """Run a provider, and a gateway with a model of every sort at it."""
    with double() as provider:
        parts = {
            "model/echo": {"provider": "echo", "model": "echo-1"},
            "model/double": provider.part(price={"input": 2, "output": 10}),
            "model/other": provider.part(model="other-1"),
            "model/claude": provider.part(provider="anthropic", model="claude-1"),
            "model/nowhere": {"provider": "openai", "base_url": "http://127.0.0.1:9"},
            "routing/both": {"routes": [{"model": "nowhere"}, {"model": "other"}]},
            "routing/twice": {"routes": ["double", "other"]},
            "model/eu": provider.part(region="eu-west-1", data_classes=["pii"]),
            "model/us": provider.part(region="us-east-1"),
            "model/sorry": {"provider": "fixed", "say": "Please call the desk."},
            "routing/regions": {"routes": ["us", "eu"]},
            "routing/abroad": {"routes": ["eu"], "shadow": {"model": "us", "percent": 100}},
            "routing/last": {"routes": ["nowhere", "sorry"]},
            "routing/compared": {
                "routes": ["double"],
                "shadow": {"model": "claude", "percent": 100},
            },
        }
        given: dict[str, Any] = {
            "gateway.answer_seconds": 3,
            "network.reach_plain_loopback": True,
            "gateway.max_answer_bytes": MOST_ANSWER,
            "gateway.max_body_bytes": 300_000,
            "gateway.retries": 1,
        }
        with (
            gate_in(folder, parts, RULES, **given) as gate,
            httpx.Client(base_url=gate.origin, timeout=60) as client,
        ):
            yield Shared(gate, provider, client)
