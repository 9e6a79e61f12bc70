"""The benchmark of the gateway and its soak run: every row is measured, nothing is lost."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from benchmarks import gateway, gateway_proofs, soak_gateway
from tests.migrated import lay_copy

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
def test_every_row_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quick run ends well, prints every row, and leaves the page alone."""
    # In this process, for starting another one would load everything again.
    monkeypatch.setattr(sys, "argv", ["gateway", "--quick"])
    page = ROOT / "docs" / "benchmarks.md"
    before = page.read_bytes()
    gateway.main()
    told = capsys.readouterr()
    assert told.err == ""
    assert [row for row in ROWS if row not in told.out] == []
    assert page.read_bytes() == before


@pytest.mark.slow
@pytest.mark.requirement("IOG-03")
def test_a_short_soak_loses_nothing(tmp_path: Path) -> None:
    """Some hundred calls while a worker and the provider are killed: the record is complete."""
    lay_copy(tmp_path / "made" / "data")  # the schema, which is not what is tried here
    soak = soak_gateway.Soak(
        database="sqlite",
        folder=tmp_path,
        calls=300,
        connections=8,
        pauses=(0.05, 0.15),
        chance=random.Random(1),
        limited=False,
        most_kills=2,
    )
    soak.run()
    assert soak.losses == []
    assert soak.kills.total() == 2
    assert soak.answered >= soak.calls  # who was turned away asked again
