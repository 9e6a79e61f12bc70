"""Who asks at a door: found out once for each request, and handed down with it."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.access.models.credentials import Session
from muniment.access.models.may import EVERYTHING, Scope
from muniment.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, by which session if not by a key, and what they hold: permissions with places.

    What is held only decides what is offered; whether something is done is judged by `require`,
    each time, in the transaction that does it.
    """

    actor: Actor
    session: Session | None = None
    name: str = ""
    held: tuple[tuple[frozenset[str], Scope], ...] = ()
    within: Scope = EVERYTHING
    organisation: str = ""

    @property
    def permissions(self) -> frozenset[str]:
        """Name what they may do somewhere."""
        return frozenset[str]().union(*(names for names, _ in self.held))

    def may(self, permission: str, place: Scope | None = None) -> bool:
        """Tell whether they may do something there, or, where no place is named, somewhere."""
        return any(
            permission in names
            and (place is None or (scope.reaches(place) and self.within.reaches(place)))
            for names, scope in self.held
        )
