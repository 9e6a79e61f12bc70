"""Webhooks in the Standard Webhooks form: signed, with an id and a time that refuse replays.

The signature covers id, time and body: HMAC-SHA-256 over `id.timestamp.body`, in base64 after
`v1,`. While a secret is being replaced there are two signatures, one for each. The id stays the
same when a message is sent again, so a receiver that remembers ids takes each message once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Final

from muniment.core.clock import stamp
from muniment.core.errors import ForbiddenError, InvalidError, UnavailableError
from muniment.plugins.sockets import Delivery, Message, Outside
from muniment.settings import Settings

_PREFIX: Final = "whsec_"
_TYPE: Final = "notice.sent"
_GONE: Final = 410


class WebhookNotifier:
    """Posts a message as signed JSON."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    @classmethod
    def from_settings(cls, _settings: Settings, outside: Outside) -> WebhookNotifier:
        """Make it; its addresses and secrets come with each message."""
        return cls(outside)

    def require(self, to: str) -> None:
        """Refuse what is not an https address that may be reached."""
        self._outside.require(to)

    def send(self, message: Message) -> tuple[Delivery, str]:
        """Post it; whoever answers with 2xx has taken it, with 410 wants no more."""
        if not message.secrets:
            return Delivery.NEVER, "there is no secret to sign with"
        seconds = int(self._outside.now().timestamp())
        body = self.body(message)
        headers = {
            "content-type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(
                signature(secret, message.id, seconds, body) for secret in message.secrets
            ),
        }
        try:
            status = self._outside.post(message.to, body, headers)
        except (ForbiddenError, InvalidError):
            return Delivery.NEVER, "its address may not be reached"
        except UnavailableError:
            return Delivery.TRY_LATER, "it does not answer"
        return _judged(status)

    def body(self, message: Message) -> bytes:
        """Write what is signed: the kind of message, when it is sent, and the facts."""
        told = {
            "type": _TYPE,
            "timestamp": stamp(self._outside.now()),
            "data": {
                "id": message.id,
                "title": message.title,
                "severity": message.severity,
                "link": message.link,
                "notices": [dict(each) for each in message.facts],
            },
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """Sign a message the way Standard Webhooks does."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _judged(status: int) -> tuple[Delivery, str]:
    if 200 <= status < 300:
        return Delivery.DELIVERED, f"it answered {status}"
    if status == _GONE:
        return Delivery.NEVER, "it answered 410: it wants no more"
    return Delivery.TRY_LATER, f"it answered {status}"
