"""Commands about systems and their parts."""

from __future__ import annotations

import json

from tests.cli.registry.left import Left
from tests.server.registered import KEY


def test_a_system_is_registered_stated_and_shown(left: Left) -> None:
    """From a file to the list, its page and its parts; mistakes are told by exit code."""
    with left.inside() as house:
        stated = house.stated()
    profile = left.file("profile.json", json.dumps(stated))
    assert "proposed" in left.said("register", KEY, "--profile", profile)
    assert left("register", KEY, "--profile", profile) == 6
    assert left("register", "Not A Key", "--profile", profile) == 2
    assert left("register", "other", "--profile", left.file("bad.json", "{")) == 2
    left.file("profile.json", json.dumps({**stated, "purpose": "Score all."}))
    assert "version 2" in left.said("state", KEY, "--profile", profile, "--version", "1")
    assert left("state", KEY, "--profile", profile, "--version", "1") == 6
    assert [each["key"] for each in left.json("list", "score all")] == [KEY]
    assert KEY in left.said("list", "--owner", stated["owner"], "--tier", "low")
    assert left.json("list", "--owner", "nobody@example.org") == []
    prompt = left.file("p.txt", "Be kind.")
    assert "version 1" in left.said("write", KEY, "prompt/main", "--text", prompt)
    left.file("p.txt", "Be exact.")
    left.said("write", KEY, "prompt/main", "--text", prompt, "--commit", "0f3a")
    assert "+text: Be exact." in left.said("diff", KEY, "prompt/main", "1", "2")
    assert [each["commit"] for each in left.json("versions", KEY)] == ["0f3a", ""]
    assert left.json("show", KEY)["parts"] == {"prompt/main": 2}
    assert "Nothing" not in left.said("show", KEY)
    assert left("write", KEY, "prompt/main") == 2
    assert left("show", "none") == 4


def test_a_system_is_stopped_resumed_and_handed_over(left: Left) -> None:
    """Each with a reason; runs are recorded and judged."""
    with left.inside() as house:
        house.live()
        other = house.who("compliance").id
    assert "suspended" in left.said("suspend", KEY, "--reason", "odd")
    assert "approved" in left.said("resume", KEY, "--reason", "seen")
    assert other in left.said("transfer", KEY, other, "--reason", "leaves")
    digest = "sha256:" + "a" * 64
    file = left.file("run.json", '{"metrics": {"auc": 0.95}, "thresholds": {"auc": ">= 0.9"}}')
    assert left.said("run", KEY, "evaluation", digest, "--file", file).startswith("met:")
