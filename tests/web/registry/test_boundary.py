"""The boundary's page: a drawing, what is stated, what is wrong, and how it changed."""

from __future__ import annotations

from muniment import registry
from tests.server.office import words
from tests.server.registered import Registered


def test_the_boundary_is_drawn_told_and_compared(there: Registered) -> None:
    """The drawing carries names and classes; a shared index is a finding; its history is kept."""
    system = there.live()
    here = f"/systems/{system.id}/boundary"
    first = there.page("operator", here)
    body = first.body.decode()
    assert 'role="img"' in body
    assert "<desc" in body
    assert "style=" not in body.split("<main", 1)[1]
    told = words(first)
    for part in (
        "model endpoint of acme",
        "keeps 30 days",
        "Entry points",
        "personal",
        "no findings",
    ):
        assert part in told
    stated = there.stated(
        environments=[
            {"name": "staging", "stage": "staging"},
            {"name": "production", "stage": "production"},
        ]
    )
    index = {
        "name": "index <b>",
        "sort": "embedding_store",
        "environments": ["staging", "production"],
    }
    stated["components"] = [*stated["components"], index]
    with there.house.database.work(there.who("owner").actor) as work:
        registry.change_system(work, system.id, stated)
    changed = there.page("operator", here)
    told = words(changed)
    assert "Index <b> is shared by production and staging" in told
    assert "does not show retriever" in told
    assert "where they stand is not stated" in told.casefold()
    assert "What statement 2 changed in the boundary" in told
    assert "<b> is" not in changed.body.decode()
    before = words(there.page("operator", f"{here}?version=1"))
    assert "index <b>" not in before
    assert there.page("operator", f"{here}?version=9").status == 422
    assert there.page("nobody", here).status == 403
