"""The index in its own file says of every question what looking at every entry would say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.ledger.rules import format_bundle
from muniment.ledger.store.listing import OFTEN, Listed
from muniment.ledger.store.portions import Portions, Wanted
from muniment.verify import TILE_WIDTH

KINDS = ("calls.began", "calls.ended", "keys.made", "stops.set")
ACTORS = ("service:a", "person:Ada", "system:Z")
SUBJECTS = ("", "system:s1", "system:s2", "case:s1")
WORDS = ("Paris", "rome", "Zürich", 'say \\"hi\\"', "none of it")
MANY = 3 * TILE_WIDTH + 40


class Kept:
    """An index, and the rows that it was told."""

    def __init__(self, path: Path) -> None:
        self.rows: list[Listed] = []
        self.portions = Portions(path, self.bundle)

    def bundle(self, number: int) -> bytes:
        """Give a bundle, as the log would."""
        some = self.rows[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
        return format_bundle(b'{"body":%s}' % str(row[-1]).encode() for row in some)

    def add(self, rows: Sequence[Listed]) -> None:
        """Take rows in."""
        self.rows += rows
        self.portions.add([(*row[:-1], None) if row[0] % 11 == 0 else row for row in rows])

    def looked_through(self, wanted: Wanted) -> list[int]:
        """Find what is wanted by looking at every row."""
        found = [row[0] for row in self.rows if _is_wanted(row, wanted)]
        return found if wanted.oldest_first else found[::-1]


def _is_wanted(row: Listed, wanted: Wanted) -> bool:
    index, name, kind, at, actor, subject, _, _, text = row
    return (
        (wanted.kind is None or kind in wanted.kind)
        and (wanted.actor is None or actor in wanted.actor)
        and (wanted.subject is None or subject in wanted.subject)
        and wanted.id in ("", name)
        and wanted.low <= index <= wanted.high
        and at >= wanted.since
        and (not wanted.until or at < wanted.until)
        and _small(wanted.words) in _small(str(text))
    )


def _small(text: str) -> bytes:
    return text.encode().lower()


def _row(index: int) -> Listed:
    kind = KINDS[index % 2] if index % 37 else KINDS[2 + index % 3 % 2]
    at = f"2026-01-01T00:00:{(index + index * 7 % 5) // 20:02}.000000Z"
    said = json.dumps({"text": WORDS[index * index % 4]}, ensure_ascii=False)
    by, about = ACTORS[index % 3], SUBJECTS[index // 50 % 4]
    return index, f"rec_{index + index * 3 % 7:05}", kind, at, by, about, "serve", index, said


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """An index that was told of rows in portions of several sizes."""
    held, first = Kept(tmp_path_factory.mktemp("index") / "index.db"), 0
    for size in (1, 2, 300, 5, 70, 200, MANY):
        held.add([_row(index) for index in range(first, min(first + size, MANY))])
        first = min(first + size, MANY)
    yield held
    held.portions.close()


def _some(of: Sequence[str]) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from((*of, "missing:x")), max_size=3)


MOMENTS = st.sampled_from(("", *(f"2026-01-01T00:00:{at:02}.000000Z" for at in range(0, 48, 5))))
WANTED = st.builds(
    Wanted,
    kind=_some(KINDS),
    actor=_some(ACTORS),
    subject=_some(SUBJECTS[1:]),
    id=st.sampled_from(("", "", "", "rec_00010", "rec_00300", "rec_99999", "x")),
    words=st.sampled_from(("", "", *WORDS, "PARIS", "r", "zürich")),
    since=MOMENTS,
    until=MOMENTS,
    low=st.sampled_from((0, 0, 5, 256, 700)),
    high=st.sampled_from((10**9, 10**9, 0, 255, 600)),
    oldest_first=st.booleans(),
)


@given(wanted=WANTED, most=st.sampled_from((1, 7, 60, 1_000)))
def test_a_list_holds_what_looking_at_every_entry_finds(
    kept: Kept, wanted: Wanted, most: int
) -> None:
    """Whatever is asked, the list is the same, in the same order, and so is the count."""
    expected = kept.looked_through(wanted)
    assert [row[0] for row in kept.portions.find(wanted, most)] == expected[:most]
    assert kept.portions.count(wanted) == len(expected)


def test_it_knows_how_often_each_kind_is_there(kept: Kept) -> None:
    """Counts by kind, kinds, and names that end in some way are those of the rows."""
    counted = Counter(row[2] for row in kept.rows)
    assert kept.portions.kinds() == sorted(counted.items())
    assert kept.portions.present() == sorted(counted)
    assert sorted(kept.portions.ending("subject", ":S1")) == ["case:s1", "system:s1"]
    assert kept.portions.ending("actor", ":ad%") == []


def test_what_entries_say_is_kept_once(kept: Kept) -> None:
    """Of kinds that a bundle has many of, what they say is read from the log; of others kept."""
    rows = kept.portions.find(Wanted(), MANY)
    unsaid = Counter(row[2] for row in rows if row[-1] is None)
    assert unsaid["calls.began"] > 10 * OFTEN
    assert unsaid["stops.set"] == len(
        [row for row in kept.rows if row[2] == "stops.set" and row[0] % 11 == 0]
    )
    assert kept.portions.texts(rows) == [row[-1] for row in reversed(kept.rows)]


def test_what_it_knows_stays_as_it_is(tmp_path: Path) -> None:
    """Rows that come again, as from another process, change nothing and are counted once."""
    rows = [_row(index) for index in range(30)]
    changed = [replace_kind(row) for row in rows]
    portions = Portions(tmp_path / "index.db", lambda _: b"")
    portions.add(rows[:20])
    portions.add([*changed[:20], *rows[20:]])
    portions.add(changed)
    assert portions.next_index() == 30
    assert [(row[0], row[2]) for row in reversed(portions.find(Wanted(), 50))] == [
        (row[0], row[2]) for row in rows
    ]
    assert portions.kinds() == sorted(Counter(row[2] for row in rows).items())
    portions.clear()
    assert (portions.next_index(), portions.count(Wanted()), portions.kinds()) == (0, 0, [])
    portions.close()


def replace_kind(row: Listed) -> Listed:
    """Give a row with another kind."""
    return (*row[:2], "other.kind", *row[3:])
