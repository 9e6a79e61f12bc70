"""On the page of a part a person answers for a version that has no name on it."""

from __future__ import annotations

from muniment import registry
from muniment.core.actor import system_actor
from tests.server.office import words
from tests.server.registered import KEY, Registered


def test_a_version_without_a_name_is_adopted(there: Registered) -> None:
    """It is offered while nobody answers, asks why, and then says who does."""
    system = there.live()
    with there.house.database.work(system_actor("cli")) as work:
        registry.add_version(work, KEY, "prompt/main", {"text": "Hello."})
    here = f"/systems/{system.id}/parts/prompt/main"
    assert "Answer for version 1" in words(there.page("builder", here))
    assert "no person signed in" in words(there.page("builder", f"{here}/adopt?version=1"))
    assert there.page("builder", f"{here}/adopt?version=x").status == 404
    assert there.send("builder", f"{here}/adopt", version="1", reason="").status == 422
    assert there.send("operator", f"{here}/adopt", version="1", reason="mine").status == 403
    assert there.send("builder", f"{here}/adopt", version="1", reason="mine").status == 303
    told = words(there.page("builder", here))
    assert "Builder One answers for it" in told
    assert "Answer for version" not in told
    given = {"part": "prompt/main", "number": 1, "reason": "mine"}
    assert there.api("builder", f"/systems/{KEY}/versions/adopt", given).status == 409
