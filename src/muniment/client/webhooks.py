"""For who receives webhooks: is this really from Muniment, is it fresh, and is it the first time?

The form is that of Standard Webhooks, so every library for it will do as well. Give the body as it
came, byte for byte; JSON that was parsed and written anew has another signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Final

TOLERANCE_SECONDS: Final = 300
_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"
_MOST_SIGNATURES: Final = 10


class WebhookError(Exception):
    """This message is not to be believed."""


class ReplayGuard:
    """Remembers the ids that came, so that a message sent twice is taken once.

    It holds them in this process; who runs several keeps the ids in their database instead.
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._seen: OrderedDict[str, None] = OrderedDict()

    def is_new(self, message_id: str) -> bool:
        """Tell whether an id comes for the first time, and remember it."""
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True


def verify_webhook(
    body: bytes,
    headers: Mapping[str, str],
    secrets: str | Iterable[str],
    *,
    now: float | None = None,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> dict[str, Any]:
    """Give what a message says if it is signed with one of the secrets and is fresh, or refuse."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id = given.get("webhook-id", "")
    stamped = given.get("webhook-timestamp", "")
    if not message_id or not stamped.isascii() or not stamped.isdigit():
        raise WebhookError("it has no webhook-id or no webhook-timestamp")
    at = time.time() if now is None else now  # noqa: TID251 whoever receives has no clock of ours
    if abs(at - int(stamped[:15])) > tolerance_seconds:
        raise WebhookError("it is too old, or from the future")
    signed = f"{message_id}.{stamped}.".encode() + body
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    wanted = [hmac.new(_key(each), signed, hashlib.sha256).digest() for each in known]
    shown = list(_signatures(given.get("webhook-signature", "")))
    # Every pair is compared, so that the time taken tells nothing.
    matches = [hmac.compare_digest(one, other) for one in wanted for other in shown]
    if not any(matches):
        raise WebhookError("no signature fits")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WebhookError("its body is not JSON") from error
    if not isinstance(found, dict):
        raise WebhookError("its body is not a JSON object")
    return found


def _key(secret: str) -> bytes:
    try:
        found = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if not found:
        raise WebhookError("the secret is not of the form whsec_…")
    return found


def _signatures(text: str) -> Iterable[bytes]:
    for each in text.split(" ")[:_MOST_SIGNATURES]:
        version, _, value = each.partition(",")
        if version == _VERSION:
            try:
                yield base64.b64decode(value, validate=True)
            except (ValueError, binascii.Error):
                continue
