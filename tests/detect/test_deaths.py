"""Cases of feedback where the process dies between every two of its side effects.

What was reported is there whole with its record, or not at all; what was erased stays erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text as sql

from muniment import detect
from muniment.core.actor import system_actor
from muniment.db import Database
from muniment.detect import Case, CaseKind
from muniment.detect.service.feedback import keep_plain
from muniment.ledger import reconcile
from muniment.settings import Settings
from muniment.testing.ledger import audit
from muniment.testing.vault import INES, Vaulted, opened_vault
from tests.ledger.faults.crashing import Crash, Steps
from tests.vault.faults.dying import doomed

pytestmark = pytest.mark.slow

DESK = system_actor("desk")
ADDRESS = "maria@example.com"
TEXT = f"Please write to {ADDRESS} today."
REASON = "a test of what a death leaves behind"


@pytest.fixture
def keeper(database: Database, settings: Settings) -> Iterator[Vaulted]:
    """A vault of a process that goes on living, on each database."""
    with opened_vault(database, settings) as house:
        yield house


def report(house: Vaulted) -> Case:
    """Report the address as a false alarm."""
    start = TEXT.index(ADDRESS)
    end = start + len(ADDRESS)
    with house.database.work(DESK) as work:
        kind = CaseKind.FALSE_ALARM
        return detect.report(
            work, house.safe, TEXT, kind, type="EMAIL_ADDRESS", start=start, end=end
        )


def known(house: Vaulted) -> tuple[Case, ...]:
    """List the cases there are."""
    with house.database.look(DESK) as work:
        return tuple(detect.cases(work, limit=500).rows)


def reads(house: Vaulted, case: Case) -> bool:
    """Tell whether the text of a case opens, and is what was reported."""
    with house.database.work(INES) as work:
        _, opening = detect.open_case(work, house.safe, case.id, reason=REASON)
    return detect.text_of(opening) == TEXT


def die_everywhere(
    keeper: Vaulted, prepare: Callable[[], None], act: Callable[[Vaulted], object]
) -> Iterator[str]:
    """Die at each step once, and give its name after each death."""
    steps = Steps()
    prepare()
    lives(keeper, steps, act)
    for number, name in enumerate(steps.seen):
        prepare()
        with pytest.raises(Crash):
            lives(keeper, Steps(number), act)
        yield name
    keeper.log.seal()
    audit(keeper.log)


def lives(keeper: Vaulted, steps: Steps, act: Callable[[Vaulted], object]) -> None:
    """Do something as another process, until death."""
    with doomed(keeper.database, keeper.log.settings, steps) as house:
        act(house)


def test_dying_while_a_case_is_reported(keeper: Vaulted) -> None:
    """Each case that is there opens; one that was not acknowledged is whole or not there."""
    before: set[str] = set()

    def prepare() -> None:
        before.update(case.id for case in known(keeper))

    for name in die_everywhere(keeper, prepare, report):
        new = [case for case in known(keeper) if case.id not in before]
        assert len(new) <= 1, name
        assert all(reads(keeper, case) for case in new), name
    assert reconcile(keeper.log, INES).differences == ()


def test_dying_while_a_case_is_erased(keeper: Vaulted) -> None:
    """A case opens, or is erased for good; what died half-way can be erased again."""
    case: list[Case] = []

    def prepare() -> None:
        case[:] = [report(keeper)]

    def erase(house: Vaulted) -> None:
        with house.database.work(INES) as work:
            detect.erase(work, case[0].id, reason=REASON)

    for name in die_everywhere(keeper, prepare, erase):
        (stands,) = (each for each in known(keeper) if each.id == case[0].id)
        if stands.erased_at is None:
            assert reads(keeper, stands), name
            erase(keeper)
    assert reconcile(keeper.log, INES).differences == ()


def test_dying_while_a_case_is_opened(keeper: Vaulted) -> None:
    """A text that came out has its record; a death leaves the case to be opened again."""
    out: list[str] = []
    case: list[Case] = []
    opened: list[int] = []

    def prepare() -> None:
        case[:] = [report(keeper)]
        opened[:] = [_openings(keeper)]
        out.clear()

    def read(house: Vaulted) -> None:
        with house.database.work(INES) as work:
            _, opening = detect.open_case(work, house.safe, case[0].id, reason=REASON)
        out.append(detect.text_of(opening))

    for name in die_everywhere(keeper, prepare, read):
        assert not out or _openings(keeper) > opened[0], name
        assert reads(keeper, case[0]), name
    assert reconcile(keeper.log, INES).differences == ()


def _openings(house: Vaulted) -> int:
    """Count the records of openings."""
    with house.database.machine() as connection:
        told = connection.execute(
            sql("SELECT count(*) FROM ledger_entries WHERE kind = 'vault.opened'")
        )
        return int(told.scalar() or 0)


def test_dying_while_plain_texts_are_encrypted(keeper: Vaulted) -> None:
    """A text stands plainly or in the vault, never lost, never in both; the next run ends it."""
    rows: list[str] = []

    def prepare() -> None:
        keep_plain(keeper.safe)
        rows.append(f"cas_{len(rows):013}")
        with keeper.database.machine() as connection:  # as an earlier version left it
            connection.execute(sql(_PLAIN), {"id": rows[-1], "text": TEXT.encode()})

    def keep(house: Vaulted) -> None:
        keep_plain(house.safe)

    for name in die_everywhere(keeper, prepare, keep):
        places = _places_of(keeper, rows[-1])
        assert places in {(True, False), (False, True)}, name
        keep(keeper)
        assert _places_of(keeper, rows[-1]) == (False, True), name
        assert all(reads(keeper, case) for case in known(keeper)), name


_PLAIN = (
    "INSERT INTO detect_cases (id, system, kind, type, start_at, end_at, text, digest, build,"
    " reported_by, reported_at, erase_after) VALUES (:id, '', 'missed', 'EMAIL_ADDRESS', 16, 33,"
    " :text, 'sha256:00', 'b', 'per_x', '2026-01-01T00:00:00.000000Z',"
    " '2099-01-01T00:00:00.000000Z')"
)


def _places_of(house: Vaulted, case_id: str) -> tuple[bool, bool]:
    """Tell whether the text of a case stands plainly, and whether the vault has it."""
    plain = "SELECT count(*) FROM detect_cases WHERE id = :id AND text IS NOT NULL"
    kept = 'SELECT count(*) FROM detect_case_texts WHERE "case" = :id'
    with house.database.machine() as connection:
        counts = [connection.execute(sql(each), {"id": case_id}).scalar() for each in (plain, kept)]
    return counts[0] == 1, counts[1] == 1
