"""The ledger as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.core.actor import system_actor
from muniment.ledger import record
from muniment.ledger.kinds import Heartbeat
from muniment.server import House
from muniment.server.app import make_app
from muniment.verify import Trust, leaf_hash, parse_vkey, verify_proof
from tests.server.asking import Known, ask, house_in

ACTOR = system_actor("tester")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with thirty sealed entries."""
    folder: Path = tmp_path_factory.mktemp("api")
    with house_in(folder / "data") as opened:
        opened.log.begin()
        for number in range(29):
            with opened.database.work(ACTOR) as work:
                record(work, Heartbeat(f"producer-{number % 3}", 60 + number))
        opened.log.seal()
        yield opened


@pytest.fixture(scope="module")
def app(house: House) -> Known:
    """The application over that installation, asked by somebody it knows."""
    return Known(house)


def test_tells_how_the_log_stands(app: Known, house: House) -> None:
    """Whoever wants to verify learns the size, the origin and the key to keep elsewhere."""
    told = ask(app, "/api/v1/ledger/status").json
    assert (told["size"], told["waiting"], told["broken"]) == (30, 0, "")
    assert told["vkey"] == house.log.vkeys()[0]
    assert parse_vkey(told["vkey"]).name == told["origin"]


def test_pages_lead_through_everything_once(app: Known) -> None:
    """Following the cursor shows every entry once, newest first."""
    seen: list[int] = []
    cursor = ""
    while True:
        page = ask(app, f"/api/v1/ledger?limit=7{cursor}").json
        seen += [row["index"] for row in page["rows"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == list(range(29, -1, -1))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=ledger.began", 1),
        ("kind=ledger.*", 30),
        ("kind=nothing.like_it", 0),
        ("actor=tester", 29),
        ("actor=system:tester", 29),
        ("actor=person:tester", 0),
        ("text=producer-1", 10),
        ("from_index=10&to_index=12", 3),
        ("since=2000-01-01T00:00:00Z", 30),
        ("until=2000-01-01T00:00:00Z", 0),
    ],
)
def test_looks_for_what_is_asked(app: Known, query: str, count: int) -> None:
    """Entries are found by kind, room, actor, words, place and time."""
    assert len(ask(app, f"/api/v1/ledger?{query}").json["rows"]) == count


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=many",
        "cursor=nonsense",
        "since=yesterday",
        "from_index=-1",
        "colour=green",
        "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
        "kind=" + "x" * 101,
    ],
)
def test_refuses_what_makes_no_sense(app: Known, query: str) -> None:
    """A bad question is 422 in the one error shape, with the field and the remedy."""
    answer = ask(app, f"/api/v1/ledger?{query}")
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["code"] == "invalid"
    assert answer.json["remedy"]


def test_shows_an_entry_with_the_hash_of_its_bytes(app: Known, house: House) -> None:
    """An entry comes as it stands in the log, and its leaf is the hash of just those bytes."""
    told = ask(app, "/api/v1/ledger/3").json
    (entry,) = house.log.read_after(3, 1)
    assert told["entry"] == dict(entry.value)
    assert told["leaf"] == leaf_hash(entry.data).hex()


def test_gives_proofs_that_hold_elsewhere(app: Known, house: House) -> None:
    """The proof of every entry verifies with nothing but the entry and the key."""
    trust = Trust(keys=(parse_vkey(house.log.vkeys()[0]),))
    for entry in house.log.read_after(0, 30):
        proof = ask(app, f"/api/v1/ledger/{entry.index}/proof").body
        assert verify_proof(proof, trust, entry=entry.data).answer == "met"


@pytest.mark.parametrize(
    ("path", "status"), [("30", 404), ("-1", 404), ("x", 422), ("9" * 30, 404)]
)
def test_says_what_there_is_instead(app: Known, path: str, status: int) -> None:
    """An entry past the end is not found, and a word is not a number."""
    for rest in ("", "/proof"):
        assert ask(app, f"/api/v1/ledger/{path}{rest}").status == status


def test_records_are_for_callers_we_know(house: House) -> None:
    """Nobody is shown a record for being near, or for saying that they are."""
    app = make_app(house)
    for path in ("/api/v1/ledger", "/api/v1/ledger/status", "/api/v1/ledger/3"):
        assert ask(app, path).status == 401
        assert ask(app, path, headers={"x-forwarded-for": "127.0.0.1"}).status == 401
    assert ask(app, "/api/v1/about").status == 200
