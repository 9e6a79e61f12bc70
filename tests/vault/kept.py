"""A whole installation with content kept, an erasure waiting and one done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from muniment import vault
from muniment.core.actor import system_actor
from muniment.server import House
from muniment.testing.vault import INES, OMAR, OTHER, SUBJECT, let_in_custodians
from muniment.vault import Held, Shred
from tests.server.asking import house_in

SYSTEM = system_actor("test")
WORDS = b"CANARY the plain words"


@dataclass(frozen=True)
class Kept:
    """What was kept and asked for."""

    house: House
    held: Held
    done: Shred
    waiting: Shred


@contextmanager
def filled(folder: Path) -> Iterator[Kept]:
    """Keep content of two subjects, open it, erase one subject, ask for the other's erasure."""
    with house_in(folder / "data") as house:
        house.safe.begin()
        let_in_custodians(house.database)
        with house.database.work(INES) as work:
            for subject in (SUBJECT, OTHER):
                for name in ("internal", "restricted"):
                    held = vault.put(work, house.safe, WORDS, classification=name, subject=subject)
        with house.database.work(INES) as work:
            vault.open(work, house.safe, held, reason="to have an entry that speaks of it")
            asked = vault.ask_shred(work, house.safe, subject=SUBJECT, reason="they asked us to")
            waiting = vault.ask_shred(work, house.safe, subject=OTHER, reason="they asked as well")
        with house.database.work(OMAR) as work:
            vault.approve_shred(work, asked.id, reason="checked with the law in hand")
        house.log.seal()
        with house.database.work(INES) as work:
            done = vault.shred(work, house.safe, asked.id)
        house.log.seal()
        yield Kept(house, held, done, waiting)
