"""The vault a test opens is a whole one."""

from __future__ import annotations

from muniment import vault
from muniment.db import Database
from muniment.settings import Settings
from muniment.testing.vault import INES, SUBJECT, opened_vault


def test_it_keeps_and_opens(database: Database, settings: Settings) -> None:
    """Content put into it comes back, after it was closed and opened again."""
    with opened_vault(database, settings) as house, database.work(INES) as work:
        held = vault.put(work, house.safe, b"words", classification="internal", subject=SUBJECT)
    with opened_vault(database, settings) as house:
        with database.work(INES) as work:
            opening = vault.open(work, house.safe, held, reason="to see that it opens")
        assert opening.read() == b"words"
