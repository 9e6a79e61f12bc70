"""How people, services and teams are written, and through which states they pass."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from muniment.access.models import PersonState, Verdict
from muniment.core.errors import InvalidError

_LONGEST_NAME: Final = 200
_LONGEST_REASON: Final = 2_000
_LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+")
_ROLE: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")

_LAWFUL: Final[Mapping[PersonState, frozenset[PersonState]]] = {
    PersonState.INVITED: frozenset({PersonState.ACTIVE, PersonState.SUSPENDED, PersonState.LEFT}),
    PersonState.ACTIVE: frozenset({PersonState.SUSPENDED, PersonState.LEFT}),
    PersonState.SUSPENDED: frozenset({PersonState.ACTIVE, PersonState.LEFT}),
    PersonState.LEFT: frozenset(),
}


def may_become(now: PersonState, then: PersonState) -> Verdict:
    """Judge a step from one state of a person to another."""
    if then in _LAWFUL[now]:
        return Verdict(ok=True)
    remedy = "Whoever comes back is invited anew." if now is PersonState.LEFT else ""
    return Verdict(ok=False, reasons=(f"{now} cannot become {then}",), remedy=remedy)


def clean_name(text: str, *, field: str = "name") -> str:
    """Take a name as it is written on pages: one line, no invisible letters, not too long."""
    if not _is_text(text):
        raise InvalidError("this is not a text", field=field)
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InvalidError(
            "this is not a name",
            field=field,
            remedy=f"Write 1 to {_LONGEST_NAME} printable characters on one line.",
        )
    return name


def clean_reason(text: str, *, field: str = "reason") -> str:
    """Take a reason; an empty one is no reason."""
    if not _is_text(text) or not text.strip():
        raise InvalidError("there is no reason given", field=field, remedy="Say in a sentence why.")
    reason = unicodedata.normalize("NFC", text).strip()
    try:
        reason.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidError("this reason is not text", field=field) from error
    if len(reason) > _LONGEST_REASON or "\0" in reason:
        raise InvalidError(
            "this reason cannot be kept",
            field=field,
            remedy=f"Write {_LONGEST_REASON} characters at most.",
        )
    return reason


def clean_email(text: str) -> str:
    """Take an e-mail address; whether mail arrives there, only mail can tell."""
    email = unicodedata.normalize("NFC", text).strip() if _is_text(text) else ""
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InvalidError(
            "this is not an e-mail address", field="email", remedy="Write name@example.org."
        )
    return email


def email_key(email: str) -> str:
    """Give the form by which two spellings of one address are found to be the same."""
    return email.casefold()


def _is_text(text: object) -> bool:
    return isinstance(text, str)


def clean_role_name(text: str) -> str:
    """Take the name of a role of one's own."""
    if not _is_text(text) or not _ROLE.fullmatch(text):
        raise InvalidError(
            "this is not a name for a role",
            field="name",
            remedy="Write 2 to 40 small letters, digits and hyphens, a letter first.",
        )
    return text
