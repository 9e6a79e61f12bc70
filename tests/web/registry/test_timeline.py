"""The timeline of a system: drawn, gone to by a date, and whole without a script."""

from __future__ import annotations

from tests.server.office import words
from tests.server.registered import Registered


def test_a_timeline_leads_to_a_date(there: Registered) -> None:
    """A form with a date, a line at the moment shown, and links to the changes around it."""
    system = there.live()
    here = f"/systems/{system.id}"
    empty = there.page("owner", here).body.decode()
    assert 'type="date"' in empty
    assert 'class="lane"' not in empty
    there.released("one")
    page = there.page("owner", here).body.decode()
    assert 'class="lane"' in page
    assert f'action="/console/registry{here}/at"' in page
    at = there.page("owner", f"{here}/at")
    assert 'class="cursor"' in at.body.decode()
    assert "The change before" in words(at)
    early = there.page("owner", f"{here}/at?at=2020-01-01&environment=production")
    assert "Nothing served at 1 Jan 2020" in words(early)
    assert "The change after" in words(early)


def test_a_suspension_is_drawn_and_told(there: Registered) -> None:
    """Within it the page of a moment says that nobody was served, and links to its record."""
    system = there.live()
    here = f"/systems/{system.id}"
    there.released("one")
    there.send("operator", f"{here}/suspend", reason="odd answers")
    told = there.page("owner", f"{here}/at")
    assert "But it was suspended and served nobody: odd answers" in words(told)
    assert "suspended: odd answers" in told.body.decode()
    there.house.log.seal()
    moment = there.api("owner", f"{here}/at").json
    assert [each["what"] for each in moment["records"]] == ["deployed", "suspended", "approved"]
    assert all(each["proof"] for each in moment["records"])
    assert moment["suspended"]["reason"] == "odd answers"
    period = there.api("owner", f"{here}/served?since=2020-01-01T00:00:00Z").json
    assert [each["ends_at"] for each in period["suspended"]] == [None]
