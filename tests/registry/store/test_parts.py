"""Versions are added one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, NotFoundError
from muniment.registry import VersionSet, store
from tests.approvals.people import ROOT
from tests.registry.yard import Yard


def test_two_who_write_a_version_at_once_do_not_pass(yard: Yard) -> None:
    """The second is told; nothing is numbered twice."""
    yard.raise_up()
    first = yard.version(text="one")
    with yard.looking() as work:
        part = store.parts.part(work, first.system_id, first.kind, first.name)
    assert part is not None
    stale = replace(part, revision=part.revision - 1)
    fresh = replace(first, id="ver_x", number=2)
    with pytest.raises(ConflictError, match="same moment"), yard.database.work(ROOT) as work:
        store.parts.add_version(work, stale, fresh)


def test_an_unknown_set_is_told(yard: Yard) -> None:
    """A digest that names no set is not found; a known one is named by its content."""
    yard.raise_up()
    change = yard.drafted("one")
    with yard.looking() as work:
        found = store.parts.version_set(work, change.set_digest)
        assert VersionSet(found.system_id, found.versions).digest == change.set_digest
        with pytest.raises(NotFoundError):
            store.parts.version_set(work, "sha256:" + "0" * 64)


def test_parts_are_found_by_a_piece_of_their_name(yard: Yard) -> None:
    """Whatever its case, with or without the kind; what is a pattern elsewhere is text here."""
    yard.raise_up()
    made = yard.version(text="one")
    kind, name = made.label.split("/")
    with yard.looking() as work:
        for text in (name.upper(), name[:3], f"{kind}/{name}"):
            assert [each.label for each in registry.find_parts(work, text)] == [made.label], text
        for text in ("%", "_", f"model/{name}", "nothing"):
            assert registry.find_parts(work, text) == (), text
