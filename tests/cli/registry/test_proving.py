"""Commands about proof: the order of a change's entries, and runs done again."""

from __future__ import annotations

import json
import sys

from muniment.core.digest import digest_bytes
from tests.cli.registry.left import Left
from tests.server.registered import KEY


def test_a_run_is_done_again_by_a_command(left: Left) -> None:
    """It is listed, done again in its folder, and ends by what came out."""
    with left.inside() as there:
        there.live()
    code = "import pathlib; pathlib.Path('out.txt').write_text('a')"
    document = {
        "command": [sys.executable, "-c", code],
        "outputs": {"out.txt": digest_bytes(b"b")},
    }
    file = left.file("run.json", json.dumps(document))
    left.said("run", KEY, "training", "sha256:" + "a" * 64, "--file", file)
    (run,) = left.json("runs", KEY)
    assert run["id"] in left.said("runs", KEY)
    words = ("reproduce", run["id"], "--folder", str(left.folder), "--yes")
    assert left(*words) == 1
    assert "differs: It differs in out.txt" in left.capsys.readouterr().out
    assert left(*words, "--json") == 1
    assert left("reproduce", "run_none") == 4
    with left.inside() as there:
        change = there.drafted("one")
    assert left("prove", change.id) == 3
    said = left.capsys.readouterr().out
    assert "It was not deployed yet" in said
    assert "Ticket: not stated" in said
