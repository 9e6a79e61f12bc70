"""Rows changed outside the product are named, with the entry that last spoke of them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import delete, insert, update

from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp
from muniment.core.errors import UnavailableError
from muniment.db import Database
from muniment.ledger import Log, Standing, kind_of, reconcile, record, rotate_key
from muniment.ledger.kinds import KeyLost
from muniment.ledger.store.tables import keys_table
from muniment.settings import Settings
from muniment.testing.ledger import audit, opened_log, sealed_entries, write_records
from muniment.verify import make_key
from tests.db.orchard import ORCHARD, note, trees

ACTOR = system_actor("test")
STAMP = "2026-03-01T12:00:00.000000Z"
STAMPED = parse_stamp(STAMP)


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log that has begun."""
    with opened_log(database, settings) as opened:
        opened.seal()
        yield opened


def outside(settings: Settings, statement: str) -> None:
    """Change the database as somebody does who has its password."""
    url = settings.database.url.reveal()
    if url:
        plain = url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(plain, autocommit=True) as server:
            server.execute(statement.encode())
        return
    with closing(sqlite3.connect(settings.data.dir / "muniment.db")) as connection, connection:
        connection.execute(statement)


def change(database: Database, *statements: object, rows: object = None) -> None:
    """Change the recorded table through the product."""
    with database.work(ACTOR) as work:
        for statement in statements:
            work.write(statement, rows)  # type: ignore[arg-type]  # each is one
        record(work, KeyLost((), "", 0, "", "test"))


def vkey(name: str) -> str:
    return make_key(name, bytes(32)).vkey


def key_row(number: int) -> dict[str, object]:
    return {"vkey": vkey(f"k{number}"), "key_id": f"id{number}", "state": "retired", "since": STAMP}


def add(database: Database, *numbers: int) -> None:
    rows = [key_row(number) | {"since": database.clock.now()} for number in numbers]
    change(database, insert(keys_table), rows=rows)


def test_nothing_differs_in_a_sound_installation(log: Log, database: Database) -> None:
    """What the product itself changes is never reported, sealed or not."""
    assert reconcile(log, ACTOR).differences == ()
    rotate_key(log, ACTOR)
    assert reconcile(log, ACTOR).differences == ()
    log.seal()
    audit(log)
    found = reconcile(log, ACTOR)
    assert (found.rows, found.differences) == (2, ())
    log.seal()
    audit(log)
    last = list(sealed_entries(log.tiles.root, log.size()))[-1]
    assert last["kind"] == "ledger.reconciled"


def test_what_this_process_does_not_know_is_not_judged(log: Log, database: Database) -> None:
    """A table that nothing here declares is told; its rows are not said to be removed."""
    with database.machine() as connection:
        ORCHARD.create_all(connection)
    tree = {"id": "t9", "name": "yew", "height": 2, "planted_at": STAMPED, "bark": b""}
    with database.work(ACTOR) as work:
        work.write(insert(trees).values(tree))
        note(work, ("test_trees",))
    with pytest.raises(UnavailableError, match="test_trees"):
        reconcile(log, ACTOR)


@pytest.mark.requirement("LOG-13")
def test_each_change_from_outside_is_named(
    log: Log, database: Database, settings: Settings
) -> None:
    """An edited, a removed and an added row are named exactly, with their last entry."""
    add(database, 1, 2)
    add(database, 3)
    log.seal()
    audit(log)
    outside(settings, f"UPDATE ledger_keys SET state = 'lost' WHERE vkey = '{vkey('k1')}'")
    outside(settings, f"DELETE FROM ledger_keys WHERE vkey = '{vkey('k3')}'")
    outside(
        settings, f"INSERT INTO ledger_keys VALUES ('{vkey('planted')}', 'x', 'retired', '{STAMP}')"
    )
    found = {str(each): each for each in reconcile(log, ACTOR).differences}
    assert set(found) == {
        f"ledger_keys {vkey('k1')} was edited outside the product, last recorded in entry 1",
        f"ledger_keys {vkey('k3')} was removed outside the product, last recorded in entry 2",
        f"ledger_keys {vkey('planted')} was added outside the product",
    }
    log.seal()
    audit(log)
    body = list(sealed_entries(log.tiles.root, log.size()))[-1]["body"]
    assert isinstance(body, dict)
    assert (body["edited"], body["differences"]) == ([f"ledger_keys {vkey('k1')}"], 3)


