"""A small client of the registry over its HTTP API, for programs that train, test and release.

`Client(url, key)` speaks as the service or person whose key it is. Whatever is refused comes back
as an `ApiError` with field, reasons and remedy. What changes something carries a key of its own, so
that it is done once, even where an answer was lost and it is sent again.
"""

from __future__ import annotations

import http.client
import json
import secrets
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

_ROOT: Final = "/api/v1/registry"
_MOST_BYTES: Final = 64 * 1024 * 1024
_AGAIN: Final = (502, 503, 504)
T = TypeVar("T")


class ApiError(Exception):
    """The server refused; it says which field, why, and what to do next."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(told.get("code", "unknown"))
        self.message = str(told.get("detail", "")) or f"the server answered {status}"
        self.field = str(told.get("field", ""))
        self.remedy = str(told.get("remedy", ""))
        self.reasons = tuple(str(each) for each in told.get("reasons", ()))
        where = f"{self.field}: " if self.field else ""
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        super().__init__(f"{where}{self.message}{why} {self.remedy}".strip())


class UnreachableError(Exception):
    """The server does not answer."""


@dataclass(frozen=True, slots=True)
class SystemTold:
    """A system as the server tells it."""

    id: str
    key: str
    state: str
    tier: str
    profile: Mapping[str, Any]
    version: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A version of a part."""

    label: str
    number: int
    digest: str
    document: Mapping[str, Any]
    asserted: bool


@dataclass(frozen=True, slots=True)
class RunTold:
    """A run and what came of it: met, not_met or could_not_tell."""

    id: str
    sort: str
    of: str
    verdict: str
    says: str


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """A change, its checks and its next step."""

    id: str
    system_id: str
    title: str
    state: str
    set_digest: str
    versions: Mapping[str, str]
    findings: tuple[Mapping[str, str], ...]
    request_id: str
    reached: tuple[str, ...]
    next: str


