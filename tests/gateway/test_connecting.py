"""Providers are reached carefully: over TLS, with secrets that go only where they may."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import aiohttp
import pytest

from muniment.core.errors import ForbiddenError, InvalidError, MunimentError, UnavailableError
from muniment.gateway import Outside, Providers
from muniment.gateway.connecting import _Judged
from muniment.gateway.exchange import Route
from muniment.gateway.providers.echo import EchoProvider
from muniment.gateway.providers.openai import OpenAiProvider
from muniment.settings import load
from tests.server.certificates import self_signed

USUAL = "https://api.openai.com/v1"


def outside(folder: Path, environment: Mapping[str, str] | None = None) -> Outside:
    """Make what a provider is given."""
    told = {"data.dir": folder, "gateway.credentials": ("KEY@models.example.org",)}
    settings = load(environment={}, overrides=told).settings
    return Outside(settings, environment or {})


def test_a_model_that_says_no_address_is_at_the_usual_one(tmp_path: Path) -> None:
    """Without an address it is the provider's own, without an end that would double a slash."""
    assert outside(tmp_path).place({}, USUAL).base_url == USUAL
    place = outside(tmp_path).place({"base_url": "https://models.example.org/v1/"}, USUAL)
    assert (place.base_url, place.secret) == ("https://models.example.org/v1", "")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:9"])
def test_plain_http_reaches_this_machine(tmp_path: Path, host: str) -> None:
    """A model beside the gateway needs no certificate."""
    assert outside(tmp_path).place({"base_url": f"http://{host}/v1"}, USUAL).base_url


@pytest.mark.parametrize("host", ["models.example.org", "127.0.0.1.example.org", "10.0.0.1"])
def test_plain_http_reaches_nothing_else(tmp_path: Path, host: str) -> None:
    """Prompts and keys never travel in the clear."""
    with pytest.raises(ForbiddenError):
        outside(tmp_path).place({"base_url": f"http://{host}/v1"}, USUAL)


@pytest.mark.parametrize(
    "base_url",
    [
        *("file:///etc/passwd", "gopher://x", "models.example.org/v1", "https://", "https:///v1"),
        *("https://user:pass@models.example.org", "https://models.example.org:0x1/v1", "//x/v1"),
        *("https://models.example.org:99999/v1", "https://[::1", "https://a b/v1"),
        *("https://models.example.org/v1?a=b", "https://models.example.org/v1#a", "https://a\n.b"),
        *("https://169.254.169.254/latest", "https://[fe80::1]/", "https://0.0.0.0/"),
        *("https://[::ffff:169.254.169.254]/", "https://224.0.0.1/"),
    ],
)
def test_what_is_no_address_of_a_provider_is_refused(tmp_path: Path, base_url: str) -> None:
    """Other schemes, hidden users, queries and the addresses of metadata lead nowhere."""
    with pytest.raises(InvalidError) as refused:
        outside(tmp_path).place({"base_url": base_url}, USUAL)
    assert refused.value.field == "base_url"


def test_a_secret_goes_only_where_the_settings_let_it(tmp_path: Path) -> None:
    """A version of a model cannot have a key sent to a host of its author's choice."""
    known = outside(tmp_path, {"KEY": "s3cret", "OTHER": "o"})
    home = {"base_url": "https://models.example.org", "credential": "env:KEY"}
    assert known.place(home, USUAL).secret == "s3cret"
    for document in (
        {"base_url": "https://evil.example.net", "credential": "env:KEY"},
        {"base_url": "https://models.example.org", "credential": "env:OTHER"},
        {"base_url": "https://models.example.org.evil.net", "credential": "KEY"},
    ):
        with pytest.raises(ForbiddenError) as refused:
            known.place(document, USUAL)
        assert "s3cret" not in str(refused.value)
    with pytest.raises(UnavailableError):
        outside(tmp_path).place(home, USUAL)
    assert "s3cret" not in repr(known)
    assert "s3cret" not in repr(known.place(home, USUAL))


def test_a_name_that_leads_to_metadata_is_not_spoken_to() -> None:
    """Names are judged by where they lead, each time they are asked for."""

    async def resolved(host: str) -> object:
        judged = _Judged()
        try:
            return await judged.resolve(host)
        finally:
            await judged.close()

    assert asyncio.run(resolved("127.0.0.1"))
    for host in ("169.254.169.254", "0.0.0.0", "224.0.0.1"):
        with pytest.raises(OSError, match="which no provider has"):
            asyncio.run(resolved(host))


def test_the_session_keeps_no_cookies_and_checks_certificates(tmp_path: Path) -> None:
    """What one provider sets is never shown to another, and one session serves a process."""

    async def looked() -> None:
        given = outside(tmp_path)
        session = given.session()
        assert given.session() is session
        assert isinstance(session.cookie_jar, aiohttp.DummyCookieJar)
        assert not session.trust_env
        await given.close()
        assert session.closed
        assert not given.session().closed, "a closed one is replaced"
        await given.close()

    asyncio.run(looked())


@contextmanager
def secured(folder: Path) -> Iterator[tuple[int, Path]]:
    """Serve on this machine with a certificate that nobody vouches for; give port and file."""
    certificate, key = self_signed(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, certificate
        finally:
            server.shutdown()
            thread.join()


def test_certificates_are_verified(tmp_path: Path) -> None:
    """A provider with a certificate of nobody we trust is not spoken to; with our own it is."""

    async def asked(given: Outside, port: int) -> int:
        try:
            async with given.session().head(f"https://localhost:{port}/nothing") as answer:
                return answer.status
        finally:
            await given.close()

    with secured(tmp_path) as (port, certificate):
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            asyncio.run(asked(outside(tmp_path), port))
        known = load(environment={}, overrides={"network.ca_file": certificate}).settings
        assert asyncio.run(asked(Outside(known, {}), port)) == 404


def test_a_provider_is_made_once_for_a_description(tmp_path: Path) -> None:
    """The same description gives the same provider; an openai-compatible one is spoken to so."""
    providers = Providers(outside(tmp_path))

    def route(kind: str, **document: object) -> Route:
        return Route("m", "m", kind, document, "openai")

    echo = providers.of(route("echo"))
    assert isinstance(echo, EchoProvider)
    assert providers.of(route("echo")) is echo
    assert providers.of(route("echo", region="eu")) is not echo
    assert isinstance(providers.of(route("openai-compatible")), OpenAiProvider)
    with pytest.raises(MunimentError):
        providers.of(route("no-such-kind"))
