"""`muniment jobs`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import jobs
from muniment.cli import run
from muniment.core.actor import system_actor
from muniment.core.errors import MunimentError
from muniment.main import open_house
from muniment.server import House
from tests.server.asking import house_in

_ACTOR = system_actor("test")


def left_with(folder: Path, *words: str) -> int:
    """Run a command on an installation and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {**overrides, "data.dir": folder, "unlock.folder": folder.parent / "unlock"}
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["jobs", *words])
    return int(caught.value.code or 0)


@pytest.fixture
def parked(tmp_path: Path) -> tuple[Path, str]:
    """An installation with one parked job, and its id."""
    with house_in(tmp_path / "data") as house:
        with house.database.work(_ACTOR) as work:
            job_id = jobs.enqueue(work, "mail.send", {"to": "[bold]x"}, max_attempts=1)
        with house.database.work(_ACTOR) as work:
            job = jobs.claim(work, ["mail.send"], lease_seconds=60)
            assert job is not None
            jobs.fail(work, job, "[red]refused\x1b[2J")
    return tmp_path / "data", str(job_id)


def test_lists_for_people_and_programs(
    parked: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A parked job is listed with its reason; programs get all of it but the lease's token."""
    folder, job_id = parked
    assert left_with(folder, "list", "--state", "parked") == 0
    shown = capsys.readouterr().out
    assert job_id[:10] in shown
    assert "\x1b" not in shown
    assert left_with(folder, "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    row = next(each for each in told["rows"] if each["id"] == job_id)
    assert (row["state"], row["name"], row["last_error"]) == (
        "parked",
        "mail.send",
        "[red]refused\x1b[2J",
    )
    assert "lease_token" not in row


def test_gives_a_parked_job_its_tries_again(
    parked: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A parked job is queued again once; what is not parked, not there or no id is refused."""
    folder, job_id = parked
    assert left_with(folder, "unpark", job_id) == 0
    assert "queued again" in capsys.readouterr().out
    assert left_with(folder, "unpark", job_id) in (2, 6)
    assert left_with(folder, "unpark", "job_" + "0" * 26) == 4
    assert left_with(folder, "unpark", "nonsense") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--limit", "0"), 2),
        (("list", "--limit", "-1"), 2),
        (("list", "--limit", "99999999"), 2),
        (("list", "--cursor", "nonsense"), 2),
        (("list", "--state", "nonsense"), 2),
        (("resume", "nobody"), 4),
        (("followers",), 0),
        (("followers", "--json"), 0),
    ],
)
def test_every_word_has_its_end(
    parked: tuple[Path, str], words: tuple[str, ...], code: int
) -> None:
    """Bad words are refused as bad, missing things as missing, and empty lists are fine."""
    assert issubclass(MunimentError, Exception)
    assert left_with(parked[0], *words) == code
