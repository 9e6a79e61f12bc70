"""The pages of people."""

from __future__ import annotations

from tests.server.office import Office, place, words


def test_a_person_is_invited_changed_suspended_and_leaves(office: Office) -> None:
    """Each form leads to the person's page, which says in a sentence how they stand."""
    here = place(office.send("/people/invite", name="Ines Ferreira", email="ines@example.org"))
    assert "have not come yet" in words(office.page(here))
    assert place(office.send(f"{here}/change", name="Inês F", email="i@example.org", version="1"))
    assert "Inês F" in words(office.page(here))
    assert place(office.send(f"{here}/leave", services_to="")) == here
    page = words(office.page(here))
    assert "They have left" in page
    assert "Part with them" not in page
    assert office.send(f"{here}/suspend", version="").status == 409


def test_what_was_typed_is_kept_and_the_error_stands_beside_it(office: Office) -> None:
    """A mistake is told at its field, with what was typed, under a status that says so."""
    answer = office.send("/people/invite", name="  ", email="no address")
    assert answer.status == 422
    page = answer.body.decode()
    assert 'value="no address"' in page
    assert 'aria-invalid="true"' in page
    office.send("/people/invite", name="A", email="taken@example.org")
    again = office.send("/people/invite", name="B", email="TAKEN@example.org")
    assert again.status == 409
    assert "Somebody else has this e-mail address" in words(again)


def test_a_confirmation_names_what_will_happen(office: Office) -> None:
    """Before an account is closed the page says what ends, and what stays."""
    office.who("builder")
    page = words(office.page(f"/people/{office.who('builder').id}/suspend"))
    assert "Their sessions end and their keys open nothing" in page
    assert "Their grants stay as they are" in page


def test_somebody_elses_change_is_not_overwritten(office: Office) -> None:
    """A form made from an old version is refused, and says that somebody was quicker."""
    here = place(office.send("/people/invite", name="Two", email="two@example.org"))
    office.send(f"{here}/change", name="First", email="two@example.org", version="1")
    late = office.send(f"{here}/change", name="Second", email="two@example.org", version="1")
    assert late.status == 409
    assert "First" in words(office.page(here))


def test_pages_write_names_as_text(office: Office) -> None:
    """Markup in a name is shown as text, and what turns text is named."""
    evil = "<img src=x onerror=alert(1)>"
    here = place(office.send("/people/invite", name=evil, email="evil@example.org"))
    for answer in (office.page(here), office.page("/people")):
        assert "<img src=x" not in answer.body.decode()
        assert "&lt;img" in answer.body.decode()


def test_active_people_are_offered(office: Office) -> None:
    """Forms offer who is active, by name and address."""
    pat = office.who("operator")
    assert f'value="{pat.id}"' in office.page("/services/add").body.decode()
