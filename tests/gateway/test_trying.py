"""A first call without any account, on an installation that somebody has set up."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import access, gateway
from muniment.core.errors import ConflictError
from muniment.server.app import make_app
from tests.gateway.calling import HERE, Gate
from tests.server.asking import house_in
from tests.web.browser.serving import serving

HELLO = {"model": "echo", "messages": [{"role": "user", "content": "Hello, anna@example.org"}]}


def test_a_first_call_is_answered_and_on_record(tmp_path: Path) -> None:
    """Before somebody is there it says what to do; then each trial gives a key that works."""
    with house_in(tmp_path / "data", **{"jobs.inside": False}) as house:
        house.log.begin()
        with pytest.raises(ConflictError, match="Open the link"):
            gateway.begin_trial(house.database)
        with house.database.work(HERE) as work:
            access.found(work, "Ada", "ada@example.org")
        first, second = (gateway.begin_trial(house.database) for _ in range(2))
        assert first.key != second.key
        assert first.key not in repr(first)
        with serving(make_app(house), lifespan="on") as origin:
            for trial in (first, second):
                gate = Gate(house, None, origin, trial.key, trial.system)  # type: ignore[arg-type]
                told = gate.post("/v1/chat/completions", HELLO)
                assert told.json["choices"][0]["message"]["content"] == "Hello, anna@example.org"
        entries = gate.entries("exchanges.intended")
        assert [each.body["environment"] for each in entries] == ["development"] * 2
