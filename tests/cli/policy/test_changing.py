"""`muniment policy draft`, `publish`, `shadow` and `rollback`, by people who sign in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muniment import approvals
from muniment.access import Method, SignIn, actor_of, begin_session, person_by_address
from muniment.approvals import Answer, Query
from tests.cli.policy.running import as_person, left_with, people_in
from tests.policy.judging import ALLOW, rule
from tests.server.asking import house_in
from tests.server.people import MACHINE


def approve(data: Path) -> None:
    """Let Bo, signed in with a second factor, say yes to what is asked."""
    with house_in(data, **{"access.second_factor_roles": ()}) as house:
        with house.database.work(MACHINE) as work:
            person = person_by_address(work, "bo@example.org")
            assert person is not None
            session, _ = begin_session(
                work,
                SignIn(person.id, (Method.PASSKEY,), strong=True),
                "203.0.113.7",
                "test",
                settings=house.settings,
            )
            (request,) = approvals.list_requests(work, Query(approvals.State.OPEN)).rows
        actor = actor_of(session)
        with house.database.work(actor) as work:
            approvals.open_request(work, request.id)
        with house.database.work(actor) as work:
            digest = request.version.digest
            approvals.decide(work, request.id, Answer.APPROVE, digest=digest, reason="read it")


def test_the_whole_way_at_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draft, shadow, ask, publish, look, go back: each by the person who may."""
    data, folder = tmp_path / "data", tmp_path / "policies"
    people_in(data)
    folder.mkdir()
    (folder / "a.cedar").write_text(ALLOW)
    (folder / "a.yaml").write_text("cases: [{name: a, action: call, expect: allow}]\n")

    def act(*words: str, by: str = "ada") -> int:
        as_person(monkeypatch)
        return left_with(data, *words, "--as", f"{by}@example.org")

    why = ("--reason", "for the test")
    assert act("draft", str(folder), *why) == 0
    assert act("publish", "1", *why, by="bo") == 6
    assert act("shadow", "1", *why) == 0
    assert act("shadow", "1", *why, "--end") == 0
    capsys.readouterr()
    assert act("publish", "1", "--ask", "--tests", str(folder)) == 0
    assert "tests: met: 1 of 1 cases passed" in capsys.readouterr().out
    approve(data)
    assert act("publish", "1", *why, by="bo") == 0
    assert "Version 1 is in force where none was" in capsys.readouterr().out
    assert act("rollback", *why, by="bo") == 6
    (folder / "a.cedar").write_text(ALLOW + rule("more"))
    assert act("draft", str(folder), *why) == 0
    capsys.readouterr()
    assert left_with(data, "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(each["version"], each["stands"]) for each in told["versions"]] == [
        (2, "draft or earlier"),
        (1, "enforced"),
    ]
    assert left_with(data, "list") == 0
    assert left_with(data, "show", "2") == 0
    assert "added more" in capsys.readouterr().out
