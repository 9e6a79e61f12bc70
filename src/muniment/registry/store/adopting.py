"""Which persons stepped forward for versions that the command line wrote without a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ForeignKey, String, Text, select

from muniment.db import UtcTime, Work, append_only, recorded_table
from muniment.registry.store.systems import salt

_AT_ONCE: Final = 500

adoptions_table = recorded_table(
    "registry_adoptions",
    Column("version_id", String(40), ForeignKey("registry_versions.id"), primary_key=True),
    Column("person", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("salt", String(32), nullable=False),
)
append_only(adoptions_table)


def adopt(work: Work, version_id: str, person: str, reason: str, at: datetime) -> bool:
    """Keep who answers for a version; of two at once the first does. Tell whether it was so."""
    row = {"version_id": version_id, "person": person, "reason": reason, "at": at, "salt": salt()}
    return work.insert_if_absent(adoptions_table, row)


def adopters(work: Work, ids: Iterable[str]) -> dict[str, str]:
    """Say who answers for several versions, by the id of the version."""
    wanted, found = sorted(set(ids)), dict[str, str]()
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        asked = select(adoptions_table).where(adoptions_table.c.version_id.in_(some))
        found.update((row.version_id, row.person) for row in work.read(asked))
    return found
