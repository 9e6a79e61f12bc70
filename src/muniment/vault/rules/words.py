"""What may be asked of the vault: classifications, subjects, periods, scopes and reasons."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from muniment.core.canonical import canonical_bytes
from muniment.core.errors import InvalidError

SUBJECT_PREFIX: Final = "sub"
_SUBJECT: Final = re.compile(r"[a-z]{2,12}_[0-9a-z]{10,64}\Z")
_SCOPE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}\Z")
_LEAST_REASON: Final = 5
_MOST_REASON: Final = 300
_MOST_IDENTIFIER: Final = 1_000
_PSEUDONYM_DIGITS: Final = 40


def require_classification(name: str, known: Sequence[str]) -> str:
    """Give a classification back if the settings name it."""
    if name not in known:
        raise InvalidError(
            f"{name[:60]!r} is no classification here",
            field="classification",
            remedy=f"Use one of {', '.join(known)}, or add it to vault.classifications.",
        )
    return name


def require_subject(subject: str) -> str:
    """Give a subject back if it is an id or a pseudonym; a person's own identifier is refused."""
    if not _SUBJECT.match(subject):
        raise InvalidError(
            "a subject is an id or a pseudonym such as sub_4f…, never a name or an address",
            field="subject",
            remedy="Make it with the verb `pseudonym`, or `muniment vault pseudonym`.",
        )
    return subject


def require_scope(scope: str) -> str:
    """Give the scope of a token back if it is a short plain word."""
    if not _SCOPE.match(scope):
        raise InvalidError(
            f"{scope[:60]!r} is no scope",
            field="scope",
            remedy="Use up to 60 small letters, digits, dots, dashes and underscores.",
        )
    return scope


def require_reason(reason: str) -> str:
    """Give a reason back, trimmed, if it says something and fits into an entry."""
    said = " ".join(reason.split())
    if not _LEAST_REASON <= len(said) <= _MOST_REASON or not said.isprintable():
        raise InvalidError(
            "a reason is needed",
            field="reason",
            remedy=f"Say why, in {_LEAST_REASON} to {_MOST_REASON} characters; it is recorded.",
        )
    return said


def period_of(at: datetime, length: str) -> str:
    """Name the period a moment lies in: 2026-11-26, 2026-w48, 2026-11, 2026-q4 or 2026."""
    year, week, _ = at.isocalendar()
    return {
        "day": f"{at:%Y-%m-%d}",
        "week": f"{year}-w{week:02}",
        "month": f"{at:%Y-%m}",
        "quarter": f"{at.year}-q{(at.month + 2) // 3}",
        "year": f"{at.year}",
    }[length]


def key_context(
    installation: str, kid: str, classification: str, subject: str, period: str
) -> bytes:
    """Bind a wrapped data key to everything it stands for, so that no row can wear another's."""
    return canonical_bytes(
        {
            "v": 1,
            "installation": installation,
            "kid": kid,
            "classification": classification,
            "subject": subject,
            "period": period,
        }
    )


def pseudonym_of(secret: bytes, identifier: str) -> str:
    """Make the one pseudonym of an identifier here; case and outer spaces do not count."""
    plain = unicodedata.normalize("NFC", " ".join(identifier.split()).casefold())
    if not plain or len(plain) > _MOST_IDENTIFIER:
        raise InvalidError(
            "there is no identifier, or it is too long",
            field="identifier",
            remedy=f"Give 1 to {_MOST_IDENTIFIER} characters.",
        )
    try:
        data = plain.encode()
    except UnicodeEncodeError as error:
        raise InvalidError("the identifier is not text", field="identifier") from error
    digest = hmac.new(secret, b"muniment.vault/1 pseudonym\0" + data, hashlib.sha256)
    return f"{SUBJECT_PREFIX}_{digest.hexdigest()[:_PSEUDONYM_DIGITS]}"
