"""Who asks at a door: found out once for each request, and handed down with it."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.access.models.credentials import Session
from muniment.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, by which session if not by a key, and what they may do somewhere at all.

    `may` only decides what is offered; whether something is done is judged by `require`, each time.
    """

    actor: Actor
    session: Session | None = None
    name: str = ""
    may: frozenset[str] = frozenset()
