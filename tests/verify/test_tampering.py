"""Whatever is changed, removed, added or moved in a log's folder is found and named."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.ledger.rules import Frontier, append_leaves, format_bundle, format_note
from muniment.verify import (
    Checkpoint,
    Options,
    Report,
    Trust,
    leaf_hash,
    parse_bundle,
    parse_policy,
    verify_folder,
)
from tests.verify.log_maker import Log, entries, policy_text, signer, witness

WITNESS = witness("w.example/1")
SIZE = 2_600  # full and partial tiles above the entries
STEPS = (3, 300, 700, 2_570, SIZE)
BIG = 66_600  # two levels above the leaves, full and partial tiles at each


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A log that grew in steps and left partial tiles of each."""
    made = Log(tmp_path_factory.mktemp("log"), witnesses=[WITNESS])
    whole, start = entries(SIZE), 0
    for end in STEPS:
        made.append(whole[start:end])
        start = end
    return made


@pytest.fixture(scope="module")
def trust(log: Log) -> Trust:
    """The reader knows the log's key and asks for the witness."""
    return Trust(policy=parse_policy(policy_text(log.log_signer, {"Auditor": WITNESS})))


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """A log of three levels, of entries that say nothing."""
    made = Log(tmp_path_factory.mktemp("big"), witnesses=[WITNESS])
    made.append(b"%d" % i for i in range(BIG))
    return made


@pytest.fixture
def changed(log: Log) -> ChangeFile:
    """Change one file of the log, and put it back afterwards."""
    return ChangeFile(log.folder)


