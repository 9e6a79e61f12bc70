"""Lists: narrowed, sorted, paged and saved; what is wrong with a question stands beside it."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from muniment.access import Scope
from muniment.core.digest import digest_bytes
from tests.server.asking import Answer
from tests.server.office import Office, words
from tests.server.people import person_with


@pytest.fixture(scope="module", autouse=True)
def many(office: Office) -> None:
    """Sixty people, so that one page does not hold them."""
    for number in range(60):
        body = {"name": f"Person {number:02}", "email": f"n{number}@example.org"}
        assert office.api("POST", "/people", body).status == 201


def names(office: Office, query: str) -> list[str]:
    """Give the names a page shows, in order."""
    page = office.page(f"/people{query}").body.decode()
    rows = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0].split('<th scope="row">')[1:]
    return [row.split("</a>", 1)[0].rsplit(">", 1)[1] for row in rows]


def test_a_list_is_paged_and_says_what_it_shows(office: Office) -> None:
    """Fifty rows and a link to the rest; all pages together show everybody once."""
    first = office.page("/people")
    assert "50 of 61" in words(first)
    href = first.body.decode().split('rel="next" href="', 1)[1].split('"', 1)[0]
    shown = names(office, "") + names(office, href.replace("&amp;", "&"))
    assert len(shown) == len(set(shown)) == 61


def test_a_list_is_sorted_either_way(office: Office) -> None:
    """A column's link sorts by it, a second click turns it round."""
    upwards = names(office, "?sort=name")
    assert upwards == sorted(upwards, key=str.casefold)
    assert names(office, "?sort=-name")[0] == "Person 59"
    assert office.page("/people?sort=shoe-size").status == 422


def test_a_list_is_narrowed(office: Office) -> None:
    """Words and states narrow it; nothing found teaches how to ask for less."""
    assert names(office, "?text=person+07") == ["Person 07"]
    assert names(office, "?state=active") == ["Ada Admin"]
    assert "Nothing matches" in words(office.page("/people?text=zzz"))


@pytest.mark.parametrize(
    "query", ["?colour=green", "?state=asleep", "?cursor=x", "?text=" + "y" * 201]
)
def test_a_question_that_makes_no_sense_is_told(office: Office, query: str) -> None:
    """An unknown filter, value or cursor is 422, and nothing is shown for it."""
    answer = office.page(f"/people{query}")
    assert answer.status == 422
    assert "Nothing was looked for" in words(answer)


def test_both_forms_of_a_saved_list_hold_every_row(office: Office) -> None:
    """CSV and JSON hold all rows asked for, what was asked, and when; no cell can act."""
    evil = {"name": "=HYPERLINK(1)", "email": "eq@example.org"}
    office.api("POST", "/people", evil)
    saved = office.page("/people/export.csv?text=person")
    (noted,) = [each["body"] for each in office.entries("access.exported")]
    assert noted == {
        "what": "/console/access/people",
        "form": "csv",
        "rows": saved.body.count(b"@example.org"),
        "digest": str(digest_bytes(saved.body)),
    }
    paper = office.page("/people?text=person").body.decode()
    assert re.search(r'class="kv on-paper"><dt>Query</dt><dd>text: person</dd>', paper)
    rows = list(csv.reader(io.StringIO(saved.body.decode())))
    assert len([row for row in rows if row and row[0].startswith("Person")]) == 60
    assert ["# rows", "60"] in rows
    assert ["# time zone", "UTC"] in rows
    assert any(row[0] == "# saved by" and office.ada.id in row[1] for row in rows if row)
    assert any(row[0] == "# ledger head" for row in rows if row)
    told = json.loads(office.page("/people/export.json").body)
    assert told["count"] == 62
    assert "'=HYPERLINK(1)" in office.page("/people/export.csv").body.decode()
    assert office.page("/people/export.csv?colour=green").status == 422


def test_only_what_one_may_do_is_offered(office: Office) -> None:
    """Who only reads sees no button that would refuse them."""
    assert "Invite a person" in words(office.page("/people"))
    assert "Invite a person" not in words(office.page("/people", office.who("security")))


@pytest.mark.requirement("ACC-20")
def test_what_an_auditor_sees_is_recorded_first(office: Office) -> None:
    """Each view of an auditor stands in the ledger, with what was looked at."""
    before = len(office.entries("access.viewed"))
    auditor = person_with(office.house, "auditor", Scope.of(console="access"), name="Al Auditor")
    assert office.page("/grants", auditor).status == 200
    assert office.api("GET", "/keys", by=auditor).status == 200
    entries = office.entries("access.viewed")[before:]
    assert [each["actor"]["id"] for each in entries] == [auditor.id] * 2  # type: ignore[index]
    assert entries[0]["body"]["what"] == "/console/access/grants"  # type: ignore[index]
    assert office.send("/people/invite", auditor, name="x", email="x@example.org").status == 403


def picked_in(office: Office, form: str, *keys: str, query: str = "") -> Answer:
    """Save the rows picked."""
    picks = "&".join(f"pick={key}" for key in keys)
    return office.page(f"/people/export.{form}?only=picked&{picks}{query}")


def test_only_the_rows_picked_are_saved(office: Office) -> None:
    """The file holds the picked rows and says so; one that is gone is counted, not passed over."""
    page = office.page("/people?text=person+0").body.decode()
    keys = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(keys) == len(set(keys)) == 10
    told = json.loads(picked_in(office, "json", *keys[:2], query="&text=person+0").body)
    assert (told["count"], told["query"]["picked"]) == (2, "2 rows")
    assert all(row["Name"].startswith("Person 0") for row in told["rows"])
    told = json.loads(picked_in(office, "json", keys[0], "no-such-person").body)
    assert (told["count"], told["query"]["picked"]) == (1, "2 rows, 1 of them gone")
    assert b"# rows,1" in picked_in(office, "csv", keys[3]).body


@pytest.mark.parametrize("keys", [(), ("x" * 201,), tuple(map(str, range(501)))])
def test_nothing_picked_and_too_much_are_told(office: Office, keys: tuple[str, ...]) -> None:
    """Whoever asks for the picked rows and has picked none is not given all of them."""
    answer = picked_in(office, "csv", *keys)
    assert answer.status == 422
    assert "picked" in words(answer) or "too many rows" in words(answer)


def test_the_question_of_a_list_is_open_where_something_is_asked(office: Office) -> None:
    """On a narrow screen it stands behind one line; what was asked or is wrong is seen."""
    assert '<details class="narrowing"><summary>' in office.page("/people").body.decode()
    for query in ("?text=Person+07", "?state=nonsense"):
        assert '<details class="narrowing" open>' in office.page(f"/people{query}").body.decode()
