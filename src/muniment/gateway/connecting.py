"""Connects to providers: careful connections, credentials that go only where they may, plug-ins."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import SplitResult, urlsplit

from muniment.core.errors import ForbiddenError, InvalidError, UnavailableError
from muniment.gateway.exchange import Route
from muniment.gateway.outgoing import Judged, Pool, is_out_of_bounds
from muniment.plugins import build, load
from muniment.plugins.sockets import Provider
from muniment.settings import Settings

if TYPE_CHECKING:  # it loads slowly, and only the way through a proxy needs it
    import aiohttp

GROUP: Final = "muniment.providers"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST: Final = 1_000
_Judged = Judged  # aiohttp is given it too


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider is, and the secret it is shown; plain HTTP goes to this machine only."""

    base_url: str
    secret: str = field(default="", repr=False)
    variable: str = ""


@dataclass(slots=True)
class Outside:
    """What a provider is given to reach its service: careful connections, and credentials."""

    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    _session: aiohttp.ClientSession | None = field(default=None, repr=False)
    _pool: Pool | None = field(default=None, repr=False)
    _places: dict[tuple[str, str], Place] = field(default_factory=dict, repr=False)

    def pool(self) -> Pool:
        """Give the connections of this process; certificates are checked, addresses judged."""
        pool = self._pool
        if pool is None or pool.loop.is_closed():
            self._pool = pool = Pool(self._trust)
        return pool

    def session(self) -> aiohttp.ClientSession:
        """Give what goes through a proxy; certificates are checked, addresses judged."""
        if self._session is None or self._session.closed:
            self._session = self._opened()
        return self._session

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            await pool.close()

    def place(self, document: Mapping[str, Any], usual: str) -> Place:
        """Read where a model's provider is, and which secret it may be shown."""
        asked = str(document.get("base_url") or usual), str(document.get("credential", ""))
        known = self._places.get(asked)
        if known is not None and known.secret == self.environment.get(known.variable, ""):
            return known
        if len(self._places) >= _MOST:
            self._places.clear()
        self._places[asked] = found = self._where(*asked)
        return found

    def _where(self, address: str, credential: str) -> Place:
        base_url = address.rstrip("/")
        scheme, host = _reached(base_url)
        if not host:
            raise InvalidError(
                f"{base_url[:80]!r} is no address of a provider",
                field="base_url",
                remedy="Deploy a version of the model that names https://host/path.",
            )
        if scheme == "http" and host not in _LOOPBACK:
            raise ForbiddenError(
                f"{host[:80]} would be spoken to without TLS",
                field="base_url",
                remedy="Use https; plain http reaches this machine only.",
            )
        secret = self._secret(credential, host)
        return Place(base_url, secret, credential.removeprefix("env:"))

    def timeout(self) -> aiohttp.ClientTimeout:
        """Say how long to wait for a connection and for each next part of an answer."""
        from aiohttp import ClientTimeout  # noqa: PLC0415 see above

        gateway = self.settings.gateway
        return ClientTimeout(
            total=None, sock_connect=gateway.connect_seconds, sock_read=gateway.answer_seconds
        )

    def proxy(self) -> str | None:
        """Give the proxy that outgoing requests take."""
        return self.settings.network.proxy_url or None

    def _secret(self, credential: str, host: str) -> str:
        """Read a secret from the environment, if the settings let it go to this host."""
        if not credential:
            return ""
        name = credential.removeprefix("env:")
        if f"{name}@{host}" not in self.settings.gateway.credentials:
            raise ForbiddenError(
                f"the variable {name[:60]} may not be sent to {host[:80]}",
                field="gateway.credentials",
                remedy=f"Add {name[:60]}@{host[:80]} to gateway.credentials, if that is meant.",
            )
        secret = self.environment.get(name, "")
        if not secret:
            raise UnavailableError(
                f"the variable {name[:60]} is empty",
                field="gateway.credentials",
                remedy="Set it where this process starts.",
            )
        return secret

    def _trust(self) -> ssl.SSLContext:
        """Say whom to trust: those whom this machine trusts, and an authority of one's own."""
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        if self.settings.network.ca_file is not None:
            context.load_verify_locations(self.settings.network.ca_file)
        return context

    def _opened(self) -> aiohttp.ClientSession:
        import aiohttp  # noqa: PLC0415 see above

        connector = aiohttp.TCPConnector(
            ssl=self._trust(),
            limit=0,
            limit_per_host=0,
            resolver=cast("Any", _Judged()),
            keepalive_timeout=30,
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=self.timeout(),
            trust_env=False,
            auto_decompress=True,
            cookie_jar=aiohttp.DummyCookieJar(),
        )


@lru_cache(_MOST)
def _reached(base_url: str) -> tuple[str, str]:
    """Give how and where an address leads; nowhere, if no provider can be there."""
    split = _split(base_url)
    host = (split.hostname or "") if split is not None else ""
    if split is None or not host or is_out_of_bounds(host):
        return "", ""
    return split.scheme, host


@dataclass(slots=True)
class Providers:
    """The providers of this process, made once for each exact description."""

    outside: Outside
    _made: dict[str, Provider] = field(default_factory=dict, repr=False)
    _of: dict[int, tuple[Route, Provider]] = field(default_factory=dict, repr=False)

    def of(self, route: Route) -> Provider:
        """Give the provider of a route; of one whose description is the very same it is known."""
        known = self._of.get(id(route.document))
        if known is not None:
            of, provider = known
            if of is route or _same(of, route):
                return provider
        if len(self._of) >= _MOST:
            self._of.clear()
        found = self._described(route)
        self._of[id(route.document)] = (route, found)  # it holds the description, so its id stands
        return found

    def _described(self, route: Route) -> Provider:
        key = json.dumps([route.kind, route.name, route.document], sort_keys=True, default=str)
        found = self._made.get(key)
        if found is None:
            plugin = load(GROUP, _plain(route.kind), allow=self.outside.settings.plugins.allow)
            found = cast("Provider", build(plugin, route.document, self.outside))
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[key] = found
        return found


def _same(one: Route, other: Route) -> bool:
    same = one.document is other.document
    return same and (one.kind, one.name) == (other.kind, other.name)


def _split(base_url: str) -> SplitResult | None:
    """Read an address; one that is more or less than scheme, host, port and path is none."""
    try:
        split = urlsplit(base_url)
        plain = split.port is None or split.port > 0
    except ValueError:
        return None
    plain = plain and split.scheme in ("http", "https") and "@" not in split.netloc
    plain = plain and not split.query and not split.fragment and base_url.isprintable()
    return split if plain and " " not in base_url else None


def _plain(kind: str) -> str:
    """Name the plug-in of a kind: whoever speaks as OpenAI does is spoken to so."""
    return "openai" if kind in ("openai-compatible", "openai_compatible") else kind
