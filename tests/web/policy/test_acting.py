"""What can be done with a version, by pages."""

from __future__ import annotations

from tests.policy.judging import ALLOW, rule
from tests.policy.office import PolicyOffice
from tests.server.office import words


def test_the_whole_way_by_pages(office: PolicyOffice) -> None:
    """Write, check, keep, shadow, ask, put in force, try, go back: each a form that works."""
    assert "No policy yet" in words(office.page())
    assert "soc2.known-systems-run" in office.page("/edit?pack=soc2-baseline").body.decode()
    assert "1 rule, all right" in words(office.send("/edit/check", text=ALLOW))
    assert office.send("/edit", text=ALLOW, reason="first").headers["location"].endswith("/1")
    assert "Version 1" in words(office.page("/versions/1"))
    assert office.send("/versions/1/shadow", reason="to see").status == 303
    assert "in shadow" in words(office.page())
    assert office.send("/shadow/end", reason="seen").status == 303
    assert "Nothing was done" in words(office.send("/versions/1/publish", office.bo, reason="now"))
    asked = office.send("/versions/1/review")
    assert asked.headers["location"].startswith("/console/approvals/apr_")
    office.approve()
    assert office.send("/versions/1/publish", office.bo, reason="now").status == 303
    assert "Version 1 is in force." in words(office.page())
    kept = office.decide("CREDIT_CARD")
    office.send("/edit", text=f"{ALLOW}\n{rule('no')}", reason="second")
    assert "added" in words(office.page("/versions/2"))
    assert "1 of 1 decisions" in words(office.page("/versions/2/simulation?days=1"))
    told = words(office.page(f"/decisions/{kept.id}"))
    assert "It was allowed" in told
    assert "made again, it comes out the same" in told
    assert kept.id in words(office.page("/decisions"))
    assert "The one before this" in words(office.page("/rollback", office.bo))
    back = office.send("/rollback", office.bo, number="2", reason="try")
    assert "was never in force" in words(back)
    assert ALLOW.split("(")[0] in office.page("/edit?from=1").body.decode().replace("&#34;", '"')
