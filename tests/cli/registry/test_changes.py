"""Commands about changes."""

from __future__ import annotations

from tests.cli.registry.left import Left
from tests.server.registered import KEY


def test_a_change_is_drafted_asked_promoted_and_taken_back(left: Left) -> None:
    """The whole way from a prompt to production and back, by commands."""
    with left.inside() as house:
        house.live()
        first = house.released("one")
    prompt, ben = left.file("p.txt", "two"), left.somebody("builder")
    left.by(ben, "write", KEY, "prompt/main", "--text", prompt)
    words = ("--title", "Two", "--reason", "asked", "--version", "prompt/main=latest")
    change = left.by(ben, "draft", KEY, *words).partition(":")[0]
    assert "could not tell" in left.said("check", change)
    assert left("promote", change) == 5
    request = left.said("ask", change).split()[-1]
    with left.inside() as house:
        house.yes(request)
    assert left("promote", change, "--digest", "sha256:" + "0" * 64) == 5
    assert left.json("promote", change)["shares"][first.set_digest] == 90
    left.said("promote", change)
    assert left.json("change", change)["state"] == "done"
    assert "production:100" in left.said("changes", "--system", KEY)
    back = left.json("rollback", KEY, "--reason", "wrong answers")
    assert back["shares"] == {first.set_digest: 100}
    assert "rolled_back" in left.json("change", change)["state"]


def test_what_the_command_line_wrote_for_nobody_is_not_asked_about(left: Left) -> None:
    """Without a person nobody is independent of the author, so no question is put."""
    with left.inside() as house:
        house.live()
    left.said("write", KEY, "prompt/main", "--text", left.file("p.txt", "two"))
    words = ("--title", "Two", "--reason", "asked", "--version", "prompt/main=latest")
    change = left.said("draft", KEY, *words).partition(":")[0]
    checks = {each["name"]: each["verdict"] for each in left.json("check", change)}
    assert checks["author"] == "not_met"
    assert left("ask", change) == 6


def test_a_freeze_is_set_listed_and_lifted(left: Left) -> None:
    """And a change is withdrawn by nobody but its author."""
    with left.inside() as house:
        house.live()
        change = house.drafted("one")
    frozen = left.said("freeze", "--days", "3", "--reason", "end of the year").split()[0]
    assert [each["id"] for each in left.json("freezes")] == [frozen]
    left.said("lift", frozen, "--reason", "over")
    assert left.json("freezes") == []
    assert left("withdraw", change.id, "--reason", "no") == 5
    assert left("draft", KEY, "--title", "a", "--reason", "b", "--version", "prompt/main") == 2