@dataclass(frozen=True, slots=True)
class MomentTold:
    """What served at a moment, approved by whom, and where the log says so."""

    environment: str
    at: str
    since: str | None
    until: str | None
    source: str
    versions: tuple[Mapping[str, Any], ...]
    approvals: tuple[Mapping[str, Any], ...]
    records: tuple[Mapping[str, Any], ...]
    approval_stood_first: bool | None
    observed: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[str, ...] = ()
    suspended: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Client:
    """Asks a server; one connection for each question, so that threads may share a client."""

    url: str
    key: str = field(repr=False)
    timeout: float = 30.0
    tries: int = 3
    ca_file: str = ""

    def register(self, key: str, **profile: Any) -> SystemTold:  # noqa: ANN401 what is stated
        """Make a system known."""
        return _read(SystemTold, self._post("/systems", {"key": key, "profile": profile}))

    def system(self, key: str) -> SystemTold:
        """Show a system by its id or key."""
        return _read(SystemTold, self._get(f"/systems/{_part(key)}"))

    def systems(self, words: str = "", *, state: str = "") -> Iterator[SystemTold]:
        """List systems, page by page."""
        for row in self._rows("/systems", {"words": words, "state": state}):
            yield _read(SystemTold, row)

    def write(
        self,
        system: str,
        part: str,
        document: Mapping[str, Any],
        *,
        ticket: str = "",
        commit: str = "",
        pull_request: str = "",
    ) -> VersionTold:
        """Write a version of a part; the same content again is the version there is."""
        given = {
            "part": part,
            "document": dict(document),
            "ticket": ticket,
            "commit": commit,
            "pull_request": pull_request,
        }
        return _read(VersionTold, self._post(f"/systems/{_part(system)}/versions", given))

    def versions(self, system: str, part: str = "") -> Iterator[VersionTold]:
        """List versions, the newest first."""
        for row in self._rows(f"/systems/{_part(system)}/versions", {"part": part}):
            yield _read(VersionTold, row)

    def record_run(self, system: str, sort: str, of: str, document: Mapping[str, Any]) -> RunTold:
        """Record a training or an evaluation of exactly one digest."""
        given = {"sort": sort, "of": of, "document": dict(document)}
        return _read(RunTold, self._post(f"/systems/{_part(system)}/runs", given))

    def draft(
        self,
        system: str,
        title: str,
        versions: Mapping[str, int | str],
        *,
        reason: str,
        without: Sequence[str] = (),
        ticket: str = "",
        commit: str = "",
        pull_request: str = "",
    ) -> ChangeTold:
        """Draft a change of what serves."""
        given = {
            "title": title,
            "reason": reason,
            "versions": dict(versions),
            "without": list(without),
            "ticket": ticket,
            "commit": commit,
            "pull_request": pull_request,
        }
        return _read(ChangeTold, self._post(f"/systems/{_part(system)}/changes", given))

    def change(self, change_id: str) -> ChangeTold:
        """Show a change."""
        return _read(ChangeTold, self._get(f"/changes/{_part(change_id)}"))

    def check(self, change_id: str) -> ChangeTold:
        """Look at everything a change must answer for."""
        return _read(ChangeTold, self._post(f"/changes/{_part(change_id)}/check", None))

    def ask(self, change_id: str) -> ChangeTold:
        """Put a change before those who approve it."""
        return _read(ChangeTold, self._post(f"/changes/{_part(change_id)}/ask", None))

    def promote(self, change_id: str, *, step: str = "", set_digest: str = "") -> Mapping[str, Any]:
        """Take the next step of an approved change."""
        given = {"step": step, "set_digest": set_digest}
        return self._post(f"/changes/{_part(change_id)}/promote", given)

    def roll_back(
        self, system: str, *, reason: str, environment: str = "production"
    ) -> Mapping[str, Any]:
        """Go back to what served before."""
        given = {"reason": reason, "environment": environment}
        return self._post(f"/systems/{_part(system)}/rollback", given)

    def at(
        self, system: str, moment: str = "", *, environment: str = "production", known_at: str = ""
    ) -> MomentTold:
        """Say exactly what served at a moment; left out, now."""
        asked = {"at": moment, "environment": environment, "known_at": known_at}
        return _read(MomentTold, self._get(f"/systems/{_part(system)}/at", asked))

    def heartbeat(self, signed: Mapping[str, Any]) -> Mapping[str, Any]:
        """Tell what a host runs: a heartbeat that the host has signed."""
        return self._post("/heartbeats", signed)

    def _get(self, path: str, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
        query = urlencode({name: value for name, value in (asked or {}).items() if value})
        return self._ask("GET", f"{path}?{query}" if query else path, None, "")

    def _post(self, path: str, given: Mapping[str, Any] | None) -> dict[str, Any]:
        body = None if given is None else json.dumps(given).encode()
        return self._ask("POST", path, body, secrets.token_hex(16))

    def _rows(self, path: str, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self._get(path, {**asked, "cursor": cursor, "limit": "200"})
            yield from page["rows"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, method: str, path: str, body: bytes | None, once: str) -> dict[str, Any]:
        """Ask until there is an answer; what changes something is done once all the same."""
        headers = {"authorization": f"Bearer {self.key.strip()}", "accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        if once:
            headers["idempotency-key"] = once
        for left in reversed(range(max(1, self.tries))):
            try:
                status, data = self._once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                if not left:
                    raise UnreachableError(f"{self.url} does not answer: {error}") from error
                continue
            if status not in _AGAIN or not left:
                return _answer(status, data)
        raise UnreachableError(f"{self.url} does not answer")

    def _once(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        where = urlsplit(self.url)
        host, port = where.hostname or "", where.port
        if where.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca_file or None)
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=self.timeout, context=context
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=self.timeout)
        try:
            prefix = where.path.rstrip("/")
            connection.request(method, f"{prefix}{_ROOT}{path}", body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST_BYTES)
        finally:
            connection.close()


def _answer(status: int, data: bytes) -> dict[str, Any]:
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        told = {"detail": data[:200].decode("utf-8", "replace")}
    if not isinstance(told, dict):
        told = {"detail": "the answer is no object"}
        status = max(status, 500)
    if status >= 300:
        raise ApiError(status, told)
    return told


def _part(text: str) -> str:
    return quote(text, safe="")


def _read(shape: type[T], told: Mapping[str, Any]) -> T:
    """Take from an answer what a shape knows; a newer server may say more."""
    names = shape.__dataclass_fields__  # type: ignore[attr-defined]  # every shape is a dataclass
    return shape(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in told.items()
            if name in names
        }
    )
