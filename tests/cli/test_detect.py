"""`muniment detect`."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from tests.server.asking import house_in

MAIL = "maria.lopez@example.com"


def left_with(folder: Path, *words: str) -> int:
    """Run a command and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {**overrides, "data.dir": folder, "unlock.folder": folder.parent / "unlock"}
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["detect", *words])
    return int(caught.value.code or 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an address, a clean file and a binary."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(f"one\ntwo {MAIL}\n")
    (tmp_path / "in" / "clean.txt").write_text("plain words\n")
    return tmp_path


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


def test_explain_says_why_and_why_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was found, what only looked like it, how much was inspected."""
    assert left_with(folder, "explain", f"card 4111 1111 1111 1112 and {MAIL}", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["type"] for each in told["found"]] == ["EMAIL_ADDRESS"]
    assert any(each["type"] == "CREDIT_CARD" for each in told["not_reported"])
    assert left_with(folder, "types", "--json") == 0
    assert "EMAIL_ADDRESS" in {each["type"] for each in json.loads(capsys.readouterr().out)}


def test_a_planted_canary_is_found_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """new makes one, check finds it: exit 1; without one exit 0."""
    assert left_with(folder, "canary", "new") == 0
    canary = capsys.readouterr().out.strip()
    clean = folder / "in" / "clean.txt"
    assert left_with(folder, "canary", "check", str(clean)) == 0
    clean.write_text(f"the model said {canary} today\n")
    assert left_with(folder, "canary", "check", str(clean)) == 1


def test_cases_and_configurations_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Report, list, configure, history, erase: the whole way of a calibration."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
    data = tmp_path / "data"
    text = tmp_path / "a.txt"
    text.write_text(MAIL)
    reported = ("--type", "EMAIL_ADDRESS", "--start", "0", "--end", str(len(MAIL)))
    assert left_with(data, "feedback", "report", "false_alarm", str(text), *reported) == 0
    found = re.search(r"cas_\w+", capsys.readouterr().out)
    assert found
    config = tmp_path / "c.toml"
    config.write_text(f'allowed = [{{ text = "{MAIL}" }}]')
    change = ("configure", str(config), "--owner", "per_ines", "--reason", "our own front desk")
    assert left_with(data, *change) == 2
    assert left_with(data, *change, "--until", "2099-01-01T00:00:00Z") == 2
    capsys.readouterr()
    config.write_text("threshold = 0.4")
    assert left_with(data, *change) == 0
    assert left_with(data, "history", "--json") == 0
    printed = capsys.readouterr().out
    (version,) = json.loads(printed[printed.index("[") :])
    assert version["owner"] == "per_ines"
    assert left_with(data, "feedback", "erase", found[0], "--reason", "no longer needed") == 0
    assert left_with(data, "feedback", "list", "--json") == 0
    assert "erased_at" in capsys.readouterr().out
