"""OpenTelemetry traces, behind a setting: one span for each request, names and numbers only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.types import ASGIApp

from muniment.core.errors import InvalidError
from muniment.settings import Settings


class Traces:
    """Sends spans to an OTLP/HTTP address, if one is configured."""

    def __init__(self, settings: Settings) -> None:
        self._tracer: Any = None
        self._provider: Any = None
        if settings.telemetry.otlp_endpoint:
            self._provider = _provider(settings)
            self._tracer = self._provider.get_tracer("muniment")

    def around(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that each of its requests becomes a span."""
        if self._tracer is None:
            return app
        tracer = self._tracer

        async def traced(
            scope: MutableMapping[str, Any],
            receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
            send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
        ) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            with tracer.start_as_current_span(f"http {scope['method']}") as span:
                span.set_attribute("http.request.method", scope["method"])
                span.set_attribute("muniment.request", scope["state"]["request_id"])

                async def sending(message: MutableMapping[str, Any]) -> None:
                    if message["type"] == "http.response.start":
                        span.set_attribute("http.response.status_code", message["status"])
                        route = getattr(scope.get("route"), "path", "(no route)")
                        span.update_name(f"{scope['method']} {route}")
                    await send(message)

                await app(scope, receive, sending)

        return traced

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
    except ImportError as error:
        raise InvalidError(
            "traces need OpenTelemetry, which is not installed",
            field="telemetry.otlp_endpoint",
            remedy="Run pip install 'muniment[otel]', or leave the setting empty.",
        ) from error
    resource = Resource.create({"service.name": settings.telemetry.service_name})
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint=settings.telemetry.otlp_endpoint)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
