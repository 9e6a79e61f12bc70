"""Values kept in the vault come back: in JSON, across pieces, and in another exchange."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, NotFoundError
from muniment.db import Database
from muniment.detect import Action, ActionRule, Policy, Protector, Scanner, Tokens
from muniment.detect.service.keeping import VaultTokens
from muniment.settings import Settings
from muniment.testing.vault import INES, SUBJECT, Vaulted, opened_vault

STRANGER = Actor(ActorKind.PERSON, "per_nobody", "session")
SCANNER = Scanner(layers="patterns")
POLICY = Policy("keep", (ActionRule(Action.TOKENISE),))
CARD, MAIL = "4111 1111 1111 1111", "maria.lopez@example.com"
ARGUMENTS = json.dumps({"to": MAIL, "card": 4111111111111111, "note": f"paid by {CARD}"})


@pytest.fixture
def house(database: Database, settings: Settings) -> Iterator[Vaulted]:
    """A vault, once on each database."""
    with opened_vault(database, settings) as opened:
        yield opened


def tokens(house: Vaulted, actor: Actor = INES) -> VaultTokens:
    """Give the tokens of an exchange of somebody."""
    return VaultTokens(
        house.safe,
        actor,
        subject=SUBJECT,
        classification="confidential",
        reason="the answer goes to the customer",
    )


def exchange(house: Vaulted) -> Protector:
    """Begin an exchange that tokenises."""
    return SCANNER.protector(POLICY, tokens=tokens(house), scope="support")


@pytest.mark.requirement("DAT-07")
def test_tool_arguments_and_streams_come_back_as_they_were(house: Vaulted) -> None:
    """Tokens are the same in text, JSON and stream, keep the form of numbers, and turn back."""
    begun = exchange(house)
    told = begun.json(ARGUMENTS).text
    assert MAIL not in told
    assert "4111" not in told
    given = json.loads(told)
    assert len(str(given["card"])) == 16
    assert given["note"].removeprefix("paid by ").count(" ") == 3
    assert json.loads(begun.restore_json(told)) == json.loads(ARGUMENTS)
    restoring = begun.restoring(in_json=True)
    pieces = [restoring.feed(told[at : at + 3]) for at in range(0, len(told), 3)]
    back = json.loads("".join(pieces) + restoring.finish())
    assert (back["to"], back["note"]) == (MAIL, f"paid by {CARD}")
    text = f"so {MAIL} paid by {CARD} in the end"
    stream = begun.stream()
    out = "".join(stream.feed(text[at : at + 4]) for at in range(0, len(text), 4))
    out += stream.finish()
    assert out == begun.text(text).text
    assert begun.restore(out) == text


def test_another_exchange_turns_a_token_back_on_record(house: Vaulted) -> None:
    """What the vault keeps outlives the exchange; another scope or a stranger gets nothing."""
    kept = tokens(house)
    assert isinstance(kept, Tokens)
    made = [kept.tokenise(value, type="T", scope="support") for value in (CARD, MAIL)]
    assert [tokens(house).restore(each, scope="support") for each in made] == [CARD, MAIL]
    with pytest.raises(NotFoundError):
        tokens(house).restore(made[0], scope="elsewhere")
    with pytest.raises(ForbiddenError):
        tokens(house, STRANGER).restore(made[1], scope="support")