class ChangeFile:
    """Swaps the bytes of a file for the time of one check."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(
        self, path: str, change: Callable[[bytes], bytes | None], trust: Trust | None
    ) -> Report:
        file = self._folder / path
        before = file.read_bytes()
        after = change(before)
        assert after != before
        try:
            if after is None:
                file.unlink()
            else:
                file.write_bytes(after)
            return verify_folder(self._folder, trust, Options(hashes_only=True))
        finally:
            file.write_bytes(before)


def flip(position: int, bit: int = 0) -> Callable[[bytes], bytes]:
    """Flip one bit of one byte."""

    def change(data: bytes) -> bytes:
        copy = bytearray(data)
        copy[position] ^= 1 << bit
        return bytes(copy)

    return change


def fails(report: Report) -> list[str]:
    """The messages of what failed."""
    return [one.message for one in report.findings if one.severity == "fail"]


def test_an_untouched_log_is_met(log: Log, trust: Trust) -> None:
    """Every hash and every entry of the log as written is accepted, in one process and in two."""
    for jobs in (1, 2):
        report = verify_folder(log.folder, trust, Options(jobs=jobs))
        assert (report.answer, fails(report)) == ("met", [])
        assert report.opening == "Independent witness: Auditor (2026-11-21T12:00:00Z)"
        assert (report.size, report.origin) == (SIZE, "ledger.example/main")


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize("index", [0, 1, 255, 256, 1_333, 2_559, 2_560, SIZE - 1])
def test_one_changed_byte_in_an_entry_names_that_entry(
    log: Log, trust: Trust, changed: ChangeFile, index: int
) -> None:
    """The entry whose byte was flipped is named, and no other."""
    number, width = index // 256, min(256, SIZE - index // 256 * 256)
    name = f"{number:03d}" + ("" if width == 256 else f".p/{width}")
    start = len(format_bundle(log.all_entries[number * 256 : index])) + 2
    report = changed.check(f"tile/entries/{name}", flip(start + 30), trust)
    assert fails(report) == [f"entry {index} is changed or missing"]
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("path", "k", "said"),
    [
        ("tile/0/005", 17, "tile 0/5 hash 17 is wrong; entry 1297 under it: sound"),
        ("tile/0/010.p/40", 3, "tile 0/10 hash 3 is wrong; entry 2563 under it: sound"),
        ("tile/1/000.p/10", 9, "tile 1/0 hash 9 is wrong; entries 2304 to 2559 under it: sound"),
    ],
)
def test_a_changed_tile_is_told_apart_from_a_changed_entry(
    trust: Trust, changed: ChangeFile, path: str, k: int, said: str
) -> None:
    """A wrong hash at any level is named, and the entries under it are called sound."""
    assert fails(changed.check(path, flip(k * 32 + 5), trust)) == [said]


@pytest.mark.parametrize(
    ("path", "k", "said"),
    [
        ("tile/1/000", 9, "tile 1/0 hash 9 is wrong; entries 2304 to 2559 under it: sound"),
        ("tile/1/001.p/4", 2, "tile 1/1 hash 2 is wrong; entries 66048 to 66303 under it: sound"),
        ("tile/2/000.p/1", 0, "tile 2/0 hash 0 is wrong; entries 0 to 65535 under it: sound"),
    ],
)
def test_the_higher_levels_of_a_big_log_are_told_apart_too(
    big: Log, trust: Trust, path: str, k: int, said: str
) -> None:
    """Full and partial tiles two levels up are named as well."""
    assert fails(ChangeFile(big.folder).check(path, flip(k * 32 + 5), trust)) == [said]


def test_an_entry_deep_in_a_big_log_is_named(big: Log, trust: Trust) -> None:
    """Three levels under the root, the one entry is named."""
    change = ChangeFile(big.folder)
    said = fails(change.check("tile/entries/100", flip(2), trust))
    assert said == ["entry 25600 is changed or missing"]
    said = fails(change.check("tile/entries/100", lambda _: None, trust))
    assert said == [
        "bundle 100 (entries 25600 to 25855) is missing",
        "entries 25600 to 25855 are changed or missing",
    ]


def test_an_entry_changed_together_with_its_tile_is_still_found(
    log: Log, trust: Trust, changed: ChangeFile
) -> None:
    """Mending the tile over a changed entry moves the question one tile up, to 256 entries."""
    tile = log.folder / "tile/0/007"
    before = tile.read_bytes()
    some = parse_bundle((log.folder / "tile/entries/007").read_bytes())
    some[9] = some[9].replace(b"person", b"robots")
    tile.write_bytes(before[: 9 * 32] + leaf_hash(some[9]) + before[10 * 32 :])
    try:
        report = changed.check("tile/entries/007", lambda _: format_bundle(some), trust)
    finally:
        tile.write_bytes(before)
    assert fails(report) == ["entries 1792 to 2047: changed together with tile 0/7 over them"]


def test_an_entry_and_a_neighbours_hash_are_both_named(
    log: Log, trust: Trust, changed: ChangeFile
) -> None:
    """Two changes of two kinds in one bundle are told apart."""
    tile = log.folder / "tile/0/007"
    before = tile.read_bytes()
    tile.write_bytes(flip(20 * 32)(before))
    try:
        report = changed.check("tile/entries/007", flip(40), trust)
    finally:
        tile.write_bytes(before)
    assert fails(report) == [
        "tile 0/7 hash 20 is wrong; entry 1812 under it: sound",
        "entry 1792 is changed or missing",
    ]


@pytest.mark.requirement("LOG-12", "LOG-13")
@pytest.mark.parametrize(
    ("path", "first"),
    [("tile/entries/004", 1_024), ("tile/entries/010.p/40", 2_560)],
)
def test_removed_added_and_swapped_entries_are_named(
    trust: Trust, changed: ChangeFile, path: str, first: int
) -> None:
    """Inside a bundle, the first entry that is not where it was is the one named."""

    def cut(data: bytes) -> bytes:
        some = parse_bundle(data)
        return format_bundle(some[:5] + some[6:])

    def add(data: bytes) -> bytes:
        some = parse_bundle(data)
        return format_bundle([*some[:5], some[0], *some[5:]])

    def swap(data: bytes) -> bytes:
        some = parse_bundle(data)
        some[5], some[6] = some[6], some[5]
        return format_bundle(some)

    for change in (cut, add):
        said = fails(changed.check(path, change, trust))
        assert "readable entries, not" in said[0]
        assert said[1].startswith(f"entries {first + 5} to ")
    said = fails(changed.check(path, swap, trust))
    assert said == [f"entries {first + 5} to {first + 6} are changed or missing"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("tile/entries/003", "bundle 3 (entries 768 to 1023) is missing"),
        ("tile/entries/010.p/40", "bundle 10 (entries 2560 to 2599) is missing"),
        ("tile/0/003", "tile 0/3 is missing"),
        ("tile/0/010.p/40", "tile 0/10 is missing"),
        ("tile/1/000.p/10", "tile 1/0 is missing"),
    ],
)
def test_a_removed_file_is_named(trust: Trust, changed: ChangeFile, path: str, said: str) -> None:
    """A bundle or tile taken away is missed."""
    assert said in fails(changed.check(path, lambda _: None, trust))


@pytest.mark.parametrize("path", ["tile/entries/003", "tile/0/003", "tile/1/000.p/10"])
def test_truncated_emptied_and_overgrown_files_are_named(
    trust: Trust, changed: ChangeFile, path: str
) -> None:
    """A file of the wrong length is found whatever the length."""
    for change in (
        lambda d: d[:-1],
        lambda d: d[: len(d) // 2],
        lambda _: b"",
        lambda d: d + b"\0",
        lambda d: d + d,
        lambda d: d * 300,
    ):
        assert fails(changed.check(path, change, trust))


@pytest.mark.parametrize(
    ("line", "was", "said"),
    [
        (1, "'ledger.example/main'", "'medger.example/main'"),
        (2, f"'{SIZE}'", "'3600'"),
        (3, "", ""),
    ],
)
def test_a_changed_line_of_the_checkpoint_is_named(
    trust: Trust, changed: ChangeFile, line: int, was: str, said: str
) -> None:
    """Origin, size and root each are named when they alone were changed."""

    def change(data: bytes) -> bytes:
        lines = data.split(b"\n")
        row = lines[line - 1]
        other = b"B" if row.startswith(b"A") else b"A"
        first = {1: b"m", 2: b"3", 3: other}[line]
        lines[line - 1] = first + row[1:]
        return b"\n".join(lines)

    (found,) = fails(changed.check("checkpoint", change, trust))
    assert found.startswith(f"line {line} of the checkpoint was changed from {was}")
    assert found.endswith(said)


def test_any_flipped_bit_of_the_checkpoint_is_found(trust: Trust, log: Log, tmp_path: Path) -> None:
    """Every bit of every byte of a small log's checkpoint counts."""
    small = Log(tmp_path, log.log_signer, [WITNESS])
    data = small.append(log.all_entries[:2])
    for position in range(len(data)):
        for bit in range(8):
            (tmp_path / "checkpoint").write_bytes(flip(position, bit)(data))
            report = verify_folder(tmp_path, trust, Options(hashes_only=True))
            assert report.answer == "not met", (position, bit)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1 << 30), st.integers(0, 1 << 30), st.integers(0, 7))
