"""Tokens as rows: unique in their scope, counted while they hold, listed when they are spent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from muniment import vault
from muniment.ledger import record
from muniment.ledger.kinds.vault import Tokenised
from muniment.testing.vault import INES, SUBJECT, Vaulted
from muniment.vault import TokenType
from muniment.vault.store import add_token, count_tokens, prolong, spent_tokens, token


def test_the_life_of_a_row(vaulted: Vaulted) -> None:
    """Taken texts are refused in their scope only; a token past its end is spent, not counted."""
    with vaulted.database.work(INES) as work:
        end = work.now + timedelta(hours=1)
        made = vault.tokenise(
            work,
            vaulted.safe,
            "a value",
            type=TokenType.RANDOM,
            scope="billing",
            classification="internal",
            subject=SUBJECT,
            expires_at=end,
        )
        assert not add_token(work, replace(made, id="tkn_other"))
        assert add_token(work, replace(made, id="tkn_other", scope="support", expires_at=None))
        assert token(work, "billing", made.text) == made
        assert token(work, "billing", "another") is None
        record(work, Tokenised("support", "random", 1, made.kid, ""))
    with vaulted.database.look(INES) as work:
        assert (count_tokens(work), spent_tokens(work, 10)) == (2, [])
    vaulted.database.clock.advance(3_600)  # type: ignore[attr-defined]
    with vaulted.database.work(INES) as work:
        assert (count_tokens(work), spent_tokens(work, 10)) == (1, [made.id])
        prolong(work, made.id, work.now + timedelta(hours=1))
        assert spent_tokens(work, 10) == []
        record(work, Tokenised("billing", "random", 1, made.kid, ""))
