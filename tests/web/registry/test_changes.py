"""The list of changes, the page of one, and the steps it takes."""

from __future__ import annotations

import re

from muniment import registry
from tests.server.asking import ask
from tests.server.office import place, words
from tests.server.people import MACHINE
from tests.server.registered import Registered


def test_a_change_is_checked_asked_about_and_promoted_by_pages(there: Registered) -> None:
    """Each step says what it will do; the checks have three answers."""
    there.live()
    change = there.drafted("one")
    here = f"/changes/{change.id}"
    assert "It is a draft" in words(there.page("builder", here))
    place(there.send("builder", f"{here}/check"))
    told = words(there.page("builder", here))
    assert "could not tell" in told
    assert there.send("releaser", f"{here}/promote").status == 403
    assert "do not answer" in words(there.page("builder", f"{here}/ask"))
    place(there.send("builder", f"{here}/ask"))
    with there.house.database.look(MACHINE) as work:
        there_is = registry.get_change(work, change.id)
    there.yes(there_is.request_id)
    assert "Promote to production:100" in words(there.page("releaser", f"{here}/promote"))
    place(there.send("releaser", f"{here}/promote"))
    assert "It is done" in words(there.page("owner", here))
    assert "Say one" in words(there.page("owner", "/changes?state=done"))
    there.house.log.seal()
    page = there.page("operator", here)
    assert "No test of exactly this set" in words(page)
    (entry, *_) = re.findall(r'href="(/console/ledger/\d+)"', page.body.decode())
    headers = {"accept": "text/html", **there.who("compliance").headers}
    assert ask(there.app, entry, headers=headers).status == 200


def test_a_change_is_withdrawn_by_its_author(there: Registered) -> None:
    """With a reason, and by nobody else."""
    there.live()
    here = f"/changes/{there.drafted('one').id}"
    assert there.send("owner", f"{here}/withdraw", reason="no").status == 403
    assert there.send("builder", f"{here}/withdraw", reason="").status == 422
    place(there.send("builder", f"{here}/withdraw", reason="not needed"))
    assert "It is withdrawn" in words(there.page("builder", here))
