"""What people report becomes a case: content, kept for a time, erasable, and never a rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment import detect
from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.detect import Case, CaseKind, Figures
from muniment.detect.service.feedback import AROUND_CHARS, erase_due
from muniment.ledger import Log
from muniment.testing import FixedClock
from tests.conftest import PERSON

DESK = system_actor("desk")
ADDRESS = "maria@example.com"
TEXT = "plain words " * 100 + ADDRESS + " and plain words" * 100 + " \ud800 \x00"


def report(log: Log, kind: CaseKind = CaseKind.FALSE_ALARM) -> Case:
    """Report the address in the middle of the text."""
    start = TEXT.index(ADDRESS)
    with log.database.work(DESK) as work:
        return detect.report(
            work, TEXT, kind, type="EMAIL_ADDRESS", start=start, end=start + len(ADDRESS)
        )


def test_a_report_keeps_the_place_and_little_around_it(log: Log) -> None:
    """No more of somebody's text is kept than is needed to measure."""
    case = report(log)
    assert case.text is not None
    assert case.text[case.start : case.end] == ADDRESS
    assert len(case.text) <= len(ADDRESS) + 2 * AROUND_CHARS
    with log.database.look(DESK) as work:
        assert detect.cases(work).rows == (case,)


def test_a_report_changes_no_rule(log: Log) -> None:
    """A false alarm is counted, and the configuration stays as it was."""
    with log.database.look(DESK) as work:
        before = detect.in_force(work)
    report(log)
    with log.database.look(DESK) as work:
        assert detect.in_force(work) == before
        assert detect.measure(work, before) == Figures(false_alarms=1)


def test_texts_with_odd_characters_are_kept_as_they_are(log: Log) -> None:
    """Half surrogates and NUL come back from both databases."""
    text = f"\x00\ud800 {ADDRESS}"
    with log.database.work(DESK) as work:
        case = detect.report(work, text, CaseKind.MISSED, type="EMAIL_ADDRESS", start=3, end=20)
    with log.database.look(DESK) as work:
        assert detect.cases(work).rows[0].text == text == case.text


def test_an_erased_case_keeps_its_digest_and_cannot_be_told(log: Log) -> None:
    """Its text is gone for good; it counts as unknown, never as right."""
    case = report(log)
    with log.database.work(DESK) as work:
        erased = detect.erase(work, case.id, reason="the person asked for erasure")
    assert (erased.text, erased.digest) == (None, case.digest)
    with log.database.work(DESK) as work:
        assert detect.measure(work, detect.in_force(work)) == Figures(unknown=1)
        with pytest.raises(ConflictError):
            detect.erase(work, case.id, reason="the person asked for erasure")


def test_cases_are_erased_when_their_time_is_over(log: Log, clock: FixedClock) -> None:
    """Retention needs nobody to remember it."""
    case = report(log)
    assert erase_due(log.database) == 0
    clock.advance(timedelta(days=400).total_seconds())
    assert erase_due(log.database) == 1
    with log.database.look(DESK) as work:
        (kept,) = detect.cases(work).rows
    assert (kept.id, kept.text) == (case.id, None)


def test_who_may_not_is_refused(log: Log) -> None:
    """Reading, reporting and erasing ask the gate."""
    case = report(log)
    with log.database.work(PERSON) as work:
        with pytest.raises(ForbiddenError):
            detect.cases(work)
        with pytest.raises(ForbiddenError):
            detect.erase(work, case.id, reason="the person asked for erasure")
        with pytest.raises(ForbiddenError):
            detect.erase(work, "cas_other", reason="somebody else's, or none at all")


def test_what_is_wrong_with_a_report_is_said(log: Log) -> None:
    """Place, type and time of keeping are checked, and nothing is kept."""
    with log.database.work(DESK) as work:
        for wrong in (
            {"start": 5, "end": 5},
            {"start": 0, "end": 10_000},
            {"type": "an email"},
            {"keep_days": 0},
        ):
            given = {"type": "EMAIL_ADDRESS", "start": 0, "end": 4, **wrong}
            with pytest.raises(InvalidError):
                detect.report(work, "text here", CaseKind.MISSED, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFoundError):
            detect.erase(work, "cas_none", reason="there is nothing of this id")


def test_cases_are_listed_page_by_page(log: Log) -> None:
    """The newest first, none twice, none left out."""
    ids = [report(log).id for _ in range(3)]
    with log.database.look(DESK) as work:
        first = detect.cases(work, limit=2)
        second = detect.cases(work, limit=2, cursor=first.next_cursor)
    assert sorted(each.id for each in (*first.rows, *second.rows)) == sorted(ids)
