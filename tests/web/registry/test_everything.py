"""Lists over every system: narrowed by anything, saved, and only what may be seen."""

from __future__ import annotations

import json

from tests.server.office import words
from tests.server.registered import Registered


def test_versions_and_deployments_are_found_and_saved(there: Registered) -> None:
    """By kind, digest, source and cause; as CSV and JSON; nobody sees what they may not."""
    system = there.live()
    change = there.released("one")
    assert "prompt/main" in words(there.page("owner", "/versions?kind=prompt"))
    assert "Nothing matches" in words(there.page("owner", "/versions?kind=model"))
    assert "Nothing matches" in words(there.page("owner", "/versions?commit=0f3a&ticket=T"))
    assert "prompt/main" not in words(there.page("nobody", "/versions"))
    where = f"/deployments?system={system.id}&source=declared&cause=promotion"
    where += f"&environment=production&set={change.set_digest}"
    assert "100 %" in words(there.page("owner", where))
    assert "100 %" in words(there.page("owner", f"/deployments?system={system.key}"))
    assert "Nothing matches" in words(there.page("owner", "/deployments?system=nobodys"))
    assert "Nothing matches" in words(there.page("owner", "/deployments?source=asserted"))
    assert "100 %" in words(there.page("owner", "/deployments?since=2020-01-01&until=2999-12-31"))
    assert "Nothing matches" in words(there.page("owner", "/deployments?until=2020-01-01"))
    assert "is not a date" in words(there.page("owner", "/deployments?since=soon"))
    assert "Nothing was observed yet" in words(there.page("owner", "/observed"))
    saved = json.loads(there.page("owner", "/deployments/export.json?cause=promotion").body)
    assert saved["count"] == 1
    assert "prompt/main" in there.page("owner", "/versions/export.csv").body.decode()
    assert "Nothing has served" in words(there.page("nobody", "/deployments"))
