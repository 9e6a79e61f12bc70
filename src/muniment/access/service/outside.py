"""Rights in other systems come in: by a file, a directory or a feed; all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Import,
    Outside,
    PersonId,
    PersonState,
    Told,
)
from muniment.access.service.gate import change, require
from muniment.access.service.reading import AREA
from muniment.core.digest import digest_value
from muniment.core.errors import ConflictError, InvalidError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.reviews import OutsideImported, OutsideResolved

_IMPORT: Final = "access.import_outside"
_LONGEST_PLACE: Final = 100
_MOST_ORPHANS_TOLD: Final = 100


def preview_outside(work: Work, place: str, text: str) -> Import:
    """Say what bringing in a file would do, and name every row that cannot be taken."""
    require(work, _IMPORT, AREA)
    told, bad = rules.read_csv(text)
    if bad:
        return Import(_clean_place(place), len(told) + len(bad), bad)
    return _compare(work, _clean_place(place), told)[0]


def import_outside(work: Work, place: str, text: str) -> Import:
    """Bring in a file that tells all rights of a place; one bad row, and nothing changes."""
    change(work, _IMPORT, AREA)
    told, bad = rules.read_csv(text)
    if bad:
        raise InvalidError(
            f"{len(bad)} rows cannot be taken; nothing was brought in",
            field="file",
            reasons=tuple(f"row {each.row}: {each.reason}" for each in bad[:20]),
            remedy="Mend them, and see what remains in a preview.",
        )
    return _bring_in(work, place, told, "csv")


def tell_outside(work: Work, place: str, told: Iterable[Told], *, source: str) -> Import:
    """Take all rights of a place from a feed: a plug-in, a directory, another program."""
    change(work, _IMPORT, AREA)
    fine, bad = rules.checked(enumerate(told, start=1))
    if bad:
        raise InvalidError(
            f"{len(bad)} rights cannot be taken; nothing was brought in",
            field="told",
            reasons=tuple(f"{each.row}: {each.reason}" for each in bad[:20]),
        )
    if len(fine) > rules.MOST_ROWS:
        raise InvalidError(
            f"more than {rules.MOST_ROWS} rights of one place",
            field="told",
            remedy="Divide the place.",
        )
    return _bring_in(work, place, fine, rules.clean_name(source, field="source")[:20])


def resolve_outside(work: Work, right_id: str, person_id: PersonId) -> Outside:
    """Say whose account it is that nobody could be found for."""
    change(work, _IMPORT, AREA)
    right = store.outside_right(work, right_id)
    if right.gone_at is not None:
        raise ConflictError("this right is gone", subject=right_id)
    person = store.person(work, person_id)
    if person.state is PersonState.LEFT:
        raise ConflictError("this person has left", subject=person_id, field="person_id")
    record(work, OutsideResolved(right_id, person_id))
    store.resolve_outside(work, right_id, person_id)
    return store.outside_right(work, right_id)


def outside(
    work: Work,
    *,
    place: str = "",
    orphans: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Outside]:
    """List the rights in other systems; orphans are those nobody was found for."""
    require(work, "access.read", AREA)
    return store.outside(work, place=place, orphans=orphans, cursor=cursor, limit=limit)


def _bring_in(work: Work, place: str, told: Sequence[Told], source: str) -> Import:
    place = _clean_place(place)
    found, fresh, gone = _compare(work, place, told)
    digest = digest_value(sorted([each.account, each.what] for each in told))
    record(
        work,
        OutsideImported(
            place=place,
            source=source,
            file=digest,
            added=found.added,
            kept=found.kept,
            gone=found.gone,
            orphans=len(found.orphans),
        ),
    )
    people = _people(work, fresh)
    store.add_outside(
        work,
        [
            Outside(
                id=work.new_id("out"),
                place=place,
                account=each.account,
                person_id=people.get(each.person or each.account),
                what=each.what,
                source=source,
                seen_at=work.now,
            )
            for each in fresh
        ],
    )
    for each in gone:
        store.end_outside(work, each.id)
    return found


def _compare(
    work: Work, place: str, told: Sequence[Told]
) -> tuple[Import, tuple[Told, ...], tuple[Outside, ...]]:
    standing = {(each.account, each.what): each for each in store.outside_at(work, work.now, place)}
    said = {(each.account, each.what) for each in told}
    fresh = tuple(each for each in told if (each.account, each.what) not in standing)
    gone = tuple(each for key, each in standing.items() if key not in said)
    people = _people(work, fresh)
    orphans = {each.account for each in fresh if people.get(each.person or each.account) is None}
    orphans |= {
        each.account for key, each in standing.items() if key in said and each.person_id is None
    }
    found = Import(
        place=place,
        rows=len(told),
        added=len(fresh),
        kept=len(told) - len(fresh),
        gone=len(gone),
        orphans=tuple(sorted(orphans)),
    )
    return found, fresh, gone


def _people(work: Work, told: Iterable[Told]) -> dict[str, PersonId]:
    """Find the people accounts belong to: by the person's id or address, or the account's own."""
    names = {each.person or each.account for each in told}
    by_id = store.people_named(work, names)
    by_email = store.people_by_email(work, {rules.email_key(name) for name in names})
    found: dict[str, PersonId] = {}
    for name in names:
        person = by_id.get(name) or by_email.get(rules.email_key(name))
        if person is not None and person.state is not PersonState.LEFT:
            found[name] = person.id
    return found


def _clean_place(place: str) -> str:
    named = rules.clean_name(place, field="place")
    if len(named) > _LONGEST_PLACE:
        raise InvalidError("this name of a place is too long", field="place")
    return named
