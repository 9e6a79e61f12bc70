"""A reception for tests: real tables, a real keyring, and hashing that costs little."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from argon2 import PasswordHasher

from muniment.access import Caller, Person, Reception, found, prepare_password, set_password
from muniment.access.service.people import add_person
from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.net import Fetcher
from muniment.settings import Settings
from muniment.vault.keyrings.local_file import LocalFileKeyring

QUICK: Final = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
ROOT: Final = system_actor("test")
PASSWORD: Final = "plum ladder quiet tram"
HERE: Final = Caller("203.0.113.7", "Lynx/2")
ELSEWHERE: Final = Caller("198.51.100.1", "curl/8")


def reception_in(folder: Path, database: Database, settings: Settings) -> Reception:
    """Open a reception."""
    keyring = LocalFileKeyring(folder / "keyring.json", b"a secret that opens the keyring")
    fetcher = Fetcher(settings, database.clock)
    return Reception(database, settings, lambda: keyring, fetcher, hasher=QUICK)


def admin_of(reception: Reception, name: str = "Ada Root") -> Person:
    """Make the first admin, with a password."""
    with reception.database.work(ROOT) as work:
        person = found(work, name, "ada@example.org")
        set_password(work, person.id, prepare_password(reception, person, PASSWORD), way="test")
    return person


def person_of(
    reception: Reception, name: str = "Ines Moreau", email: str = "ines@example.org"
) -> Person:
    """Add an active person with a password and no role."""
    with reception.database.work(ROOT) as work:
        person = add_person(work, name, email)
        set_password(work, person.id, prepare_password(reception, person, PASSWORD), way="test")
    return person
