"""Search: it works without a script, finds what the reader may see, and says so when nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from muniment.web.find.showing import MAX_QUERY_CHARS
from tests.exchanges.calling import Calling, calling_in
from tests.exchanges.making import JUDGED, outcome
from tests.server.asking import ask
from tests.server.office import words
from tests.server.registered import KEY
from tests.web.asking import Asking


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calling]:
    """An installation with a live system, people and one call."""
    with calling_in(tmp_path_factory.mktemp("find")) as made:
        for role in ("owner", "operator", "releaser", "builder", "compliance"):
            made.there.people[role] = made.who(role)
        made.there.live()
        made.leave()
        made.end(outcome(judged=JUDGED, answer="hmac-sha256:ee", answer_key="vk_1"))
        made.settle()
        yield made


def typed(calls: Calling, role: str, asked: str) -> list[dict[str, Any]]:
    """Ask as the palette does."""
    headers = {"accept": "application/json", **calls.who(role).headers}
    answer = ask(calls.there.app, f"/console/find?q={asked.replace(' ', '+')}", headers=headers)
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.json["hits"]
    return found


def sorts(calls: Calling, role: str, asked: str) -> set[str]:
    """Say of which sorts the answer is."""
    return {each["sort"] for each in typed(calls, role, asked)}


def test_a_page_is_found_by_name(pages: Asking) -> None:
    """The search field leads to the page it names."""
    html = pages.get("/console/find", params={"q": "sty"}).text
    assert '<h2><a href="/console/style">Style</a></h2>' in html
    assert "1 thing has to do with “sty”." in html


def test_nothing_found_says_what_to_try(pages: Asking) -> None:
    """An empty answer teaches the next step, and cuts a very long question."""
    answer = pages.get("/console/find", params={"q": "<x>" * MAX_QUERY_CHARS})
    assert answer.status_code == 200
    assert "Try fewer letters" in answer.text
    assert "<x>" not in answer.text
    assert answer.text.count("&lt;x&gt;") < MAX_QUERY_CHARS


def test_everything_is_found_by_who_may_see_it(calls: Calling) -> None:
    """Systems, people, acts and ids are found; whoever may not see a room is told nothing of it."""
    assert "system" in sorts(calls, "operator", KEY)
    assert "person" in sorts(calls, "operator", "builder one")
    assert "person" not in sorts(calls, "builder", "operator one")
    assert typed(calls, "builder", "make a key")[0]["href"] == "/console/access/keys/issue"
    assert "act" not in sorts(calls, "auditor", "make a key")
    (call, *_) = typed(calls, "operator", "exc_1")
    assert (call["href"], call["sort"]) == ("/console/exchanges/exc_1", "id")
    assert typed(calls, "nobody", "exc_1") == []
    assert typed(calls, "operator", "entry 3")[0]["href"] == "/console/ledger/3"
    assert "detector" in sorts(calls, "operator", "credit card")
    assert typed(calls, "operator", "exc_nothing") == []
    assert sorts(calls, "operator", "%25%25") == sorts(calls, "operator", "__") == set()
    assert sorts(calls, "nobody", KEY) == set()


def test_an_auditors_letters_are_no_records(calls: Calling) -> None:
    """While they type only pages are found; the page looks everywhere and is on record."""
    assert sorts(calls, "auditor", "builder one") == set()
    headers = {"accept": "text/html", **calls.who("auditor").headers}
    page = ask(calls.there.app, "/console/find?q=builder+one", headers=headers)
    assert "Builder One" in words(page)
    calls.house.log.seal()
    kinds = [each.value["kind"] for each in calls.house.log.read_after(0, 10_000)]
    assert "access.viewed" in kinds
