"""Every page of the console has something true to show, says that it is made up, and is light."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from sqlalchemy import event

from muniment import access
from muniment.db import Database
from tests.cli.test_demo import demo
from tests.demo.asking import MACHINE, READER, Shown, words
from tests.demo.walking import walk

pytestmark = pytest.mark.slow

MOST_STATEMENTS: Final = 110
# Pages on which nothing is the right thing to show.
_MAY_BE_EMPTY: Final = ("/console/exchanges/live", "/console/approvals/delegations")


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Note every statement the database is asked."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    engines = (database.reader, database.writer)
    for each in engines:
        event.listen(each, "before_cursor_execute", note)
    yield said
    for each in engines:
        event.remove(each, "before_cursor_execute", note)


def test_every_page_shows_something_and_is_marked(shown: Shown) -> None:
    """From the sidebar on, each page and each file is there, marked, and asks a bounded number."""
    navigation = [each.href for each in shown.app.state.shell.items()]
    found: dict[str, int] = {}
    with counting(shown.house.database) as said:
        for path, answer in walk(shown.page, navigation):
            found[path] = len(said)
            said.clear()
            assert answer.status_code == (307 if path == "/console" else 200), path
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            if is_page:
                assert 'class="demo-mark"' in answer.text, path
                assert "<title>Demo · " in answer.text, path
            elif path != "/console" and not path.endswith("verify.py"):
                assert "demo" in answer.text.lower(), path
            if path in navigation and path not in _MAY_BE_EMPTY:
                assert 'class="empty' not in answer.text, (path, words(answer)[:300])
    heavy = {path: count for path, count in found.items() if count > MOST_STATEMENTS}
    assert heavy == {}
    assert len(found) > 80


def test_the_reader_comes_in_by_the_link_alone(shown: Shown) -> None:
    """The page of the link offers one button; whoever uses it is in, and it works once."""
    with shown.house.database.work(MACHINE) as work:
        person = access.person_by_address(work, READER)
        assert person is not None
        link = access.reset_link(work, person.id, shown.house.settings).secret
    path = f"/console/sign-in/link/{link}"
    assert "Go in" in words(shown.page(path, secret="nobody"))
    told = [shown.send(path, {"with": "demo"}) for _ in range(2)]
    assert [each.status_code for each in told] == [303, 404]
    cookie = told[0].cookies["muniment"]
    assert "Ines Ferreira" in shown.page("/console/overview", secret=cookie).text


def test_what_stands_is_said_and_leads_in(
    shown: Shown, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run builds nothing and gives a link; a reset asks, and a no changes nothing."""
    size = shown.house.log.size()
    assert demo("--folder", str(shown.folder)) == 0
    told = capsys.readouterr()
    assert "stands" in told.err
    assert "/console/sign-in/link/" in told.out
    # Who sits at the terminal is the outside world.
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert demo("--folder", str(shown.folder), "--reset") == 6
    assert shown.house.log.size() >= size
