"""Who holds something is named, with the page that shows them."""

from __future__ import annotations

import pytest

from muniment.access import Holder, HolderKind
from muniment.web.access.cells import holder_cell, holder_href


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        (HolderKind.PERSON, "people"),
        (HolderKind.SERVICE, "services"),
        (HolderKind.TEAM, "teams"),
    ],
)
def test_a_holder_leads_to_their_page(kind: HolderKind, place: str) -> None:
    """A person, a service and a team each have a page; without a name the id stands there."""
    holder = Holder(kind, "x_1")
    assert holder_href(holder) == f"/console/access/{place}/x_1"
    assert holder_cell(holder, {"x_1": "Ada"}).text == "Ada"
    assert holder_cell(holder, {}).text == "x_1"
