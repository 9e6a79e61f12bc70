"""The benchmark of the gateway and its soak run: every row is measured, nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import gateway, gateway_proofs, soak_gateway

ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    *(gateway.rate_of(gateway.BARE, each) for each in (gateway.FEW, gateway.MANY)),
    *(gateway.rate_of(gateway.ALL, each) for each in (gateway.FEW, gateway.MANY)),
    *(gateway.core_of(gateway.ALL), gateway.START, gateway.MEMORY, gateway.GROWTH),
    *(gateway.ADDED_50, gateway.ADDED_99, gateway.FIRST_50, gateway.FIRST_99, gateway.STREAMS),
    *(gateway_proofs.STOPPED, gateway_proofs.OVERRUN, gateway_proofs.UNTOLD),
    *(gateway_proofs.ACCEPTED_99, gateway_proofs.UNRECORDED),
)


@pytest.mark.slow
def test_every_row_is_measured() -> None:
    """The quick run ends well, prints every row, and leaves the page alone."""
    command = [sys.executable, "-m", "benchmarks.gateway", "--quick"]
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row for row in ROWS if row not in done.stdout] == []
    assert page.read_bytes() == before


@pytest.mark.slow
@pytest.mark.requirement("IOG-03")
def test_a_short_soak_loses_nothing(tmp_path: Path) -> None:
    """Some hundred calls while a worker and the provider are killed: the record is complete."""
    soak = soak_gateway.Soak(
        database="sqlite",
        folder=tmp_path,
        calls=300,
        connections=8,
        pauses=(0.2, 0.4),
        chance=random.Random(1),
        limited=False,
        most_kills=2,
    )
    soak.run()
    assert soak.losses == []
    assert soak.kills.total() == 2
    assert soak.answered > 0
