"""The pages of reviews."""

from __future__ import annotations

from datetime import timedelta

from tests.server.office import Office, place, words


def test_a_review_is_opened_answered_and_closed(office: Office) -> None:
    """Its page says how many lines are answered; a line without an answer needs an excuse."""
    security, compliance = office.who("security"), office.who("compliance")
    assert "No review so far" in words(office.page("/reviews"))
    day = f"{office.house.clock.now() + timedelta(days=20):%Y-%m-%d}"
    typed = {
        "name": "Quarter",
        "reviewers": [security.id, compliance.id],
        "sorts": ["grant"],
        "due_at": day,
    }
    for name in ("reviewers", "sorts", "due_at"):
        assert office.send("/reviews/open", compliance, **{**typed, name: ""}).status == 422
    here = place(office.send("/reviews/open", compliance, **typed))
    page = words(office.page(here, security))
    assert "0 of 3 lines are answered" in page
    assert "Answer" in page
    form = office.page(f"{here}/close", compliance).body.decode()
    lines = [part.split('"', 1)[0] for part in form.split('name="excuse.')[1:]]
    assert office.send(f"{here}/close", compliance, version="1").status == 409
    excuses = {f"excuse__{each}": "On leave." for each in lines}
    place(office.send(f"{here}/close", compliance, version="1", **excuses))
    assert "The review is closed." in words(office.page(here))
    assert "closed" in words(office.page("/reviews"))
