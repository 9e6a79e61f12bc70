"""Alive, ready, and three answers for each check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from muniment import jobs
from muniment.core.errors import UnavailableError
from muniment.db import Database, Work
from muniment.jobs import Follower, step
from muniment.jobs.follow import MAX_FAILURES, FollowedEntry, note_failure
from muniment.server import House
from muniment.server.health import Check, Verdict, checks, report
from muniment.settings import Settings
from tests.server.asking import app_of, ask, house_in


def verdicts(house: House, **options: int) -> dict[str, Verdict]:
    """Look, and give the verdict of each check."""
    return {each.name: each.verdict for each in checks(house, **options)}


def test_ready_means_that_every_check_is_met() -> None:
    """One check that is not met, or that could not tell, is enough to be not ready."""
    fine = Check("a", Verdict.MET, "fine")
    for verdict in (Verdict.NOT_MET, Verdict.COULD_NOT_TELL):
        assert report((fine, Check("b", verdict, "why")))["status"] == "not_ready"
    assert report((fine,)) == {
        "status": "ready",
        "checks": [{"name": "a", "verdict": Verdict.MET, "says": "fine"}],
    }


def test_is_ready_when_all_works(settings: Settings, tmp_path: Path) -> None:
    """A migrated house with a running worker is ready, on both databases."""
    url = settings.database.url.reveal()
    with house_in(tmp_path / "other", **{"database.url": url}) as house:
        house.runner.start()
        try:
            assert set(verdicts(house).values()) == {Verdict.MET}
            answer = ask(app_of(house), "/ready")
            assert (answer.status, answer.json["status"]) == (200, "ready")
        finally:
            assert house.runner.stop(grace_seconds=20)


def test_a_dead_worker_is_told(house: House) -> None:
    """Without its worker's threads the server is not ready, but it is alive."""
    assert verdicts(house)["worker"] is Verdict.NOT_MET
    assert ask(app_of(house), "/ready").status == 503
    assert ask(app_of(house), "/health").status == 200


def test_a_worker_apart_is_not_ours_to_judge(tmp_path: Path) -> None:
    """Where the worker runs apart, its threads are not looked for here."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        assert verdicts(house)["worker"] is Verdict.MET


def test_an_empty_disk_is_told(house: House) -> None:
    """Less free space than is asked for is not met."""
    assert verdicts(house, least_free_bytes=1)["disk"] is Verdict.MET
    assert verdicts(house, least_free_bytes=1 << 62)["disk"] is Verdict.NOT_MET


def test_a_stopped_follower_is_told(house: House) -> None:
    """A follower that stopped itself makes the server not ready, by name."""

    def never(_work: Work, _entry: FollowedEntry) -> None:
        raise AssertionError

    follower = Follower("risk.tiers", ("registry.*",), never)
    step(house.database, follower, lambda _after, _limit: ())
    assert verdicts(house)["followers"] is Verdict.MET
    for _ in range(MAX_FAILURES):
        note_failure(house.database, follower, "its own reason")
    told = next(each for each in checks(house) if each.name == "followers")
    assert told == Check("followers", Verdict.NOT_MET, "stopped: risk.tiers")


def test_a_lost_database_file_is_told(house: House) -> None:
    """A file that was removed still answers through open handles; that is not ready."""
    (house.settings.data.dir / "muniment.db").unlink()
    assert verdicts(house)["database"] is Verdict.NOT_MET
    assert ask(app_of(house), "/ready").status == 503


def test_what_cannot_be_asked_could_not_tell(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is could-not-tell, and its address is not given away."""
    app = app_of(house)

    def gone(_self: Database, _actor: object) -> None:
        raise UnavailableError("10.0.0.7 refused the user", remedy="Check that the server runs.")

    monkeypatch.setattr(Database, "look", gone)
    found = {each.name: each for each in checks(house)}
    assert found["worker"].verdict is found["followers"].verdict is Verdict.COULD_NOT_TELL
    assert found["worker"].says == "unavailable. Check that the server runs."
    answer = ask(app, "/ready")
    assert answer.status == 503
    assert b"10.0.0.7" not in answer.body


def test_a_missing_data_folder_is_told(house: House, tmp_path: Path) -> None:
    """A folder that is not there is not met, and its path is not given away."""
    data = replace(house.settings.data, dir=tmp_path / "nowhere")
    loaded = replace(house.loaded, settings=replace(house.settings, data=data))
    told = {each.name: each for each in checks(replace(house, loaded=loaded))}
    assert told["disk"].verdict is Verdict.NOT_MET
    assert "nowhere" not in told["disk"].says


def test_counts_of_parked_jobs_are_shown(house: House) -> None:
    """The worker's check says how much waits and how much is parked."""
    told = next(each for each in checks(house) if each.name == "worker")
    assert jobs.JobState.QUEUED
    assert told.says in ("its threads have ended", "0 queued, 0 parked")
