"""Killed at any moment: afterwards every change has its record, and every record its change."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from muniment.db import Database
from muniment.db.work import row_digest, row_key
from muniment.settings import Settings
from tests.db.orchard import GARDENER, entries_of, grafts, is_gapless, states_recorded, trees

ROOT = Path(__file__).resolve().parent.parent.parent
KILLINGS = 20


def states_now(database: Database, table: Table) -> dict[str, str | None]:
    """Give the digest of each row as it stands."""
    with database.look(GARDENER) as work:
        rows = work.read(select(table)).all()
    return {row_key(table, row): row_digest(table, row) for row in rows}


def assert_agrees(database: Database) -> int:
    """See that tables and records say the same, and give how many entries there are."""
    entries = entries_of(database, producer="planter")
    assert is_gapless(entries)
    kinds = [entry["kind"] for entry in entries]
    assert kinds == ["orchard.planted", "orchard.grafted"] * (len(kinds) // 2)
    for table in (trees, grafts):
        recorded = states_recorded(entries, table.name)
        standing = {key: digest for key, digest in recorded.items() if digest is not None}
        now = states_now(database, table)
        for known in ("t1", "t2"):
            now.pop(known, None)
            standing.pop(known, None)
        assert now == standing
    return len(entries)


def plant_and_kill(zygote: subprocess.Popen[bytes], chance: random.Random) -> None:
    """Let a planter commit for a moment, then kill it wherever it is."""
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write(b"go\n")
    zygote.stdin.flush()
    told = b""
    while b"." not in told:
        part = os.read(zygote.stdout.fileno(), 4096)
        assert part, "the planter ended by itself"
        told += part
    time.sleep(chance.uniform(0, 0.25))
    os.kill(int(told.replace(b".", b"").split()[0]), signal.SIGKILL)
    while not told.endswith(b"\n") or told.count(b"\n") < 2:
        told += os.read(zygote.stdout.fileno(), 4096)


@pytest.mark.slow
@pytest.mark.requirement("LOG-12", "LOG-15")
def test_a_killed_process_leaves_changes_and_records_in_agreement(
    orchard: Database, settings: Settings
) -> None:
    """Twenty times killed in the midst of its commits: nothing is half done, no number missing."""
    chance = random.Random(20)
    command = [sys.executable, "-m", "tests.db.planter", str(settings.data.dir)]
    command.append(settings.database.url.reveal())
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as zygote:
        try:
            sizes = []
            for _ in range(KILLINGS):
                plant_and_kill(zygote, chance)
                sizes.append(assert_agrees(orchard))
        finally:
            zygote.kill()
    assert sizes == sorted(set(sizes))
