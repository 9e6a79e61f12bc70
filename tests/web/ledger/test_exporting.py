"""What is saved is what was listed, says what it is of, and runs nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from muniment.server import House
from muniment.web.ledger import exporting
from muniment.web.ledger.asking import read
from tests.web.ledger.conftest import strange_house
from tests.web.ledger.recorded import page

EXPORT = "/console/ledger/export"
QUERIES = ["", "?kind=sampled.*", "?actor=web-shop&sort=entry", "?subject=none", "?to_index=70"]


@pytest.fixture(scope="module")
def ledger_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of one's own, for that a list was saved stands in it."""
    with strange_house(tmp_path_factory.mktemp("saved")) as house:
        yield house


@pytest.mark.parametrize("query", QUERIES)
def test_both_forms_hold_every_row_of_the_list(ledger_house: House, query: str) -> None:
    """JSON and CSV agree, row by row and in number, beyond the page that was shown."""
    told = json.loads(page(ledger_house, f"{EXPORT}.json{query}").text)
    lines = list(csv.reader(io.StringIO(page(ledger_house, f"{EXPORT}.csv{query}").text)))
    body, foot = lines[1:-6], {line[0]: line[1:] for line in lines[-6:]}
    assert told["count"] == len(told["rows"]) == len(body) == int(foot["# rows"][0])
    assert [str(row["index"]) for row in told["rows"]] == [line[0] for line in body]
    assert foot["# time zone"] == [told["time_zone"]] == ["UTC"]
    assert foot["# ledger head"][1:] == ["124", told["head"]["root"]]
    assert list(foot) == [
        "# query",
        "# as of",
        "# time zone",
        "# rows",
        "# saved by",
        "# ledger head",
    ]
    saved = exporting.begin(ledger_house.log, read(dict(parse_qsl(query[1:]))), "somebody")
    assert saved.count() == told["count"], "what is recorded before is what is given away"
    if not query:
        assert told["count"] == 124


def test_an_export_names_its_file_and_its_question(ledger_house: House) -> None:
    """The file says of which head it is; the question stands in it as it was typed."""
    answer = page(ledger_house, f"{EXPORT}.csv?text=Canary 5&from_index=3")
    assert answer.headers["content-disposition"] == 'attachment; filename="ledger-124.csv"'
    assert "text: Canary 5; from_index: 3; order: newest first" in answer.text


def test_a_bad_question_saves_nothing(ledger_house: House) -> None:
    """The form comes back instead, with the reason beside the field."""
    answer = page(ledger_house, f"{EXPORT}.csv?since=soon")
    assert answer.status_code == 422
    assert 'id="since-error"' in answer.text


def test_a_hostile_question_is_text_in_the_foot(ledger_house: House) -> None:
    """Quotes and line ends typed into the form stay within their one cell."""
    answer = page(ledger_house, f"{EXPORT}.csv?text=a%22,%0A=1%2B1")
    lines = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert len(lines) == 7
    assert lines[1] == ["# query", 'text: a",\n=1+1; order: newest first']


def test_the_entries_picked_are_saved_and_named(ledger_house: House) -> None:
    """Two entries of all make a file of two, which says which; what is no entry is refused."""
    picks = "only=picked&pick=7&pick=12"
    told = json.loads(page(ledger_house, f"{EXPORT}.json?{picks}").text)
    assert [row["index"] for row in told["rows"]] == [12, 7]
    assert (told["count"], told["query"]["picked"]) == (2, "7, 12")
    assert page(ledger_house, f"{EXPORT}.csv?only=picked").status_code == 422
    assert page(ledger_house, f"{EXPORT}.csv?only=picked&pick=x").status_code == 422
