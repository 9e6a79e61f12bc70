"""The JSON door."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.routing import Mount

from muniment import __version__
from muniment.api import make_api
from tests.server.asking import app_of, ask, house_in


def test_says_what_answers() -> None:
    """A program learns which product and version it talks to."""
    assert isinstance(make_api("1.2.3"), FastAPI)
    assert make_api("1.2.3").version == "1.2.3"


def test_is_reached_under_its_prefix(tmp_path: Path) -> None:
    """The API answers under /api/v1, and describes itself with the addresses that work."""

    with house_in(tmp_path / "data") as house:
        app = app_of(house)
        assert any(isinstance(each, Mount) and each.path == "/api" for each in app.routes)
        about = ask(app, "/api/v1/about")
        assert about.json == {"product": "muniment", "version": __version__}
        described = ask(app, "/api/openapi.json").json
    assert described["servers"] == [{"url": "/api"}]
    assert "/v1/about" in described["paths"]


def test_shows_no_page_of_a_third_party() -> None:
    """There is no documentation page that would load somebody else's script."""
    paths = {getattr(each, "path", "") for each in make_api("1").routes}
    assert not paths & {"/docs", "/redoc"}
