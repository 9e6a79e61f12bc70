"""Versions get one number each, and what is in force moves once at a time."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from muniment.core.errors import ConflictError
from muniment.policy import Standing, store
from muniment.policy.store.tables import head_table, versions_table
from tests.policy.company import ALLOW, Company


def test_two_drafts_at_once_get_two_numbers(company: Company) -> None:
    """Whoever drafts at the same moment, each version has a number of its own."""
    threads = [
        threading.Thread(target=company.draft, args=(ALLOW,), kwargs={"by": name})
        for name in ("ada", "bo", "ada")
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with company.by("bo") as work:
        assert [each.number for each in store.versions(work, 10)] == [3, 2, 1]


def test_an_older_standing_is_not_moved(company: Company) -> None:
    """Who read an older revision, or none, changes nothing."""
    company.enforce(ALLOW)
    for old in (Standing(), Standing(7, 1, 0)):
        with pytest.raises(ConflictError), company.by("bo") as work:
            store.move(work, old, Standing(old.revision + 1, 1, 0))


def test_versions_cannot_be_changed(company: Company) -> None:
    """The database itself refuses to change or remove a version."""
    company.draft(ALLOW)
    for statement in (
        update(versions_table).values(reason="another"),
        delete(versions_table),
    ):
        with pytest.raises(DBAPIError, match="append-only"), company.by("bo") as work:
            work.write(statement)
    with company.by("bo") as work:
        assert head_table.name not in {each.reason for each in store.versions(work, 5)}
