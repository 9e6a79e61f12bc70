"""Find out who calls: a key, or a token of an issuer we trust; nothing else names a caller."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from muniment import access
from muniment.core.actor import Actor
from muniment.core.errors import UnauthenticatedError
from muniment.db import require_may_wait
from muniment.gateway.exchange import Call
from muniment.gateway.means import Means

_HOW: Final = "Send a key, as in Authorization: Bearer mun_…."


def identify(call: Call, means: Means) -> Call:
    """Say who calls, or refuse; failures are counted by source, so a flood fills no log."""
    headers = call.received.headers
    means.turned_away.write_if_due()
    shown = _shown(headers.get("authorization", ""), headers.get("x-api-key", ""))
    try:
        actor = _behind(shown, means)
    except UnauthenticatedError:
        means.turned_away.note(call.received.address, "key")
        raise
    return replace(call, actor=actor)


def _behind(shown: str, means: Means) -> Actor:
    if not access.is_token(shown):
        return means.keybook.identify(shown)
    require_may_wait()  # its issuer may have to be asked for keys
    actor = access.identify_token(means.reception, shown)
    if actor is None:
        raise UnauthenticatedError("this token opens nothing here", remedy=_HOW)
    return actor


def _shown(authorization: str, key: str) -> str:
    if authorization and key:
        secret = authorization.partition(" ")[2]
        if secret.strip() != key.strip():
            raise UnauthenticatedError("two keys were sent", remedy="Send one, in one header.")
        return key.strip()
    if key:
        return key.strip()
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise UnauthenticatedError("nobody we know is calling", remedy=_HOW)
    return secret.strip()
