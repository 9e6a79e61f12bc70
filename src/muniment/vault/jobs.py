"""Chores of the vault: what nobody can use any more is removed."""

from __future__ import annotations

from muniment.core.actor import system_actor
from muniment.jobs import Chore, Run
from muniment.vault.service import Safe, sweep

_ACTOR = system_actor("sweeper")


def chores(safe: Safe) -> tuple[Chore, ...]:
    """List the chores of this vault."""

    def clear(_run: Run) -> None:
        sweep(safe, _ACTOR)

    return (Chore("vault.sweep", clear, safe.settings.sweep_seconds),)
