"""`muniment access first-link`, `reset`, `sessions`, `end-sessions`: as commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muniment.cli.access.letting_in import base_of
from muniment.server import House
from tests.server.asking import house_in
from tests.server.running import command


def test_the_consoles_address(tmp_path: Path) -> None:
    """A link leads where people reach the console, and to a name that passkeys can belong to."""
    for settings, base in (
        ({}, "http://localhost:8484"),
        ({"server.public_url": "https://m.example/"}, "https://m.example"),
    ):
        with house_in(tmp_path / base[-8:] / "data", **settings) as house:
            assert isinstance(house, House)
            assert base_of(house) == base
            assert base_of(house, "https://other.example/") == "https://other.example"


@pytest.mark.slow
def test_links_and_sessions(tmp_path: Path) -> None:
    """A link is printed alone on a line; unknown people are said in words."""
    data = ("--data", str(tmp_path / "data"))
    assert command("migrate", *data).returncode == 0
    made = command("access", "first-link", *data)
    assert re.fullmatch(r"http://localhost:8484/console/set-up/[\w-]{43}\n", made.stdout)
    assert "works once, until" in made.stderr
    assert command("access", "reset", "nobody@example.org", *data).returncode == 4
    assert command("access", "reset", "per_nobody", *data).returncode == 4
    assert command("access", "sessions", "--json", *data).stdout.strip() == "[]"
    assert "Signed in now" in command("access", "sessions", *data).stdout
    ended = command("access", "end-sessions", "per_nobody", "--reason", "test", *data)
    assert ended.returncode == 4
