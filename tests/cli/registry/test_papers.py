"""Commands about bills and cards."""

from __future__ import annotations

import json

from muniment import registry
from tests.cli.registry.left import Left
from tests.server.registered import KEY


def test_a_bill_and_a_card_are_written_and_a_card_is_brought(left: Left) -> None:
    """To the screen and into files; what is wrong in a card names its line."""
    with left.inside() as house:
        house.live()
        change = house.drafted("Hello.")
        with house.house.database.work(house.who("builder").actor) as work:
            registry.add_version(work, KEY, "model/main", {"provider": "acme"})
    told = json.loads(left.said("bom", KEY, "--set", change.set_digest))
    assert told["bomFormat"] == "CycloneDX"
    out = left.folder / "bom.json"
    left.said("bom", KEY, "--form", "spdx", "--set", change.set_digest, "--out", str(out))
    assert json.loads(out.read_text())["@graph"]
    assert left("bom", KEY) == 4
    card = left.file("README.md", "---\nlicense: mit\n---\n\n# Score\n")
    assert "version 2" in left.said("bring-card", KEY, "model/main", card, "--commit", "0f3a")
    assert left.said("card", KEY, "model/main") == "---\nlicense: mit\n---\n\n# Score\n"
    assert left.said("card", KEY, "model/main", "--number", "1").strip() == ""
    left.file("README.md", "---\nlicense: mit\nlicense: mit\n---\n")
    left.capsys.readouterr()
    assert left("bring-card", KEY, "model/main", card) == 2
    assert "line 3" in left.capsys.readouterr().err
    (left.folder / "README.md").write_bytes(b"\xff\xfe")
    assert left("bring-card", KEY, "model/main", card) == 2
