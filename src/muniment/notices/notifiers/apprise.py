"""Mail, Slack, Teams, PagerDuty and the like, through apprise.

apprise is an extra and is imported when the first message leaves. It makes its own connections, so
what it may reach is judged before: only sorts of addresses that the settings name, and hosts that
stand in an address are looked up and judged as every other outgoing request is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

from muniment.core.errors import (
    ForbiddenError,
    InvalidError,
    MunimentError,
    UnavailableError,
)
from muniment.plugins.sockets import Delivery, Message, Outside
from muniment.settings import Settings

_TYPES: Final[Mapping[str, str]] = {"info": "info", "look": "warning", "urgent": "failure"}
_MAIL_PORT: Final = 587


class AppriseNotifier:
    """Hands a message to apprise."""

    def __init__(self, outside: Outside, services: tuple[str, ...]) -> None:
        self._outside = outside
        self._services = frozenset(services)

    @classmethod
    def from_settings(cls, settings: Settings, outside: Outside) -> AppriseNotifier:
        """Make it with the sorts of addresses that may be used."""
        return cls(outside, settings.notices.apprise_services)

    def require(self, to: str) -> None:
        """Refuse an address of a sort that is not allowed, or that apprise cannot read."""
        self._made(_module(), to)

    def send(self, message: Message) -> tuple[Delivery, str]:
        """Send it by the service its address names."""
        try:
            module = _module()
            service = self._made(module, message.to)
        except UnavailableError as error:
            return Delivery.TRY_LATER, error.message
        except (ForbiddenError, InvalidError) as error:
            return Delivery.NEVER, error.message
        outbox = module.Apprise(asset=_asset(module))
        outbox.add(service)
        body = f"{message.body}\n\n{message.link}\n{message.id}"
        try:
            taken = outbox.notify(
                body=body, title=message.title, notify_type=_TYPES[message.severity]
            )
        except (OSError, TypeError, ValueError) as error:
            return Delivery.TRY_LATER, f"it could not be handed over: {type(error).__name__}"
        if taken:
            return Delivery.DELIVERED, "the service took it"
        return Delivery.TRY_LATER, "the service did not take it"

    def _made(self, module: ModuleType, to: str) -> Any:  # noqa: ANN401 apprise's own objects
        sort = to.partition("://")[0].lower()
        if sort not in self._services:
            raise ForbiddenError(
                f"addresses that begin with {sort[:20]!r} may not be used here",
                field="target",
                remedy="Use another sort, or allow it in notices.apprise_services.",
            )
        service = module.Apprise.instantiate(to, asset=_asset(module))
        if service is None:
            raise InvalidError(
                "apprise cannot read this address",
                field="target",
                remedy="See apprise's page of this service for how it is written.",
            )
        self._require_reachable(service)
        return service

    def _require_reachable(self, service: Any) -> None:  # noqa: ANN401 apprise's own objects
        """Judge the host an address names; services with a fixed address name none."""
        named = any("{host}" in template for template in getattr(type(service), "templates", ()))
        host = getattr(service, "smtp_host", "") or (service.host if named else "")
        if not host:
            return
        try:
            self._outside.require_host(str(host), int(service.port or _MAIL_PORT))
        except MunimentError as error:
            error.field = "target"
            raise


def _asset(module: ModuleType) -> Any:  # noqa: ANN401 apprise's own objects
    return module.AppriseAsset(app_id="Muniment", app_desc="Muniment", app_url="")


def _module() -> ModuleType:
    try:
        import apprise  # noqa: PLC0415 an extra, loaded when it is needed
    except ImportError as error:
        raise UnavailableError(
            "apprise is not installed",
            field="via",
            remedy="Run: pip install 'muniment[notify]'",
        ) from error
    found: ModuleType = apprise
    return found
