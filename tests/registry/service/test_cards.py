"""Tests of cards in and out."""

from __future__ import annotations

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, InvalidError, NotFoundError
from tests.registry.yard import Yard

CARD = "---\nlicense: mit\ntags:\n- loans\n---\n\n# Score\n"


def test_a_card_becomes_a_version_and_a_version_a_card(yard: Yard) -> None:
    """The provider stays, the licence comes; the same card again is the version there is."""
    yard.approved()
    key = yard.system.key
    with yard.by("ben") as work, pytest.raises(ConflictError):
        registry.bring_card(work, key, "model/main", CARD)
    yard.version("model/main", provider="acme", model="large")
    with yard.by("ben") as work:
        made = registry.bring_card(work, key, "model/main", CARD)
        assert made.number == 2
        assert made.document["provider"] == "acme"
        assert made.document["licence"] == "mit"
        assert registry.bring_card(work, key, "model/main", CARD) == made
        assert registry.card_of(work, key, "model/main") == CARD
        assert "license" not in registry.card_of(work, key, "model/main", 1)
        with pytest.raises(InvalidError):
            registry.card_of(work, key, "prompt/main")
        with pytest.raises(NotFoundError):
            registry.card_of(work, key, "model/none")
