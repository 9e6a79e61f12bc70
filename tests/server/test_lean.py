"""A process that carries calls of models loads the doors when somebody comes to one."""

from __future__ import annotations

import asyncio
import json

from muniment import __version__
from muniment.server import House
from muniment.server.lean import Lean
from tests.gateway.calling import ECHO, set_up
from tests.server.asking import ask


def test_calls_and_probes_need_no_doors(house: House) -> None:
    """Both are answered, strange hosts are refused, and nothing was loaded for it."""
    _, key = set_up(house, ECHO)
    app = Lean(house)
    asked = {"model": "echo", "messages": [{"role": "user", "content": "hello"}]}
    raw = json.dumps(asked).encode()
    headers = {"authorization": f"Bearer {key}", "content-length": str(len(raw))}
    told = ask(app, "/v1/chat/completions", method="POST", headers=headers, chunks=[raw])
    asyncio.run(app.shared.gateway.close())
    assert told.json["choices"][0]["message"]["content"] == "hello"
    health = ask(app, "/health")
    assert health.json == {"status": "ok", "version": __version__}
    assert health.headers["x-frame-options"] == "DENY"
    assert ask(app, "/health", headers={"host": "evil.example"}).status == 421
    assert not app.has_doors


def test_the_doors_are_loaded_once_when_one_is_opened(house: House) -> None:
    """API and console answer as they do elsewhere; an unknown path is still unknown."""
    app = Lean(house)
    assert ask(app, "/api/openapi.json").status == 200
    assert app.has_doors
    assert ask(app, "/", headers={"accept": "text/html"}).status == 307
    assert ask(app, "/nothing").status == 404
