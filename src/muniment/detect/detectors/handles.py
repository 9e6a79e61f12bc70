"""User names: beside a label that says so, or as a handle with an @ before it."""

from __future__ import annotations

from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet, Words

_SOCIAL: Final = Words(
    en="handle|twitter|instagram|insta|ig|telegram|tiktok|follow|mastodon|username|github|discord"
    "|dm|reach|threads|account|youtube|snapchat|tweet|profile|bluesky|user|on x|message",
    de="folgen|profil|konto|nutzername|folgt",
    fr="suivez|pseudo|compte|profil",
    es="sigueme|usuario|cuenta|perfil|siguenos",
    pt="siga|usuario|perfil|conta",
    it="seguimi|utente|profilo|seguici",
    nl="volg|gebruiker|profiel",
)
_ORDINARY: Final = (
    "name names is not required field value must null none true false undefined string admin"
    " root user users password and or the a an for in to of with here id please invalid"
    " unknown missing already wrong correct email anonymous guest system empty str int self"
    " request params data args kwargs optional default ist nicht und oder est et ou es no y e"
    " o"
)
_FIELDS: Final = frozenset({"username", "userid", "user", "login", "name", "id", "nickname"})
_WORDS: Final = frozenset(_ORDINARY.split())


def name(value: str) -> Checked:
    """A user name is no word that stands behind the label in a sentence or in code."""
    if "self." in value or value.endswith("_") or {".", "_"} <= set(value):
        return Checked(False, "code")
    if value.startswith("this.") or value.rpartition(".")[2].lower() in _FIELDS:
        return Checked(False, "code")
    if value.lower() in _WORDS or not any(letter.isalpha() for letter in value):
        return Checked(False, "an ordinary word")
    plain = value.rstrip(".-")
    score = None if any(not x.isalpha() for x in plain) else 0.45
    return Checked(True, "", (0, len(plain)), score)


def handle(value: str) -> Checked:
    """A handle has a letter and is no decorator or package scope."""
    return Checked(any(letter.isalpha() for letter in value), "a handle")


PATTERNS: Final = (
    Pattern(
        id="username-label",
        type="USERNAME",
        family=Family.PII,
        trigger=(
            r"(?:username|user name|user_name|userid|user id|user_id|login|screen name|nickname"
            r"|benutzername|nutzername|usuario|utente|pseudo|gebruikersnaam)[\"']? ?(?:[:=]|is )"
        ),
        regex=(
            r"[A-Za-z_ ]+[\"']? ?(?:[:=]|is) ?[\"']?@?([A-Za-z0-9][A-Za-z0-9._\-]{2,31}+)(?![A-Z"
            r"a-z0-9(@\[{])"
        ),
        group=1,
        score=0.8,
        validator=name,
        joins="@",
        ignore_case=True,
    ),
    Pattern(
        id="handle",
        type="USERNAME",
        family=Family.PII,
        trigger=r"(?:[A-Za-z0-9:,] |[(:\"',>])@[A-Za-z_]",
        regex=r"(?:[A-Za-z0-9:,] |[(:\"',>])(@[A-Za-z_][A-Za-z0-9_.]{2,29})\b",
        group=1,
        score=0.2,
        context=_SOCIAL,
        context_score=0.75,
        validator=handle,
        joins="",
    ),
)
SHEETS: Final = (
    Sheet(
        type="USERNAME",
        family=Family.PII,
        title="User names and handles",
        finds="What stands behind a label such as *username:*, and @handles beside a word such as"
        " *follow* or *Twitter*.",
        limits="A plain word behind *user name is* may be part of the sentence.",
        examples=("username: jdoe_84", "follow @maria.codes on Instagram"),
        near_misses=("@property", "username is required"),
    ),
)
