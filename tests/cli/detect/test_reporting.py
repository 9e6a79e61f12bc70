"""`muniment detect feedback`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.detect.running import MAIL, left_with
from tests.cli.policy.running import as_person, people_in
from tests.cli.policy.running import left_with as left_in
from tests.server.asking import house_in


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation that has begun."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
    return tmp_path / "data"


def test_a_report_is_listed_without_its_text(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was reported is kept for a time; lists never show it."""
    text = tmp_path / "a.txt"
    text.write_text(f"write to {MAIL}")
    place = ("--type", "EMAIL_ADDRESS", "--start", "9", "--end", str(9 + len(MAIL)))
    assert left_with(data, "feedback", "report", "missed", str(text), *place) == 0
    capsys.readouterr()
    assert left_with(data, "feedback", "list", "--json") == 0
    told = capsys.readouterr().out
    (row,) = json.loads(told[told.index("{") :])["rows"]
    assert (row["kind"], row["type"]) == ("missed", "EMAIL_ADDRESS")
    assert MAIL not in told
    assert left_with(data, "feedback", "list") == 0
    assert "kept until" in capsys.readouterr().out


@pytest.mark.parametrize("place", [("5", "3"), ("0", "999"), ("-1", "2")])
def test_places_that_are_none(data: Path, tmp_path: Path, place: tuple[str, str]) -> None:
    """A place that ends before it begins, or outside of the text, is refused."""
    text = tmp_path / "a.txt"
    text.write_text(MAIL)
    words = ("--type", "EMAIL_ADDRESS", "--start", place[0], "--end", place[1])
    assert left_with(data, "feedback", "report", "missed", str(text), *words) == 2
    assert left_with(data, "feedback", "erase", "cas_none", "--reason", "x") == 4


def test_a_text_is_shown_to_who_may_until_it_is_erased(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in, with a reason, on record; after its person was erased, or it alone, no more."""
    data, text = tmp_path / "data", tmp_path / "a.txt"
    people_in(data)
    text.write_text(MAIL)

    def act(*words: str) -> int:
        as_person(monkeypatch)
        return left_in(data, *words, room="detect")

    place = ("--type", "EMAIL_ADDRESS", "--start", "0", "--end", "5")
    whose = ("--subject", "sub_00000000000000000000", "--classification", "internal")
    assert act("feedback", "report", "false_alarm", str(text), *place, *whose) == 0
    case = re.search(r"cas_\w+", capsys.readouterr().out)
    assert case
    show = ("feedback", "show", case[0], "--reason", "looking into it", "--as", "ada@example.org")
    assert act(*show) == 0
    assert MAIL in capsys.readouterr().out
    assert act("feedback", "erase", case[0], "--reason", "no longer needed") == 0
    assert act(*show) == 6
