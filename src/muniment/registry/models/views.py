"""A saved view: the filters of a list under a name, one's own or shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class View:
    """What somebody wants to see of a list again."""

    id: str
    place: str
    name: str
    query: Mapping[str, str]
    owner: str
    shared: bool
    made_at: datetime
