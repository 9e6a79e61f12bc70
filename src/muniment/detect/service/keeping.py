"""Keeps values under tokens in the vault, so that what was tokenised can be turned back later.

The doors hand this in where a policy tokenises; detection itself needs no vault. Every token is
durable before it stands in a text, and a value comes out only after its entry in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from muniment import vault
from muniment.core.actor import Actor
from muniment.core.errors import InvalidError
from muniment.vault import Safe, TokenType

_DIGITS: Final = frozenset("0123456789")
_BETWEEN: Final = frozenset(" -.")
_LEAST: Final = 7
_MOST: Final = 40
_SHAPE: Final = r"(?<![a-z0-9_])tok_[a-z2-7]{32}(?![a-z0-9_])"


class VaultTokens:
    """The tokens of one exchange: whose values they are, how confidential, why they come back.

    Numbers keep their length, their separators and the class of their check digit.
    """

    def __init__(
        self,
        safe: Safe,
        actor: Actor,
        *,
        subject: str,
        classification: str,
        reason: str,
        expires_at: datetime | None = None,
    ) -> None:
        self._safe, self._actor = safe, actor
        self._subject, self._classification = subject, classification
        self._reason, self._expires_at = reason, expires_at
        self._made: dict[tuple[str, str, str], str] = {}

    def tokenise(self, value: str, *, type: str, scope: str) -> str:  # noqa: A002 the room's word
        """Keep a value and give the token that stands for it; the same one in this exchange."""
        known = self._made.get((value, type, scope))
        if known is None:
            known = self._made[value, type, scope] = self._kept(value, scope)
        return known

    def restore(self, token: str, *, scope: str) -> str:
        """Give the value back that a token stands for, on record."""
        bare = _digits_of(token)
        with self._safe.database.work(self._actor) as work:
            restoring = vault.restore(
                work, self._safe, bare or token, scope=scope, reason=self._reason
            )
        value = restoring.value()
        return _in_form_of(token, value) if bare else value

    def _kept(self, value: str, scope: str) -> str:
        bare = _digits_of(value)
        with self._safe.database.work(self._actor) as work:
            token = vault.tokenise(
                work,
                self._safe,
                bare or value,
                type=TokenType.DIGITS if bare else TokenType.RANDOM,
                scope=scope,
                classification=self._classification,
                subject=self._subject,
                expires_at=self._expires_at,
            )
        return _in_form_of(value, token.text) if bare else token.text


def restored(text: str, tokens: VaultTokens, *, scope: str, also: Iterable[str] = ()) -> str:
    """Turn every token of a text back, each on record; one that stands for nothing is an error.

    Tokens that kept the form of a number look like any number, so these are named in `also`.
    """
    shapes = [_SHAPE]
    for each in also:
        if not _digits_of(each):
            raise InvalidError(
                "this is no token in the form of a number",
                field="token",
                remedy="Copy it as it stands in the text; other tokens are found by themselves.",
            )
        shapes.append(rf"(?<!\d){re.escape(each)}(?!\d)")
    known: dict[str, str] = {}

    def value(found: re.Match[str]) -> str:
        token = found[0]
        if token not in known:
            known[token] = tokens.restore(token, scope=scope)
        return known[token]

    return re.sub("|".join(shapes), value, text)


def _digits_of(value: str) -> str:
    """Give the digits of a number in groups; nothing where it is no such number."""
    bare = "".join(letter for letter in value if letter in _DIGITS)
    fits = _LEAST <= len(bare) <= _MOST and set(value) <= _DIGITS | _BETWEEN
    return bare if fits else ""


def _in_form_of(value: str, digits: str) -> str:
    """Put other digits in the places of a number's own."""
    others = iter(digits)
    return "".join(next(others) if letter in _DIGITS else letter for letter in value)
