"""Tokens as rows: the value itself stands here only encrypted, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, not_, or_, select, update

from muniment.db import Work, insert_on
from muniment.vault.models import KeyState, Token, TokenType
from muniment.vault.store.tables import keys_table as keys
from muniment.vault.store.tables import tokens_table as tokens


def add_tokens(work: Work, made: Sequence[Token]) -> frozenset[str]:
    """Add tokens whose text is not taken in their scope; give the ids of those added."""
    if not made:
        return frozenset()
    adding = insert_on(work.dialect, tokens).on_conflict_do_nothing()
    written = work.write(adding, [_row(work, one) for one in made])
    return frozenset(row.id for row in written.rows)


def token(work: Work, scope: str, text: str) -> Token | None:
    """Find what a text stands for in a scope."""
    query = select(tokens).where(tokens.c.scope == scope, tokens.c.text == text)
    row = work.read(query).one_or_none()
    return _token(row) if row else None


def prolong(work: Work, token_id: str, expires_at: datetime | None) -> None:
    """Let a token that is asked for again hold as long as was asked."""
    work.write(update(tokens).where(tokens.c.id == token_id).values(expires_at=expires_at))


def spent_tokens(work: Work, limit: int) -> list[str]:
    """List tokens that have expired, or whose key is destroyed."""
    query = (
        select(tokens.c.id)
        .join(keys, keys.c.kid == tokens.c.kid)
        .where(or_(_expired(work), keys.c.state == KeyState.DESTROYED.value))
        .order_by(tokens.c.id)
        .limit(limit)
    )
    return list(work.read(query).scalars())


def forget_tokens(work: Work, ids: Sequence[str]) -> int:
    """Remove tokens."""
    return work.write(delete(tokens).where(tokens.c.id.in_(ids))).count


def count_tokens(work: Work) -> int:
    """Count the tokens that still stand for something."""
    query = (
        select(func.count())
        .select_from(tokens.join(keys, keys.c.kid == tokens.c.kid))
        .where(keys.c.state != KeyState.DESTROYED.value, not_(_expired(work)))
    )
    return int(work.read(query).scalar() or 0)


def _expired(work: Work) -> ColumnElement[bool]:
    return and_(tokens.c.expires_at.is_not(None), tokens.c.expires_at <= work.now)


def _token(row: Row[Any]) -> Token:
    return Token(
        row.id,
        row.text,
        TokenType(row.type),
        row.scope,
        row.kid,
        row.tweak,
        None if row.sealed is None else bytes(row.sealed),
        row.expires_at,
    )


def _row(work: Work, token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "scope": token.scope,
        "text": token.text,
        "type": token.type.value,
        "kid": token.kid,
        "tweak": token.tweak,
        "sealed": token.sealed,
        "made_at": work.now,
        "expires_at": token.expires_at,
    }
