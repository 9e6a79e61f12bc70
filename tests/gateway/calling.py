"""A house with a system that serves, and a client that calls its models over a real port."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from starlette.applications import Starlette

from muniment import access, policy, registry
from muniment.access import (
    EVERYTHING,
    Holder,
    HolderKind,
    KeyLimits,
    PersonId,
    Scope,
    ServiceKind,
)
from muniment.core.actor import system_actor
from muniment.core.clock import Clock
from muniment.exchanges.service.book import LONGEST_OLD_SECONDS
from muniment.gateway import Means
from muniment.ledger import Entry
from muniment.policy import Source
from muniment.server import House
from muniment.server.app import make_app
from muniment.server.listen import PatientProtocol
from muniment.settings import Settings
from tests.server.asking import house_in
from tests.web.browser.serving import serving

if TYPE_CHECKING:  # the official clients load slowly, and most tests need none
    from anthropic import Anthropic
    from openai import OpenAI

HERE: Final = system_actor("test")
SEEN_SECONDS: Final = LONGEST_OLD_SECONDS + 0.05
OPEN_RULES: Final = """
@id("test.all") @reason("Everything may be asked here.")
permit (principal, action, resource);
"""
MASKING_RULES: Final = (
    OPEN_RULES
    + """
@id("test.mask") @reason("Personal data does not leave.") @remedy("mask")
forbid (principal, action == Muniment::Action::"call", resource)
when { context.text.families.contains("pii") || context.text.families.contains("financial") };
@id("test.answers") @reason("Secrets are not given out.") @remedy("redact")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.families.contains("secrets") };
"""
)
ECHO: Final = {"model/echo": {"provider": "echo", "model": "echo-1"}}


def seen() -> None:
    """Wait until no process may go on with what it read before."""
    threading.Event().wait(SEEN_SECONDS)


@dataclass(frozen=True)
class Told:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        """Read the error in the body."""
        return self.json["error"]


@dataclass(frozen=True)
class Gate:
    """A running gateway, the key of its system, and the house behind it."""

    house: House
    app: Starlette
    origin: str
    key: str
    system: str
    opened: dict[str, OpenAI | Anthropic] = field(default_factory=dict)
    _read: list[Entry] = field(default_factory=list, repr=False)

    @property
    def means(self) -> Means:
        """Give what the stages use."""
        means: Means = self.app.gateway.means  # type: ignore[attr-defined]  # our application has it
        return means

    def openai(self) -> OpenAI:
        """Give the official client with only address and key changed."""
        from openai import OpenAI  # noqa: PLC0415 see above

        client = self.opened.get("openai") or OpenAI(
            base_url=f"{self.origin}/v1", api_key=self.key, max_retries=0
        )
        self.opened["openai"] = client
        assert isinstance(client, OpenAI)
        return client

    def anthropic(self) -> Anthropic:
        """Give the official client with only address and key changed."""
        from anthropic import Anthropic  # noqa: PLC0415 see above

        client = self.opened.get("anthropic") or Anthropic(
            base_url=self.origin, api_key=self.key, max_retries=0
        )
        self.opened["anthropic"] = client
        assert isinstance(client, Anthropic)
        return client

    def look_again(self) -> None:
        """Let the process read now what it would read again within a second."""
        with self.means.book._lock:  # a look that began before would otherwise end after
            self.means.book._looked_at = float("-inf")

    @contextmanager
    def given(self, **settings: Any) -> Iterator[None]:
        """Let the gateway have other settings for a while."""
        before = self.means.settings
        self._take(replace(before, gateway=replace(before.gateway, **settings)))
        try:
            yield
        finally:
            self._take(before)

    def _take(self, settings: Settings) -> None:
        """Give the stages other settings, and what connects to providers too."""
        outside = self.means.providers.outside
        self.means.settings = outside.settings = settings
        if outside._session is not None:  # it keeps how long it waits
            outside._session._timeout = outside.timeout()

    def post(
        self, path: str, body: object, *, key: str | None = None, headers: Mapping[str, str] = {}
    ) -> Told:
        """Send anything to a path, as no careful client would."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"authorization": f"Bearer {self.key if key is None else key}", **headers}
        request = Request(f"{self.origin}{path}", data=raw, headers=told)
        try:
            with urlopen(request, timeout=30) as answer:
                return Told(answer.status, dict(answer.headers.items()), answer.read())
        except HTTPError as error:
            with error:
                return Told(error.code, dict(error.headers.items()), error.read())

    def entries(self, *kinds: str) -> list[Entry]:
        """List what was recorded of calls, in order."""
        self.house.log.seal()
        first = self._read[-1].index + 1 if self._read else 0
        self._read.extend(self.house.log.read_after(first, 10_000))
        wanted = kinds or ("exchanges.",)
        return [each for each in self._read if each.kind.startswith(wanted)]


