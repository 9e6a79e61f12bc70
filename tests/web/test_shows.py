"""The page of one thing."""

from __future__ import annotations

from tests.server.office import Office, words


def test_a_thing_is_shown_with_what_belongs_to_it(office: Office) -> None:
    """A person's page has their facts, grants, teams, services and keys, and leads to records."""
    page = words(office.page(f"/people/{office.ada.id}"))
    for title in ("Facts", "What they may do", "Teams", "Services they answer for", "Keys"):
        assert title in page
    assert "/console/ledger?subject=" in office.page(f"/people/{office.ada.id}").body.decode()


def test_what_is_not_there_is_not_found(office: Office) -> None:
    """An id of nothing is 404, with what to do; who may not look learns not even that."""
    assert office.page("/people/per_none").status == 404
    assert office.page("/people/per_none", office.who("builder")).status == 403