def test_any_flipped_bit_anywhere_is_found_and_named(
    log: Log, trust: Trust, which: int, where: int, bit: int
) -> None:
    """Whichever file, byte and bit: the answer is not met, and the place is in the findings."""
    files = sorted(one for one in log.folder.rglob("*") if one.is_file())
    file = files[which % len(files)]
    position = where % file.stat().st_size
    path = str(file.relative_to(log.folder))
    report = ChangeFile(log.folder).check(path, flip(position, bit), trust)
    assert report.answer == "not met"
    said = " | ".join(fails(report))
    if path == "checkpoint":
        assert "checkpoint" in said
    elif path.startswith("tile/entries/"):
        first = int(path.removeprefix("tile/entries/")[:3]) * 256
        width = int(path.rpartition(".p/")[2]) if ".p/" in path else 256
        index = min(first + entry_at(file.read_bytes(), position), first + width - 1)
        assert f"{index} " in said
    else:
        assert f"hash {position // 32} " in said


def entry_at(bundle: bytes, position: int) -> int:
    """Which entry of a bundle a byte belongs to."""
    end = 0
    for k, one in enumerate(parse_bundle(bundle)):
        end += 2 + len(one)
        if position < end:
            return k
    raise AssertionError("beyond the bundle")


def test_many_changes_are_counted_and_not_listed_without_end(
    log: Log, trust: Trust, tmp_path: Path
) -> None:
    """A folder spoiled in hundreds of places gives a report a person can read."""
    copy = tmp_path / "copy"
    shutil.copytree(log.folder, copy)
    for number in range(10):
        file = copy / f"tile/entries/{number:03d}"
        some = parse_bundle(file.read_bytes())
        file.write_bytes(format_bundle(one + b"." * (k % 2) for k, one in enumerate(some)))
    report = verify_folder(copy, trust, Options(hashes_only=True))
    assert len(fails(report)) == 51
    assert fails(report)[-1] == "and 1230 more of the same sort"


