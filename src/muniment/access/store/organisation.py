"""The one row that says what the organisation is called."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update

from muniment.access.store.tables import organisation_table
from muniment.core.errors import ConflictError
from muniment.db import Work

_COLUMNS: Final = organisation_table.c
_OWN: Final = "own"


def organisation(work: Work) -> tuple[str, int]:
    """Tell its name and how often it was named; nothing and 0 while nobody has."""
    found = work.read(select(organisation_table).where(_COLUMNS.id == _OWN)).one_or_none()
    return (found.name, found.version) if found is not None else ("", 0)


def set_organisation(work: Work, name: str, version: int) -> None:
    """Keep a name over the one of this version."""
    values = {
        "name": name,
        "salt": work.new_id("slt"),
        "named_at": work.now,
        "version": version + 1,
    }
    if version == 0:
        done = work.insert_if_absent(organisation_table, {"id": _OWN, **values})
    else:
        where = (_COLUMNS.id == _OWN, _COLUMNS.version == version)
        done = work.write(update(organisation_table).where(*where).values(values)).count == 1
    if not done:
        raise ConflictError("somebody named it meanwhile", field="name", remedy="Look again.")
