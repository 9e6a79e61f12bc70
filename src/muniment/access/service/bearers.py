"""Programs that show a token of an issuer we trust, or a certificate a proxy has checked.

Both name a service that an admin has linked; an unknown name opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from muniment.access import store
from muniment.access.models import Holder, HolderKind, Issuer, IssuerUse
from muniment.access.rules.secrets import secret_digest
from muniment.access.rules.tokens import (
    Wanted,
    expiry,
    read_header,
    require_claims,
    unverified_issuer,
    verified_claims,
)
from muniment.access.service.gate import standing_of
from muniment.access.service.guessing import SIGN_IN
from muniment.access.service.issuers import CLIENT_NAMES, keys_for
from muniment.access.service.reception import Reception
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import InvalidError, MunimentError
from muniment.db import Work


def is_token(text: str) -> bool:
    """Tell whether a bearer looks like a signed token rather than a key of ours."""
    return text.count(".") == 2


def identify_token(reception: Reception, token: str) -> Actor | None:
    """Find which service a token stands for; nobody, if anything of it does not hold."""
    issuer = _issuer(reception, unverified_issuer(token))
    if issuer is None:
        return None
    try:
        return _checked(reception, issuer, token)
    except MunimentError:
        return None


def signed_subject(reception: Reception, token: str) -> str | None:
    """Say about whom a token speaks that an issuer we trust has signed; else nobody."""
    issuer = _issuer(reception, unverified_issuer(token)) if is_token(token) else None
    if issuer is None:
        return None
    try:
        claims, _ = _claims(reception, issuer, token)
    except MunimentError:
        return None
    return str(claims["sub"])


def identify_client(reception: Reception, name: str) -> Actor | None:
    """Find which service the name of a client certificate stands for."""
    if not name or len(name) > 400 or not name.isprintable():
        return None
    with reception.database.look(SIGN_IN) as work:
        found = store.workload(work, CLIENT_NAMES, name)
        return _acting(work, found.service_id, CLIENT_NAMES) if found else None


def _issuer(reception: Reception, url: str) -> Issuer | None:
    if not url:
        return None
    with reception.database.look(SIGN_IN) as work:
        for each in store.all_issuers(work):
            if each.active and each.use is IssuerUse.WORKLOADS and each.url == url:
                return each
    return None


def _claims(
    reception: Reception, issuer: Issuer, token: str
) -> tuple[Mapping[str, Any], timedelta]:
    """Read what a token says, if its signature, its issuer, its audience and its times hold."""
    trust = issuer.trust
    algorithm, kid = read_header(token, trust.algorithms)
    claims = verified_claims(token, keys_for(reception, issuer, kid, algorithm), kid, algorithm)
    wanted = Wanted(
        issuer.url,
        trust.audience,
        reception.database.clock.now(),
        timedelta(seconds=reception.settings.access.clock_skew_seconds),
        max_age=timedelta(seconds=trust.max_age_seconds),
    )
    require_claims(claims, wanted)
    return claims, wanted.skew


def _checked(reception: Reception, issuer: Issuer, token: str) -> Actor | None:
    claims, skew = _claims(reception, issuer, token)
    with reception.database.look(SIGN_IN) as work:
        found = store.workload(work, issuer.id, str(claims["sub"]))
        if found is None or any(str(claims.get(name)) != value for name, value in found.claims):
            return None
        actor = _acting(work, found.service_id, issuer.id)
    if actor is not None and issuer.trust.single_use:
        _use_up(reception, issuer, claims.get("jti"), expiry(claims) + skew)
    return actor


def _use_up(reception: Reception, issuer: Issuer, jti: object, until: datetime) -> None:
    if not isinstance(jti, str) or not jti:
        raise InvalidError("a token that counts once must have a name of its own")
    digest = secret_digest(f"{issuer.id} {jti}", of="token")
    with reception.database.work(SIGN_IN) as work:
        if not store.take_token(work, digest, until):
            raise InvalidError("the token was used before")


def _acting(work: Work, service_id: str, via: str) -> Actor | None:
    standing = standing_of(work, Holder(HolderKind.SERVICE, service_id))
    if standing.problem:
        return None
    return Actor(ActorKind.SERVICE, service_id, f"token:{via}")
