"""Keys as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import access
from muniment.access import KeyLimits, store
from muniment.access.rules import key_digest
from muniment.core.errors import ConflictError, NotFoundError
from tests.access.company import SYSTEM, Company


def test_a_key_is_found_by_id_digest_holder_and_day(company: Company) -> None:
    """Every fact survives; what ended is not among what works."""
    with company.work() as work:
        limits = KeyLimits(frozenset({"ledger.read"}), SYSTEM)
        fresh = access.issue_key(work, company.person("ana"), "x", limits=limits, budget="b")
        digest = key_digest(fresh.secret)
        assert store.find_key(work, fresh.key.id) == fresh.key
        assert store.key_by_digest(work, digest) == (digest, fresh.key)
        assert store.key_by_digest(work, "0" * 64) is None
        assert store.keys_of(work, company.person("ana")) == (fresh.key,)
        assert store.working_keys(work) == ((digest, fresh.key),)
        assert store.keys_at(work, work.now) == (fresh.key,)
        assert store.keys_at(work, work.now - timedelta(seconds=1)) == ()
        access.revoke_key(work, fresh.key.id)
        assert store.working_keys(work) == ()
        assert store.keys_at(work, work.now) == ()
        with pytest.raises(NotFoundError):
            store.find_key(work, "key_x")
        with pytest.raises(ConflictError, match="meanwhile"):
            store.save_key(work, replace(fresh.key, version=9))


def test_the_newest_use_is_kept(company: Company) -> None:
    """An older time that arrives later changes nothing."""
    with company.work() as work:
        key = access.issue_key(work, company.person("ana"), "x").key
        for minutes in (5, 9, 2):
            store.note_uses(work, {key.id: work.now + timedelta(minutes=minutes)})
        used = store.find_key(work, key.id).last_used_at
        assert used == work.now + timedelta(minutes=9)
