"""OpenTelemetry traces, behind a setting: one span for each request, names and numbers only."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any, TypeVar

from muniment.core.errors import InvalidError
from muniment.server.middleware import App, Message, Receive, Scope, Send, route_of
from muniment.settings import Settings

T = TypeVar("T")


class Traces:
    """Sends spans to an OTLP/HTTP address, if one is configured."""

    def __init__(self, settings: Settings) -> None:
        self._tracer: Any = None
        self._provider: Any = None
        if settings.telemetry.otlp_endpoint:
            self._provider = _provider(settings)
            self._tracer = self._provider.get_tracer("muniment")

    def around(self, app: App) -> App:
        """Wrap an application so that each of its requests becomes a span."""
        if self._tracer is None:
            return app
        tracer = self._tracer

        async def traced(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            # An exception's message may quote content, so none becomes part of a span.
            with tracer.start_as_current_span(
                "http", record_exception=False, set_status_on_exception=False
            ) as span:
                span.set_attribute("http.request.method", scope["method"])
                span.set_attribute("muniment.request", scope["state"]["request_id"])

                async def sending(message: Message) -> None:
                    if message["type"] == "http.response.start":
                        span.set_attribute("http.response.status_code", message["status"])
                    await send(message)

                try:
                    await app(scope, receive, sending)
                finally:  # only now the router has said which route it was
                    route = route_of(scope)
                    span.set_attribute("http.route", route)
                    span.update_name(f"{scope['method']} {route}")

        return traced

    def without(self, shortcut: T) -> T | None:
        """Give what passes spans by, if there are none."""
        return shortcut if self._tracer is None else None

    def close(self) -> None:
        """Send what is left."""
        if self._provider is not None:
            self._provider.shutdown()


def _provider(settings: Settings) -> Any:  # noqa: ANN401 an optional library's type
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from requests import Session  # noqa: PLC0415
    except ImportError as error:
        raise InvalidError(
            "traces need OpenTelemetry, which is not installed",
            field="telemetry.otlp_endpoint",
            remedy="Run pip install 'muniment[otel]', or leave the setting empty.",
        ) from error
    network = settings.network
    session = Session()
    session.trust_env = False  # only the settings say which way leads outside
    if network.proxy_url:
        session.proxies = {"http": network.proxy_url, "https": network.proxy_url}
    if network.ca_file is not None:
        session.mount("https://", _adapter(network.ca_file))
    resource = Resource.create({"service.name": settings.telemetry.service_name})
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=settings.telemetry.otlp_endpoint, session=session)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _adapter(ca_file: Path) -> Any:  # noqa: ANN401 an optional library's type
    """Trust a private authority beside the public ones."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    trust = ssl.create_default_context()
    try:
        trust.load_verify_locations(ca_file)
    except OSError as error:
        raise InvalidError(
            f"{ca_file} cannot be read as certificates: {error.strerror or error}",
            field="network.ca_file",
            remedy="Give a PEM file with the authority's certificate.",
        ) from error

    class Trusting(HTTPAdapter):
        """Connects, and through a proxy too, with that trust."""

        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            super().init_poolmanager(*arguments, **options, ssl_context=trust)

        def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401
            return super().proxy_manager_for(proxy, **options, ssl_context=trust)

    return Trusting()
