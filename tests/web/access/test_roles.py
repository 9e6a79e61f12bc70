"""The pages of roles."""

from __future__ import annotations

from muniment import access
from muniment.web.access.roles import conditions_of
from tests.server.office import Office, place, words


def test_a_role_is_defined_changed_and_ended(office: Office) -> None:
    """A role of one's own shows its permissions and version, and ends when nobody holds it."""
    typed = {
        "says": "Reads the ledger.",
        "permissions": ["ledger.read"],
        "conditions": ["must_expire"],
    }
    assert place(office.send("/roles/define", name="reader", **typed)) == "/roles/reader"
    page = words(office.page("/roles/reader"))
    assert "given for a time only" in page
    assert "1 of" in page
    more = {**typed, "permissions": ["ledger.read", "ledger.prove"], "version": "1"}
    place(office.send("/roles/reader/change", **more))
    assert "version 2" in words(office.page("/roles/reader"))
    stale = office.send("/roles/reader/change", **more)
    assert stale.status == 409
    place(office.send("/roles/reader/end"))
    assert office.page("/roles/reader").status == 404


def test_a_role_without_permissions_is_refused_at_its_field(office: Office) -> None:
    """What is missing is told, and what was typed is kept."""
    answer = office.send("/roles/define", name="empty", says="Does nothing.")
    assert answer.status == 422
    assert 'value="Does nothing."' in answer.body.decode()


def test_conditions_are_said_in_words() -> None:
    """An auditor's role says its three conditions."""
    assert conditions_of(access.BUILT_IN["auditor"]).count(",") == 2
    assert conditions_of(access.BUILT_IN["admin"]) == ""
