"""One line of a review at a time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from muniment.core.clock import stamp
from tests.server.office import Office, place, words
from tests.server.people import Somebody, person_with


def opened(office: Office, name: str) -> tuple[str, Somebody, Somebody]:
    """Open a review of grants by two reviewers."""
    security, compliance = office.who("security"), office.who("compliance")
    day = f"{office.house.clock.now() + timedelta(days=20):%Y-%m-%d}"
    here = place(
        office.send(
            "/reviews/open",
            compliance,
            name=name,
            reviewers=[security.id, compliance.id],
            sorts=["grant"],
            due_at=day,
        )
    )
    return here, security, compliance


def hidden(page: str) -> dict[str, str]:
    """Read what a form carries along."""
    pattern = r'<input type="hidden" name="(line|shown|version)" value="([^"]*)"'
    return dict(re.findall(pattern, page))


@pytest.mark.requirement("ACC-05")
def test_lines_are_answered_one_after_the_other_with_the_seconds(office: Office) -> None:
    """Each page shows what is held and when it was used; the time it was open is recorded."""
    pat = person_with(office.house, "operator", name="Pat Reviewed")
    here, security, compliance = opened(office, "Q2")
    for reviewer in (security, compliance):
        while (shown_page := office.page(f"{here}/answer", reviewer)).status == 200:
            text = words(shown_page)
            assert "Last used" in text
            said = "revoke" if "Pat Reviewed" in text else "keep"
            shown = stamp(office.house.clock.now() - timedelta(seconds=42))
            carried = {**hidden(shown_page.body.decode()), "shown": shown}
            answer = office.send(f"{here}/answer", reviewer, answer=said, reason="Seen.", **carried)
            assert answer.status == 303, words(answer)
    assert office.page(f"{here}/answer", security).status == 404
    place(office.send(f"{here}/verify", security))
    page = words(office.page(here))
    assert "1 right was revoked" in page
    assert not office.api("GET", f"/may?permission=ledger.read&holder_id={pat.id}").json["ok"]
    lines = office.api("GET", here + "/lines").json["rows"]
    assert all(42 <= each["seconds"] <= 60 for each in lines)


def test_an_answer_needs_a_reason_and_its_own_line(office: Office) -> None:
    """Nothing chosen, no reason, and somebody else's line are refused; what was typed is kept."""
    here, security, compliance = opened(office, "Q3")
    page = office.page(f"{here}/answer", security)
    carried = hidden(page.body.decode())
    for typed in ({"answer": "", "reason": "x"}, {"answer": "keep", "reason": ""}):
        assert office.send(f"{here}/answer", security, **typed, **carried).status == 422
    change = office.send(f"{here}/answer", security, answer="change", reason="x", **carried)
    assert change.status == 422
    foreign = office.send(f"{here}/answer", compliance, answer="keep", reason="x", **carried)
    assert foreign.status in {403, 404}
    odd = {**carried, "shown": "never"}
    assert office.send(f"{here}/answer", security, answer="keep", reason="x", **odd).status == 303
