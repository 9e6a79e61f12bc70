"""The pages of written policies: read by everybody, written and let hold by those who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import policy
from tests.policy.office import PolicyOffice, policy_office
from tests.server.office import words
from tests.server.people import person_with


def digest_of(office: PolicyOffice) -> str:
    """Give the digest of the policy `use` as it holds."""
    with office.house.database.look(office.ada.actor) as work:
        return policy.written_policy(work, "use").shown.digest


def test_the_whole_way_by_pages(tmp_path: Path) -> None:
    """Begin with a starter, write, ask, let hold, read, write on top, and see who has not yet."""
    with policy_office(tmp_path) as office:
        cora = person_with(office.house, "compliance", name="Cora Peer")
        assert "No written policy yet" in words(office.page("/written"))
        begun = words(office.page("/write?starter=acceptable-ai-use"))
        assert "Use AI systems that are in the register" in begun
        text = policy.template("acceptable-ai-use").text
        typed = {
            "title": "Acceptable use of AI",
            "owner": office.bo.id,
            "controls": "CC1.1, CC2.2",
            "review_by": "2999-01-01",
        }
        sent = office.send("/write", id="use", text=text, reason="first", **typed)
        assert sent.headers["location"].endswith("/written/use/versions/1")
        assert "draft" in words(office.page("/written"))
        assert "Nothing was done" in words(office.send("/written/use/versions/1/publish", cora))
        asked = office.send("/written/use/versions/1/review")
        assert asked.headers["location"].startswith("/console/approvals/apr_")
        office.approve(by=cora)
        assert "apr_" in words(office.page("/written/use/versions/1"))
        assert office.send("/written/use/versions/1/publish", cora).status == 303
        shown = words(office.page("/written/use"))
        assert "Version 1 holds." in shown
        assert "0 of 4 people have read it." in shown
        assert "I have read this" in shown
        assert office.send("/written/use/read", digest=digest_of(office)).status == 303
        assert "still to read 1" in words(office.page("/written", by=office.bo))
        assert "read them all" in words(office.page("/written"))
        missing = words(office.page("/readers?policy=use&read=no"))
        assert "Bo Peer" in missing
        assert "Cora Peer" in missing
        more = {**typed, "based_on": "1", "reason": "second"}
        new = office.send("/written/use/write", text=f"{text}\n7. Be kind.\n", **more)
        assert new.headers["location"].endswith("/versions/2")
        page = words(office.page("/written/use/versions/2"))
        assert "What changed since version 1" in page
        assert "7. Be kind." in page
        late = office.send("/written/use/write", text="Other.", **more)
        assert late.status == 409
        assert "ersion 2 of use is there now" in words(late)


def test_what_is_wrong_stands_beside_its_field(office: PolicyOffice) -> None:
    """A day that is none, an id that is none, and a version that is none are said to be."""
    typed = {"title": "T", "text": "T", "reason": "r"}
    told = words(office.send("/write", id="use", review_by="soon", **typed))
    assert "“soon” is not a date" in told
    told = words(office.send("/write", id="No Name", review_by="2999-01-01", **typed))
    assert "is not an id" in told
    assert office.page("/written/none").status == 404
    assert office.page("/written/none/versions/x").status == 422
    assert office.page("/written/none/read").status == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "# <b>Bold</b>\n- <i>x</i>"])
def test_no_text_becomes_anything_but_text(tmp_path: Path, text: str) -> None:
    """Markup in a policy is shown as it was written, and does nothing."""
    with policy_office(tmp_path) as office:
        office.send(
            "/write",
            id="use",
            title="T",
            text=text,
            owner=office.bo.id,
            review_by="2999-01-01",
            reason="first",
        )
        body = office.page("/written/use").body.decode()
        main = body.partition("<main")[2]
        assert "&lt;" in main
        assert "<script>alert" not in main
        assert "<i>x</i>" not in main
