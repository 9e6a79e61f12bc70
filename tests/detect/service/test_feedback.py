"""What people report becomes a case: encrypted, kept for a time, erasable, and never a rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from muniment import detect, vault
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.detect import Case, CaseKeeping, CaseKind, Figures
from muniment.detect.service.feedback import AROUND_CHARS, erase_due, keep_plain
from muniment.testing import FixedClock
from muniment.testing.ledger import audit, sealed_entries
from muniment.testing.vault import INES, SUBJECT, Vaulted

PERSON = Actor(ActorKind.PERSON, "per_nobody", "session")
DESK = system_actor("desk")
ADDRESS = "maria@example.com"
TEXT = "plain words " * 100 + ADDRESS + " and plain words" * 100 + " \ud800 \x00"
WHY = "the person asked for erasure"


def report(
    house: Vaulted, kind: CaseKind = CaseKind.FALSE_ALARM, *, text: str = TEXT, subject: str = ""
) -> Case:
    """Report the address in the middle of a text."""
    start = text.index(ADDRESS)
    with house.database.work(DESK) as work:
        return detect.report(
            work,
            house.safe,
            text,
            kind,
            type="EMAIL_ADDRESS",
            start=start,
            end=start + len(ADDRESS),
            keeping=CaseKeeping(subject=subject),
        )


def read(house: Vaulted, case: Case) -> str:
    """Open the text of a case."""
    with house.database.work(INES) as work:
        _, opening = detect.open_case(work, house.safe, case.id, reason="looking into it")
    return detect.text_of(opening)


def measured(house: Vaulted) -> Figures:
    """Measure what is in force on all cases."""
    texts = detect.open_texts(house.safe, DESK)
    with house.database.look(DESK) as work:
        return detect.measure(detect.measured_cases(work, ""), texts, detect.in_force(work))


def test_a_report_keeps_the_place_and_little_around_it(vaulted: Vaulted) -> None:
    """No more of somebody's text is kept than is needed to measure."""
    case = report(vaulted)
    text = read(vaulted, case)
    assert text[case.start : case.end] == ADDRESS
    assert len(text) <= len(ADDRESS) + 2 * AROUND_CHARS
    with vaulted.database.look(DESK) as work:
        assert detect.cases(work).rows == (case,)


@pytest.mark.requirement("ENC-01")
def test_the_text_of_a_case_stands_nowhere_in_plain(vaulted: Vaulted) -> None:
    """Neither table nor log nor storage holds it; the record carries where it lies, encrypted."""
    case = report(vaulted)
    vaulted.log.seal()
    audit(vaulted.log)
    for path in vaulted.log.settings.data.dir.rglob("*"):
        assert not path.is_file() or ADDRESS.encode() not in path.read_bytes()
    with vaulted.database.machine() as connection:
        for table in ("detect_cases", "detect_case_texts", "ledger_pending"):
            assert ADDRESS not in str(connection.execute(sql(f"SELECT * FROM {table}")).all())
    entries: Any = sealed_entries(vaulted.log.tiles.root, vaulted.log.size())
    (told,) = [each for each in entries if each["kind"] == "detect.case_reported"]
    assert case.kept is not None
    assert told["content"][0]["ct_sha256"] == case.kept.ct_sha256
    assert told["body"]["digest"] == case.digest == f"sha256:{case.kept.ct_sha256}"


def test_a_report_changes_no_rule(vaulted: Vaulted) -> None:
    """A false alarm is counted, and the configuration stays as it was."""
    with vaulted.database.look(DESK) as work:
        before = detect.in_force(work)
    report(vaulted)
    with vaulted.database.look(DESK) as work:
        assert detect.in_force(work) == before
    assert measured(vaulted) == Figures(false_alarms=1)


def test_a_report_that_is_rolled_back_keeps_nothing(vaulted: Vaulted) -> None:
    """Without its record there is no case, and nothing that could be opened."""

    def fails() -> None:
        with vaulted.database.work(DESK) as work:
            place = {"type": "EMAIL_ADDRESS", "start": 0, "end": 5}
            detect.report(work, vaulted.safe, ADDRESS, CaseKind.MISSED, **place)  # type: ignore[arg-type]  # as it stands above
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with vaulted.database.look(DESK) as work:
        assert detect.cases(work).rows == ()
    assert vault.status(vaulted.safe, INES).objects == 0


def test_texts_with_odd_characters_are_kept_as_they_are(vaulted: Vaulted) -> None:
    """Half surrogates and NUL come back from both databases."""
    text = f"\x00\ud800 {ADDRESS}"
    assert read(vaulted, report(vaulted, CaseKind.MISSED, text=text)) == text


def test_an_erased_case_keeps_its_digest_and_cannot_be_told(vaulted: Vaulted) -> None:
    """Its text is gone for good; it counts as unknown, never as right."""
    case = report(vaulted)
    with vaulted.database.work(DESK) as work:
        erased = detect.erase(work, case.id, reason=WHY)
    assert (erased.erased_at is not None, erased.digest) == (True, case.digest)
    assert measured(vaulted) == Figures(unknown=1)
    with pytest.raises(ConflictError, match="is erased"):
        read(vaulted, case)
    with vaulted.database.work(DESK) as work, pytest.raises(ConflictError):
        detect.erase(work, case.id, reason=WHY)
    assert vault.sweep(vaulted.safe, INES).objects == 1
    assert case.kept is not None
    assert not vaulted.safe.blobs.exists(f"sha256:{case.kept.ct_sha256}")


