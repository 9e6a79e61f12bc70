"""A real process is killed while it keeps, turns, wraps anew and erases; its words stay true."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from muniment import vault
from muniment.core.errors import NotFoundError
from muniment.db import Database
from muniment.ledger import reconcile
from muniment.settings import Settings
from muniment.testing.ledger import audit
from muniment.testing.vault import INES, Vaulted, opened_vault
from muniment.vault import Held

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LINES = (7, 16, 29)


def churn(settings: Settings, word: str, lines: int) -> list[str]:
    """Run the process until it has said so much, kill it, and give all it said in whole lines."""
    url = settings.database.url.reveal() or "-"
    command = [sys.executable, "-m", "tests.vault.faults.churning", str(settings.data.dir)]
    running = subprocess.Popen([*command, url, word], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout
    said = [running.stdout.readline() for _ in range(lines)]
    running.kill()
    said += running.stdout.readlines()
    running.stdout.close()
    running.wait(60)
    return [line.strip() for line in said if line.endswith("\n")]


def opens(house: Vaulted, held: Held) -> bool:
    """Tell whether content can be opened; a key that is destroyed says so."""
    try:
        with house.database.work(INES) as work:
            opening = vault.open(work, house.safe, held, reason="after the process was killed")
    except NotFoundError as error:
        if "destroyed" not in error.message:
            raise
        return False
    return opening.read() in {b"one", b"two"}


def test_what_was_said_before_the_kill_is_true(database: Database, settings: Settings) -> None:
    """Kept content opens unless its erasure had begun; erased content never; the log is sound."""
    with opened_vault(database, settings):
        pass
    for turn, lines in enumerate(LINES):
        kept: dict[str, list[Held]] = defaultdict(list)
        begun: set[str] = set()
        ended: set[str] = set()
        for line in churn(settings, f"turn{turn}", lines):
            what, _, about = line.partition(" ")
            if what == "kept":
                subject, reference = json.loads(about)
                kept[subject].append(Held.from_reference(reference))
            elif what == "erasing":
                begun.add(about)
            elif what == "erased":
                ended.add(about)
        assert kept
        with opened_vault(database, settings) as house:
            for subject, held in kept.items():
                answers = {opens(house, one) for one in held}
                assert len(answers) == 1, "an erasure is whole"
                assert (subject in ended) <= (answers == {False})
                assert (subject not in begun) <= (answers == {True})
            house.log.seal()
            audit(house.log)
            assert reconcile(house.log, INES).differences == ()
