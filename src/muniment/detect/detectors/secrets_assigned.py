"""Values beside a word such as *password* or *secret*: random enough, and no code or template."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet
from muniment.detect.rules.entropy import entropy, is_placeholder, is_random, is_wordy, kinds

_NAME: Final = r"[A-Za-z0-9_.\-]{0,24}"
_IS: Final = r"[\"'\]`]{0,2}\s{0,3}(?:=>|:=|={1,3}|:)\s{0,3}"
_secret = partial(Pattern, family=Family.SECRETS, firm=True, joins="", ignore_case=True, group=1)
_LEAST_BITS: Final = 3.0


def secret(value: str) -> Checked:
    """Sixteen letters or more, mixed as in a key."""
    if not is_random(value, _LEAST_BITS) or is_placeholder(value):
        return Checked(False, "not random enough, or a placeholder")
    return Checked(True, "random enough for a secret")


def password(value: str) -> Checked:
    """Six letters or more of three kinds, or eight of two, and no word of code."""
    plain = value.rstrip(".,")
    enough = kinds(plain) >= 3 or (kinds(plain) == 2 and len(plain) >= 8)
    if not enough or entropy(plain) < 2.2 or not any(x.isalpha() for x in plain):
        return Checked(False, "too plain for a password")
    if len(plain) < 6 or is_placeholder(plain) or is_wordy(plain):
        return Checked(False, "a word or a placeholder")
    return Checked(True, "as mixed as a password", (0, len(plain)))


def bare_password(value: str) -> Checked:
    """As a password is, with a digit and three kinds of signs: no sign of assignment is there."""
    plain = value.rstrip(".,;:!?)")
    if kinds(plain) < 3 or not any(x.isdigit() for x in plain) or not plain.isprintable():
        return Checked(False, "too plain without a sign of assignment")
    told = password(value)
    ends = value[len(plain) :].startswith("!") and kinds(plain) < 4
    return Checked(told.ok, told.step, (0, len(plain) + ends)) if told.ok else told


_ANNOUNCED: Final = (
    r"(?:passw(?:or)?d|passwd|passwort|kennwort|contrase(?:n|\xc3\xb1)a|senha|mot de "
    r"passe|wachtwoord|pwd|passphrase|passcode)"
)
PATTERNS: Final = (
    _secret(
        id="bare-password",
        type="PASSWORD",
        trigger=_ANNOUNCED,
        regex=(
            r"(?:passw(?:or)?d|passwd|passwort|kennwort|contrase[nñ]a|senha|mot de passe"
            r"|wachtwoord|pwd|passphrase|passcode) ([^\s\"'`<>{}=()\[\]/\\\u3000-\u303f"
            r"\uff00-\uffef]{6,64})(?=\s|\Z)"
        ),
        score=0.8,
        validator=bare_password,
    ),
    _secret(
        id="assigned-secret",
        type="SECRET",
        trigger=(
            r"(?:secret|token|api[_\- ]?key|apikey|access[_\- ]?key|private[_\- ]?key|auth[_\- "
            r"]?key|credential|encryption[_\- ]?key|signing[_\- ]?key|client[_\- ]?secret"
            r"|master[_\- ]?key|license[_\- ]?key)"
        ),
        regex=r"[A-Za-z_\- ]{3,14}"
        + _NAME
        + _IS
        + r"[\"'`]?([A-Za-z0-9+/_=.~\-]{16,512})(?![A-Za-z0-9(\[])",
        score=0.85,
        validator=secret,
    ),
    _secret(
        id="assigned-password",
        type="PASSWORD",
        trigger=_ANNOUNCED,
        regex=(
            r"(?:passw(?:or)?d|passwd|passwort|kennwort|contrase[nñ]a|senha|mot de passe"
            r"|wachtwoord|pwd|passphrase|passcode)"
        )
        + _NAME
        + r"(?:"
        + _IS
        + (
            r"|[\"']? (?:is|ist|es|est|é|was|to)(?: now)?:? )[\"'`]?([^\s\"'`<>{}\u3000-\u303f"
            r"\uff00-\uffef]{6,128})"
        ),
        score=0.85,
        validator=password,
    ),
)
SHEETS: Final = (
    Sheet(
        type="SECRET",
        family=Family.SECRETS,
        title="Values assigned to a word for a secret",
        finds="Sixteen letters or more, mixed as in a key, behind a name such as *api_key* and a"
        " sign of assignment.",
        limits="Without such a name a random value is left alone: it may be a hash or an id.",
        examples=("client_secret = 'f8Kq02LmZx91Wvb7TtRp'",),
        near_misses=("token = get_token_from_request()", "sha256: 9f86d081884c7d65"),
        control="CC6.1",
    ),
    Sheet(
        type="PASSWORD",
        family=Family.SECRETS,
        title="Passwords",
        finds="What stands behind a word for a password in seven languages and is mixed as"
        " passwords are.",
        limits="A password that is a plain word is not found.",
        examples=("password: Tr0ub4dor&3",),
        near_misses=("password is required", "password = os.environ['DB']"),
        control="CC6.1",
    ),
)
