"""The two ceremonies of WebAuthn, as its library speaks them.

Whoever uses this file imports it where it is needed: the library is slow to load, and no command
needs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from muniment.access.models import KeyPlace, Passkey, Person
from muniment.core.errors import InvalidError

_NAME: Final = "Muniment"
_MOST_CHARS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked, as JSON, and the challenge its answer must hold."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Made:
    """A key pair that a device made: how it is found, and its public half."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_to_make(person: Person, place: KeyPlace, held: Sequence[Passkey]) -> Asked:
    """Ask for a new passkey, on a device that has none of these."""
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=_NAME,
        user_id=person.id.encode(),
        user_name=person.email or person.name,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in held],
    )
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def read_made(answer: str, challenge: str, place: KeyPlace) -> Made:
    """Read what a device made, if it answers this challenge from this place."""
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise InvalidError(
            f"this passkey cannot be taken: {str(error)[:120]}", remedy="Try again."
        ) from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def ask_to_sign(place: KeyPlace) -> Asked:
    """Ask for a passkey of this place, whoever it belongs to."""
    options = webauthn.generate_authentication_options(
        rp_id=place.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def named_in(answer: str) -> bytes:
    """Read which passkey an answer says has signed; nothing, if it says none."""
    try:
        return base64url_to_bytes(str(_read(answer)["rawId"]))
    except (InvalidError, ValueError, KeyError):
        return b""


def read_signed(answer: str, challenge: str, place: KeyPlace, passkey: Passkey) -> int | None:
    """Give the new count of a passkey that has signed this challenge; nothing, if it has not."""
    try:
        signed = webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, InvalidError, ValueError, TypeError, KeyError):
        return None
    return signed.new_sign_count


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _MOST_CHARS:
        raise InvalidError("this answer is too long")
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise InvalidError("this answer is not JSON") from error
    if not isinstance(found, Mapping):
        raise InvalidError("this answer is not a JSON object")
    return dict(found)
