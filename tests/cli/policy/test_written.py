"""`muniment policy written …`, by people who sign in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.policy.running import as_person, left_with, people_in
from tests.cli.policy.test_changing import approve


def test_the_whole_way_at_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begin with a starter, write, ask, let hold, read, and list who has not yet."""
    data, file = tmp_path / "data", tmp_path / "use.md"
    people_in(data)
    assert left_with(data, "written", "starter") == 0
    assert "acceptable-ai-use" in capsys.readouterr().out
    assert left_with(data, "written", "starter", "acceptable-ai-use") == 0
    file.write_text(capsys.readouterr().out)

    def act(*words: str, by: str = "ada") -> int:
        as_person(monkeypatch)
        return left_with(data, "written", *words, "--as", f"{by}@example.org")

    owner = ("--owner", "ada@example.org", "--reason", "first")
    assert act("write", "use", str(file), *owner) == 0
    assert "Version 1 of use is kept" in capsys.readouterr().out
    assert act("publish", "use", "1", by="bo") == 6
    assert act("publish", "use", "1", "--ask") == 0
    approve(data)
    capsys.readouterr()
    assert act("publish", "use", "1", by="bo") == 0
    assert left_with(data, "written", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out.split("\n", 1)[1])["policies"][0]
    assert (told["stands"], told["asked_of"], told["title"]) == ("holds", 3, "Acceptable use of AI")
    assert act("acknowledge", "use", "--digest", "sha256:no") == 2
    assert act("acknowledge", "use", "--digest", told["digest"]) == 0
    capsys.readouterr()
    assert left_with(data, "written", "readers", "--missing", "--json") == 0
    missing = json.loads(capsys.readouterr().out)["readers"]
    assert [each["person"] for each in missing] == ["Bo", "Root Admin"]
    file.write_text(file.read_text().replace("Ask before", "Always ask before"))
    assert act("write", "use", str(file), *owner) == 0
    capsys.readouterr()
    assert left_with(data, "written", "show", "use", "--version", "2") == 0
    shown = capsys.readouterr().out
    assert "- 1. Use AI systems that are in the register. Ask before" in shown
    assert "+ 1. Use AI systems that are in the register. Always ask before" in shown
    assert left_with(data, "written", "show", "use") == 0
    assert "Always" not in capsys.readouterr().out
    for words in (("list",), ("readers",), ("show", "use", "--json")):
        assert left_with(data, "written", *words) == 0
    for wrong in ("no head\n", "---\ntitle: [\n---\n", "---\ncolour: red\n---\nText\n"):
        file.write_text(wrong)
        assert act("write", "use", str(file), *owner) == 2
    assert act("write", "use", str(tmp_path / "none.md"), *owner) == 2
