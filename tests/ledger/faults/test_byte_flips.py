"""A thousand flipped bytes in a log of a hundred thousand entries: each is found and named."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from muniment.testing import FixedClock, fresh_database, settings_for
from muniment.testing.ledger import audit_folder, opened_log, write_records
from muniment.verify import NOT_MET, Finding, Options, Trust, parse_vkey, verify_folder

pytestmark = pytest.mark.slow

ENTRIES = 100_000
LAST_WIDTH = (ENTRIES - 1) % 256
SINGLES = 60
GROUPS = 47
IN_A_GROUP = 20


@dataclass(frozen=True)
class Place:
    """One byte of one file of the log."""

    path: Path
    offset: int


@dataclass(frozen=True)
class Sealed:
    """A finished log on disk."""

    root: Path
    vkeys: tuple[str, ...]

    def findings(self) -> tuple[Finding, ...]:
        """Verify it as an outsider does; hashes are enough to find any flipped byte."""
        trust = Trust(tuple(map(parse_vkey, self.vkeys)))
        report = verify_folder(self.root, trust, Options(hashes_only=True))
        assert report.answer == NOT_MET, report.as_text()
        return report.findings

    def places(self, chance: random.Random) -> Iterator[Place]:
        """Draw bytes for ever, each from a file drawn by chance among the kinds of files."""
        files = [path for path in self.root.rglob("*") if path.is_file() and path.name != "lock"]
        bundles = [path for path in files if "entries" in path.parts]
        tiles = [path for path in files if "tile" in path.parts and "entries" not in path.parts]
        while True:
            of = chance.choice((bundles, bundles, tiles, [self.root / "checkpoint"]))
            path = chance.choice(of)
            yield Place(path, chance.randrange(path.stat().st_size))

    def is_named(self, place: Place, findings: tuple[Finding, ...]) -> bool:
        """Tell whether a finding points at this byte: its file, or an entry under it."""
        name = place.path.relative_to(self.root).as_posix()
        if name == "checkpoint":
            return any(
                one.severity == "fail" and re.search("checkpoint|signature|signed", one.message)
                for one in findings
            )
        first, last = self.entries_under(name)
        stem = name.split(".p/")[0]
        return any(
            (one.index is not None and first <= one.index <= last) or stem in one.message
            for one in findings
            if one.severity == "fail"
        )

    @staticmethod
    def is_alone_in_its_trouble(name: str) -> bool:
        """Leave out what hides other damage, or is looked at only when there is no other.

        The head and the upper tiles darken what is below them; copies that older heads left are
        compared once all hashes hold. Both are tried singly.
        """
        is_low = name.startswith(("tile/0/", "tile/entries/"))
        return is_low and (".p/" not in name or name.endswith(f".p/{LAST_WIDTH}"))

    @staticmethod
    def entries_under(name: str) -> tuple[int, int]:
        parts = name.split("/")
        level = 0 if parts[1] == "entries" else int(parts[1])
        place = name.split("/", 2)[2].split(".p/", maxsplit=1)[0]
        digits = "".join(re.findall(r"\d{3}", place))
        number = int(digits or "0")
        span = 256 ** (level + 1)
        return number * span, (number + 1) * span - 1


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """A real log of a hundred thousand entries, made once."""
    settings = settings_for(tmp_path_factory.mktemp("flips") / "data")
    with fresh_database(settings, FixedClock()) as database, opened_log(database, settings) as log:
        log.index.add = lambda _entries: None  # type: ignore[method-assign,assignment]  # not looked at
        log.index.next_index = lambda: ENTRIES  # type: ignore[method-assign]
        for count in (1_000, 49_000, 49_991, 7):
            write_records(database, count)
            log.seal()
        assert log.size() == ENTRIES - 1
        made = Sealed(log.tiles.root, log.vkeys())
    audit_folder(made.root, made.vkeys)
    return made


def flip(place: Place, bit: int) -> None:
    with place.path.open("r+b") as file:
        file.seek(place.offset)
        old = file.read(1)[0]
        file.seek(place.offset)
        file.write(bytes([old ^ bit]))


@pytest.mark.requirement("LOG-12", "LOG-13")
def test_single_flips_are_named(sealed: Sealed) -> None:
    """A single flipped bit anywhere is found, and its entry or file is named."""
    chance = random.Random(1)
    places = sealed.places(chance)
    for _ in range(SINGLES):
        place, bit = next(places), 1 << chance.randrange(8)
        flip(place, bit)
        try:
            assert sealed.is_named(place, sealed.findings()), place
        finally:
            flip(place, bit)
    audit_folder(sealed.root, sealed.vkeys)


@pytest.mark.requirement("LOG-12", "LOG-13")
def test_many_flips_at_once_are_each_named(sealed: Sealed) -> None:
    """Of many flipped bytes in as many files none hides another."""
    chance = random.Random(2)
    for _ in range(GROUPS):
        drawn: dict[Path, tuple[Place, int]] = {}
        spans: set[int] = set()
        for place in sealed.places(chance):
            name = place.path.relative_to(sealed.root).as_posix()
            if not sealed.is_alone_in_its_trouble(name):
                continue
            span = sealed.entries_under(name)[0]
            if span not in spans:
                spans.add(span)
                drawn[place.path] = (place, 1 << chance.randrange(8))
            if len(drawn) == IN_A_GROUP:
                break
        for place, bit in drawn.values():
            flip(place, bit)
        findings = sealed.findings()
        missed = [place for place, _ in drawn.values() if not sealed.is_named(place, findings)]
        for place, bit in drawn.values():
            flip(place, bit)
        assert not missed, (missed, "\n".join(one.message for one in findings))
    audit_folder(sealed.root, sealed.vkeys)
