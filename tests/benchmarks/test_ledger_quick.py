"""The benchmark of the ledger runs: every row is measured, whatever the machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import ledger, ledger_log
from benchmarks.report import Goal, Report

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    ledger.DURABLE,
    "such a batch from call to receipts, p50",
    ledger.DURABLE_P99,
    ledger.CALLED,
    ledger.RAW_SQLITE,
    ledger.RAW_SINGLE,
    "sealed: from waiting to a signed head, tiles synced",
    "taken into the index",
    ledger.PG,
    ledger.PG_CONTENT,
    ledger.RAW_COPY,
    ledger.RAW_INSERT,
    ledger_log.VERIFY_ONE,
    ledger_log.VERIFY_TWO,
    ledger_log.HASHES_TWO,
    ledger_log.LEAST,
    ledger_log.FLIPPED,
    ledger_log.PROVE,
    ledger_log.CHECK,
    ledger_log.TREE,
    f"{ledger.DURABLE} ÷ {ledger.RAW_SQLITE}",
    f"{ledger.PG} ÷ {ledger.RAW_COPY}",
    *(f"| {goal.what} |" for goal in ledger.GOALS),
)


@pytest.mark.slow
def test_every_row_is_measured() -> None:
    """The quick run ends well, prints every row and ratio, and leaves the page alone."""
    command = [sys.executable, "-m", "benchmarks.ledger", "--quick"]
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes() if page.exists() else b""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row for row in ROWS if row not in done.stdout] == []
    assert (page.read_bytes() if page.exists() else b"") == before


def test_a_goal_is_met_or_not_by_what_was_measured() -> None:
    """The table holds each figure against its bound, and says where nothing was measured."""
    report = Report("x", "X")
    report.add("ours", 50.0, "records/s")
    report.add("plain", 200.0, "records/s")
    report.add("wait", 40.0, "ms")
    report.judge(
        [
            Goal("Much", "ours", at_least=50, beside="plain"),
            Goal("More", "ours", at_least=51),
            Goal("Quick", "wait", at_most=40),
            Goal("Quicker", "wait", at_most=39),
            Goal("Unseen", "nothing", at_most=39),
        ]
    )
    assert report.goals[2:] == [
        "| Much | ≥ 50 records/s | 50 records/s | met | 0.25 of plain |",
        "| More | ≥ 51 records/s | 50 records/s | not met |  |",
        "| Quick | ≤ 40 ms | 40 ms | met |  |",
        "| Quicker | ≤ 39 ms | 40 ms | not met |  |",
        "| Unseen | ≤ 39 | | could not tell | not measured |",
    ]
    assert report.goals[2] in report.as_markdown()


def test_a_benchmark_writes_its_own_section_only(tmp_path: Path) -> None:
    """Measured again, a section takes the place of its older one; the others stay."""
    page = tmp_path / "benchmarks.md"
    for name, value in (("one", 1.0), ("two", 2_000.0), ("one", 3.0)):
        report = Report(name, f"Part {name}", facts=["a machine"])
        report.add("speed", value, "records/s")
        report.add("other", 2.0, "records/s")
        report.compare("speed", "other")
        report.write(page)
    text = page.read_text(encoding="utf-8")
    assert text.count("## Part one") == text.count("## Part two") == 1
    assert "3 records/s" in text
    assert "2,000 records/s" in text
    assert "speed ÷ other: 1.50" in text
    assert "| 1 records/s" not in text
