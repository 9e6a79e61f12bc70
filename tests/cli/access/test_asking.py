"""`muniment access may` and `at`: answers with reasons, and with proofs anybody can check."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from muniment import verify
from muniment.core.errors import InvalidError
from tests.cli.access.conftest import Muniment


def test_may_says_yes_or_why_not(muniment: Muniment) -> None:
    """Yes names the grant and ends with 0; no names reasons and a way out and ends with 5."""
    muniment("access", "people", "invite", "Ana", "ana@x.org")
    asked = ("access", "may", "ana@x.org", "detect.scan")
    assert "their account is invited" in muniment(*asked).stdout
    for verb in ("suspend", "reactivate"):
        muniment("access", "people", verb, "ana@x.org")
    no = muniment(*asked)
    assert (no.exit_code, no.stdout.splitlines()[0]) == (5, "No.")
    muniment("access", "grant", "ana@x.org", "builder", "--reason", "x", "--scope", "system=s")
    assert "reaches system s, and everything was asked for" in muniment(*asked).stdout
    yes = muniment(*asked, "--scope", "system=s")
    assert yes.exit_code == 0
    assert yes.stdout.startswith("Yes: grt_")
    told = json.loads(muniment(*asked, "--scope", "system=s", "--json").stdout)
    assert (told["ok"], told["role"]["name"]) == (True, "builder")
    for wrong in (("ana@x.org", "detect.skan"), ("team_x", "detect.scan"), ("nobody", "jobs.read")):
        assert isinstance(muniment("access", "may", *wrong).exception, InvalidError)


@pytest.mark.requirement("ACC-09", "ACC-22")
def test_at_is_proved_offline(muniment: Muniment, tmp_path: Path) -> None:
    """Table, JSON and CSV say the same; each entry comes with a proof that verifies."""
    muniment("access", "people", "invite", "=Ana", "ana@x.org")
    muniment("access", "grant", "ana@x.org", "builder", "--reason", "x", "--scope", "system=s")
    (grant,) = json.loads(muniment("access", "grants", "--json").stdout)
    when = grant["starts_at"]
    table = muniment("access", "at", when)
    assert grant["id"] in table.stdout
    told = json.loads(muniment("access", "at", when, "--json").stdout)
    (line,) = told["reach"]
    (made,) = line["entries"]["made"]
    assert (line["grant"]["id"], made["kind"]) == (grant["id"], "access.granted")
    rows = list(csv.DictReader(io.StringIO(muniment("access", "at", when, "--csv").stdout)))
    assert rows[0]["grant"] == grant["id"]
    assert rows[0]["made"] == f"#{made['index']}"
    assert muniment("access", "at", when, "--proofs", "proofs").exit_code == 0
    vkey = json.loads(muniment("ledger", "status", "--json").stdout)["vkey"]
    checked = subprocess.run(
        [
            *(sys.executable, verify.__file__),
            f"proofs/entry-{made['index']}.tlog-proof",
            *("--entry", f"proofs/entry-{made['index']}.json", f"--key={vkey}"),
        ],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert json.loads(muniment("access", "at", "2020-01-01", "--json").stdout)["reach"] == []
    for wrong in ("tomorrow", "2999-01-01", "9x"):
        assert isinstance(muniment("access", "at", wrong).exception, InvalidError)
