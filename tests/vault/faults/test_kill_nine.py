"""A real process is killed: anywhere while it churns, and exactly in the middle of each act."""

from __future__ import annotations

import json
import signal
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
from muniment.vault import Held, ShredState, certificate_problems
from muniment.vault.store import shred, wrapped_otherwise

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


def killed(settings: Settings, what: str, where: str, erasure: str) -> None:
    """Run the process that kills itself at a step, and see that it was killed there."""
    url = settings.database.url.reveal() or "-"
    arguments = [str(settings.data.dir), url, what, where, erasure]
    command = [sys.executable, "-m", "tests.vault.faults.falling", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


MIDDLES = [
    ("rotate", "after the keyring's rotate"),  # the keyring has a new key; no row knows of it
    ("rotate", "before a commit"),
    ("rewrap", "after the keyring's wrap"),  # some keys are wrapped anew, in memory only
    ("rewrap", "before a commit"),
    ("rewrap", "after a commit"),
    ("shred", "before a commit"),  # the keys are gone within a transaction that never ends
    ("shred", "after a commit"),
]


def test_killed_in_the_middle_of_rotating_re_wrapping_and_erasing(
    database: Database, settings: Settings
) -> None:
    """Nothing is half done: what was kept opens or is wholly erased, and the act ends well anew."""
    for number, (what, where) in enumerate(MIDDLES):
        subject = f"sub_middle{number:012}"
        with opened_vault(database, settings) as house:
            with database.work(INES) as work:
                held = vault.put_many(
                    work, house.safe, [b"one", b"two"], classification="internal", subject=subject
                )
                erasure = vault.ask_shred(
                    work, house.safe, subject=subject, reason="they asked us to"
                ).id
            if what == "rewrap":
                vault.rotate(house.safe, INES, reason="it was due")
        killed(settings, what, where, erasure)
        with opened_vault(database, settings) as house:
            is_erased = (what, where) == ("shred", "after a commit")
            assert {opens(house, one) for one in held} == {not is_erased}
            with database.look(INES) as work:
                found = shred(work, erasure)
            assert found is not None
            assert (found.state is ShredState.DONE) is is_erased
            finish(house, what, erasure)
            assert {opens(house, one) for one in held} == {what != "shred"}
            house.log.seal()
            audit(house.log)
            assert reconcile(house.log, INES).differences == ()


def finish(house: Vaulted, what: str, erasure: str) -> None:
    """Do again what was killed, in a process that lives, and see that it ends well."""
    if what == "rotate":
        before = house.safe.keyring().current("vault")
        vault.rotate(house.safe, INES, reason="once more")
        assert house.safe.keyring().current("vault") != before
        return
    if what == "rewrap":
        vault.rewrap(house.safe, INES)
        current = house.safe.keyring().current("vault")
        with house.database.look(INES) as work:
            assert wrapped_otherwise(work, current, "", 10) == []
        return
    with house.database.work(INES) as work:
        found = shred(work, erasure)
        if found is not None and found.state is not ShredState.DONE:
            vault.shred(work, house.safe, erasure)
    house.log.seal()
    with house.database.look(INES) as work:
        assert certificate_problems(vault.certificate(house.safe, work, erasure)) == ()
