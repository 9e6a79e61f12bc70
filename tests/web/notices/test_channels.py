"""The pages of channels."""

from __future__ import annotations

import re

from tests.web.notices.asking import Console


def test_a_channel_is_made_and_its_secret_shown_once(console: Console) -> None:
    """What is wrong stands beside its field; the secret stands on one page."""
    given = {"name": "Room", "via": "webhook", "sort": "shared", "least": "info"}
    wrong = console.post("/channels/new", **given, target="http://x.example.org/")
    assert wrong.status == 403
    assert b"not an https address" in wrong.body
    made = console.post("/channels/new", **given, target="https://x.example.org/y")
    assert b"whsec_" in made.body
    here = re.search(rb"/channels/chn_\w+", made.body)
    assert here is not None
    shown = console.get(here[0].decode())
    assert b"whsec_" not in shown.body
    assert b"x.example.org" not in shown.body


def test_a_channel_is_changed_and_turned_once(console: Console) -> None:
    """A form made from an older version is refused; a new secret is shown once."""
    here = f"/channels/{console.channel.id}"
    given = {"name": "Hook 2", "target": "", "least": "look", "state": "on"}
    assert console.post(f"{here}/change", **given, version="1").status == 303
    assert console.post(f"{here}/change", **given, version="1").status == 409
    assert console.post(f"{here}/change", **given, version="x").status == 422
    assert b"whsec_" in console.post(f"{here}/secret", version="2").body
    assert console.get(f"{here}/change", console.ada).status == 403


def test_a_role_is_added_and_ended(console: Console) -> None:
    """It stands on the channel's page with a way to end it."""
    here = f"/channels/{console.channel.id}"
    assert console.post(f"{here}/roles", role="", least="info").status == 422
    assert console.post(f"{here}/roles", role="security", least="info").status == 303
    found = re.search(rb"/channels/roles/(sub_\w+)/end", console.get(here).body)
    assert found is not None
    end = f"/channels/roles/{found[1].decode()}/end"
    assert console.get(end).status == 200
    assert console.post(end).status == 303
    assert console.post(end).status == 404
