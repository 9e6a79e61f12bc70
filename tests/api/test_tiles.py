"""The log itself over HTTP, as a verifier fetches it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.server import House
from muniment.verify import leaf_hash, open_checkpoint, parse_bundle
from tests.server.asking import Known, app_of, ask, house_in
from tests.verify.log_maker import root_of

ACTOR = system_actor("tester")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with 300 sealed entries: one full tile and a partial one."""
    folder: Path = tmp_path_factory.mktemp("tiles")
    with house_in(folder / "data") as opened:
        opened.log.begin()
        with opened.database.work(ACTOR) as work:
            for number in range(299):
                record(work, Heartbeat(f"producer-{number}", 60))
        opened.log.seal()
        yield opened


@pytest.fixture(scope="module")
def app(house: House) -> Known:
    """The application over that installation, asked by somebody it knows."""
    return Known(house)


def test_the_tiles_lead_to_the_signed_root(app: Known) -> None:
    """Bundles fetched by their C2SP paths hash to the root of the fetched checkpoint."""
    answer = ask(app, "/log/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    _, head = open_checkpoint(answer.body)
    entries = parse_bundle(ask(app, "/log/tile/entries/000").body)
    entries += parse_bundle(ask(app, "/log/tile/entries/001.p/44").body)
    assert head.size == len(entries) == 300
    assert root_of([leaf_hash(entry) for entry in entries]) == head.root
    assert ask(app, "/log/tile/0/000").body == b"".join(leaf_hash(e) for e in entries[:256])


def test_a_tile_never_changes_and_may_be_kept(app: Known) -> None:
    """Tiles are plain bytes that a cache may keep for ever; the head is asked for each time."""
    tile = ask(app, "/log/tile/0/001.p/44")
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert ask(app, "/log/checkpoint").headers["cache-control"] == "no-cache"


def test_a_part_of_a_full_tile_is_still_given(app: Known) -> None:
    """A verifier of an older head finds the partial tile of then, cut from the full one of now."""
    assert len(ask(app, "/log/tile/0/000.p/17").body) == 17 * 32
    assert len(parse_bundle(ask(app, "/log/tile/entries/000.p/17").body)) == 17


@pytest.mark.parametrize(
    "path",
    [
        "0/002",
        "0/001.p/45",
        "0/001",
        "1/000",
        "1/000.p/2",
        "64/000",
        "0/1",
        "0/000.p/0",
        "0/000.p/256",
        "entries/../../muniment.db",
        "entries/000.p/044",
        "x/000",
        "0/x001",
        "",
    ],
)
def test_nothing_else_is_given(app: Known, path: str) -> None:
    """What lies past the head, is not canonical or leaves the log is not found."""
    assert ask(app, f"/log/tile/{path}").status == 404


def test_an_empty_log_has_no_checkpoint(tmp_path: Path) -> None:
    """Before the first head there is nothing to give, and the answer says so."""
    with house_in(tmp_path / "data") as house:
        assert ask(Known(house), "/log/checkpoint").status == 404


def test_others_see_the_log_only_if_it_is_published(house: House, tmp_path: Path) -> None:
    """The log's files are for who may read the ledger, unless ledger.publish opens them to all."""
    for path in ("/log/checkpoint", "/log/tile/0/000"):
        assert ask(app_of(house), path).status == 401
    with house_in(tmp_path / "data", **{"ledger.publish": True}) as open_to_all:
        open_to_all.log.begin()
        open_to_all.log.seal()
        answer = ask(app_of(open_to_all), "/log/tile/0/000.p/1")
        assert answer.status == 200
        assert "public" in answer.headers["cache-control"]
        assert ask(app_of(open_to_all), "/log/checkpoint").status == 200


def test_what_some_may_see_is_kept_by_nobody_else(app: Known) -> None:
    """A log that is not published may be kept by the reader, not by caches in between."""
    assert "private" in ask(app, "/log/tile/0/000").headers["cache-control"]
