"""Where in a file something was found, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.detect.models.findings import Finding


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in a file: where it stands there, and what stands beside it, such as its key."""

    text: str = field(repr=False)
    where: str = ""
    line: int = 1
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in a file that could not be inspected, and why."""

    reason: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A finding and where it stands in its file, counted from one."""

    finding: Finding
    where: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class FileScan:
    """What was found in one file; with a gap it is never clean."""

    path: str
    places: tuple[Place, ...]
    gaps: tuple[Gap, ...]
    characters: int
    build: str

    @property
    def is_clean(self) -> bool:
        """Tell whether all was read and nothing found."""
        return not self.places and not self.gaps
