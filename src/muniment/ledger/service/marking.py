"""Whether a log is of a demonstration: its own name says so, in every head that is ever signed.

The name is under the key from the first entry on, so nobody takes the mark away; and no setting
tells it, once the log has begun. What a demonstration records names a producer that says it too.
"""

from __future__ import annotations

from typing import Final

from muniment.core.actor import system_actor
from muniment.db import Database, SchemaState, schema_state
from muniment.ledger import store
from muniment.settings import Settings

DEMO_HOST: Final = "demo.invalid"
"""A name nobody can ever own (RFC 2606), so that no real log begins with it by chance."""

_ACTOR: Final = system_actor("ledger")
_PREFIX: Final = "demo."


def demo_origin(name: str) -> str:
    """Name the log of a demonstration."""
    return f"{DEMO_HOST}/{name}"


def names_demo(origin: str) -> bool:
    """Tell whether this is the name of a demonstration's log."""
    return origin.startswith(f"{DEMO_HOST}/")


def producer_name(role: str, *, demo: bool) -> str:
    """Name a producer of records; those of a demonstration say what they are."""
    return f"{_PREFIX}{role}" if demo and not role.startswith(_PREFIX) else role


def is_demo(database: Database, settings: Settings) -> bool:
    """Tell whether a demonstration is kept here, or is about to begin."""
    if schema_state(database) is SchemaState.EMPTY:
        return names_demo(settings.ledger.origin)
    with database.look(_ACTOR) as work:
        found = store.head(work)
    return names_demo(found.origin if found is not None else settings.ledger.origin)
