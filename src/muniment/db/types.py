"""Column types that mean the same on both databases, and the one reading of a row as evidence.

Times are stored as text of fixed width in UTC, so they sort as they happened on SQLite as on
PostgreSQL. JSON is stored in canonical form, so equal values are equal bytes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from muniment.core.canonical import canonical_text, parse_canonical
from muniment.core.clock import parse_stamp, stamp

_STAMP_LENGTH = 27


class UtcTime(TypeDecorator[datetime]):
    """A moment, to the microsecond, always in UTC."""

    impl = String(_STAMP_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else stamp(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 a driver's value
        del dialect
        return None if value is None else parse_stamp(value)


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value kept in canonical form."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 any JSON
        del dialect
        return None if value is None else canonical_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 any JSON
        del dialect
        return None if value is None else parse_canonical(value.encode())