def test_a_row_put_back_after_its_removal_is_named(
    log: Log, database: Database, settings: Settings
) -> None:
    """A row the product removed and somebody put back is added, with the entry of its removal."""
    add(database, 1)
    change(database, delete(keys_table).where(keys_table.c.vkey == vkey("k1")))
    log.seal()
    audit(log)
    assert reconcile(log, ACTOR).differences == ()
    outside(
        settings, f"INSERT INTO ledger_keys VALUES ('{vkey('k1')}', 'id1', 'retired', '{STAMP}')"
    )
    (found,) = reconcile(log, ACTOR).differences
    assert (found.key, found.standing, found.entry) == (vkey("k1"), Standing.ADDED, 2)


def test_an_unsealed_change_is_known_too(log: Log, database: Database, settings: Settings) -> None:
    """A row whose record still waits is compared with that record; it has no entry yet."""
    add(database, 1)
    outside(settings, f"UPDATE ledger_keys SET key_id = 'other' WHERE vkey = '{vkey('k1')}'")
    (found,) = reconcile(log, ACTOR).differences
    assert (found.key, found.standing, found.entry) == (vkey("k1"), Standing.EDITED, None)
    outside(settings, f"UPDATE ledger_keys SET key_id = 'id1' WHERE vkey = '{vkey('k1')}'")
    assert reconcile(log, ACTOR).differences == ()


def test_five_hundred_mixed_changes_raise_no_false_alarm(log: Log, database: Database) -> None:
    """Whatever the product does to its rows, in any mix of sealed and unsealed, agrees."""
    chance = random.Random(500)
    alive: set[int] = set()
    for turn in range(500):
        act = chance.choice(("add", "edit", "edit", "remove"))
        number = chance.randrange(60)
        if number not in alive:
            add(database, number)
            alive.add(number)
        elif act == "remove":
            change(database, delete(keys_table).where(keys_table.c.vkey == vkey(f"k{number}")))
            alive.remove(number)
        else:
            state = chance.choice(("retired", "lost"))
            where = keys_table.c.vkey == vkey(f"k{number}")
            change(database, update(keys_table).where(where).values(state=state))
        if turn % 90 == 50:
            log.seal()
            log.prune()
            assert reconcile(log, ACTOR).differences == ()
    found = reconcile(log, ACTOR)
    assert (found.rows, found.differences) == (1 + len(alive), ())
    log.seal()
    audit(log)
    assert reconcile(log, ACTOR).differences == ()


def test_a_planted_key_is_named_and_stops_nothing(
    log: Log, database: Database, settings: Settings
) -> None:
    """A row that is no key at all is named, and sealing goes on with the key that signed."""
    outside(settings, f"INSERT INTO ledger_keys VALUES ('no key', 'x', 'retired', '{STAMP}')")
    receipts = write_records(database, 2)
    log.seal()
    (found,) = reconcile(log, ACTOR).differences
    assert (found.key, found.standing) == ("no key", Standing.ADDED)
    log.seal()
    outside(settings, "DELETE FROM ledger_keys WHERE vkey = 'no key'")
    audit(log, receipts)


def test_a_change_of_very_many_rows(log: Log, database: Database, settings: Settings) -> None:
    """A change that needs many continuing records, with long keys, is compared row by row."""
    rows = [
        key_row(number) | {"vkey": vkey(f"{number:0330}"), "since": database.clock.now()}
        for number in range(1_000)
    ]
    change(database, insert(keys_table), rows=rows)
    log.seal()
    audit(log)
    kinds = [one["kind"] for one in sealed_entries(log.tiles.root, log.size())]
    assert kinds.count("ledger.rows_changed") >= 3
    assert reconcile(log, ACTOR).differences == ()
    outside(settings, "UPDATE ledger_keys SET state = 'lost' WHERE state = 'retired'")
    found = reconcile(log, ACTOR)
    assert len(found.differences) == 1_000
    assert {each.standing for each in found.differences} == {Standing.EDITED}
    log.seal()
    audit(log)


def test_more_placed_batches_than_are_read_at_once(
    log: Log, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has its place but is not sealed yet is known however many batches it is."""
    from muniment.ledger import store  # noqa: PLC0415 only this test turns its screw

    monkeypatch.setattr(store.placing, "_MAX_BATCHES_AT_ONCE", 3)
    for number in range(8):
        add(database, number)
    log._lead()
    for _ in range(3):
        with log._as_sequencer() as work:
            store.assign(work, log._epoch, "sequencer")
    assert reconcile(log, ACTOR).differences == ()
    log.seal()
    audit(log)
    assert kind_of(KeyLost((), "", 0, "", "")).covers == {"ledger_keys"}
    write_records(database, 1)