@pytest.mark.requirement("RET-06")
def test_erasing_a_subject_erases_the_cases_about_it(vaulted: Vaulted) -> None:
    """The case says erased since then, is not opened, and cannot be told; others stay."""
    case, other = report(vaulted, subject=SUBJECT), report(vaulted)
    with vaulted.database.work(INES) as work:
        asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason="they asked us to")
        done = vault.shred(work, vaulted.safe, asked.id)
    with vaulted.database.look(DESK) as work:
        told = {each.id: each.erased_at for each in detect.cases(work).rows}
    assert told == {case.id: done.destroyed_at, other.id: None}
    with pytest.raises(ConflictError, match="is erased"):
        read(vaulted, case)
    assert measured(vaulted) == Figures(false_alarms=1, unknown=1)


def test_cases_are_erased_when_their_time_is_over(vaulted: Vaulted, clock: FixedClock) -> None:
    """Retention needs nobody to remember it."""
    case = report(vaulted)
    assert erase_due(vaulted.safe) == 0
    clock.advance(timedelta(days=400).total_seconds())
    assert erase_due(vaulted.safe) == 1
    with vaulted.database.look(DESK) as work:
        (kept,) = detect.cases(work).rows
    assert (kept.id, kept.erased_at) == (case.id, clock.now())
    assert erase_due(vaulted.safe) == 0


def test_what_an_earlier_version_kept_plainly_is_encrypted(vaulted: Vaulted) -> None:
    """Until then it cannot be told; after it nothing plain is left, and it measures again."""
    with vaulted.database.work(DESK) as work:
        detect.scanner_for(work)
    row = "'cas_0a1b2c3d4e5f6', '', 'missed', 'EMAIL_ADDRESS', 0, 17"
    times = "'2026-01-01T00:00:00.000000Z', '2099-01-01T00:00:00.000000Z'"
    with vaulted.database.machine() as connection:
        connection.execute(
            sql(
                "INSERT INTO detect_cases (id, system, kind, type, start_at, end_at, text, digest,"
                f" build, reported_by, reported_at, erase_after) VALUES ({row}, :text, 'sha256:00',"
                f" 'b', 'per_x', {times})"
            ),
            {"text": ADDRESS.encode()},
        )
    assert measured(vaulted) == Figures(unknown=1)
    assert (keep_plain(vaulted.safe), keep_plain(vaulted.safe)) == (1, 0)
    assert measured(vaulted) == Figures(right=1)
    with vaulted.database.look(DESK) as work:
        (case,) = detect.cases(work).rows
    assert (read(vaulted, case), case.digest) == (ADDRESS, "sha256:00")
    with vaulted.database.machine() as connection:
        assert connection.execute(sql("SELECT text FROM detect_cases")).scalar() is None


def test_who_may_not_is_refused(vaulted: Vaulted) -> None:
    """Reading, opening, reporting and erasing ask the gate."""
    case = report(vaulted)
    with vaulted.database.work(PERSON) as work:
        with pytest.raises(ForbiddenError):
            detect.cases(work)
        with pytest.raises(ForbiddenError):
            detect.open_case(work, vaulted.safe, case.id, reason="I am curious")
        with pytest.raises(ForbiddenError):
            detect.erase(work, case.id, reason=WHY)
        with pytest.raises(ForbiddenError):
            detect.erase(work, "cas_other", reason="somebody else's, or none at all")
    with pytest.raises(ForbiddenError):
        detect.open_texts(vaulted.safe, PERSON)


def test_what_is_wrong_with_a_report_is_said(vaulted: Vaulted) -> None:
    """Place, type, time, subject and class are checked, and nothing is kept."""
    with vaulted.database.work(DESK) as work:
        for wrong in (
            {"start": 5, "end": 5},
            {"start": 0, "end": 10_000},
            {"type": "an email"},
            {"keeping": CaseKeeping(days=0)},
            {"keeping": CaseKeeping(subject="Maria Lopez")},
            {"keeping": CaseKeeping(classification="gossip")},
        ):
            given = {"type": "EMAIL_ADDRESS", "start": 0, "end": 4, **wrong}
            with pytest.raises(InvalidError):
                detect.report(work, vaulted.safe, "text here", CaseKind.MISSED, **given)  # type: ignore[arg-type]  # each is wrong in its own way
        with pytest.raises(NotFoundError):
            detect.erase(work, "cas_none", reason="there is nothing of this id")


def test_cases_are_listed_page_by_page(vaulted: Vaulted) -> None:
    """The newest first, none twice, none left out."""
    ids = [report(vaulted).id for _ in range(3)]
    with vaulted.database.look(DESK) as work:
        first = detect.cases(work, limit=2)
        second = detect.cases(work, limit=2, cursor=first.next_cursor)
    assert sorted(each.id for each in (*first.rows, *second.rows)) == sorted(ids)
