"""`muniment detect scan`."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from muniment import detect
from muniment.cli.detect import scanning
from muniment.detect import Scanner
from tests.cli.detect.running import MAIL, left_with


def test_scan_prints_places_and_never_values(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1 and a table; JSON and SARIF for programs."""
    assert left_with(folder, "scan", str(folder / "in"), "--explain") == 1
    shown = capsys.readouterr().out
    assert "EMAIL_ADDRESS" in shown
    assert "1 found" in shown
    for form in ("json", "sarif"):
        assert left_with(folder, "scan", str(folder / "in"), "--format", form) == 1
        printed = capsys.readouterr().out
        assert json.loads(printed)
        assert MAIL not in printed


def test_scan_tells_clean_unread_and_missing_apart(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0, 3 and 2; lenient makes 3 to 0."""
    clean = str(folder / "in" / "clean.txt")
    assert left_with(folder, "scan", clean) == 0
    assert "all inspected" in capsys.readouterr().out
    (folder / "in" / "b.bin").write_bytes(b"\x00\x01" * 500)
    binary = str(folder / "in" / "b.bin")
    assert left_with(folder, "scan", clean, binary) == 3
    assert left_with(folder, "scan", clean, binary, "--lenient") == 0
    assert left_with(folder, "scan", str(folder / "none")) == 2


def test_scan_protects_text_and_json(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One text in, the safe text out; JSON stays JSON; a stop is an error without the text."""
    assert left_with(folder, "scan", str(folder / "in" / "a.txt"), "--protect") == 0
    assert capsysbinary.readouterr().out == b"one\ntwo [EMAIL_1]\n"
    (folder / "a.json").write_text(json.dumps({"to": MAIL}))
    assert left_with(folder, "scan", str(folder / "a.json"), "--protect") == 0
    assert json.loads(capsysbinary.readouterr().out) == {"to": "[EMAIL_1]"}
    (folder / "p.toml").write_text('default = "block"')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(MAIL.encode())))
    code = left_with(folder, "scan", "-", "--protect", "--policy", str(folder / "p.toml"))
    assert code == 7
    assert MAIL.encode() not in b"".join(capsysbinary.readouterr())


def test_scan_hashes_with_the_key_of_a_file(
    folder: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The same key gives the same fingerprint; no key, or none that can be read, gives no text."""
    (folder / "p.toml").write_text('default = "hash"')
    asked = ["scan", str(folder / "in" / "a.txt"), "--protect", "--policy", str(folder / "p.toml")]
    (folder / "key").write_bytes(b"sixteen secret bytes and more\n")
    outs = []
    for _ in range(2):
        assert left_with(folder, *asked, "--hash-key", str(folder / "key")) == 0
        outs.append(capsysbinary.readouterr().out)
    assert outs[0] == outs[1]
    assert outs[0].startswith(b"one\ntwo [EMAIL#")
    for more in ([], ["--hash-key", str(folder / "nothing")]):
        assert left_with(folder, *asked, *more) == 2
        assert MAIL.encode() not in b"".join(capsysbinary.readouterr())


def test_a_bar_shows_how_far_it_is(tmp_path: Path) -> None:
    """At a terminal a bar counts the files of all that was named; elsewhere nothing is drawn."""
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("write to maria.lopez@example.com")
    scanner = Scanner(layers="patterns")
    for terminal in (True, False):
        drawn = io.StringIO()
        console = Console(file=drawn, force_terminal=terminal, width=120)
        scans = detect.scan_files(scanner, [tmp_path])
        assert len(list(scanning._shown(scans, [str(tmp_path)], console))) == 3
        assert ("3/3" in drawn.getvalue()) is terminal
        assert ("3 found" in drawn.getvalue()) is terminal


def test_who_reads_the_first_lines_only_is_told_the_same(tmp_path: Path) -> None:
    """`muniment detect scan … | head` leaves with 1 where something was found, and says no more."""
    path = tmp_path / "people.csv"
    path.write_text("mail\n" + "".join(f"user{n}@example.org\n" for n in range(1_000)))
    command = [sys.executable, "-c", "from muniment.main import run; run()", "detect", "scan"]
    asked = [str(path), "--format", "json", "--layers", "patterns"]
    with subprocess.Popen(
        [*command, *asked], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"{\n"
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 1
