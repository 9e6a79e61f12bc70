"""What was found in calls is counted by type, under what was done with the call."""

from __future__ import annotations

from muniment.web.overview.found import findings, tally
from tests.exchanges.calling import Calling


def test_each_finding_stands_under_what_was_done() -> None:
    """Masked is made safe, a hold is held, a denial is refused, the rest was let through."""
    told = tally(
        [
            {"effect": "cure", "remedies": ["tokenise"], "findings": {"PERSON": 2}},
            {"effect": "cure", "remedies": ["hold:security"], "findings": {"PERSON": 1}},
            {"effect": "deny", "remedies": [], "findings": {"IBAN_CODE": 3}},
            {"effect": "allow", "remedies": [], "findings": {"PERSON": 4}},
            {"effect": "allow", "remedies": [], "findings": {}},
            {"effect": "allow"},
        ]
    )
    assert dict(told["PERSON"]) == {"safe": 2, "held": 1, "through": 4}
    assert dict(told["IBAN_CODE"]) == {"refused": 3}
    assert set(told) == {"PERSON", "IBAN_CODE"}


def test_only_what_the_reader_may_see_is_counted(calls: Calling) -> None:
    """The figure of an operator is that of the calls; whoever may see no call sees no type."""
    for role, sees in (("operator", True), ("nobody", False)):
        with calls.house.database.look(calls.who(role).actor) as work:
            told = findings(work, calls.house.log, 7)
        assert bool(told.found) is sees
        assert told.found_of == "last 7 days"
        assert all(row[1].href.startswith("/console/ledger?kind=exchanges") for row in told.found)
