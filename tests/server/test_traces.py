"""One span for each request, names and numbers only, sent where the settings say."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.requests import Request
from starlette.responses import Response

from muniment.core.errors import InvalidError
from muniment.server.traces import Traces
from muniment.testing import settings_for
from tests.server.asking import app_of, ask, house_in
from tests.server.certificates import self_signed
from tests.server.running import command, started

_WITHOUT = (
    "import sys; sys.modules['opentelemetry.exporter'] = None; from muniment.main import run; run()"
)


@dataclass
class Collector:
    """An OTLP collector that keeps what it was sent, and the first lines of the requests."""

    address: str
    sent: list[ExportTraceServiceRequest] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def spans(self) -> list[tuple[str, dict[str, str]]]:
        """List the spans by name with their attributes."""
        return [
            (span.name, {each.key: str(each.value) for each in span.attributes})
            for request in self.sent
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextmanager
def collector(tls: ssl.SSLContext | None = None) -> Iterator[Collector]:
    """Collect traces on a port of this machine; every address asked for is answered, as a proxy."""
    kept = Collector("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            kept.sent.append(ExportTraceServiceRequest.FromString(body))
            kept.asked.append(self.requestline)
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/v1/traces"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_sends_one_span_per_request(tmp_path: Path) -> None:
    """Each request is one span under its route's name, and none carries content."""

    async def breaks(_request: Request) -> Response:
        raise ValueError("secret-message")

    with collector() as kept:
        overrides = {
            "telemetry.otlp_endpoint": kept.address,
            "telemetry.service_name": "our-muniment",
        }
        with house_in(tmp_path / "data", **overrides) as house:
            app = app_of(house, **{"things/{name}": breaks})
            answer = ask(app, "/things/secret-name?q=secret-query")
            ask(app, "/health")
            ask(app, "/api/v1/about")
            ask(app, "/", headers={"host": "evil.example"})
            app.traces.close()
    spans = kept.spans()
    assert [name for name, _ in spans] == [
        "GET /things/{name}",
        "GET /health",
        "GET /api/v1/about",
        "GET (no route)",
    ]
    statuses = [facts["http.response.status_code"].strip() for _, facts in spans]
    assert statuses == ["int_value: 500", "int_value: 200", "int_value: 200", "int_value: 421"]
    assert answer.headers["x-request-id"] in spans[0][1]["muniment.request"]
    assert "our-muniment" in str(kept.sent)
    assert "secret" not in str(kept.sent)


def test_goes_through_the_configured_proxy(tmp_path: Path) -> None:
    """With a proxy configured spans go through it, whatever the environment says."""
    with collector() as proxy:
        overrides = {
            "telemetry.otlp_endpoint": "http://collector.invalid:4318/v1/traces",
            "network.proxy_url": proxy.address.removesuffix("/v1/traces"),
        }
        with house_in(tmp_path / "data", **overrides) as house:
            app = app_of(house)
            ask(app, "/health")
            app.traces.close()
    assert proxy.asked == ["POST http://collector.invalid:4318/v1/traces HTTP/1.1"]


@pytest.mark.slow
@pytest.mark.parametrize("trusted", [True, False])
def test_trusts_the_configured_authority(tmp_path: Path, trusted: bool) -> None:  # noqa: FBT001
    """A collector under a private authority is believed only if that authority is configured."""
    cert, key = self_signed(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    with collector(tls) as kept:
        overrides: dict[str, object] = {"telemetry.otlp_endpoint": kept.address}
        if trusted:
            overrides["network.ca_file"] = cert
        with house_in(tmp_path / "data", **overrides) as house:
            app = app_of(house)
            ask(app, "/health")
            app.traces.close()
    assert [name for name, _ in kept.spans()] == (["GET /health"] if trusted else [])


def test_a_bad_authority_stops_the_start(tmp_path: Path) -> None:
    """A file without certificates is refused with the setting's name."""
    (tmp_path / "ca.pem").write_text("no certificate")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        overrides = {"telemetry.otlp_endpoint": "https://127.0.0.1:1/", "network.ca_file": path}
        with pytest.raises(InvalidError) as caught:
            Traces(settings_for(tmp_path / "data", "", **overrides))
        assert caught.value.field == "network.ca_file"


def test_without_an_address_nothing_is_traced(tmp_path: Path) -> None:
    """Without an address the application is not even wrapped."""
    traces = Traces(settings_for(tmp_path / "data"))

    async def app(*_arguments: object) -> None: ...

    assert traces.around(app) is app
    traces.close()


@pytest.mark.slow
def test_without_the_library_the_start_is_refused(tmp_path: Path) -> None:
    """Traces asked for without their library stop the start and say what to install."""
    program = [sys.executable, "-c", _WITHOUT]
    environment = {"MUNIMENT_TELEMETRY_OTLP_ENDPOINT": "http://127.0.0.1:1/v1/traces"}
    data = str(tmp_path / "data")
    ended = command("up", "--data", data, "--port", "0", environment=environment, program=program)
    assert ended.returncode == 2
    assert "pip install 'muniment[otel]'" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_what_is_left_is_sent_at_the_end(tmp_path: Path) -> None:
    """A stopped server sends the spans it still holds before it ends."""
    with collector() as kept:
        environment = {"MUNIMENT_TELEMETRY_OTLP_ENDPOINT": kept.address}
        data = str(tmp_path / "data")
        with started("up", "--data", data, "--port", "0", environment=environment) as server:
            urllib.request.urlopen(f"{server.address}/version").read()
            assert server.stop() == 0
    assert [name for name, _ in kept.spans()] == ["GET /version"]


def test_the_certificate_is_for_this_machine(tmp_path: Path) -> None:
    """The certificate the tests make is valid now and for loopback."""
    from cryptography import x509  # noqa: PLC0415 only here

    cert = x509.load_pem_x509_certificate(self_signed(tmp_path)[0].read_bytes())
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("127.0.0.1") in names.get_values_for_type(x509.IPAddress)
    assert cert.not_valid_after_utc > dt.datetime.now(dt.UTC)
