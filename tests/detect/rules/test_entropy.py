"""Randomness and placeholders."""

from __future__ import annotations

import pytest

from muniment.detect.rules.entropy import entropy, is_placeholder, is_random, is_wordy, kinds


def test_surprise_grows_with_variety() -> None:
    """One letter has none, two alike have one bit, and nothing has none."""
    assert entropy("aaaa") == 0
    assert entropy("abab") == 1
    assert entropy("") == 0
    assert kinds("aB1!") == 4


@pytest.mark.parametrize(
    "text", ["${PASSWORD}", "your_api_key_here", "xxxxxxxx", "get_token()", "<secret>", "%(pw)s"]
)
def test_templates_are_no_secrets(text: str) -> None:
    """What stands for a secret is told from one."""
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["f8Kq02LmZx91Wvb7TtRp", "9f86d081884c7d659a2feaa0c55ad015"])
def test_keys_are_random(text: str) -> None:
    """Letters and digits mixed are random, names of things are not."""
    assert is_random(text, 3.0)
    assert not is_placeholder(text)
    assert not is_wordy(text)


@pytest.mark.parametrize("text", ["request_session_token2", "AbstractBaseUser", "authentication"])
def test_names_are_made_of_words(text: str) -> None:
    """Identifiers in code are no secrets."""
    assert is_wordy(text)
    assert not is_random(text, 3.0)
