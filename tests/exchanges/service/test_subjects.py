"""Whose data a call carries."""

from __future__ import annotations

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.exchanges import Subjects
from muniment.testing.vault import Vaulted

ACTOR = system_actor("test")


def test_a_person_has_one_random_name(vaulted: Vaulted) -> None:
    """Two processes give the same name; another person has another; nothing of theirs is in it."""
    one, other = Subjects(vaulted.safe), Subjects(vaulted.safe)
    name = one.name_of(ACTOR, "max@example.org")
    assert name == one.name_of(ACTOR, "max@example.org") == other.name_of(ACTOR, "max@example.org")
    assert name != one.name_of(ACTOR, "eva@example.org")
    assert "max" not in name
    with vaulted.database.work(ACTOR) as work:
        assert exchanges.find_subject(work, vaulted.safe, "max@example.org") == name
        assert exchanges.find_subject(work, vaulted.safe, "nobody@example.org") is None


def test_who_is_erased_comes_back_as_a_stranger(vaulted: Vaulted) -> None:
    """After erasing nothing leads from the person to the old name."""
    subjects = Subjects(vaulted.safe)
    name = subjects.name_of(ACTOR, "max@example.org")
    with vaulted.database.work(ACTOR) as work:
        assert exchanges.erase_subject(work, name)
        assert not exchanges.erase_subject(work, name)
    subjects.forget()
    assert subjects.name_of(ACTOR, "max@example.org") != name
