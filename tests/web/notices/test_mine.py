"""The page of one's own ways."""

from __future__ import annotations

import re

from muniment import notices
from tests.web.notices.asking import Console


def test_an_address_is_added_and_taken_back(console: Console) -> None:
    """One's own address, over a personal channel; nobody else can end it."""
    with console.house.database.work(console.sec.actor) as work:
        made, _ = notices.add_channel(
            work,
            console.house.courier,
            name="Programs",
            via="webhook",
            target="https://x.example.org/{to}",
            personal=True,
        )
    assert b"Programs" in console.get("/mine/add", console.ada).body
    given = {"channel": made.id, "least": "info"}
    assert console.post("/mine/add", console.ada, **given, address="").status == 422
    added = console.post("/mine/add", console.ada, **given, address="me")
    assert added.headers["location"] == "/console/notices/mine"
    found = re.search(rb"/mine/(sub_\w+)/end", console.get("/mine", console.ada).body)
    assert found is not None
    end = f"/mine/{found[1].decode()}/end"
    assert console.post(end, console.sec).status == 404
    assert console.post(end, console.ada).status == 303
    assert b"in the inbox only" in console.get("/mine", console.ada).body


def test_hours_are_set_and_removed(console: Console) -> None:
    """What is no time comes back beside its field; hours stand on the page until removed."""
    given = {"zone": "Europe/Berlin", "ends": "07:00", "weekends": "yes", "holds": "look"}
    assert console.post("/mine/hours", console.ada, **given, starts="late").status == 422
    assert console.post("/mine/hours", console.ada, **given, starts="22:00").status == 303
    assert b"22:00 to 07:00 in Europe/Berlin" in console.get("/mine", console.ada).body
    undo = console.post("/mine/hours/clear", console.ada).headers["location"]
    again = console.get(undo.removeprefix("/console/notices"), console.ada).body
    assert b"Put them back" in again
    assert b'value="22:00"' in again
    assert b"reaches you at all hours" in console.get("/mine", console.ada).body
