"""The list of entries, and what it says when there is nothing to list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from muniment.server import House
from tests.server.asking import house_in
from tests.web.ledger.recorded import EVIL, fill, page

LIST = "/console/ledger"


def indexes(html: str) -> list[int]:
    """Read the numbers of the entries listed."""
    rows = re.findall(r'<th scope="row" class="num"><a href="/console/ledger/([0-9]+)">', html)
    return [int(row) for row in rows]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Count what the databases are asked meanwhile."""
    asked: list[str] = []

    def keep(_c: object, _cu: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", keep)


def test_the_page_begins_with_how_the_ledger_stands(ledger_house: House) -> None:
    """Size, head, waiting entries, the key and the missing witness are said, and lead somewhere."""
    html = page(ledger_house, LIST).text
    said = re.sub(r"<[^>]+>", "", html)
    assert "124 entries are sealed under a head signed" in said
    assert "1 more is durable and waits for the next head." in said
    assert "No independent witness holds a checkpoint; save one" in said
    assert '<a href="/log/checkpoint" download="checkpoint">save one</a>' in html
    assert "A version went to production, after those who must agree had agreed." in html


@pytest.mark.parametrize(("sort", "order"), [("", range(123, -1, -1)), ("&sort=entry", range(124))])
def test_all_pages_together_are_the_ledger(ledger_house: House, sort: str, order: range) -> None:
    """Each entry stands on exactly one page, newest first unless asked otherwise."""
    seen, query = [], f"?{sort}"
    while query:
        html = page(ledger_house, LIST + query).text
        seen += indexes(html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        query = found[1].replace("&amp;", "&") if found else ""
    assert seen == list(order)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=ledger.began", 1),
        ("kind=sampled.swept", 14),
        ("kind=nobody.knows", 0),
        ("subject=system:fraud-watch&actor=worker&kind=sampled.promoted", 3),
        ("from_index=10&to_index=12", 3),
        ("to_index=99999999999999", 50),
        ("text=Zo%C3%AB", 1),
        ("text=%00", 1),
        ("until=2001-01-01", 0),
    ],
)
def test_a_filter_narrows_the_list(ledger_house: House, query: str, count: int) -> None:
    """Only what was asked for is listed, and the form keeps what was typed."""
    answer = page(ledger_house, f"{LIST}?{query}")
    assert answer.status_code == 200
    assert len(indexes(answer.text)) == count


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=Wrong", "kind"),
        ("since=soon", "since"),
        ("from_index=9&to_index=3", "to_index"),
        ("to_index=" + "9" * 5_000, "to_index"),
        ("subject=" + "x" * 300, "subject"),
    ],
)
def test_an_error_stands_beside_its_field(ledger_house: House, query: str, field: str) -> None:
    """Bad input is answered with 422, the same form, and the reason where it belongs."""
    answer = page(ledger_house, f"{LIST}?{query}")
    assert answer.status_code == 422
    assert f'<p class="error" id="{field}-error">' in answer.text
    assert f'aria-describedby="{field}-error" aria-invalid="true"' in answer.text
    assert indexes(answer.text) == []


@pytest.mark.parametrize("query", ["cursor=abc", "sort=colour", "knd=ledger.began"])
def test_an_error_without_a_field_is_said_above(ledger_house: House, query: str) -> None:
    """A broken cursor, order or name is refused, with a way back to the whole list."""
    answer = page(ledger_house, f"{LIST}?{query}")
    assert answer.status_code == 422
    assert "Nothing was looked for." in answer.text
    assert '<a href="/console/ledger">Show all entries</a>' in answer.text


def test_nothing_anyone_wrote_becomes_markup(ledger_house: House) -> None:
    """Neither a question nor an entry can put a script or a tag into the page."""
    for query in ("", f"?text={EVIL}", f"?kind={EVIL}", f"?subject={EVIL}", f"?{EVIL}=1"):
        html = page(ledger_house, LIST + query.replace("#", "")).text
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_an_empty_ledger_teaches_the_next_step(tmp_path: Path) -> None:
    """Before anything is sealed every page works, and says what to do."""
    with house_in(tmp_path / "data") as house:
        assert "muniment ledger seal" in page(house, LIST).text
        assert "no head is signed" in page(house, f"{LIST}/check").text
        assert page(house, f"{LIST}/0").status_code == 404
        assert page(house, f"{LIST}/export.csv").text.endswith("# ledger head,none\r\n")
        house.log.begin()
        assert "1 more" not in page(house, LIST).text
        assert "durable, not sealed yet" in page(house, f"{LIST}/0").text


def test_nothing_found_gives_the_command(ledger_house: House) -> None:
    """An empty answer shows the same question for the command line."""
    html = page(ledger_house, f"{LIST}?subject=system:nobody&sort=entry").text
    assert "Nothing matches" in html
    assert "muniment ledger list --subject system:nobody --oldest-first" in html


@pytest.mark.slow
def test_a_long_ledger_costs_no_more_reads(tmp_path: Path) -> None:
    """A page of ten thousand entries asks the databases as often as a page of a hundred."""
    counts = []
    for size in (100, 10_000):
        with house_in(tmp_path / str(size) / "data") as house:
            fill(house, size)
            page(house, LIST)  # the first request also opens connections
            with statements() as asked:
                assert page(house, f"{LIST}?kind=sampled.*&text=EMAIL").status_code == 200
            counts.append(len([one for one in asked if one.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 8