def set_up(
    house: House,
    parts: Mapping[str, Mapping[str, Any]],
    rules: str = OPEN_RULES,
    *,
    profile: Mapping[str, Any] | None = None,
) -> tuple[str, str]:
    """Let a system serve these parts under these rules; give its id and a key for it."""
    house.log.begin()
    with house.database.work(HERE) as work:
        owner = access.found(work, "Olga Owner", "olga@example.org")
    with house.database.work(HERE) as work:
        stated = {"name": "Desk", "purpose": "Answers questions.", "owner": owner.id}
        system = registry.register(work, "desk", {**stated, **(profile or {})})
    with house.database.work(HERE) as work:
        versions = {
            label: registry.add_version(work, system.id, label, document)
            for label, document in parts.items()
        }
    with house.database.work(HERE) as work:
        registry.bootstrap(
            work, system, versions, "production", file="sha256:" + "0" * 64, reason="For a test."
        )
    with house.database.work(HERE) as work:
        policy.bootstrap(work, [Source("test.cedar", rules)], reason="For a test.")
    return system.id, key_for(house, system.id, owner.id)


def key_for(
    house: House,
    system: str,
    owner: PersonId,
    *,
    role: str = "operator",
    kind: ServiceKind = ServiceKind.APPLICATION,
) -> str:
    """Make a program with a key that reaches one system; mostly it is an application."""
    place = Scope.of(system=system, environment="production")
    with house.database.work(HERE) as work:
        service = access.add_service(work, kind, "Caller", owner)
    with house.database.work(HERE) as work:
        holder = Holder(HolderKind.SERVICE, service.id)
        access.grant(work, holder, role, reason="It calls models.", scope=EVERYTHING)
    with house.database.work(HERE) as work:
        fresh = access.issue_key(work, holder, "caller", limits=KeyLimits(scope=place))
    return fresh.secret


@contextmanager
def gate_in(
    folder: Path,
    parts: Mapping[str, Mapping[str, Any]] = ECHO,
    rules: str = OPEN_RULES,
    *,
    profile: Mapping[str, Any] | None = None,
    **overrides: object,
) -> Iterator[Gate]:
    """Run a gateway on a free port."""
    with house_in(folder / "data", **{"jobs.inside": False, **overrides}) as house:
        system, key = set_up(house, parts, rules, profile=profile)
        app = make_app(house)
        with serving(app, lifespan="on", wire=PatientProtocol) as origin:
            gate = Gate(house, app, origin, key, system)
            try:
                yield gate
            finally:
                for client in gate.opened.values():
                    client.close()


class Jumping:
    """A clock that somebody sets while the gateway runs."""

    def __init__(self, inner: Clock) -> None:
        self.inner, self.by = inner, timedelta()

    def now(self) -> datetime:
        """Give the time it was set to."""
        return self.inner.now() + self.by

    def monotonic(self) -> float:
        """Give seconds that never run backwards."""
        return self.inner.monotonic()


def script(*lines: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Describe a model that says these lines."""
    return {"model/scripted": {"provider": "scripted", "model": "s-1", "script": list(lines)}}


def bodies(entries: Sequence[Entry]) -> list[Mapping[str, Any]]:
    """Give what entries say."""
    return [each.body for each in entries]


__all__ = [
    "ECHO",
    "HERE",
    "MASKING_RULES",
    "OPEN_RULES",
    "Gate",
    "Jumping",
    "Told",
    "bodies",
    "gate_in",
    "key_for",
    "script",
    "set_up",
]
