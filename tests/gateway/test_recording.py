"""How calls end on record: once each, with what was seen, kept and decided, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from muniment import policy
from muniment.gateway import Gateway
from muniment.gateway.exchange import Call, Received, Stop
from muniment.gateway.pipeline import run
from muniment.server import House
from muniment.server.corridor import make_gateway
from tests.gateway.calling import ECHO, HERE, MASKING_RULES, set_up
from tests.postgres import fresh_database
from tests.server.asking import house_in

KEEPING = {"guardrail/content": {"rules": ["kept"], "content": {"keep": True}}}
TOLD = '{"role": "system", "content": "Be kind."}'
BODY = f"""{{"model": "echo", "user": "anna",
  "messages": [{TOLD}, {{"role": "user", "content": "Hi, anna@example.org"}}]}}"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that was migrated once, as a copy; SQLite's lies in the folder of its house."""
    if request.param == "sqlite":
        yield ""
        return
    server, template = map(request.getfixturevalue, ("postgres_url", "postgres_template"))
    with fresh_database(server, template) as made:
        yield made


@pytest.fixture
def served(url: str, tmp_path: Path) -> Iterator[tuple[House, str]]:
    """A house, once on each database, whose system keeps what is said; and a key."""
    given = {"database.url": url} if url else {}
    with house_in(tmp_path / "house", **{"jobs.inside": False, **given}) as house:
        _, key = set_up(house, {**ECHO, **KEEPING}, MASKING_RULES)
        yield house, key


def walk(house: House, key: str, count: int = 1) -> list[Call | Stop]:
    """Let calls walk through the corridor, at the same time."""

    async def all_of_them(gateway: Gateway) -> list[Call | Stop]:
        headers = {"authorization": f"Bearer {key}"}
        means, asked = gateway.means, BODY.encode()
        began = means.database.clock.monotonic()
        calls = [
            run(
                Call(Received(means.ids.new("exc"), "chat", headers, "", asked, began=began)), means
            )
            for _ in range(count)
        ]
        try:
            return await asyncio.gather(*calls)
        finally:
            await gateway.close()

    return asyncio.run(all_of_them(make_gateway(house)))


def entries(house: House, kind: str) -> list[Mapping[str, Any]]:
    """Give the entries of a kind, whole."""
    house.log.seal()
    return [each.value for each in house.log.read_after(0, 2_000) if each.kind == kind]


def test_each_call_has_one_intent_and_one_end(served: tuple[House, str]) -> None:
    """Calls at the same time are each on record once, and name decisions that are kept."""
    house, key = served
    ended = walk(house, key, 6)
    assert all(isinstance(each, Call) for each in ended)
    begun = entries(house, "exchanges.intended")
    done = entries(house, "exchanges.concluded")
    assert len({each["body"]["exchange"] for each in begun}) == len(begun) == 6
    assert {each["body"]["exchange"] for each in done} == {
        each["body"]["exchange"] for each in begun
    }
    with house.database.look(HERE) as work:
        for each in (*begun, *done):
            replay = policy.replay(work, each["body"]["decision"])
            assert replay.verdict == "met"


def test_what_is_kept_lies_in_the_vault(served: tuple[House, str]) -> None:
    """Entries refer to what was asked and answered, and hold none of it; subjects are random."""
    house, key = served
    walk(house, key)
    begun, done = entries(house, "exchanges.intended")[0], entries(house, "exchanges.concluded")[0]
    assert len(begun["content"]) == len(done["content"]) == 1
    assert begun["body"]["subject"].startswith("sub_")
    for each in (begun, done):
        assert "anna" not in str(each)
        assert "Be kind" not in str(each)


def test_what_was_seen_is_told_once(served: tuple[House, str]) -> None:
    """The model with what its provider calls it, and the prompt by its digest; not every time."""
    house, key = served
    walk(house, key, 3)
    walk(house, key)
    seen = [each["body"] for each in entries(house, "exchanges.seen")]
    told = {(each["sort"], each["name"], each["reported"]) for each in seen}
    assert ("model", "echo-1", "echo-1") in told
    assert any(sort == "prompt" for sort, _, _ in told)
    assert len(seen) == 2 * 2, "the model and the prompt, once for each of two processes"


def test_who_is_unknown_has_no_record_of_their_own(served: tuple[House, str]) -> None:
    """A flood of wrong keys fills no log; it is counted by its source."""
    house, key = served
    stopped = walk(house, key[:-1] + ("0" if key[-1] != "0" else "1"), 5)
    assert [each.status for each in stopped if isinstance(each, Stop)] == [401] * 5
    assert entries(house, "exchanges.refused") == []
