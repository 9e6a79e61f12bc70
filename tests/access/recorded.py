"""Reads what a test's database has recorded and not sealed yet."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.ledger.store.tables import pending_table
from muniment.verify import parse_bundle


def records(database: Database) -> list[dict[str, Any]]:
    """Give every entry that waits to be sealed, in order."""
    with database.look(system_actor("test")) as work:
        rows = work.read(select(pending_table.c.entries).order_by(pending_table.c.id)).scalars()
        return [json.loads(entry) for row in rows for entry in parse_bundle(bytes(row))]
