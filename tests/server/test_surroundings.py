"""What an installation needs of what stands around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from muniment import gateway, jobs, registry
from muniment.server import surroundings
from muniment.server.health import Verdict
from muniment.testing import FixedClock
from tests.server.asking import house_in
from tests.server.certificates import self_signed
from tests.server.people import MACHINE, found_admin, person_with


def test_a_clock_behind_the_newest_record_is_found(tmp_path: Path) -> None:
    """It cannot be told on an empty ledger; it is met, and not met once it went back."""
    with house_in(tmp_path / "data") as house:
        assert surroundings.clock(house)[0] is Verdict.COULD_NOT_TELL
        house.log.begin()
        house.log.seal()
        assert surroundings.clock(house)[0] is Verdict.MET
        late = FixedClock(house.clock.now() - timedelta(hours=2))
        verdict, says = surroundings.clock(replace(house, clock=late))
        assert verdict is Verdict.NOT_MET
        assert "timedatectl" in says


def test_people_and_parked_work_are_found(tmp_path: Path) -> None:
    """While nobody manages access it says how somebody comes to; parked work has its cure."""
    with house_in(tmp_path / "data") as house:
        assert "first-link" in surroundings.admins(house)[1]
        assert surroundings.parked(house)[0] is Verdict.MET
        found_admin(house)
        assert surroundings.admins(house)[0] is Verdict.MET
        with house.database.work(MACHINE) as work:
            jobs.enqueue(work, "test.broken", {}, max_attempts=1)
            job = jobs.claim(work, ["test.broken"], lease_seconds=60)
            assert job is not None
            jobs.fail(work, job, "it broke")
        verdict, says = surroundings.parked(house)
        assert verdict is Verdict.NOT_MET
        assert "muniment jobs unpark" in says


def test_a_certificate_that_ends_soon_is_found(tmp_path: Path) -> None:
    """None is fine; one that holds is told until when; a file that is none is said to be none."""
    certificate, key = self_signed(tmp_path)
    with house_in(tmp_path / "data") as house:
        assert surroundings.certificate(house)[0] is Verdict.MET
    with house_in(
        tmp_path / "data", **{"server.tls_cert": certificate, "server.tls_key": key}
    ) as house:
        ends = surroundings.certificate(house)[1]
        assert "it ends" in ends
        late = FixedClock(house.clock.now() + timedelta(days=4_000))
        verdict, says = surroundings.certificate(replace(house, clock=late))
        assert (verdict, "which is past" in says) == (Verdict.NOT_MET, True)
        certificate.write_text("none")
        assert "no certificate" in surroundings.certificate(house)[1]


def test_a_model_whose_credential_is_missing_is_found(tmp_path: Path) -> None:
    """Without outside models all is met; a variable this server lacks is named with its cure."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        ada, owner = found_admin(house), person_with(house, "owner")
        with house.database.work(ada.actor) as work:
            gateway.begin_first(work, "desk", "Desk", "Answers.")
        assert surroundings.providers(house) == (Verdict.MET, "no model needs anybody outside")
        document = {"provider": "openai", "model": "gpt-4.1", "credential": "env:OPENAI_API_KEY"}
        with house.database.work(owner.actor) as work:
            registry.add_version(work, "desk", "model/gpt", document)
        verdict, says = surroundings.providers(house)
        assert verdict is Verdict.NOT_MET
        assert "model/gpt needs OPENAI_API_KEY" in says
        given = replace(house.loaded, credentials={"OPENAI_API_KEY": "sk"})
        verdict, _ = surroundings.providers(replace(house, loaded=given))
        assert verdict is Verdict.COULD_NOT_TELL
