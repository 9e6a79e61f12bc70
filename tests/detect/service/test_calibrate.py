"""Every change of a detector has an owner, a reason, figures and mostly an end; none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, InvalidError, NotFoundError, UnavailableError
from muniment.db import UnrecordedChangeError
from muniment.detect import Allowed, CaseKind, Configuration, Scan, Scanner
from muniment.detect import store as detect_store
from muniment.detect.service import calibrate
from muniment.detect.service.calibrate import Scanners
from muniment.ledger import Log, record
from muniment.ledger.kinds.detect import BuildBegan
from muniment.testing import FixedClock
from tests.conftest import PERSON

SETTER = system_actor("setter")
ADDRESS = "maria@example.com"
TEXT = f"please write to {ADDRESS} today"
ALLOWING = Configuration(allowed=(Allowed(ADDRESS),))
STRICT = Configuration(threshold=0.4)
WHY = "the address of our own front desk"


def missed(log: Log) -> None:
    """Report that the address must be found."""
    start = TEXT.index(ADDRESS)
    with log.database.work(SETTER) as work:
        detect.report(
            work,
            TEXT,
            CaseKind.MISSED,
            type="EMAIL_ADDRESS",
            start=start,
            end=start + len(ADDRESS),
        )


def test_a_change_is_a_version_with_its_figures_on_record(log: Log) -> None:
    """Who answers, why, what it did on the cases: all of it stands in the ledger."""
    missed(log)
    with log.database.work(SETTER) as work:
        made = detect.configure(work, STRICT, owner="per_ines", reason="find more than before")
    assert (made.version, made.before, made.after.right, made.loosens) == (1, made.after, 1, ())
    with log.database.look(SETTER) as work:
        assert detect.in_force(work) == STRICT
        assert detect.in_force(work, "sys_1") == STRICT
        (known,) = detect.history(work)
    assert known == made


def test_a_change_that_looks_away_needs_an_end(log: Log, clock: FixedClock) -> None:
    """An allow-list without an end is refused; with one it holds until then and no longer."""
    with log.database.work(SETTER) as work, pytest.raises(InvalidError) as told:
        detect.configure(work, ALLOWING, owner="per_ines", reason=WHY)
    assert told.value.field == "expires_at"
    assert told.value.reasons == ("more texts are allowed",)
    ends = clock.now() + timedelta(days=30)
    with log.database.work(SETTER) as work:
        detect.configure(work, ALLOWING, owner="per_ines", reason=WHY, expires_at=ends)
    with log.database.look(SETTER) as work:
        assert detect.in_force(work) == ALLOWING
    clock.advance(timedelta(days=31).total_seconds())
    with log.database.look(SETTER) as work:
        assert detect.in_force(work) == Configuration()


class Obedient(Scanner):
    """A scanner that leaves out what its configuration allows, whatever the engine does."""

    def inspect(self, text: str, *, context: Sequence[str] = (), after: int = 0) -> Scan:
        """Scan, and leave out what is allowed."""
        scan = super().inspect(text, context=context, after=after)
        allowed = {each.text for each in self.configuration.allowed}
        kept = (each for each in scan.findings if text[each.start : each.end] not in allowed)
        return replace(scan, findings=tuple(kept))


def test_what_was_reported_as_missed_is_never_missed_again(
    log: Log, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that would miss a reported case is refused with both figures."""
    monkeypatch.setattr(calibrate, "SCANNERS", Scanners(Obedient))
    missed(log)
    ends = clock.now() + timedelta(days=1)
    with log.database.work(SETTER) as work:
        assert detect.measure(work, ALLOWING).missed == 1
        with pytest.raises(ForbiddenError) as told:
            detect.configure(work, ALLOWING, owner="per_ines", reason=WHY, expires_at=ends)
    assert "missed after: 1" in told.value.reasons


def test_systems_have_their_own_configuration(log: Log) -> None:
    """A system's own version counts for it alone; others keep the installation's."""
    with log.database.work(SETTER) as work:
        detect.configure(work, STRICT, system="sys_1", owner="per_ines", reason="for this system")
    with log.database.look(SETTER) as work:
        assert detect.in_force(work, "sys_1") == STRICT
        assert detect.in_force(work, "sys_2") == Configuration()
        assert detect.scanner_for(work, "sys_1").configuration == STRICT


def test_a_record_finds_its_configuration_again(log: Log) -> None:
    """Years later the build in a record names the configuration, and it runs again."""
    with log.database.work(SETTER) as work:
        detect.configure(work, STRICT, owner="per_ines", reason="find more than before")
    with log.database.look(SETTER) as work:
        build = detect.scanner_for(work).build
        assert detect.configuration_of(work, build) == STRICT
        assert detect.scanner_of(work, build).inspect(TEXT).build == build
        with pytest.raises(NotFoundError):
            detect.configuration_of(work, "muniment-detect 1 sha256:" + "0" * 64)


def test_a_build_of_an_older_version_says_which_one_to_install(log: Log) -> None:
    """It is not run by another version as if it were the same."""
    old = BuildBegan("muniment-detect 0.0.1 sha256:old", STRICT.digest)
    with log.database.work(SETTER) as work:
        detect_store.keep_build(work, old.build, STRICT)
        record(work, old)
    with log.database.look(SETTER) as work:
        assert detect.configuration_of(work, old.build) == STRICT
        with pytest.raises(UnavailableError):
            detect.scanner_of(work, old.build)


def test_nobody_configures_without_a_grant(log: Log) -> None:
    """A person without a role is refused, and nothing changes."""
    with log.database.work(PERSON) as work, pytest.raises(ForbiddenError):
        detect.configure(work, STRICT, owner="per_ines", reason="find more than before")


@pytest.mark.parametrize(
    ("owner", "reason", "field"),
    [("", WHY, "owner"), ("per_ines", "no", "reason"), ("a\nb", WHY, "owner")],
)
def test_a_change_without_owner_or_reason_is_refused(
    log: Log, owner: str, reason: str, field: str
) -> None:
    """Somebody answers for each change and says why."""
    with log.database.work(SETTER) as work, pytest.raises(InvalidError) as told:
        detect.configure(work, STRICT, owner=owner, reason=reason)
    assert told.value.field == field


def test_the_wall_refuses_a_silent_change(log: Log) -> None:
    """A configuration that changes without a record does not get in."""
    with pytest.raises(UnrecordedChangeError), log.database.work(SETTER) as work:
        detect_store.keep_configuration(work, STRICT)


def test_scanners_are_made_once() -> None:
    """Making one takes longer than using it."""
    scanners = Scanners()
    assert scanners.get(STRICT) is scanners.get(Configuration(threshold=0.4))
