"""The settings in force, as a page."""

from __future__ import annotations

from pathlib import Path

from muniment.settings import load
from muniment.web.settings import lines, narrowed
from tests.server.asking import app_of, ask, house_in
from tests.server.office import words
from tests.server.people import found_admin, person_with

TOKEN = "a-very-secret-token"


def test_what_was_chosen_is_told_with_its_source_and_secrets_never(tmp_path: Path) -> None:
    """The page says value and whence; a secret only that it is set; builders see none of it."""
    given: dict[str, object] = {"telemetry.metrics_token": TOKEN, "jobs.inside": False}
    with house_in(tmp_path / "data", **given) as house:
        app, ada, pat = app_of(house), found_admin(house), person_with(house, "builder")
        page = ask(app, "/console/settings", headers={"accept": "text/html", **ada.headers})
        assert TOKEN not in page.body.decode()
        assert "set, and hidden" in words(page)
        few = ask(
            app,
            "/console/settings?q=INSIDE&changed=yes",
            headers={"accept": "text/html", **ada.headers},
        )
        assert "jobs.inside" in words(few)
        assert "1 of" in words(few)
        none = ask(app, "/console/settings?q=zz", headers={"accept": "text/html", **ada.headers})
        assert "No setting fits" in words(none)
        assert ask(app, "/console/settings", headers=pat.headers).status == 403


def test_what_signs_in_within_an_address_is_hidden() -> None:
    """A proxy's password is no more shown than any other."""
    proxy = "http://ada:hunter2@proxy.example.org:3128"
    loaded = load(environment={}, overrides={"network.proxy_url": proxy})
    (line,) = narrowed(lines(loaded), "proxy_url", changed=True)
    assert line.value == "http://********@proxy.example.org:3128"
    assert (line.source, line.changed) == ("command line", True)
