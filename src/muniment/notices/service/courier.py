"""What every way of telling needs, in one value: keys that seal, plug-ins that carry, our address.

Targets, secrets and people's addresses are sealed by the keyring, bound to the row they stand in;
they are opened only to be sent to.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast
from urllib.parse import quote

from muniment.core.clock import Clock
from muniment.core.errors import InvalidError
from muniment.ledger import Log
from muniment.net import Fetcher
from muniment.notices import rules
from muniment.notices.models import Channel, Secrets, Subscription
from muniment.plugins import LoadedPlugin, build, load
from muniment.plugins.sockets import Keyring, Notifier
from muniment.settings import Settings

NOTIFIER_GROUP: Final = "muniment.notifiers"
_PURPOSE: Final = "notices"


@dataclass(frozen=True, slots=True)
class CarefulOutside:
    """What notifiers may do: requests that are judged like all outgoing ones."""

    fetcher: Fetcher
    clock: Clock

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send bytes to an address and give the status of the answer."""
        return self.fetcher.post(url, body, headers=headers).status

    def require(self, url: str) -> None:
        """Refuse an address that may never be reached."""
        self.fetcher.require(url)

    def require_host(self, host: str, port: int) -> None:
        """Refuse a host that leads to a place that may not be reached."""
        self.fetcher.require_host(host, port)

    def now(self) -> datetime:
        """Give the time of day."""
        return self.clock.now()


@dataclass(frozen=True, slots=True)
class Courier:
    """Seals, opens and carries."""

    settings: Settings
    log: Log
    keyring: Callable[[], Keyring]
    notifiers: Mapping[str, Notifier]
    alarms_sent: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> str:
        """Give the address people use for this installation."""
        server = self.settings.server
        if server.public_url:
            return server.public_url.rstrip("/")
        scheme = "https" if server.tls_cert else "http"
        host = f"[{server.host}]" if ":" in server.host else server.host
        return f"{scheme}://{host}:{server.port}"

    def notifier(self, via: str) -> Notifier:
        """Find the plug-in of a name."""
        try:
            return self.notifiers[via]
        except KeyError:
            raise InvalidError(
                f"there is no notifier {via[:40]!r} here",
                field="via",
                remedy=f"Use one of {', '.join(self.notifiers) or 'none'}; see notices.notifiers.",
            ) from None

    def seal(self, channel_id: str, secrets: Secrets) -> tuple[str, str]:
        """Seal what a channel keeps; give the key's id and the sealed text."""
        told = [secrets.target, secrets.secret, secrets.old_secret]
        return self._seal(json.dumps(told), f"muniment channel {channel_id}")

    def open(self, channel: Channel) -> Secrets:
        """Open what a channel keeps."""
        context = f"muniment channel {channel.id}"
        return Secrets(*json.loads(self._open(channel.key_id, channel.sealed, context)))

    def seal_address(self, subscription_id: str, address: str) -> tuple[str, str]:
        """Seal a person's address."""
        return self._seal(address, f"muniment subscription {subscription_id}")

    def address_of(self, subscription: Subscription) -> str:
        """Open a person's address; a role's subscription has none."""
        if not subscription.sealed:
            return ""
        context = f"muniment subscription {subscription.id}"
        return self._open(subscription.key_id, subscription.sealed, context)

    def place(self, channel: Channel, secrets: Secrets, address: str) -> str:
        """Give where a message goes: the channel's target, with a person's address in its place."""
        if not channel.personal:
            return secrets.target
        return rules.placed(secrets.target, quote(address, safe=""))

    def _seal(self, secret: str, context: str) -> tuple[str, str]:
        keyring = self.keyring()
        key_id = keyring.current(_PURPOSE)
        sealed = keyring.wrap(key_id, secret.encode(), context.encode())
        return key_id, base64.b64encode(sealed).decode()

    def _open(self, key_id: str, sealed: str, context: str) -> str:
        return self.keyring().unwrap(key_id, base64.b64decode(sealed), context.encode()).decode()


def load_notifiers(settings: Settings) -> tuple[LoadedPlugin, ...]:
    """Load the code of the notifiers that the settings name; a failure stops the start."""
    allow = settings.plugins.allow
    return tuple(load(NOTIFIER_GROUP, name, allow=allow) for name in settings.notices.notifiers)


def make_courier(
    settings: Settings,
    log: Log,
    fetcher: Fetcher,
    plugins: tuple[LoadedPlugin, ...],
) -> Courier:
    """Build the courier of this installation."""
    outside = CarefulOutside(fetcher, log.database.clock)
    made = {each.name: cast("Notifier", build(each, settings, outside)) for each in plugins}
    return Courier(settings, log, log.keyring, made)
