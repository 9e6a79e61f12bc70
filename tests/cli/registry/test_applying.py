"""`muniment registry apply`: a plan, a yes, and a check that tells of drift."""

from __future__ import annotations

from tests.cli.registry.left import Left
from tests.server.registered import KEY

FILE = """\
muniment: 1
system: {id: credit-score}
prompts: [{file: p.md}]
"""


def test_a_file_is_planned_applied_and_checked(left: Left) -> None:
    """A plan changes nothing; nobody applies it as nobody; drift is an exit code."""
    with left.inside() as house:
        house.live()
    owner = left.somebody("owner")
    left.file("p.md", "Be kind.\n")
    file = left.file("muniment.yaml", FILE)
    told = left.json("apply", file, "--plan")
    assert [each["does"] for each in told["steps"]] == ["write", "draft"]
    assert "write a version of prompt/main" in left.said("apply", file, "--plan")
    assert left("apply", file, "--check") == 1
    assert left("apply", file, "--yes") == 2
    assert left.json("versions", KEY) == []
    done = left.by(owner, "apply", file, "--yes", "--commit", "0f3a")
    assert "muniment registry ask chg_" in done
    assert left.json("versions", KEY)[0]["commit"] == "0f3a"
    assert left("apply", file, "--check") == 1
    assert "under way: chg_" in left.said("apply", str(left.folder))
    assert left("apply", str(left.folder / "none.yaml")) == 2


def test_a_version_without_a_name_is_adopted(left: Left) -> None:
    """The command line writes as itself; a person who signs in answers for it."""
    ben = left.somebody("builder")
    with left.inside() as there:
        there.live()
    text = left.file("prompt.txt", "Hello.")
    left.said("write", "credit-score", "prompt/main", "--text", text)
    said = left.by(ben, "adopt", "credit-score", "prompt/main", "1", "--reason", "mine")
    assert "answers for prompt/main version 1" in said
