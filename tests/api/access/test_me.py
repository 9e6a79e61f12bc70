"""Who is asking, and may they?"""

from __future__ import annotations

import pytest

from tests.server.office import Office


def test_everybody_learns_who_they_are_here(office: Office) -> None:
    """A person and a program are told their name, credential, grants and permissions."""
    pat = office.who("builder")
    told = office.api("GET", "/me", by=pat).json
    assert (told["kind"], told["id"], told["person_id"]) == ("person", pat.id, pat.id)
    assert told["credential"].startswith("session:")
    assert [each["role"] for each in told["grants"]] == ["builder"]
    assert "ledger.read" in told["permissions"]
    assert "access.read" not in told["permissions"]


def test_may_says_why_not(office: Office) -> None:
    """An answer carries the grant relied on, or the reasons and a remedy."""
    pat = office.who("builder")
    fine = office.api("GET", "/may?permission=ledger.read", by=pat).json
    assert (fine["ok"], fine["role"]) == (True, "builder")
    refused = office.api("GET", "/may?permission=access.grant", by=pat).json
    assert not refused["ok"]
    assert refused["reasons"]
    assert refused["remedy"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("permission=nonsense", 422),
        ("permission=ledger.read&holder_kind=team&holder_id=team_x", 422),
        ("permission=ledger.read&holder_id=per_none", 200),
        ("permission=ledger.read&colour=green", 422),
        ("", 422),
    ],
)
def test_a_bad_question_is_told(office: Office, query: str, status: int) -> None:
    """What is no permission, no holder or no filter is refused; an unknown holder may nothing."""
    answer = office.api("GET", f"/may?{query}")
    assert answer.status == status
    assert status == 422 or answer.json["ok"] is False


def test_others_are_asked_about_by_who_may_look(office: Office) -> None:
    """A builder asks about themselves and not about an admin."""
    query = f"/may?permission=ledger.read&holder_id={office.ada.id}"
    assert office.api("GET", query, by=office.who("builder")).status == 403
    assert office.api("GET", query, by=office.who("security")).json["ok"]
