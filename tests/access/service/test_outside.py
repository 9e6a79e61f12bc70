"""Rights in other systems: all of a file or nothing, resolved to people or listed as nobody's."""

from __future__ import annotations

import pytest

from muniment import access
from muniment.access import Import, PersonId, Told
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from tests.access.company import Company

FILE = "account,what,person\nana@example.org,viewer,\nroot,admin,\ncora7,editor,CORA@example.org\n"


@pytest.mark.requirement("ACC-07", "ACC-08", "ACC-17")
def test_a_file_comes_in_whole_and_again(company: Company) -> None:
    """New, as before and gone are told before and after; accounts belong to people or to nobody."""
    with company.work("ines") as work:
        would = access.preview_outside(work, "grafana", FILE)
        did = access.import_outside(work, "grafana", FILE)
        assert would == did == Import("grafana", 3, (), 3, 0, 0, ("root",))
    with company.work("ines") as work:
        again = "account,what\nroot,admin\nana@example.org,admin\n"
        assert access.import_outside(work, "grafana", again) == Import(
            "grafana", 2, (), 1, 1, 2, ("root",)
        )
        access.import_outside(work, "qdrant", "account,what\nroot,reader\n")
        rows = access.outside(work, place="grafana").rows
        assert {(each.account, each.what, each.person_id) for each in rows} == {
            ("root", "admin", None),
            ("ana@example.org", "admin", company.people["ana"]),
        }
        assert len(access.outside(work, orphans=True).rows) == 2
    bodies = [each["body"] for each in company.recorded("access.outside_imported")]
    assert [(b["added"], b["kept"], b["gone"], b["orphans"]) for b in bodies[:2]] == [
        (3, 0, 0, 1),
        (1, 1, 2, 1),
    ]
    assert "ana@" not in str(bodies)


def test_one_bad_row_and_nothing_comes_in(company: Company) -> None:
    """The import names the rows and leaves everything as it was; the preview names each of them."""
    with company.work("ines") as work:
        access.import_outside(work, "grafana", FILE)
    bad = "account,what\nroot,admin\n,x\ny\n"
    with company.work("ines") as work, pytest.raises(InvalidError) as caught:
        access.import_outside(work, "grafana", bad)
    assert [each[:6] for each in caught.value.reasons] == ["row 3:", "row 4:"]
    with company.look("ines") as work:
        found = access.preview_outside(work, "grafana", bad)
        assert [each.row for each in found.bad] == [3, 4]
        assert len(access.outside(work).rows) == 3


def test_a_feed_tells_like_a_file(company: Company) -> None:
    """A plug-in or a directory tells all rights of a place; its name stands in the record."""
    told = [Told("ana@example.org", "viewer"), Told("x", "admin", company.people["bob"])]
    with company.work() as work:
        found = access.tell_outside(work, "cloud", told, source="scim")
        assert (found.added, found.orphans) == (2, ())
        with pytest.raises(InvalidError, match="1 rights cannot be taken"):
            access.tell_outside(work, "cloud", [Told("", "x")], source="scim")
        rows = access.outside(work).rows
    assert {each.person_id for each in rows} == {company.people["ana"], company.people["bob"]}
    assert company.recorded("access.outside_imported")[0]["body"]["source"] == "scim"


def test_an_orphan_is_given_to_somebody(company: Company) -> None:
    """Somebody says whose it is; not of who left, nor of a right that is gone or unknown."""
    with company.work("ines") as work:
        access.import_outside(work, "grafana", "account,what\nroot,admin\n")
        (right,) = access.outside(work, orphans=True).rows
        access.leave(work, company.people["cora"])
        with pytest.raises(ConflictError, match="has left"):
            access.resolve_outside(work, right.id, company.people["cora"])
        for right_id, person in (("out_x", company.people["ana"]), (right.id, PersonId("per_x"))):
            with pytest.raises(NotFoundError):
                access.resolve_outside(work, right_id, person)
        found = access.resolve_outside(work, right.id, company.people["ana"])
        assert found.person_id == company.people["ana"]
        access.import_outside(work, "grafana", "account,what\n")
        with pytest.raises(ConflictError, match="is gone"):
            access.resolve_outside(work, right.id, company.people["bob"])


def test_only_who_may_brings_anything_in(company: Company) -> None:
    """Neither a preview nor a list is for everybody; a place has a short name."""
    with company.work("ana") as work:
        for act in (
            lambda: access.preview_outside(work, "x", FILE),
            lambda: access.import_outside(work, "x", FILE),
            lambda: access.tell_outside(work, "x", [], source="x"),
            lambda: access.outside(work),
        ):
            with pytest.raises(ForbiddenError):
                act()
    with company.work("ines") as work:
        for place in ("", "x" * 101, "a\0"):
            with pytest.raises(InvalidError):
                access.import_outside(work, place, FILE)
