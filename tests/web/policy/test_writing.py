"""Writing a policy for people by a form."""

from __future__ import annotations

from tests.policy.office import PolicyOffice
from tests.server.office import words


def test_what_is_wrong_stands_beside_its_field(office: PolicyOffice) -> None:
    """A day that is none, an id that is none, and a version that is none are said to be."""
    typed = {"title": "T", "text": "T", "reason": "r"}
    told = words(office.send("/write", id="use", review_by="soon", **typed))
    assert "“soon” is not a date" in told
    told = words(office.send("/write", id="No Name", review_by="2999-01-01", **typed))
    assert "is not an id" in told
    assert office.page("/written/none").status == 404
    assert office.page("/written/none/versions/x").status == 422
    assert office.page("/written/none/read").status == 404
