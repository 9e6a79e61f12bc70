"""Sheets, sightings and views as JSON."""

from __future__ import annotations

import base64

from tests.registry.rules.test_importing import workbook_of
from tests.server.registered import Registered
from tests.web.registry.test_seen import see


def test_a_sheet_is_looked_at_and_brought_in(there: Registered) -> None:
    """Every bad row is told by number, field and remedy; then none is, and all come in."""
    owner = there.who("owner").id
    sheet = f"key,name,purpose,owner\nfaq,FAQ,Answers.,{owner}\nFAQ 2,,Answers.,{owner}\n"
    told = there.api("owner", "/imports/preview", {"csv": sheet}).json
    assert told["count"] == 2
    (bad,) = told["bad"]
    assert (bad["number"], bad["field"]) == (3, "key")
    given = {"csv": sheet, "reason": "the old list"}
    assert there.api("owner", "/imports", given).status == 422
    good = {**given, "csv": sheet.rpartition("FAQ 2")[0]}
    good["csv"] = good["csv"].replace("\n", "\r\n")
    assert there.api("owner", "/imports", good).json["bad"] == []
    assert there.api("owner", "/systems/faq").status == 200
    assert there.api("operator", "/imports", good).status == 403


def test_a_workbook_is_brought_in_too(there: Registered) -> None:
    """In base64, in the place of CSV; both, neither, and what is no base64 are refused."""
    owner = there.who("owner").id
    head, good = ["key", "name", "purpose", "owner"], ["faq", "FAQ", "Answers.", owner]
    coded = base64.b64encode(workbook_of(head, good, ["Bad Key", "B", "b", owner])).decode()
    told = there.api("owner", "/imports/preview", {"xlsx": coded}).json
    assert [(each["number"], each["field"]) for each in told["bad"]] == [(3, "key")]
    assert there.api("owner", "/imports", {"xlsx": coded, "reason": "r"}).status == 422
    assert there.api("owner", "/systems/faq").status == 404
    whole = base64.b64encode(workbook_of(head, good)).decode()
    assert there.api("owner", "/imports", {"xlsx": whole, "reason": "r"}).json["count"] == 1
    for given in ({}, {"xlsx": coded, "csv": "a,b"}, {"xlsx": "%"}, {"xlsx": "QUJD"}):
        assert there.api("owner", "/imports/preview", given).status == 422


def test_what_was_seen_is_listed_and_settled(there: Registered) -> None:
    """Discovery by the API: open things, decisions, and the numbers beside."""
    system = there.live()
    model, tool = see(there, system.id, "model", "big"), see(there, system.id, "tool", "wire")
    rows = there.api("operator", f"/seen?system={system.id}&state=open").json["rows"]
    assert {each["finding"] for each in rows} == {"unregistered"}
    given = {"part": "main", "provider": "acme"}
    assert there.api("builder", f"/seen/{model}/register", given).json["label"] == "model/main"
    settled = there.api("builder", f"/seen/{tool}/not-ours", {"reason": "a test"}).json
    assert (settled["state"], settled["decided_by"]) == ("not_ours", there.who("builder").id)
    told = there.api("operator", f"/systems/{system.id}/completeness").json
    assert (told["open"], told["settled"], told["unseen"]) == (0, 2, [])

    view = {"place": "systems", "name": "Live", "query": {"state": "live"}, "shared": True}
    made = there.api("owner", "/views", view).json
    assert [each["name"] for each in there.api("builder", "/views").json["rows"]] == ["Live"]
    assert there.api("builder", f"/views/{made['id']}/remove", {}).status == 403
    assert there.api("owner", f"/views/{made['id']}/remove", {}).status == 200
