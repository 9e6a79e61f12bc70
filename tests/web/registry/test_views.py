"""Saved views stand above their list, are saved from its address, and removed by their owner."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from tests.server.office import words
from tests.server.registered import Registered


def test_a_view_is_saved_from_a_list(there: Registered) -> None:
    """Filter, save, come back by one link; others see what is shared; a removal can be undone."""
    there.live()
    page = there.page("owner", "/systems?tier=low").body.decode()
    link = re.search(r'href="/console/registry(/views/save\?[^"]*)"', page)
    assert link
    address = link[1].replace("&amp;", "&")
    assert "tier low" in words(there.page("owner", address))
    typed = {"place": "systems", "query": "tier=low", "name": "Low ones", "shared": "1"}
    done = there.send("owner", "/views/save", **typed)
    assert done.headers["location"] == "/console/registry/systems?tier=low"
    assert "Low ones" in words(there.page("builder", "/systems"))
    told = there.page("builder", "/views").body.decode()
    view = re.search(r"/views/(viw_\w+)/remove", told)
    assert view
    assert there.send("builder", f"/views/{view[1]}/remove").status == 403
    gone = there.send("owner", f"/views/{view[1]}/remove")
    assert gone.status == 303
    assert "Low ones" not in words(there.page("owner", "/systems"))
    undo = gone.headers["location"].removeprefix("/console/registry")
    assert "Put it back" in words(there.page("owner", undo))
    assert (
        there.send("owner", "/views/save", **dict(parse_qsl(undo.partition("?")[2]))).status == 303
    )
    assert "Low ones" in words(there.page("builder", "/systems"))
    assert there.send("owner", "/views/save", place="systems", query="", name="").status == 422
