"""A part with its versions, and what served on a day."""

from __future__ import annotations

from tests.server.office import words
from tests.server.registered import Registered


def test_a_part_tells_what_each_version_changed(there: Registered) -> None:
    """The newest by itself, another when asked; no number is told."""
    system = there.live()
    there.drafted("one")
    there.drafted("two")
    here = f"/systems/{system.id}/parts/prompt/main"
    assert "text: two" in words(there.page("owner", here))
    assert "text: one" in words(there.page("owner", f"{here}?version=1"))
    assert there.page("owner", f"{here}?version=x").status == 422
    assert there.page("owner", f"/systems/{system.id}/parts/prompt/none").status == 404


def test_what_served_on_a_day_is_shown(there: Registered) -> None:
    """Exactly which versions and by whose yes; before, nothing; no moment is told."""
    system = there.live()
    there.released("one")
    here = f"/systems/{system.id}/at"
    told = words(there.page("operator", here))
    assert "Releaser One" in told
    assert "it was prompt/main 1, approved by Releaser One." in told
    assert "Nothing served at 1 Jan 2020" in words(there.page("operator", f"{here}?at=2020-01-01"))
    assert there.page("operator", f"{here}?at=soon").status == 422
