"""The list of settings: each says what it is for, and its default is lawful."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.settings import Knob, Secret, Settings, areas, knobs, load, shown


@pytest.mark.parametrize("each", [*knobs()], ids=lambda each: each.key)
def test_a_setting_says_what_it_is_for(each: Knob) -> None:
    """The reference page has a sentence for each setting."""
    assert each.says.endswith(".")
    assert each.value_in(Settings()) == each.default


@pytest.mark.parametrize("each", [*knobs()], ids=lambda each: each.key)
def test_a_default_can_be_written_down_and_read_again(each: Knob) -> None:
    """Copying a default into a variable changes nothing."""
    text = shown(each, Settings())
    settings = load(environment={each.variable: text}).settings
    expected = each.default.expanduser() if isinstance(each.default, Path) else each.default
    assert each.value_in(settings) == expected


def test_bounds_themselves_are_allowed() -> None:
    """The least and the most that a message names can be given."""
    for each in knobs():
        for bound in (each.least, each.most):
            if bound is not None:
                settings = load(environment={}, overrides={each.key: bound}).settings
                assert each.value_in(settings) == bound


def test_whole_numbers_are_bounded() -> None:
    """No number can be set to what the product could not survive."""
    for each in knobs():
        if each.type is int:
            assert each.least is not None, each.key
            assert each.most is not None, each.key


def test_what_sounds_like_a_secret_is_one() -> None:
    """Tokens, passwords and addresses that hold a password are of the type that hides."""
    for each in knobs():
        if each.name.endswith(("_secret", "_token", "password", "_key")) and each.name != "tls_key":
            assert each.type is Secret, each.key


def test_equal_settings_have_equal_digests() -> None:
    """The digest in the ledger changes exactly when a setting does."""
    assert Settings().digest() == load(environment={}).settings.digest()
    changed = load(environment={}, overrides={"server.port": 1}).settings
    assert changed.digest() != Settings().digest()


def test_areas_are_listed_in_the_order_of_the_page() -> None:
    """The reference begins with where things are kept."""
    assert list(areas())[:3] == ["data", "database", "server"]
