"""Calls on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from muniment.exchanges import Refusal
from tests.cli.policy.running import left_with
from tests.exchanges.calling import TEXT, calling_in
from tests.exchanges.making import JUDGED, origin, outcome


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation with an answered and a refused call."""
    made = tmp_path_factory.mktemp("calls")
    with calling_in(made) as calls:
        calls.leave()
        calls.end(outcome(judged=JUDGED))
        calls.refuse(Refusal(origin("exc_no"), "gpt-test", "decide", "blocked", 403, JUDGED))
        calls.settle()
    return made / "data"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an installation without a call."""
    made = tmp_path_factory.mktemp("none")
    with calling_in(made):
        return made / "data"


def said(folder: Path, capsys: pytest.CaptureFixture[str], *words: str, room: str = "") -> str:
    """Run a command that goes well, and give what it said."""
    assert left_with(folder, *words, room=room) == 0
    return capsys.readouterr().out


def test_calls_are_listed_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table and as JSON, narrowed and paged; one call by its id."""
    told = said(folder, capsys, "exchange", "list")
    assert "exc_1" in told
    assert "refused" in told
    assert "blocked" in told
    page = json.loads(said(folder, capsys, "exchange", "list", "--limit", "1", "--json"))
    assert [each["id"] for each in page["rows"]] == ["exc_no"]
    assert page["next_cursor"]
    none = said(folder, capsys, "exchange", "list", "--uninspected", "--state", "answered")
    assert "No call is like that." in none
    assert json.loads(said(folder, capsys, "exchange", "show", "exc_1"))["cost_micros"] == 300
    assert left_with(folder, "exchange", "show", "exc_none", room="") == 4
    assert left_with(folder, "exchange", "list", "--since", "soon", room="") == 2


def test_a_call_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who, what, findings, decisions, attempts, entries; as JSON with the proofs."""
    told = said(folder, capsys, "explain", "exc_1")
    for part in ("svc_shop by key key_1", "looked at whole", "policy version 3", "could not tell"):
        assert part in told
    assert "exchanges.concluded, leaf" in told
    value = json.loads(said(folder, capsys, "explain", "exc_1", "--json"))
    assert len(value["steps"]) == 14
    assert all(each["proof"] for each in value["entries"])
    assert value["served"]["versions"] is None
    refused = said(folder, capsys, "exchange", "explain", "exc_no")
    assert "stopped as blocked, answered with 403" in " ".join(refused.split())


def test_what_happened_last_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest calls, the oldest of them first, as lines or as JSON; of one system only."""
    lines = said(folder, capsys, "tail", "--once").splitlines()
    assert [each.split()[1] for each in lines] == ["exc_1", "exc_no"]
    assert "cost 0.0003" in lines[0]
    (line,) = said(folder, capsys, "tail", "--once", "-n", "1", "--json").splitlines()
    assert json.loads(line)["id"] == "exc_no"
    assert said(folder, capsys, "tail", "--once", "--system", "sys_9") == ""


def test_a_disputed_text(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """From a file or read: matches leaves with 0, differs with 1, could not tell with 3."""
    file = tmp_path / "text"
    file.write_bytes(TEXT)
    why = ("--reason", "a complaint")
    told = said(folder, capsys, "exchange", "match", "exc_1", str(file), *why, "--json")
    assert json.loads(told)["answer"] == "matches"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"other")))
    assert left_with(folder, "exchange", "match", "exc_1", "-", *why, room="") == 1
    assert left_with(folder, "exchange", "match", "exc_no", str(file), *why, room="") == 3
    gone = str(tmp_path / "gone")
    assert left_with(folder, "exchange", "match", "exc_1", gone, *why, room="") == 2
    assert left_with(folder, "exchange", "subject", "nobody@example.org", room="") == 4


def test_an_empty_installation_says_what_to_do(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No call, no limit, nothing stopped."""
    assert "No call was recorded yet." in said(empty, capsys, "exchange", "list")
    assert "set-limit" in said(empty, capsys, "exchange", "limits")
    assert "Nothing is stopped." in said(empty, capsys, "exchange", "stops")


def test_limits_stops_and_prices(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is set, listed and ended, with a reason; what is wrong is refused with 2."""
    why = ("--reason", "a test")
    for wrong in (
        ("cost", "much", "--everything"),
        ("requests", "1"),
        ("requests", "x", "--key", "k"),
    ):
        assert left_with(empty, "exchange", "set-limit", *wrong, *why, room="") == 2
    set_limit = ("exchange", "set-limit", "cost", "12.50", "--system", "sys_1", *why)
    assert "12.50 cost per month for system sys_1" in said(empty, capsys, *set_limit)
    (limit,) = json.loads(said(empty, capsys, "exchange", "limits", "--json"))["limits"]
    assert "0 %" in said(empty, capsys, "exchange", "limits")
    said(empty, capsys, "exchange", "end-limit", limit["id"], *why)
    at_once = ("exchange", "set-limit", "concurrency", "4", "--everything", *why)
    assert "4 concurrency at once for everything" in said(empty, capsys, *at_once)
    assert "the key k is stopped" in said(empty, capsys, "exchange", "stop", "key", "k", *why)
    (stop,) = json.loads(said(empty, capsys, "exchange", "stops", "--json"))["stops"]
    assert "it stands" in said(empty, capsys, "exchange", "stops")
    assert "goes on" in said(empty, capsys, "exchange", "resume", stop["id"], *why)
    assert "a test" in said(empty, capsys, "exchange", "stops", "--ended")
    price = (
        "exchange",
        "set-price",
        "openai",
        "ours",
        "2.50",
        "10",
        "--source",
        "a contract",
        *why,
    )
    assert "openai ours from" in said(empty, capsys, *price)
    assert "a contract" in said(empty, capsys, "exchange", "prices")
    said(empty, capsys, "exchange", "withdraw-price", "openai", "ours", *why)
    past = json.loads(said(empty, capsys, "exchange", "prices", "--past", "--json"))["prices"]
    assert past[0]["input_micros"] is None
