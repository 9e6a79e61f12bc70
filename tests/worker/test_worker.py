"""The worker of this installation."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.server.asking import house_in
from tests.server.running import command, started


def test_every_chore_has_its_own_name(tmp_path: Path) -> None:
    """No two chores share a name, or one would be done in place of the other."""
    with house_in(tmp_path / "data") as house:
        names = [chore.name for chore in house.runner.chores]
        assert len(names) == len(set(names))
        followers = [follower.name for follower in house.runner.followers]
        assert len(followers) == len(set(followers))


def test_starts_and_stops(tmp_path: Path) -> None:
    """A started worker lives until it is stopped, and ends within the grace."""
    with house_in(tmp_path / "data") as house:
        house.runner.start()
        assert house.runner.alive()
        assert house.runner.stop(grace_seconds=20)
        assert not house.runner.alive()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_runs_apart_until_it_is_told_to_end(tmp_path: Path, number: int) -> None:
    """A worker process ends well on either signal, and says so."""
    data = str(tmp_path / "data")
    assert command("migrate", "--data", data).returncode == 0
    with started("worker", "--data", data, until="Working.") as worker:
        assert worker.stop(number) == 0
    assert "Stopped" in worker.said[-1]


@pytest.mark.slow
def test_needs_a_database(tmp_path: Path) -> None:
    """Without a database a worker says which command makes one."""
    ended = command("worker", "--data", str(tmp_path / "none"))
    assert ended.returncode == 8
    assert "muniment migrate" in ended.stderr
