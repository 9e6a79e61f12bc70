"""Decisions by JSON: listed, explained, made again."""

from __future__ import annotations

from tests.policy.office import PolicyOffice


def test_decisions_come_page_by_page(office: PolicyOffice) -> None:
    """The newest first, each once; one that is not there is not found, a bad cursor is refused."""
    kept = [office.decide("CREDIT_CARD").id for _ in range(3)]
    page = office.api("GET", "/decisions?limit=2").json
    rest = office.api("GET", f"/decisions?limit=2&cursor={page['next_cursor']}").json
    assert [each["id"] for each in (*page["rows"], *rest["rows"])] == kept[::-1]
    assert rest["next_cursor"] is None
    shown = office.api("GET", f"/decisions/{kept[0]}").json
    assert (shown["effect"], shown["facts"]["context"]["tokens"]) == ("deny", 120)
    assert office.api("GET", f"/decisions/{kept[0]}/replay").json["verdict"] == "met"
    assert office.api("GET", "/decisions/dec_none").status == 404
    assert office.api("GET", "/decisions/dec_none/replay").status == 404
    assert office.api("GET", "/decisions?cursor=x").status == 422
    assert office.api("GET", "/versions/1/simulation?days=0").status == 422
