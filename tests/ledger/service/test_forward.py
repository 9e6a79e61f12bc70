"""Those who follow the log are told what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from muniment.core.actor import system_actor
from muniment.core.errors import CorruptError
from muniment.db import Database
from muniment.ledger import Log, told
from muniment.ledger.rules import format_bundle
from muniment.ledger.service.forward import Outlined, outline_of
from muniment.settings import Settings
from muniment.testing.ledger import opened_log, write_records
from muniment.verify import parse_bundle, tile_path

ACTOR = system_actor("test")
BYTES = {"ledger.heartbeat": bytes}


@pytest.fixture
def log(database: Database, settings: Settings) -> Iterator[Log]:
    """A log with a full bundle and some more."""
    with opened_log(database, settings) as opened:
        write_records(database, 300)
        opened.seal()
        yield opened


def test_followers_are_told_what_the_log_says(log: Log) -> None:
    """Wherever they stand and however many they ask for, it is what an exact reading gives."""
    for first, limit in ((0, 1_000), (0, 128), (128, 128), (250, 20), (300, 5), (301, 5)):
        told, exact = log.follow(first, limit), log.read_after(first, limit)
        assert [each.index for each in told] == [each.index for each in exact]
        for one, other in zip(told, exact, strict=True):
            assert (one.kind, one.id, one.at) == (other.kind, other.id, other.at)
            assert (one.actor, one.subject) == (other.actor, other.subject)
            assert (one.body, one.data) == (other.body, other.data)
            assert dict(one.value) == other.value
            assert len(one.value) == len(other.value)


def test_a_full_bundle_is_kept_as_it_was_cut_until_it_shall_be_forgotten(log: Log) -> None:
    """A bundle that is full never changes, so it is not read again; one that is not full is."""
    before = log.follow(0, 256)
    (log.tiles.root / tile_path("entries", 0)).unlink()
    assert [each.data for each in log.follow(0, 256)] == [each.data for each in before]
    log.forward.forget()
    with pytest.raises(CorruptError, match="missing"):
        log.follow(0, 256)


def test_facts_that_do_not_stand_as_they_must_are_not_told(log: Log) -> None:
    """The kind can be read of an entry that is not canonical; its facts are refused, with why."""
    data = log.read_after(7, 1)[0].data
    spaced = data.replace(b'"body":{', b'"body": {', 1)
    odd = Outlined(7, (spaced, outline_of(spaced)))
    assert odd["kind"] == log.read_after(7, 1)[0].kind
    with pytest.raises(CorruptError, match="entry 7 of the log"):
        _ = odd["body"]
    with pytest.raises(KeyError):
        _ = Outlined(7, (data, outline_of(data)))["changed"]
    with pytest.raises(CorruptError, match="entry 9 of the log"):
        Outlined(9, (b"{}", outline_of(b"{}")))


def test_what_was_sealed_here_is_told_without_its_tiles_until_it_was_followed(log: Log) -> None:
    """Held or read, followers are told the same; who came to the end lets go of what is held."""
    exact, names = log.read_after(0, 1_000), (tile_path("entries", 0), tile_path("entries", 1, 45))
    assert log.size() == len(exact) == 301
    away = [
        (log.tiles.root / name).rename(log.tiles.root / f"away{at}")
        for at, name in enumerate(names)
    ]
    held = log.follow(0, 1_000)
    assert [(each.index, each.kind, each.data) for each in held] == [
        (each.index, each.kind, each.data) for each in exact
    ]
    assert told(held, BYTES) == [
        (each.index, each.kind, each.data) for each in exact if each.kind in BYTES
    ]
    assert log.follow(301, 256) == ()
    with pytest.raises(CorruptError, match="missing"):
        log.follow(0, 1)
    for name, path in zip(names, away, strict=True):
        path.rename(log.tiles.root / name)
    read = log.follow(0, 1_000)
    assert [dict(each.value) for each in read] == [dict(each.value) for each in held]


def test_what_follows_a_bundle_that_is_held_in_part_is_told(log: Log, database: Database) -> None:
    """A log that grows by a few entries at a time is told as it stands, wherever one reads."""
    for count in (1, 30, 200, 300):
        write_records(database, count)
        log.seal()
        for first in (0, log.size() - count - 1, log.size() - 5):
            read = log.follow(first, 1_000)
            assert [each.data for each in read] == [
                each.data for each in log.read_after(first, 1_000)
            ]
        if count == 30:
            assert log.follow(log.size(), 1) == ()


def test_who_is_told_a_part_of_what_was_read_from_a_tile_has_the_whole_looked_at(log: Log) -> None:
    """An entry that was damaged on disk is refused with its name, whatever part is asked for."""
    log.follow(log.size(), 1)
    path = log.tiles.root / tile_path("entries", 0)
    some = parse_bundle(path.read_bytes())
    some[7] = some[7].replace(b'"body":{', b'"body": {', 1)
    path.write_bytes(format_bundle(some))
    (sound,) = log.follow(6, 1)
    assert told(log.follow(6, 1), BYTES) == [(6, sound.kind, sound.data)]
    assert log.follow(7, 1)[0].kind == sound.kind
    with pytest.raises(CorruptError, match="entry 7 of the log"):
        told(log.follow(7, 1), BYTES)
