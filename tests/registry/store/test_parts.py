"""Versions are added one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
