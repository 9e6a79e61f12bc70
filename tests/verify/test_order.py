"""What the order and the times of entries tell: gaps, repeats, false times, silence, beginnings."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.canonical import canonical_bytes
from muniment.core.clock import stamp
from muniment.verify import Options, Report, Trust, parse_policy, verify_folder
from tests.verify.log_maker import START, Log, began, entry, signer, witness

TRUST = Trust((signer().key,))


def check(folder: Path, *rows: object, options: Options | None = None) -> Report:
    """Write a log of these entries and check it."""
    log = Log(folder)
    log.append(row if isinstance(row, bytes) else canonical_bytes(row) for row in rows)
    return verify_folder(folder, TRUST, options)


def said(report: Report, *codes: str) -> list[str]:
    """The messages of findings of these codes."""
    return [one.message for one in report.findings if one.code in codes]


def at(seconds: float) -> str:
    """A time some seconds after the log began."""
    return stamp(START + timedelta(seconds=seconds))


def numbered(*numbers: tuple[str, int]) -> list[dict[str, object]]:
    """Entries with these producers and numbers, behind the first."""
    return [
        entry(i, producer=producer, seq=seq, id=f"ent_{i}")
        for i, (producer, seq) in enumerate(numbers, 1)
    ]


def test_producers_may_interleave(tmp_path: Path) -> None:
    """Each producer counts for itself, and a later commit may come earlier in the log."""
    rows = numbered(("a", 1), ("b", 1), ("a", 2), ("b", 3), ("b", 2), ("a", 3), ("web", 2))
    assert check(tmp_path, began(), *rows).answer == "met"


@pytest.mark.requirement("LOG-19")
def test_a_gap_in_a_producers_numbers_is_listed(tmp_path: Path) -> None:
    """A number that never came is named with the entry it should have come before."""
    report = check(tmp_path, began(), *numbered(("a", 1), ("a", 2), ("a", 4), ("a", 9), ("b", 2)))
    assert report.answer == "not met"
    assert said(report, "gap") == [
        "producer 'a': number 3 is missing before entry 3",
        "producer 'a': number 5 to 8 is missing before entry 4",
        "producer 'b': number 1 is missing before entry 5",
    ]


def test_a_repeated_number_is_listed(tmp_path: Path) -> None:
    """A number that came twice is named with its second place."""
    report = check(tmp_path, began(), *numbered(("a", 1), ("a", 2), ("b", 1), ("a", 2)))
    assert report.answer == "not met"
    assert said(report, "repeat") == ["producer 'a': number 2 occurs again in entry 4"]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_producers_are_counted_across_processes_and_bundles(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the interleaving, exactly the dropped and doubled numbers are found."""
    names = data.draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=600))
    counts = dict.fromkeys("abc", 0)
    rows = []
    for name in names:
        counts[name] += 1
        rows.append((name, counts[name]))
    dropped = data.draw(st.integers(0, len(rows) - 1))
    kept = [row for i, row in enumerate(rows) if i != dropped]
    report = check(tmp_path_factory.mktemp("log"), began(), *numbered(*kept))
    is_last = rows[dropped][1] == counts[rows[dropped][0]]
    assert (report.answer == "met") is is_last


def checkpoint_entry(
    index: int, size: int, seconds: float, root: str, **changes: object
) -> dict[str, object]:
    """The entry that records an earlier checkpoint."""
    body = {"size": size, "root": root, "signed_at": at(seconds)}
    return entry(index, kind="ledger.checkpoint_signed", at=at(seconds), body=body, **changes)


def log_with_checkpoint(folder: Path, times: dict[int, float]) -> Report:
    """A log of 20 entries whose entry 10 records a checkpoint of 10 signed at second 1000."""
    log = Log(folder)
    rows = [began(at=at(0))]
    rows += [entry(i, at=at(times.get(i, 900.0))) for i in range(1, 10)]
    log.append(rows)
    root = log.frontier.root().hex()
    late = [entry(i, at=at(times.get(i, 1100.0))) for i in range(11, 20)]
    log.append([checkpoint_entry(10, 10, 1000.0, root), *late])
    return verify_folder(folder, TRUST)


def test_times_within_their_checkpoints_are_fine(tmp_path: Path) -> None:
    """Entries a little off, within five minutes, are nothing to look at."""
    report = log_with_checkpoint(tmp_path, {3: 1290.0, 12: 710.0})
    assert (report.answer, said(report, "backdated", "postdated")) == ("met", [])


def test_backdated_and_postdated_entries_are_shown_but_not_held_broken(tmp_path: Path) -> None:
    """An entry outside the checkpoints around it is flagged for a look; the answer stays met."""
    report = log_with_checkpoint(tmp_path, {3: 1301.0, 12: 699.0, 13: 600.0, 16: 5.0})
    assert report.answer == "met"
    assert said(report, "postdated") == [
        "entry 3 postdated: the checkpoint recorded in entry 10 is earlier"
    ]
    assert said(report, "backdated") == [
        "entries 12 to 13 backdated: the log had passed 2026-11-20T12:16:40Z by then",
        "entry 16 backdated: the log had passed 2026-11-20T12:16:40Z by then",
    ]
    assert {one.severity for one in report.findings if "dated" in one.code} == {"look"}


