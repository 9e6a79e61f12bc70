"""Commands that bring sheets in, and compare the registry with traffic."""

from __future__ import annotations

from tests.cli.registry.left import Left
from tests.server.registered import KEY
from tests.web.registry.test_seen import see


def test_a_sheet_comes_in_whole(left: Left) -> None:
    """A preview tells every bad row and ends with 1; a good sheet comes in."""
    with left.inside() as there:
        owner = there.who("owner").id
    head = "key,name,purpose,owner\n"
    bad = left.file("bad.csv", f"{head}Bad Key,A,B,{owner}\nfaq,,B,{owner}\n")
    assert left("import", bad, "--preview") == 1
    assert "row 2, key" in left.capsys.readouterr().out
    assert left("import", bad, "--reason", "r", "--json") == 1
    good = left.file("good.csv", f"{head}faq,FAQ,B,{owner}\n")
    assert "1 of 1 rows" in left.said("import", good, "--preview")
    assert "1 rows of systems were brought in" in left.said("import", good, "--reason", "r")
    assert left("import", str(left.folder / "none.csv")) == 2


def test_what_was_seen_is_settled_by_commands(left: Left) -> None:
    """Listed, registered, not ours, and the numbers beside."""
    with left.inside() as there:
        system = there.live().id
        there.drafted("Be kind.")
        tool, prompt = see(there, system, "tool", "wire"), see(there, system, "model", "big")
    assert {each["what"] for each in left.json("seen", "--system", KEY)} == {"wire", "big"}
    assert "unregistered" in left.said("seen", "--state", "open")
    assert "not ours" in left.said("not-ours", tool, "--reason", "a test")
    assert "model/main version 1" in left.said("register-seen", prompt, "--provider", "acme")
    told = left.json("completeness", KEY)
    assert (told["open"], told["never_seen"][0]["part"]) == (0, "prompt/main")
    assert "Never seen: prompt/main version 1 (newest)" in left.said("completeness", KEY)
    assert left("not-ours", tool, "--reason", "again") == 6
