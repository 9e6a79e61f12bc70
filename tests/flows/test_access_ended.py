"""What is ended in one process opens nothing in another, over one PostgreSQL."""

from __future__ import annotations

import json
import logging
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from muniment.access import PersonId, suspend
from muniment.main import build_house
from muniment.settings import load
from tests.postgres import fresh_database
from tests.server.people import MACHINE, Somebody, found_admin, key_of, person_with
from tests.server.running import _UNLOCK, command, started

_log = logging.getLogger(__name__)
PATIENCE_SECONDS = 20
ME = "/api/v1/access/me"


def asked(address: str, who: Somebody, path: str = ME, *, post: bool = False) -> tuple[int, Any]:
    """Ask a server as somebody; give the status and what it said."""
    headers = {**who.headers, "if-match": '"1"'}
    method = "POST" if post else "GET"
    request = urllib.request.Request(address + path, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def seconds_until_refused(address: str, who: Somebody) -> float:
    """Ask again and again until somebody is nobody there; give how long that was."""
    began = time.monotonic()
    while asked(address, who)[0] != 401:
        assert time.monotonic() - began < PATIENCE_SECONDS, "it still opens"
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.mark.slow
@pytest.mark.requirement("ACC-21")
def test_what_ends_in_one_process_ends_in_the_other(tmp_path: Path, postgres_url: str) -> None:
    """A key revoked at one server, and a person suspended at the command line, are nobody at both.

    How long it took is logged and not judged here: the machine that runs the tests may be busy.
    """
    with fresh_database(postgres_url) as url, ExitStack() as stack:
        where = {"MUNIMENT_DATABASE_URL": url, "MUNIMENT_DATA_DIR": str(tmp_path / "data")}
        assert command("migrate", environment=where).returncode == 0
        given = {"data.dir": tmp_path / "data", "database.url": url, "unlock.folder": _UNLOCK}
        house = build_house(load(environment={}, overrides=given), role="cli", create=True)
        stack.callback(house.close)
        ada = found_admin(house)
        key, pat = key_of(house, ada), person_with(house, "builder")
        pats_key = key_of(house, pat)
        serving = ("serve", "--port", "0")
        one, other = (
            stack.enter_context(started(*serving, environment=where)).address for _ in "12"
        )
        for each in (one, other):
            assert [asked(each, who)[0] for who in (ada, key, pat, pats_key)] == [200] * 4

        shown = asked(one, key)[1]["credential"]
        assert asked(one, ada, f"/api/v1/access/keys/{shown}/revoke", post=True)[0] == 200
        took = {"key": seconds_until_refused(other, key)}
        with house.database.work(MACHINE) as work:
            suspend(work, PersonId(pat.id))
        for address, name in ((one, "one"), (other, "other")):
            took[f"session at {name}"] = seconds_until_refused(address, pat)
            took[f"key of who is suspended at {name}"] = seconds_until_refused(address, pats_key)
        _log.info("seconds until refused: %s", took)
