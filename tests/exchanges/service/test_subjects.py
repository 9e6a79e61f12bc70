"""Whose data a call carries."""

from __future__ import annotations

from muniment import exchanges
from muniment.core.actor import system_actor
from muniment.exchanges import Book, Subjects
from muniment.ledger import Entry
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


def test_every_process_forgets_who_was_erased(vaulted: Vaulted) -> None:
    """With a book at once, without one within a second; nobody is called by the old name again."""
    clock = vaulted.database.clock
    with_book, without = Subjects(vaulted.safe, Book(vaulted.database)), Subjects(vaulted.safe)
    name = with_book.name_of(ACTOR, "max@example.org")
    assert without.name_of(ACTOR, "max@example.org") == name
    with vaulted.database.work(ACTOR) as work:
        exchanges.erase_subject(work, name)
    clock.advance(0.05)  # type: ignore[attr-defined]  # it moves when told
    fresh = with_book.name_of(ACTOR, "max@example.org")
    assert fresh != name
    clock.advance(1)  # type: ignore[attr-defined]  # as above
    assert without.name_of(ACTOR, "max@example.org") == fresh


def test_one_class_of_content_erases_nobody(vaulted: Vaulted) -> None:
    """Only where all keys of somebody were destroyed is their name forgotten."""
    name = Subjects(vaulted.safe).name_of(ACTOR, "max@example.org")
    with vaulted.database.work(ACTOR) as work:
        for classification, wanted in (("internal", name), ("", None)):
            body = {"subject": name, "classification": classification}
            value = {"id": "rec_1", "kind": "vault.shredded", "body": body}
            exchanges.follow_shredded(work, Entry(0, b"", value))
            known = exchanges.find_subject(work, vaulted.safe, "max@example.org")
            assert known == wanted
