"""Calls that are like one which went through the gateway."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.demo.copies import Copies, Likeness
from muniment.exchanges import Judgement, Refusal
from tests.exchanges.making import intent, origin


def test_a_call_is_copied_only_where_it_would_be_the_same() -> None:
    """Rules that changed, or a set that no longer serves, end the copying of what came before."""
    like = Likeness(system_actor("test"), intent=intent())
    version, digest = intent().judged.policy, intent().set_digest
    assert like.fits(version, {digest})
    assert not like.fits(version + 1, {digest})
    assert not like.fits(version, {"sha256:other"})
    refused = Refusal(origin(), "m", "decide", "blocked", 403, Judgement(policy=4))
    assert Likeness(system_actor("test"), refusal=refused).fits(4, set())


def test_what_is_owed_adds_up() -> None:
    """Calls of days on which nothing could be copied are made up for later."""
    copies = Copies()
    copies.hear("exc_1", 4)
    copies.hear("exc_2", 4)
    assert (copies.heard, copies.owed) == (["exc_1", "exc_2"], 8)
