"""Sheets by forms: looked at first, then brought in whole."""

from __future__ import annotations

import html
import re

from tests.registry.rules.test_importing import workbook_of
from tests.server.office import words
from tests.server.registered import Registered
from tests.web.multipart import file, form, send_form

SHEET = "key,name,purpose,owner\nfaq,FAQ,Answers.,{}\n"


def test_a_sheet_is_looked_at_and_brought_in(there: Registered) -> None:
    """The second form carries what was looked at; the list shows what came."""
    assert "Bring a sheet in" in words(there.page("owner", "/import"))
    sheet = SHEET.format(there.who("owner").id)
    ready = there.send("owner", "/import", file=sheet)
    assert ready.status == 200
    assert "All 1 rows of systems can be brought in" in words(ready)
    carried = re.search(r'name="csv" value="([^"]*)"', ready.body.decode())
    assert carried
    done = there.send("owner", "/import/do", csv=html.unescape(carried[1]), reason="the old list")
    assert done.status == 303
    assert "FAQ" in words(there.page("owner", "/systems"))
    again = there.send("owner", "/import", file=sheet)
    assert again.status == 422
    assert "row 2, key: there is a system faq already" in words(again)
    assert there.page("operator", "/import").status == 403


def test_a_workbook_is_looked_at_and_brought_in(there: Registered) -> None:
    """An XLSX file goes the same way: every bad row is told, then all come in or none."""
    owner = there.who("owner").id
    head, good = ["key", "name", "purpose", "owner"], ["faq", "FAQ", "Answers.", owner]
    bad = workbook_of(head, good, ["Bad Key", "B", "b", owner], ["two", "", "b", owner])
    refused = send_form(there, "owner", "/import", form(file("file", bad, "a.xlsx")))
    assert refused.status == 422
    assert "2 of 3 rows cannot be brought in" in words(refused)
    assert "row 3, key" in words(refused)
    assert "row 4, name" in words(refused)
    ready = send_form(there, "owner", "/import", form(file("file", workbook_of(head, good))))
    carried = re.search(r'name="csv" value="([^"]*)"', ready.body.decode())
    assert carried
    done = there.send("owner", "/import/do", csv=html.unescape(carried[1]), reason="the old list")
    assert done.status == 303
    assert "FAQ" in words(there.page("owner", "/systems"))
    broken = send_form(there, "owner", "/import", form(file("file", bad[:-40], "a.xlsx")))
    assert broken.status == 422
    assert "cannot be read" in words(broken)
