"""The pages of break-glass."""

from __future__ import annotations

from tests.server.office import Office, place, words
from tests.server.people import person_with


def test_an_emergency_is_taken_listed_and_looked_over(office: Office) -> None:
    """It waits on everybody's list until somebody else has said what it was."""
    assert "No emergency so far" in words(office.page("/emergencies"))
    pat, security = person_with(office.house, "builder", name="Pat B"), office.who("security")
    form = words(office.page("/emergencies/break", pat))
    assert "Somebody else looks it over afterwards" in form
    place(office.send("/emergencies/break", pat, role="security", minutes="30", reason="A fire."))
    page = office.page("/emergencies", security)
    assert "1 emergency waits for somebody else" in words(page)
    assert "A fire." in words(page)
    name = page.body.decode().split("/emergencies/emg_", 1)[1].split("/", 1)[0]
    here = f"/emergencies/emg_{name}/review"
    assert "Look over what Pat B did" in words(office.page(here, security))
    typed = {"finding": "justified", "words": "It burned.", "version": "1"}
    assert office.send(here, security, **{**typed, "finding": ""}).status == 422
    assert place(office.send(here, security, **typed)) == "/emergencies"
    assert "It burned." in words(office.page("/emergencies"))
    assert "It burned." not in words(office.page("/emergencies?which=waiting"))


def test_no_role_and_no_time_are_asked_for(office: Office) -> None:
    """The form comes back with what is missing."""
    pat = office.who("builder")
    for typed in (
        {"role": "", "minutes": "30", "reason": "x"},
        {"role": "security", "minutes": "99999", "reason": "x"},
        {"role": "security", "minutes": "30", "reason": " "},
    ):
        assert office.send("/emergencies/break", pat, **typed).status == 422
