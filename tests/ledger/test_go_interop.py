"""Go's own transparency log library reads our logs and comes to the same verdicts."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from muniment.verify import Options, Trust, verify_folder
from tests.verify.log_maker import Log, entries, signer, witness

pytestmark = pytest.mark.slow
LOG = signer()
SIZES = (1, 2, 255, 256, 257, 300, 511, 512, 1000, 1700)


def read_with_go(
    go: Path, folder: Path, *older: Path, vkey: str = LOG.key.vkey
) -> subprocess.CompletedProcess[str]:
    """Let the independent reader check a folder."""
    command = [str(go), str(folder), vkey, *map(str, older)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.requirement("LOG-13", "LOG-22")
def test_go_accepts_every_size_and_every_step_between(go: Path, tmp_path: Path) -> None:
    """At each size Go opens the note, proves every entry and each older checkpoint."""
    log = Log(tmp_path / "log", witnesses=[witness("w.example/1")])
    whole = entries(SIZES[-1])
    older: list[Path] = []
    for size in SIZES:
        kept = tmp_path / f"at-{size}"
        kept.write_bytes(log.append(whole[log.frontier.size : size]))
        done = read_with_go(go, log.folder, *older)
        assert (done.returncode, done.stderr) == (0, "")
        said = done.stdout.splitlines()
        assert said == [f"size {size}", *(f"consistent {s}" for s in SIZES if s < size), "ok"]
        older.append(kept)


def test_go_accepts_a_log_of_three_levels(go: Path, tmp_path: Path) -> None:
    """Beyond 65,536 entries the tiles of the third level are read as well."""
    log = Log(tmp_path / "log")
    first = tmp_path / "first"
    first.write_bytes(log.append(b"%d" % i for i in range(40_000)))
    log.append(b"%d" % i for i in range(40_000, 65_900))
    done = read_with_go(go, log.folder, first)
    assert (done.returncode, done.stdout) == (0, "size 65900\nconsistent 40000\nok\n")


@pytest.mark.requirement("LOG-13", "LOG-22")
def test_go_names_the_same_entry_as_we_do(go: Path, tmp_path: Path) -> None:
    """An entry changed on disk is named by both readers, by the same index."""
    log = Log(tmp_path)
    log.append(entries(700))
    chance = random.Random(11)
    for index in (0, 255, 256, 699, chance.randrange(700)):
        number, width = index // 256, min(256, 700 - index // 256 * 256)
        name = f"{number:03d}" + ("" if width == 256 else f".p/{width}")
        bundle = tmp_path / "tile/entries" / name
        before = bundle.read_bytes()
        one = log.all_entries[index]
        bundle.write_bytes(before.replace(one, one.replace(b"psn_ada", b"psn_bob")))
        ours = verify_folder(tmp_path, Trust((LOG.key,)))
        theirs = read_with_go(go, tmp_path)
        bundle.write_bytes(before)
        if b"psn_ada" in one:
            assert theirs.returncode == 1
            assert f"tampered {index}\n" in theirs.stdout
            assert theirs.stdout.count("tampered") == 1
            assert ours.findings[0].message == f"entry {index} is changed or missing"


def test_go_refuses_what_we_refuse(go: Path, tmp_path: Path) -> None:
    """A foreign key, a broken signature, a changed tile and a rewritten history fail in both."""
    log = Log(tmp_path / "log")
    kept = tmp_path / "kept"
    kept.write_bytes(log.append(entries(400)))
    other = signer(LOG.key.name, seed="other")
    assert read_with_go(go, log.folder, vkey=other.key.vkey).returncode == 1
    tile = log.folder / "tile/0/000"
    before = tile.read_bytes()
    tile.write_bytes(bytes(32) + before[32:])
    assert read_with_go(go, log.folder).returncode == 1
    assert verify_folder(log.folder, Trust((LOG.key,))).answer == "not met"
    tile.write_bytes(before)
    checkpoint = log.folder / "checkpoint"
    good = checkpoint.read_bytes()
    checkpoint.write_bytes(good.replace(b"\n400\n", b"\n401\n"))
    assert read_with_go(go, log.folder).returncode == 1
    rewritten = Log(tmp_path / "again")
    rewritten.append([*entries(399), b"another end", b"and more"])
    done = read_with_go(go, rewritten.folder, kept)
    assert done.returncode == 1
    assert done.stderr.startswith("failed: kept: ")
    report = verify_folder(
        rewritten.folder,
        Trust((LOG.key,)),
        Options(older={"kept": kept.read_bytes()}, hashes_only=True),
    )
    assert report.answer == "not met"
