"""What is sealed can be read by its own row only; plug-ins come by the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from muniment.core.errors import CorruptError, ForbiddenError, InvalidError
from muniment.net import Fetcher
from muniment.notices.models import Secrets
from muniment.notices.service.courier import CarefulOutside, load_notifiers, make_courier
from muniment.settings import load
from muniment.testing import FixedClock
from tests.notices.desk import Desk


def test_a_sealed_target_belongs_to_its_channel(desk: Desk) -> None:
    """Put into another row it opens nothing, and nothing sealed shows what it holds."""
    channel = desk.channel(target="plain:secret-{to}")
    assert desk.courier.open(channel) == Secrets("plain:secret-{to}")
    assert "secret-" not in channel.sealed
    assert "secret" not in repr(desk.courier.open(channel))
    with pytest.raises(CorruptError):
        desk.courier.open(replace(channel, id="chn_other"))
    with pytest.raises(InvalidError):
        desk.courier.notifier("pigeon")


def test_its_address_is_what_people_use(desk: Desk) -> None:
    """The public address if there is one, else where the server listens."""
    assert desk.courier.base == "http://127.0.0.1:8484"
    given = {"server.public_url": "https://m.example.org/"}
    settings = load(file=None, environment={}, overrides=given).settings
    assert replace(desk.courier, settings=settings).base == "https://m.example.org"
    given = {"server.host": "::1"}
    settings = load(file=None, environment={}, overrides=given).settings
    assert replace(desk.courier, settings=settings).base == "http://[::1]:8484"


def test_plug_ins_are_those_the_settings_name(desk: Desk, tmp_path: Path) -> None:
    """Webhook and apprise from the start; a name nobody offers stops the start."""
    loaded = load_notifiers(desk.settings)
    fetcher = Fetcher(desk.settings, FixedClock())
    made = make_courier(desk.settings, desk.log, fetcher, loaded)
    assert set(made.notifiers) == {"webhook", "apprise"}
    wrong = {"notices.notifiers": ("pigeon",), "data.dir": tmp_path}
    with pytest.raises(InvalidError):
        load_notifiers(load(file=None, environment={}, overrides=wrong).settings)


def test_the_outside_is_judged(desk: Desk) -> None:
    """Addresses inside the network are refused before anything is sent."""
    outside = CarefulOutside(Fetcher(desk.settings, FixedClock()), FixedClock())
    with pytest.raises(ForbiddenError):
        outside.require("http://example.org/")
    with pytest.raises(ForbiddenError):
        outside.require_host("10.0.0.1", 25)
    with pytest.raises(ForbiddenError):
        outside.require("https://127.0.0.1/")
    assert outside.now() == FixedClock().now()
