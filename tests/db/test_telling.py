"""What a driver says of a failure becomes an error that a person can act on."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from muniment.core.errors import CorruptError, MunimentError, UnavailableError
from muniment.db.telling import told


@pytest.mark.parametrize(
    ("says", "error", "means"),
    [
        ("database is locked", UnavailableError, "busy writing"),
        ("database or disk is full", UnavailableError, "disk is full"),
        ("something else\nwith more lines", UnavailableError, "something else"),
        ("", UnavailableError, "no answer"),
    ],
)
def test_a_failure_says_what_to_do(says: str, error: type[MunimentError], means: str) -> None:
    """Each names what happened and a remedy, and never more than a line of the driver's."""
    with pytest.raises(error, match=means) as found, told("sqlite"):
        raise OperationalError(None, None, sqlite3.OperationalError(says))
    assert found.value.remedy
    assert "more lines" not in found.value.message


def test_a_damaged_file_is_no_matter_of_trying_again() -> None:
    """It is told as damage, and a refusal of the database's own stays what it is."""
    with pytest.raises(CorruptError, match="damaged"), told("sqlite"):
        raise DatabaseError(None, None, sqlite3.DatabaseError("file is not a database"))
    with pytest.raises(IntegrityError), told("sqlite"):
        raise IntegrityError(None, None, sqlite3.IntegrityError("UNIQUE"))
