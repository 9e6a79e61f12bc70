"""What is brought in from a spreadsheet: a sheet of one sort, its rows, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class SheetSort(StrEnum):
    """What the rows of a sheet are."""

    SYSTEMS = "systems"
    VERSIONS = "versions"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the sheet, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenSheet:
    """A sheet as it was given, under the digest of its content."""

    sort: SheetSort
    rows: tuple[SheetRow, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be brought in: which, which column, why, and what to write."""

    number: int
    field: str
    says: str
    remedy: str

    def __str__(self) -> str:
        where = f"row {self.number}, {self.field}" if self.field else f"row {self.number}"
        return f"{where}: {self.says}. {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a sheet: how many rows are good, and every one that is not."""

    sort: SheetSort
    count: int
    bad: tuple[BadRow, ...]