def test_the_tolerance_can_be_chosen(tmp_path: Path) -> None:
    """With no tolerance, one second counts."""
    log_with_checkpoint(tmp_path, {12: 999.0})
    report = verify_folder(tmp_path, TRUST, Options(tolerance_s=0.0))
    assert len(said(report, "backdated")) == 1


def test_a_cosignature_bounds_every_entry_from_above(tmp_path: Path) -> None:
    """No entry can be younger than the witness's cosignature of the log that holds it."""
    one = witness("w.example/1")
    log = Log(tmp_path, witnesses=[one], cosigned_at=int(START.timestamp()) + 1000)
    log.append([began(), entry(1, at=at(1200)), entry(2, at=at(1301))])
    policy = parse_policy(f"log {signer().key.vkey}\nwitness A {one.key.vkey}\nquorum A\n".encode())
    report = verify_folder(tmp_path, Trust(policy=policy))
    assert said(report, "postdated") == ["entry 2 postdated: the witness's cosignature is earlier"]


def test_a_recorded_checkpoint_must_be_the_logs_own(tmp_path: Path) -> None:
    """A checkpoint entry with another root, or one that cannot be, breaks the promise."""
    report = check(
        tmp_path,
        began(),
        entry(1),
        checkpoint_entry(2, 2, 5.0, "00" * 32),
        checkpoint_entry(3, 9, 6.0, "00" * 32),
        checkpoint_entry(4, 1, 7.0, "00" * 32),
        entry(5, kind="ledger.checkpoint_signed", body={}),
    )
    assert said(report, "checkpoint") == [
        "entry 2 records another root for the first 2 entries than they have",
        "entry 3 records a checkpoint that cannot be one",
        "entry 4 records a checkpoint that cannot be one",
        "entry 5 records a checkpoint that cannot be one",
    ]
    assert report.answer == "not met"


def beat(index: int, seconds: float, interval_s: int) -> dict[str, object]:
    """A heartbeat."""
    body = {"producer": "web", "interval_s": interval_s}
    return entry(index, kind="ledger.heartbeat", at=at(seconds), body=body)


def test_silence_longer_than_three_heartbeats_is_an_outage(tmp_path: Path) -> None:
    """Stretches without any entry are listed against the heartbeat promised before them."""
    report = check(
        tmp_path,
        began(at=at(0)),
        entry(1, at=at(500)),
        beat(2, 510, 10),
        entry(3, at=at(540)),
        entry(4, at=at(571)),
        beat(5, 572, 60),
        entry(6, at=at(750)),
        entry(7, at=at(740)),
        entry(8, at=at(931)),
    )
    assert report.answer == "met"
    assert said(report, "outage") == [
        "silence from 2026-11-20T12:09:00Z to 2026-11-20T12:09:31Z, before entry 4",
        "silence from 2026-11-20T12:12:30Z to 2026-11-20T12:15:31Z, before entry 8",
    ]


def test_outages_are_seen_across_processes(tmp_path: Path) -> None:
    """A silence between the shares of two processes is found as well."""
    share = 256 * 256
    rows = [canonical_bytes(began(at=at(0))), canonical_bytes(beat(1, 0, 10))]
    one = json.loads(canonical_bytes(entry(2)))
    for i in range(2, share + 3):
        one |= {"seq": i + 1, "at": at(0 if i < share else 100)}
        rows.append(json.dumps(one, sort_keys=True, separators=(",", ":")).encode())
    report = check(tmp_path, *rows, options=Options(jobs=2))
    assert report.answer == "met"
    assert said(report, "outage") == [
        f"silence from 2026-11-20T12:00:00Z to 2026-11-20T12:01:40Z, before entry {share}"
    ]


def test_a_log_says_how_it_began(tmp_path: Path) -> None:
    """The first entry tells the beginning; before it there is nothing; its absence is shown."""
    (told,) = said(check(tmp_path, began(), entry(1)), "beginning")
    assert told.startswith("the log began at 2026-11-20T12:00:00.000000Z as 'ledger.example/main'")
    assert told.endswith("it names no predecessor; it holds nothing of the time before")
    before = {"origin": "old.example/log", "size": 7, "root": "00"}
    (told,) = said(check(tmp_path / "b", began(predecessor=before)), "beginning")
    assert "it continues" in told
    assert "old.example/log" in told
    report = check(tmp_path / "c", entry(0), began())
    assert said(report, "beginning") == ["entry 0 does not say how this log began"]


def test_a_pruned_log_is_proved_from_its_minimum_index_on(tmp_path: Path) -> None:
    """With bundles and tiles below an index gone, the root and the entries above still hold."""
    log = Log(tmp_path)
    log.append([began(), *(entry(i) for i in range(1, 1500))])
    for number in range(3):
        (tmp_path / f"tile/entries/{number:03d}").unlink()
        (tmp_path / f"tile/0/{number:03d}").unlink()
    assert verify_folder(tmp_path, TRUST).answer == "not met"
    report = verify_folder(tmp_path, TRUST, Options(first_index=800))
    assert report.answer == "met"
    assert said(report, "pruned") == [
        "entries before 800 were not looked at: the log is pruned there"
    ]
    assert report.checked.startswith("every hash of entries 800 to 1499")
    bundle = tmp_path / "tile/entries/004"
    bundle.write_bytes(bundle.read_bytes().replace(b"psn_ada", b"psn_bob", 1))
    report = verify_folder(tmp_path, TRUST, Options(first_index=800))
    assert said(report, "entry") == ["entry 1024 is changed or missing"]
