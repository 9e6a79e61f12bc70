"""Tokens: a value is replaced, in one scope and for a time; turned back for a reason, on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.vault import Restored, Tokenised
from muniment.vault import rules, store
from muniment.vault.models import Token, TokenType
from muniment.vault.service.keys import key_for
from muniment.vault.service.safe import Safe, require


@dataclass(slots=True)
class Restoring:
    """A value about to be given back; it does not come out before the record is durable."""

    token: str
    _read: Callable[[], str] = field(repr=False)
    _is_recorded: bool = False

    def value(self) -> str:
        """Give the value."""
        if not self._is_recorded:
            raise ConflictError(
                "the record of this restoring is not durable yet",
                subject=self.token,
                remedy="Read it after the unit of work has ended.",
            )
        return self._read()

    def release(self) -> None:
        """Let it be read, once its record is durable."""
        self._is_recorded = True


def tokenise(
    work: Work,
    safe: Safe,
    value: str,
    *,
    type: TokenType,  # noqa: A002 the word people use
    scope: str,
    classification: str,
    subject: str,
    expires_at: datetime | None = None,
) -> Token:
    """Replace a value by a token that stands for it in one scope, until it expires."""
    return tokenise_many(
        work,
        safe,
        (value,),
        type=type,
        scope=scope,
        classification=classification,
        subject=subject,
        expires_at=expires_at,
    )[0]


def tokenise_many(
    work: Work,
    safe: Safe,
    values: Sequence[str],
    *,
    type: TokenType,  # noqa: A002
    scope: str,
    classification: str,
    subject: str,
    expires_at: datetime | None = None,
) -> tuple[Token, ...]:
    """Replace many values of one subject at once."""
    require(work, "vault.tokenise")
    rules.require_scope(scope)
    ends = rules.require_future(expires_at, work.now)
    kid, secret = key_for(work, safe, classification, subject)
    blank = Token("", "", type, scope, kid, 0, None, ends)
    make = _make_digits if type is TokenType.DIGITS else _make_random
    made = [make(work, safe, secret, blank, value) for value in values]
    fresh = sum(is_new for _, is_new in made)
    if fresh:
        until = stamp(ends) if ends else ""
        record(work, Tokenised(scope, type.value, fresh, kid, until))
    return tuple(token for token, _ in made)


def restore(work: Work, safe: Safe, text: str, *, scope: str, reason: str) -> Restoring:
    """Turn a token back into its value; it can be read once the record is durable."""
    require(work, "vault.restore")
    why = rules.require_reason(reason)
    found = store.token(work, rules.require_scope(scope), text)
    if found is None or (found.expires_at is not None and found.expires_at <= work.now):
        raise NotFoundError(
            "this token stands for nothing here",
            subject=scope,
            remedy="Check the scope; the token may also have expired, or its subject been erased.",
        )
    key = store.key(work, found.kid, hold=True)
    if key is None:
        raise NotFoundError("the key of this token is gone", subject=found.kid)
    secret = safe.secret_of(key)
    record(work, Restored(found.id, scope, found.kid, why))
    restoring = Restoring(found.id, lambda: _value_of(secret, found))
    work.after_commit(restoring.release)
    return restoring


def _make_random(
    work: Work, safe: Safe, secret: bytes, blank: Token, value: str
) -> tuple[Token, bool]:
    text = rules.random_text(safe.chance)
    sealed = rules.seal_value(secret, f"{blank.scope}\0{text}", value, safe.chance)
    token = replace(blank, id=work.new_id("tkn"), text=text, sealed=sealed)
    if not store.add_token(work, token):
        raise ConflictError("two random tokens are alike, which chance should not allow")
    return token, True


def _make_digits(
    work: Work, _safe: Safe, secret: bytes, blank: Token, value: str
) -> tuple[Token, bool]:
    cipher = rules.digits_cipher(secret, blank.scope)
    for tweak in range(rules.TWEAKS):
        text = rules.stand_in(cipher, value, rules.tweak_bytes(tweak))
        if text == value:
            continue
        token = replace(blank, id=work.new_id("tkn"), text=text, tweak=tweak)
        if store.add_token(work, token):
            return token, True
        taken = store.token(work, blank.scope, text)
        if taken and (taken.kid, taken.tweak) == (blank.kid, tweak):
            return _prolonged(work, taken, blank.expires_at)  # the same value, asked for again
    raise ConflictError(
        "every stand-in tried for these digits is taken in this scope",
        subject=blank.scope,
        remedy="Use longer values, another scope, or random tokens.",
    )


def _prolonged(work: Work, known: Token, asked: datetime | None) -> tuple[Token, bool]:
    ends = rules.later(known.expires_at, asked)
    if ends == known.expires_at:
        return known, False
    store.prolong(work, known.id, ends)
    return replace(known, expires_at=ends), True


def _value_of(secret: bytes, token: Token) -> str:
    if token.type is TokenType.DIGITS:
        cipher = rules.digits_cipher(secret, token.scope)
        return rules.stood_for(cipher, token.text, rules.tweak_bytes(token.tweak))
    return rules.open_value(secret, f"{token.scope}\0{token.text}", token.sealed or b"")
