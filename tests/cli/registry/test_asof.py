"""Commands about the past."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from muniment import verify
from tests.cli.registry.left import Left
from tests.server.registered import KEY


@pytest.mark.requirement("REG-08", "CHG-16")
def test_what_served_is_told_with_who_approved_it_and_proofs(left: Left, tmp_path: Path) -> None:
    """Now, before, and over a period as CSV; proofs lie in a folder once they are sealed."""
    with left.inside() as house:
        house.live()
        change = house.released("one")
        house.house.log.seal()
        key = house.house.log.vkeys()[-1]
    found = left.json("at", "now", "--system", KEY, "--proofs", str(tmp_path / "proofs"))
    (one,) = found["sets"]
    assert one["set"] == change.set_digest
    assert one["approved_by"] == ["Releaser One"]
    assert one["versions"][0]["part"] == "prompt/main"
    assert found["approval_stood_first"] is True
    for proof in (tmp_path / "proofs").glob("*.tlog-proof"):
        entry = proof.with_suffix(".json")
        verified = verify.main([str(proof), "--entry", str(entry), "--key", key, "--json"])
        assert (verified, entry.is_file()) == (0, True)
    assert len(list((tmp_path / "proofs").iterdir())) == 4
    assert "prompt/main" in left.said("at", "now", "--system", KEY)
    assert "Nothing" in left.said("at", "2020-01-01", "--system", KEY)
    told = left.said("served", "--system", KEY, "--since", "2020-01-01")
    rows = list(csv.DictReader(io.StringIO(told)))
    assert [(each["part"], each["percent"]) for each in rows] == [("prompt/main", "100")]
    assert left("at", "yesterday", "--system", KEY) == 2
    assert left("at", "now", "--system", KEY, "--environment", "mars") == 2
    assert "It has production." in left.capsys.readouterr().err
