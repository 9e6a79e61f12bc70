"""Whether a signed token says what it must: signature, issuer, audience, times, nonce.

Which algorithms count is decided by whom we trust, never by the token: one signed with another
one, with none, or with a public key taken for a shared secret, is refused before any of it is
read. Keys come from the issuer's own key set; keys and addresses inside a token are not looked at.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from muniment.access.models import ALGORITHMS
from muniment.core.errors import InvalidError

_MOST_CHARS: Final = 16_000
_LEAST_RSA_BITS: Final = 2048
_KTY: Final[Mapping[str, str]] = {
    "RS256": "RSA",
    "PS256": "RSA",
    "ES256": "EC",
    "ES384": "EC",
    "EdDSA": "OKP",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a token must say."""

    issuer: str
    audience: str
    at: datetime
    skew: timedelta
    max_age: timedelta | None = None
    nonce: str = ""


def read_header(token: str, allowed: Sequence[str]) -> tuple[str, str]:
    """Give algorithm and key id of a token, if its algorithm is one of those allowed."""
    parts = token.split(".")
    if len(token) > _MOST_CHARS or len(parts) != 3 or not all(parts):
        raise InvalidError("this is not a signed token")
    header = _part(parts[0])
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS or algorithm not in allowed:
        raise InvalidError(
            f"the token is signed with {str(algorithm)[:20]!r}, which is not allowed"
        )
    if "crit" in header:
        raise InvalidError("the token asks for something we do not know")
    return str(algorithm), str(header.get("kid", ""))


def unverified_issuer(token: str) -> str:
    """Give who a token says has made it, to find whom to ask; nothing of it counts yet."""
    parts = token.split(".")
    if len(token) > _MOST_CHARS or len(parts) != 3:
        return ""
    try:
        return str(_part(parts[1]).get("iss", ""))
    except InvalidError:
        return ""


def has_key(keys: Iterable[Mapping[str, Any]], kid: str, algorithm: str) -> bool:
    """Tell whether a key set holds a key that could have signed."""
    return bool(_candidates(keys, kid, algorithm))


def verified_claims(
    token: str, keys: Iterable[Mapping[str, Any]], kid: str, algorithm: str
) -> dict[str, Any]:
    """Give what a token says, if one of the keys has signed it."""
    import jwt  # noqa: PLC0415 it loads slowly, and few processes are shown a token

    for each in _candidates(keys, kid, algorithm):
        try:
            key = jwt.PyJWK(dict(each), algorithm=algorithm)
            if isinstance(key.key, RSAPublicKey) and key.key.key_size < _LEAST_RSA_BITS:
                continue
            payload = jwt.PyJWS(algorithms=[algorithm]).decode(token, key, algorithms=[algorithm])
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        return _object(payload)
    raise InvalidError("no key of the issuer has signed this token")


def require_claims(claims: Mapping[str, Any], wanted: Wanted) -> None:
    """Refuse a token that is for somebody else, from another time, or of another sign-in."""
    if claims.get("iss") != wanted.issuer:
        raise InvalidError("the token is of another issuer")
    _require_audience(claims, wanted.audience)
    _require_times(claims, wanted)
    if wanted.nonce and not _same(str(claims.get("nonce", "")), wanted.nonce):
        raise InvalidError("the token belongs to another sign-in")
    if not isinstance(claims.get("sub"), str) or not claims["sub"] or len(claims["sub"]) > 255:
        raise InvalidError("the token names nobody")


def matches_hash(claims: Mapping[str, Any], access_token: str, algorithm: str) -> bool:
    """Tell whether an access token is the one the token speaks of, if it speaks of one."""
    said = claims.get("at_hash")
    if said is None or algorithm == "EdDSA":
        return True
    size = 48 if algorithm.endswith("384") else 32
    digest = hashlib.new(f"sha{size * 8}", access_token.encode("utf-8", "replace")).digest()
    made = base64.urlsafe_b64encode(digest[: size // 2]).decode().rstrip("=")
    return _same(str(said), made)


def expiry(claims: Mapping[str, Any]) -> datetime:
    """Give when a checked token ends."""
    return _time(claims, "exp")


def _require_audience(claims: Mapping[str, Any], audience: str) -> None:
    said = claims.get("aud")
    named = [said] if isinstance(said, str) else said
    if not audience or not isinstance(named, list) or audience not in named:
        raise InvalidError("the token is for somebody else")
    if len(named) > 1 and claims.get("azp") != audience:
        raise InvalidError("the token was given to somebody else")


def _require_times(claims: Mapping[str, Any], wanted: Wanted) -> None:
    if _time(claims, "exp") + wanted.skew <= wanted.at:
        raise InvalidError("the token's time is over")
    issued = _time(claims, "iat")
    if issued - wanted.skew > wanted.at:
        raise InvalidError("the token is from the future; a clock is wrong")
    if wanted.max_age is not None and issued + wanted.max_age + wanted.skew <= wanted.at:
        raise InvalidError("the token is too old")
    if "nbf" in claims and _time(claims, "nbf") - wanted.skew > wanted.at:
        raise InvalidError("the token does not count yet")


def _time(claims: Mapping[str, Any], name: str) -> datetime:
    said = claims.get(name)
    if isinstance(said, bool) or not isinstance(said, (int, float)):
        raise InvalidError(f"the token has no {name}")
    try:
        return datetime.fromtimestamp(said, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidError(f"the token's {name} is not a time") from error


def _candidates(
    keys: Iterable[Mapping[str, Any]], kid: str, algorithm: str
) -> list[Mapping[str, Any]]:
    return [
        each
        for each in keys
        if each.get("kty") == _KTY[algorithm]
        and each.get("use", "sig") == "sig"
        and each.get("alg", algorithm) == algorithm
        and (not kid or each.get("kid") == kid)
    ]


def _part(text: str) -> dict[str, Any]:
    try:
        return _object(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, UnicodeEncodeError) as error:
        raise InvalidError("this is not a signed token") from error


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidError("the token holds no JSON") from error
    if not isinstance(found, dict):
        raise InvalidError("the token holds no JSON object")
    return found


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
