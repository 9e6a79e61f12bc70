"""What may be kept: targets, secrets, names."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from muniment.core.errors import InvalidError
from muniment.notices import rules


@given(some.binary(min_size=24, max_size=64))
def test_secrets_read_back(secret: bytes) -> None:
    """What is written in the Standard Webhooks form is read as the same bytes."""
    assert rules.read_secret(rules.write_secret(secret)) == secret


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_!!!!", "whsec_" + base64.b64encode(b"short").decode()]
)
def test_what_is_no_secret_is_refused(secret: str) -> None:
    """A short or broken secret signs nothing."""
    with pytest.raises(InvalidError):
        rules.read_secret(secret)


def test_an_address_stands_in_one_place() -> None:
    """A personal target says once where the address goes; a shared one does not."""
    assert rules.require_target(" mailto://x?to={to} ", personal=True) == "mailto://x?to={to}"
    for target, personal in (("x", True), ("{to}{to}", True), ("{to}", False), ("a\nb", False)):
        with pytest.raises(InvalidError):
            rules.require_target(target, personal=personal)
    assert rules.placed("x?to={to}", "a%40b") == "x?to=a%40b"


def test_lines_are_lines() -> None:
    """White space is made plain; what cannot be seen is refused."""
    assert rules.require_words("  a   b ", "name") == "a b"
    for words in ("", "x" * 201, "a\u202eb"):
        with pytest.raises(InvalidError):
            rules.require_words(words, "name")
