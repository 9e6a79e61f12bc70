"""The tables of notices: what may be removed, and what changes only with a record."""

from __future__ import annotations

from muniment.db.tables import exempt_reason
from muniment.notices.store import tables

ADDRESSED = {"sealed", "zone"}


def test_addresses_and_hours_lie_where_they_can_be_removed() -> None:
    """What a person typed stands in tables of its own, so that removing it removes nothing else."""
    own = {tables.subscriptions_table.name, tables.hours_table.name, tables.channels_table.name}
    for table in tables.groups_table.metadata.sorted_tables:
        if table.name.startswith("notice_") and ADDRESSED & set(table.columns.keys()):
            assert table.name in own


def test_only_the_count_changes_alone() -> None:
    """Everything else of notices changes together with a record of the ledger."""
    found = [
        table.name
        for table in tables.groups_table.metadata.sorted_tables
        if table.name.startswith("notice_") and exempt_reason(table)
    ]
    assert found == ["notice_counts"]
