"""What an issuer says of a person, as far as it is believed; and which roles groups give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from muniment.access.models import ALGORITHMS, Claims, GroupRole, Issuer, IssuerUse, Scope, Trust
from muniment.core.errors import InvalidError

_MOST_GROUPS: Final = 2_000
_MANY_FACTORS: Final = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc", "ngcmfa"})


def read_claims(claims: Mapping[str, Any], trust: Trust) -> Claims:
    """Read who it is, and what is said of them."""
    groups = claims.get(trust.groups_claim)
    if isinstance(groups, str):
        groups = [groups]
    known = isinstance(groups, list)
    methods = claims.get("amr")
    return Claims(
        subject=str(claims["sub"]),
        email=_text(claims.get("email")),
        email_verified=claims.get("email_verified") in (True, "true"),
        name=_text(claims.get("name")) or _text(claims.get("preferred_username")),
        groups=tuple(str(each) for each in (groups or [])[:_MOST_GROUPS]) if known else (),
        groups_known=known,
        methods=tuple(map(str, methods)) if isinstance(methods, list) else (),
    )


def is_strong(claims: Claims, trust: Trust) -> bool:
    """Tell whether the issuer asked for more than one factor, as it says itself or as we know."""
    return trust.strong or bool(_MANY_FACTORS.intersection(claims.methods))


def may_link_by_email(claims: Claims, trust: Trust) -> bool:
    """Tell whether an address alone may say that this is somebody we know."""
    if not (trust.trust_email and claims.email_verified and claims.email):
        return False
    return in_domains(claims.email, trust)


def in_domains(email: str, trust: Trust) -> bool:
    """Tell whether an address lies in the domains an issuer may speak for; none named: in all."""
    domain = email.rpartition("@")[2].casefold()
    return not trust.email_domains or domain in {each.casefold() for each in trust.email_domains}


def roles_of(groups: Iterable[str], mapping: Iterable[GroupRole]) -> frozenset[tuple[str, Scope]]:
    """Give the roles that follow from groups, each with its scope."""
    inside = frozenset(groups)
    return frozenset((each.role, each.scope) for each in mapping if each.group in inside)


def require_issuer(issuer: Issuer) -> Issuer:
    """Refuse an issuer that could not be trusted safely."""
    split = urlsplit(issuer.url)
    if split.scheme not in ("https", "http") or not split.hostname or split.query or split.fragment:
        raise InvalidError("this is not an issuer", field="url", remedy="Write https://host/path.")
    unknown = [each for each in issuer.trust.algorithms if each not in ALGORITHMS]
    if unknown or not issuer.trust.algorithms:
        raise InvalidError(
            f"{', '.join(unknown) or 'no algorithm'} cannot be trusted",
            field="algorithms",
            remedy=f"Choose from {', '.join(ALGORITHMS)}.",
        )
    if issuer.use is IssuerUse.PEOPLE and not issuer.client_id:
        raise InvalidError(
            "we have no name at this issuer", field="client_id", remedy="Register this console."
        )
    if issuer.use is IssuerUse.WORKLOADS and not issuer.trust.audience:
        raise InvalidError(
            "tokens of this issuer could be for anybody",
            field="audience",
            remedy="Name the audience that its tokens for us carry.",
        )
    return issuer


def _text(said: object) -> str:
    return said if isinstance(said, str) else ""
