"""Secrets with a form of their own: private keys in PEM, JSON web tokens, password hashes."""

from __future__ import annotations

import base64
import binascii
import json
from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet

_secret = partial(Pattern, family=Family.SECRETS, firm=True, joins="")


def token(value: str) -> Checked:
    """The head of a token is JSON that names an algorithm or a type."""
    head = value.partition(".")[0]
    try:
        data = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return Checked(False, "its head is no JSON")
    if isinstance(data, dict) and not {"alg", "typ", "enc", "kid"}.isdisjoint(data):
        return Checked(True, "its head names an algorithm")
    return Checked(False, "its head names no algorithm")


PATTERNS: Final = (
    _secret(
        id="pem-private-key",
        type="PRIVATE_KEY",
        trigger=r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY",
        regex=(
            r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----"
            r"(?![A-Za-z0-9+/=\s\\:,.\-]{0,19}-----END)"
            r"[A-Za-z0-9+/=\s\\:,.]{0,20480}(?:-(?!----)[A-Za-z0-9+/=\s\\:,.]{0,20480}){0,320}"
            r"-----END [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----"
        ),
        score=1.0,
    ),
    _secret(
        id="pem-cut-off",
        type="PRIVATE_KEY",
        trigger=r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY",
        regex=r"-----BEGIN [A-Z ]{0,24}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\]{0,20000}",
        score=0.95,
    ),
    _secret(
        id="putty-key",
        type="PRIVATE_KEY",
        trigger=r"PuTTY-User-Key-File-\d",
        regex=(
            r"PuTTY-User-Key-File-\d:[^\n]{0,80}\n(?:[^\n]{0,200}\n){3,400}?Private-MAC: "
            r"[0-9a-f]{40,64}"
        ),
        score=1.0,
    ),
    _secret(
        id="jwt",
        type="JWT",
        trigger=r"\beyJ[A-Za-z0-9_\-]{6}",
        regex=(
            r"eyJ[A-Za-z0-9_\-]{6,4000}\.(?:eyJ)?[A-Za-z0-9_\-]{2,8000}\.[A-Za-z0-9_\-]{0,2000}("
            r"?:\.[A-Za-z0-9_\-]{0,2000}\.[A-Za-z0-9_\-]{0,200})?"
        ),
        score=1.0,
        validator=token,
    ),
    _secret(
        id="password-hash",
        type="PASSWORD_HASH",
        trigger=r"\$(?:2[abxy]|5|6|argon2id?|y)\$",
        regex=(
            r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$[56]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$["
            r"./A-Za-z0-9]{43,86}|\$argon2i?d?\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/=]{8,64}\$"
            r"[A-Za-z0-9+/=]{16,128}|\$y\$[./A-Za-z0-9]{2,6}\$[./A-Za-z0-9]{8,86}\$[./A-Za-z0-9]"
            r"{43}"
        ),
        score=0.97,
    ),
)
SHEETS: Final = (
    Sheet(
        type="PRIVATE_KEY",
        family=Family.SECRETS,
        title="Private keys",
        finds="PEM, OpenSSH, PGP and PuTTY private keys, also on one line with escaped line ends "
        "and"
        " cut off before their end.",
        limits="Public keys and certificates are left alone.",
        examples=(
            "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQ\\n-----END PRIVATE KEY-----",
        ),
        near_misses=("-----BEGIN PUBLIC KEY-----",),
        control="CC6.1",
    ),
    Sheet(
        type="JWT",
        family=Family.SECRETS,
        title="JSON web tokens",
        finds="Signed and encrypted tokens whose head is JSON that names an algorithm.",
        limits="The signature is not checked.",
        examples=("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",),
        near_misses=("eyJust.a.test",),
        control="CC6.1",
    ),
    Sheet(
        type="PASSWORD_HASH",
        family=Family.SECRETS,
        title="Hashes of passwords",
        finds="bcrypt, SHA-crypt, yescrypt and Argon2 in their usual notation.",
        limits="Bare hexadecimal hashes are left alone.",
        examples=("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",),
        near_misses=("$2 and $6 a piece",),
        control="CC6.1",
    ),
)
