"""`muniment approvals`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from muniment import access, approvals
from muniment.access import Holder, HolderKind, Scope
from muniment.approvals import Matter, Request, Rule, State
from muniment.cli import run
from muniment.main import open_house
from muniment.server import House
from tests.server.asking import house_in
from tests.server.people import MACHINE, found_admin, person_with

PASSWORD = "plum ladder quiet tram"
SYSTEM = Scope.of(system="sys_1")


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Path, Request]:
    """An installation with one open request, and Bo, who may answer it."""
    with house_in(tmp_path / "data") as house:
        found_admin(house)
        ada = person_with(house, "builder", SYSTEM, name="Ada Builder")
        with house.database.work(MACHINE) as work:
            bo = access.add_person(work, "Bo Compliant", "bo@example.org")
            hashed = access.prepare_password(house.reception, bo, PASSWORD)
            access.set_password(work, bo.id, hashed, way="test")
            holder = Holder(HolderKind.PERSON, bo.id)
            access.grant(work, holder, "compliance", scope=SYSTEM, reason="for the test")
        matter = Matter(
            kind="registry.deploy",
            subject=("system", "sys_1"),
            title="Deploy credit-score 4",
            document={"model": "sha256:aa"},
            consequence="Credit decisions are made by version 4.",
            scope={"system": "sys_1"},
        )
        with house.database.work(ada.actor) as work:
            request = approvals.ask(work, matter, Rule())
    return tmp_path / "data", request


def left_with(folder: Path, *words: str) -> int:
    """Run a command on an installation and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {**overrides, "data.dir": folder, "unlock.folder": folder.parent / "unlock"}
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["approvals", *words])
    return int(caught.value.code or 0)


def state_of(folder: Path, request: Request) -> State:
    """Read how a request stands."""
    with house_in(folder) as house, house.database.look(MACHINE) as work:
        return approvals.get(work, request.id)[0].state


def test_lists_and_shows(asked: tuple[Path, Request], capsys: pytest.CaptureFixture[str]) -> None:
    """Requests are listed and shown for people and for programs."""
    folder, request = asked
    assert left_with(folder, "list", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["id"], row["missing"]) == (request.id, ["one person"])
    assert left_with(folder, "list", "--state", "denied") == 0
    assert request.id not in capsys.readouterr().out
    assert left_with(folder, "show", request.id) == 0
    told = capsys.readouterr().out
    assert request.version.digest in told
    assert "Ada Builder" in told
    assert left_with(folder, "show", request.id, "--json") == 0
    assert json.loads(capsys.readouterr().out)["document"] == {"model": "sha256:aa"}
    assert left_with(folder, "show", "apr_none") == 4


def test_a_person_answers_after_signing_in(
    asked: tuple[Path, Request], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bo signs in, sees what is asked, confirms; the answer is Bo's and the stay is over."""
    folder, request = asked
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\ny\n"))
    words = ("answer", request.id, "approve", "--as", "bo@example.org", "--reason", "green")
    assert left_with(folder, *words) == 0
    told = capsys.readouterr()
    assert request.version.digest in told.out
    assert "is approved" in told.out
    assert PASSWORD not in told.out + told.err
    with house_in(folder) as house, house.database.look(MACHINE) as work:
        _, (vote,), _ = approvals.get(work, request.id)
        assert vote.signed_in == "password"
        assert [
            each for each in access.sessions(work) if each.agent == "muniment command line"
        ] == []


@pytest.mark.parametrize(("typed", "code"), [("wrong password\n", 5), (f"{PASSWORD}\nn\n", 1)])
def test_a_wrong_password_and_a_second_thought(
    asked: tuple[Path, Request], monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    """Nothing is recorded without the right password, nor if the person does not confirm."""
    folder, request = asked
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    words = ("answer", request.id, "approve", "--as", "bo@example.org", "--reason", "green")
    assert left_with(folder, *words) == code
    assert state_of(folder, request) is State.OPEN


def test_a_change_that_cannot_be_read(asked: tuple[Path, Request], tmp_path: Path) -> None:
    """A file that is missing or no object is refused before anybody signs in."""
    folder, request = asked
    bad = tmp_path / "bad.json"
    bad.write_text("[]")
    for path in (bad, tmp_path / "none.json"):
        words = ("answer", request.id, "approve_with_change", "--as", "x", "--reason", "r")
        assert left_with(folder, *words, "--change", str(path)) == 2


def test_a_link_and_the_overrides(
    asked: tuple[Path, Request], capsys: pytest.CaptureFixture[str]
) -> None:
    """A link is printed once as an address; overrides are listed, none here."""
    folder, request = asked
    assert left_with(folder, "link", request.id, "--to", "per_bo") == 0
    assert "/console/approvals/link/" in capsys.readouterr().out
    assert left_with(folder, "overrides", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
