"""Tokens: they stand for a value in one scope and for a time; turning one back is on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment import vault
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.testing.ledger import audit, sealed_entries
from muniment.testing.vault import INES, OTHER, SUBJECT, Vaulted
from muniment.vault import Token, TokenType
from muniment.vault.rules.digits import passes_luhn

REASON = "the payment has to be made"
CARD = "4111111111111111"


def made(house: Vaulted, value: str, **more: Any) -> Token:
    """Replace a value."""
    given = {
        "type": TokenType.DIGITS,
        "scope": "billing",
        "classification": "confidential",
        "subject": SUBJECT,
        **more,
    }
    with house.database.work(INES) as work:
        return vault.tokenise(work, house.safe, value, **given)


def back(house: Vaulted, text: str, scope: str = "billing") -> str:
    """Turn a token back."""
    with house.database.work(INES) as work:
        restoring = vault.restore(work, house.safe, text, scope=scope, reason=REASON)
    return restoring.value()


@pytest.mark.requirement("DAT-07")
def test_both_types_stand_for_a_value_and_lead_back(vaulted: Vaulted) -> None:
    """A random token and one of digits lead back; both acts are entries without the value."""
    token = made(vaulted, CARD)
    assert token.text != CARD
    assert len(token.text) == len(CARD)
    assert passes_luhn(token.text)
    other = made(vaulted, "Zoë Grün, Hauptstraße 1", type=TokenType.RANDOM)
    assert back(vaulted, token.text) == CARD
    assert back(vaulted, other.text) == "Zoë Grün, Hauptstraße 1"
    vaulted.log.seal()
    audit(vaulted.log)
    entries = list(sealed_entries(vaulted.log.tiles.root, vaulted.log.size()))
    kinds = [one["kind"] for one in entries]
    assert (kinds.count("vault.tokenised"), kinds.count("vault.restored")) == (2, 2)
    assert CARD not in str(entries)
    assert token.text not in str(entries)
    assert "Hauptstra" not in str(entries)


def test_a_token_works_in_its_own_scope_only(vaulted: Vaulted) -> None:
    """In another scope it stands for nothing, and the answer does not tell that it exists."""
    token = made(vaulted, CARD)
    with pytest.raises(NotFoundError) as there:
        back(vaulted, token.text, "support")
    with pytest.raises(NotFoundError) as nowhere:
        back(vaulted, "4000000000000002", "support")
    assert there.value.message == nowhere.value.message
    assert made(vaulted, CARD, scope="support").text != token.text


def test_the_same_digits_have_the_same_token_within_a_scope(vaulted: Vaulted) -> None:
    """Systems that share a scope can join on it; a random token is new each time."""
    assert made(vaulted, CARD) == made(vaulted, CARD)
    one, other = (made(vaulted, CARD, type=TokenType.RANDOM) for _ in range(2))
    assert one.text != other.text
    assert made(vaulted, CARD, subject=OTHER).text != made(vaulted, CARD).text


def test_a_token_expires(vaulted: Vaulted) -> None:
    """After its end it stands for nothing; asked for again before, it holds as long as asked."""
    clock: Any = vaulted.database.clock
    hour = timedelta(hours=1)

    def until(hours: int) -> datetime:
        end: datetime = clock.now() + hours * hour
        return end

    token = made(vaulted, CARD, expires_at=until(1))
    assert made(vaulted, CARD, expires_at=until(3)).expires_at == until(3)
    assert made(vaulted, CARD, expires_at=until(2)).expires_at == until(3)
    clock.advance(2 * 3_600)
    assert back(vaulted, token.text) == CARD
    clock.advance(3_600)
    with pytest.raises(NotFoundError, match="stands for nothing"):
        back(vaulted, token.text)
    assert made(vaulted, CARD).expires_at is None
    assert back(vaulted, token.text) == CARD


def test_many_at_once(vaulted: Vaulted) -> None:
    """A batch has one record; equal digits in it share a token, and all lead back."""
    values = [f"{4_000_000_000 + n}" for n in range(300)] + ["4000000000"]
    with vaulted.database.work(INES) as work:
        tokens = vault.tokenise_many(
            work,
            vaulted.safe,
            values,
            type=TokenType.DIGITS,
            scope="billing",
            classification="internal",
            subject=SUBJECT,
        )
    assert tokens[-1] == tokens[0]
    assert len({each.text for each in tokens}) == 300
    assert back(vaulted, tokens[123].text) == values[123]
    vaulted.log.seal()
    audit(vaulted.log)
    entries = sealed_entries(vaulted.log.tiles.root, vaulted.log.size())
    counts = [one["body"]["count"] for one in entries if one["kind"] == "vault.tokenised"]  # type: ignore[index]
    assert counts == [300]


def test_no_value_before_the_record_is_durable(vaulted: Vaulted) -> None:
    """Inside the unit of work there is nothing to read."""
    token = made(vaulted, CARD)
    with vaulted.database.work(INES) as work:
        restoring = vault.restore(work, vaulted.safe, token.text, scope="billing", reason=REASON)
        with pytest.raises(ConflictError, match="not durable"):
            restoring.value()
    assert CARD not in repr(restoring)


def test_both_need_a_permission(vaulted: Vaulted) -> None:
    """Who relies on no grant can neither make nor turn back a token."""
    token = made(vaulted, CARD)
    for kind in (ActorKind.PERSON, ActorKind.SERVICE):
        with vaulted.database.work(Actor(kind, "somebody")) as work:
            with pytest.raises(ForbiddenError):
                vault.restore(work, vaulted.safe, token.text, scope="billing", reason=REASON)
            with pytest.raises(ForbiddenError):
                vault.tokenise(
                    work,
                    vaulted.safe,
                    CARD,
                    type=TokenType.DIGITS,
                    scope="billing",
                    classification="internal",
                    subject=SUBJECT,
                )


def test_what_cannot_be_replaced_is_refused(vaulted: Vaulted) -> None:
    """Wrong digits, nothing at all, and names that are none are refused with their field."""
    wrong: list[tuple[str, dict[str, Any], str]] = [
        ("12345", {}, "value"),
        ("4111 1111 1111 1111", {}, "value"),
        ("", {"type": TokenType.RANDOM}, "value"),
        (CARD, {"scope": "Billing!"}, "scope"),
        (CARD, {"classification": "hush"}, "classification"),
        (CARD, {"subject": "anna"}, "subject"),
    ]
    for value, more, field in wrong:
        with pytest.raises(InvalidError) as caught:
            made(vaulted, value, **more)
        assert caught.value.field == field


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text("0123456789", min_size=7, max_size=19))
def test_any_digits_keep_their_form(vaulted: Vaulted, digits: str) -> None:
    """Length and check-digit class stay, whatever the digits, through the whole vault."""
    token = made(vaulted, digits)
    assert len(token.text) == len(digits)
    assert passes_luhn(token.text) == passes_luhn(digits)
    assert back(vaulted, token.text) == digits


def test_a_taken_stand_in_is_passed_over(vaulted: Vaulted, monkeypatch: pytest.MonkeyPatch) -> None:
    """If two subjects' digits meet in one token, the later one gets another, and both lead back."""
    first = made(vaulted, "1234567")
    real = vault.service.tokens.rules.stand_in  # type: ignore[attr-defined]
    calls = []

    def meeting(cipher: Any, digits: str, tweak: bytes) -> str:
        calls.append(tweak)
        return first.text if len(calls) == 1 else str(real(cipher, digits, tweak))

    monkeypatch.setattr("muniment.vault.rules.stand_in", meeting)
    second = made(vaulted, "7654321", subject=OTHER)
    monkeypatch.undo()
    assert second.tweak == 1
    assert back(vaulted, second.text) == "7654321"
    assert back(vaulted, first.text) == "1234567"
