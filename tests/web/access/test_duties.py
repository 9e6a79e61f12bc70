"""The pages of duties."""

from __future__ import annotations

from datetime import timedelta

from tests.server.office import Office, place, words
from tests.server.people import person_with


def test_leave_for_two_duties_is_given_by_somebody_else_for_a_time(office: Office) -> None:
    """The list of exceptions names who, which duties, until when, and how often it was used."""
    assert "Nobody holds duties that conflict" in words(office.page("/exceptions"))
    pat, security = person_with(office.house, name="Pat Two"), office.who("security")
    day = f"{office.house.clock.now() + timedelta(days=20):%Y-%m-%d}"
    typed = {"person_id": pat.id, "pair": "builder+releaser", "reason": "Two people only."}
    assert place(office.send("/exceptions/allow", security, ends_at=day, **typed)) == "/exceptions"
    page = words(office.page("/exceptions"))
    assert "Pat Two" in page
    assert "builder and releaser" in page
    assert office.send("/exceptions/allow", ends_at=day, **typed).status == 403


def test_the_table_of_conflicts_says_why(office: Office) -> None:
    """Each pair of duties is listed with its reason, and whether it is refused or flagged."""
    page = words(office.page("/duties"))
    assert "who builds a system does not decide that it goes live" in page
    assert "refused" in page
    assert "flagged" in page


def test_each_choice_is_asked_for(office: Office) -> None:
    """Without duties, a person or a day nothing is allowed."""
    security, pat = office.who("security"), office.who("operator")
    good = {"person_id": pat.id, "pair": "builder+releaser", "ends_at": "2026-12-20", "reason": "x"}
    for name in ("person_id", "pair", "ends_at"):
        answer = office.send("/exceptions/allow", security, **{**good, name: ""})
        assert answer.status == 422, name
