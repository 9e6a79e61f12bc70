"""Bills and cards as files."""

from __future__ import annotations

from muniment import registry
from tests.server.registered import KEY, Registered


def test_bills_and_cards_are_given_and_a_card_is_brought(there: Registered) -> None:
    """Each with its own media type; who may not see the system gets nothing."""
    here = f"/systems/{there.live().id}"
    change = there.drafted("Hello.")
    for form, kind in (
        ("cyclonedx", "application/vnd.cyclonedx+json"),
        ("spdx", "application/spdx"),
    ):
        told = there.api("operator", f"{here}/bom/{form}?set={change.set_digest}")
        assert told.status == 200
        assert told.headers["content-type"].startswith(kind)
    assert there.api("operator", f"{here}/bom/spdx").status == 404
    assert there.api("nobody", f"{here}/bom/spdx?set={change.set_digest}").status == 403
    with there.house.database.work(there.who("builder").actor) as work:
        registry.add_version(work, KEY, "model/main", {"provider": "acme"})
    given = {"part": "model/main", "card": "---\nlicense: mit\n---\n# Score\n"}
    assert there.api("builder", f"{here}/card", given).json["number"] == 2
    assert there.api("operator", f"{here}/card", given).status == 403
    assert b"license: mit" in there.api("operator", f"{here}/card?part=model/main").body
    wrong = there.api("builder", f"{here}/card", {**given, "card": "---\na: [\n---\n"})
    assert (wrong.status, wrong.json["field"]) == (422, "card")