@pytest.mark.requirement("LOG-12", "LOG-13")
def test_a_cut_tail_is_found_by_a_kept_checkpoint(log: Log, tmp_path: Path) -> None:
    """Showing an older, smaller log is found by whoever kept the newer checkpoint."""
    kept = (log.folder / "checkpoint").read_bytes()
    short = Log(tmp_path, log.log_signer)
    short.append(log.all_entries[:1000])
    trust = Trust((log.log_signer.key,))
    report = verify_folder(tmp_path, trust, Options(older={"mine": kept}))
    assert fails(report) == [f"entries 1000 to {SIZE - 1} were cut off: mine has them"]


@pytest.mark.requirement("LOG-12", "LOG-13")
def test_rewritten_history_is_found_and_narrowed_by_kept_checkpoints(
    log: Log, tmp_path: Path
) -> None:
    """A log rebuilt and signed afresh passes alone, but not against checkpoints somebody kept."""
    trust = Trust((log.log_signer.key,))
    kept = {}
    for size in (100, 300, 500):
        frontier = append_leaves(
            Frontier(), [leaf_hash(e) for e in log.all_entries[:size]]
        ).frontier
        head = Checkpoint("ledger.example/main", size, frontier.root())
        kept[f"kept at {size}"] = format_note(log.signed(head))
    other = Log(tmp_path, log.log_signer)
    some = list(log.all_entries[:800])
    some[222] = some[222].replace(b"psn_ada", b"psn_bob")
    other.append(some)
    assert verify_folder(tmp_path, trust).answer == "met"
    report = verify_folder(tmp_path, trust, Options(older=kept))
    assert fails(report) == [
        "history was rewritten since kept at 300: the first change lies in entries 100 to 299",
        "history was rewritten since kept at 500: the first change lies in entries 100 to 499",
    ]


def test_an_earlier_checkpoint_can_be_checked_against_a_grown_folder(
    log: Log, trust: Trust, tmp_path: Path
) -> None:
    """The checkpoint in hand may be older than the folder: wider tiles then serve for it."""
    copy = tmp_path / "copy"
    grown = Log(copy, log.log_signer, [WITNESS])
    first = grown.append(log.all_entries[:300])
    grown.append(log.all_entries[300:5000])
    for partial in copy.glob("tile/**/*.p"):
        if partial.name.startswith("001"):
            shutil.rmtree(partial)
    report = verify_folder(copy, trust, Options(checkpoint=first))
    assert (report.answer, report.size) == ("met", 300)


def test_a_folder_that_cannot_be_listed_leaves_the_answer_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a tile is missing and what lies beside it may not be seen, nothing is said of it."""
    Log(tmp_path).append(entries(300))
    (tmp_path / "tile/0/001.p/44").unlink()

    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    report = verify_folder(tmp_path, Trust((signer().key,)), Options(jobs=1))
    assert report.answer == "could not tell"
    assert "001.p cannot be listed: Permission denied" in report.findings[0].message
