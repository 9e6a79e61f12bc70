"""What machines ask a process."""

from __future__ import annotations

from muniment import __version__
from muniment.server import House
from muniment.server.start import build_digest
from tests.server.asking import app_of, ask


def test_says_its_version(house: House) -> None:
    """The running version and the exact build are told."""
    answer = ask(app_of(house), "/version")
    assert answer.json == {"version": __version__, "build": build_digest()}
    assert ask(app_of(house), "/health").json == {"status": "ok", "version": __version__}
