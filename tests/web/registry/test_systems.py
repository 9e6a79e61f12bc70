"""The list of systems, and the story of one."""

from __future__ import annotations

from tests.server.office import words
from tests.server.registered import Registered


def test_an_empty_list_teaches_the_next_step(there: Registered) -> None:
    """Nothing yet says how to begin, to who may."""
    assert "Register the first one" in words(there.page("owner", "/systems"))


def test_the_story_of_a_system(there: Registered) -> None:
    """Who answers for it, what serves, what changed, and what lacks; for who may see it."""
    system = there.live()
    there.released("one")
    listed = words(there.page("owner", "/systems?state=live"))
    assert "Credit score" in listed
    assert "Credit score" not in words(there.page("owner", "/systems?state=retired"))
    assert "Credit score" not in words(there.page("nobody", "/systems"))
    told = words(there.page("operator", f"/systems/{system.id}"))
    assert "nothing that it must state is missing" in told
    for part in ("Owner One", "prompt/main", "Say one", "Timeline", "100 %", "prompt log"):
        assert part in told
    assert there.page("nobody", f"/systems/{system.id}").status == 403
    saved = there.page("owner", "/systems/export.csv").body.decode()
    assert "Credit score" in saved
