"""Who may vouch for people and programs: named by an admin, fetched with care, checked in words.

What an issuer publishes about itself is kept for a while and asked for again when a token names a
key that is not among those known, so that keys may be changed; but not more than once a minute,
whatever tokens come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from muniment.access import store
from muniment.access.models import (
    Issuer,
    IssuerUse,
    ServiceId,
    Trust,
    Workload,
)
from muniment.access.rules.tokens import has_key
from muniment.access.rules.vouching import require_issuer
from muniment.access.service.gate import all_roles, require
from muniment.access.service.reception import Reception
from muniment.core.digest import digest_value
from muniment.core.errors import InvalidError, MunimentError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.signin import IssuerSet, WorkloadLinked, WorkloadUnlinked

CLIENT_NAMES: Final = "client-certificate"
_MANAGE: Final = "access.manage_sign_in"
_FRESH_SECONDS: Final = 3_600.0
_AGAIN_SECONDS: Final = 60.0
_MOST_KEYS: Final = 100


@dataclass(frozen=True, slots=True)
class Published:
    """What an issuer says of itself: where to go, and its keys."""

    authorization: str
    token: str
    jwks: str
    userinfo: str = ""
    end_session: str = ""
    token_auth: tuple[str, ...] = ("client_secret_basic",)
    says_issuer: bool = False


@dataclass(frozen=True, slots=True)
class IssuerFinding:
    """One thing that was looked at of an issuer, and what to do if it does not hold."""

    ok: bool
    says: str


def add_issuer(
    reception: Reception,
    work: Work,
    *,
    name: str,
    url: str,
    use: IssuerUse,
    client_id: str = "",
    client_secret: str = "",
    trust: Trust | None = None,
) -> Issuer:
    """Trust somebody to vouch for people, or for programs."""
    require(work, _MANAGE)
    reception.fetcher.require(url)
    issuer = Issuer(
        id=work.new_id("iss"),
        name=name.strip()[:100] or url,
        url=url,
        use=use,
        client_id=client_id,
        trust=trust or Trust(),
        active=True,
        created_at=work.now,
    )
    _require_roles(work, require_issuer(issuer))
    if any(each.url == url and each.use is use for each in store.all_issuers(work)):
        raise InvalidError("this issuer is trusted already", field="url", remedy="Change that one.")
    issuer = _sealed(reception, issuer, client_secret) if client_secret else issuer
    store.add_issuer(work, issuer)
    record(work, _set(issuer))
    return issuer


def change_issuer(
    reception: Reception,
    work: Work,
    issuer: Issuer,
    *,
    trust: Trust | None = None,
    active: bool | None = None,
    client_secret: str = "",
) -> Issuer:
    """Believe something else of an issuer, or nothing any more."""
    require(work, _MANAGE)
    changed = replace(
        issuer,
        trust=issuer.trust if trust is None else trust,
        active=issuer.active if active is None else active,
    )
    _require_roles(work, require_issuer(changed))
    changed = _sealed(reception, changed, client_secret) if client_secret else changed
    store.save_issuer(work, changed)
    record(work, _set(changed))
    return replace(changed, version=issuer.version + 1)


def find_issuer(work: Work, issuer_id: str) -> Issuer:
    """Find an issuer, active or not."""
    found = store.issuer(work, issuer_id)
    if found is None:
        raise NotFoundError(
            "there is no such issuer",
            subject=issuer_id[:60],
            remedy="See `muniment access sso list`.",
        )
    return found


def issuers(work: Work, use: IssuerUse | None = None) -> tuple[Issuer, ...]:
    """List who vouches for others."""
    return tuple(each for each in store.all_issuers(work) if use is None or each.use is use)


def link_workload(
    work: Work,
    issuer_id: str,
    subject: str,
    service_id: ServiceId,
    claims: Mapping[str, str] | None = None,
) -> Workload:
    """Let a name that an issuer gives a program stand for one of our services."""
    require(work, _MANAGE)
    if issuer_id != CLIENT_NAMES and find_issuer(work, issuer_id).use is not IssuerUse.WORKLOADS:
        raise InvalidError("this issuer vouches for people", field="issuer")
    if not subject or len(subject) > 400 or not subject.isprintable():
        raise InvalidError("this is not a subject", field="subject", remedy="Copy it from a token.")
    store.service(work, service_id)
    linked = Workload(issuer_id, subject, service_id, tuple(sorted((claims or {}).items())))
    store.set_workload(work, linked)
    record(work, WorkloadLinked(service_id, issuer_id))
    return linked


def workloads(work: Work, issuer_id: str = "") -> tuple[Workload, ...]:
    """List the names that stand for services, of one issuer or of all."""
    require(work, _MANAGE)
    return tuple(each for each in store.all_workloads(work) if issuer_id in ("", each.issuer_id))


def unlink_workload(work: Work, issuer_id: str, subject: str) -> None:
    """Let a name stand for nothing any more."""
    require(work, _MANAGE)
    found = store.workload(work, issuer_id, subject)
    if found is None:
        raise NotFoundError("this name stands for nothing", field="subject")
    store.remove_workload(work, issuer_id, subject)
    record(work, WorkloadUnlinked(found.service_id, issuer_id))


def published(reception: Reception, issuer: Issuer, *, again: bool = False) -> Published:
    """Read what an issuer says of itself; it must call itself as we do."""
    told = _kept(reception, f"about {issuer.id} {issuer.url}", 0.0 if again else _FRESH_SECONDS)
    if isinstance(told, Published):
        return told
    document = _fetched(reception, f"{issuer.url.rstrip('/')}/.well-known/openid-configuration")
    if document.get("issuer") != issuer.url:
        raise InvalidError(
            f"it calls itself {str(document.get('issuer'))[:100]!r}, not {issuer.url!r}",
            field="url",
            remedy="Write the issuer exactly as it writes itself.",
        )
    made = Published(
        authorization=_address(reception, document, "authorization_endpoint", issuer),
        token=_address(reception, document, "token_endpoint", issuer),
        jwks=_address(reception, document, "jwks_uri", None),
        userinfo=_address(reception, document, "userinfo_endpoint", None, optional=True),
        end_session=_address(reception, document, "end_session_endpoint", None, optional=True),
        token_auth=_texts(document.get("token_endpoint_auth_methods_supported"))
        or ("client_secret_basic",),
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )
    _keep(reception, f"about {issuer.id} {issuer.url}", made)
    return made


def keys_for(
    reception: Reception, issuer: Issuer, kid: str, algorithm: str
) -> Sequence[Mapping[str, Any]]:
    """Give the keys of an issuer; asked for again if none of those known could have signed."""
    name = f"keys {issuer.id} {issuer.url}"
    known = _kept(reception, name, _FRESH_SECONDS)
    if isinstance(known, tuple) and has_key(known, kid, algorithm):
        return known
    if isinstance(known, tuple) and _kept(reception, name, _AGAIN_SECONDS) is not None:
        return known
    document = _fetched(reception, published(reception, issuer).jwks)
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise InvalidError("the issuer's key set holds no keys", subject=issuer.id)
    found = tuple(each for each in keys[:_MOST_KEYS] if isinstance(each, dict))
    _keep(reception, name, found)
    return found


def check_issuer(reception: Reception, issuer: Issuer) -> tuple[IssuerFinding, ...]:
    """Look at everything a sign-in through an issuer needs, and say in words what does not hold."""
    try:
        told = published(reception, issuer, again=True)
    except MunimentError as error:
        return (IssuerFinding(ok=False, says=f"Its configuration cannot be used: {error}"),)
    found = [IssuerFinding(ok=True, says=f"It calls itself {issuer.url}, as we do.")]
    try:
        document = _fetched(reception, told.jwks)
        keys = [each for each in document.get("keys", []) if isinstance(each, dict)]
    except MunimentError as error:
        return (*found, IssuerFinding(ok=False, says=f"Its keys cannot be read: {error}"))
    for algorithm in issuer.trust.algorithms:
        there = has_key(keys, "", algorithm)
        word = "has a key" if there else "has no key"
        found.append(IssuerFinding(ok=there, says=f"It {word} for {algorithm}."))
    if any(each.ok for each in found[1:]):  # one algorithm that works is enough to sign in
        found = [each for each in found if each.ok]
    if issuer.use is IssuerUse.PEOPLE:
        secret = "with" if issuer.sealed_secret else "without"
        found.append(
            IssuerFinding(ok=True, says=f"We are {issuer.client_id!r} there, {secret} a secret.")
        )
        ends = "also ends" if told.end_session else "does not end"
        found.append(IssuerFinding(ok=True, says=f"Signing out here {ends} the session there."))
    return tuple(found)


def client_secret(reception: Reception, issuer: Issuer) -> str:
    """Open the secret by which an issuer knows us; empty if there is none."""
    if not issuer.sealed_secret:
        return ""
    return reception.unseal(issuer.key_id, issuer.sealed_secret, _context(issuer)).decode()


def _sealed(reception: Reception, issuer: Issuer, secret: str) -> Issuer:
    key_id, sealed = reception.seal(secret.encode(), _context(issuer))
    return replace(issuer, key_id=key_id, sealed_secret=sealed)


def _context(issuer: Issuer) -> str:
    return f"muniment issuer {issuer.id} {issuer.url}"


def _set(issuer: Issuer) -> IssuerSet:
    told = {"url": issuer.url, "client": issuer.client_id, "trust": issuer.trust.as_json()}
    return IssuerSet(issuer.id, issuer.use.value, issuer.active, digest_value(told))


def _require_roles(work: Work, issuer: Issuer) -> None:
    known = all_roles(work)
    for each in issuer.trust.group_roles:
        if each.role not in known:
            raise InvalidError(
                f"there is no role {each.role[:60]!r}",
                field="group_roles",
                remedy="See `muniment access roles`.",
            )


def _fetched(reception: Reception, url: str) -> dict[str, Any]:
    answer = reception.fetcher.get(url)
    if answer.status != 200:
        raise InvalidError(
            f"{url} answers {answer.status}",
            remedy="Check the issuer's address; redirects end here.",
        )
    return answer.json()


def _address(
    reception: Reception,
    document: Mapping[str, Any],
    name: str,
    issuer: Issuer | None,
    *,
    optional: bool = False,
) -> str:
    url = document.get(name)
    needless = optional or (issuer is not None and issuer.use is IssuerUse.WORKLOADS)
    if not isinstance(url, str):
        if needless:
            return ""
        raise InvalidError(f"its configuration names no {name}", field="url")
    reception.fetcher.require(url)
    return url


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _kept(reception: Reception, name: str, seconds: float) -> object:
    kept = reception.known.get(name)
    if kept is None or reception.database.clock.monotonic() - kept[0] >= seconds:
        return None
    return kept[1]


def _keep(reception: Reception, name: str, value: object) -> None:
    reception.known[name] = (reception.database.clock.monotonic(), value)
