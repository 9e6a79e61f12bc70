"""The contract of notifiers finds one that breaks its promises."""

from __future__ import annotations

import urllib.request

import pytest

from muniment.core.errors import ForbiddenError
from muniment.plugins.sockets import Delivery, Message
from muniment.testing.notifiers import (
    FakeOutside,
    NotifierContract,
    webhook_receiver,
)


class Blabber:
    """A notifier that takes everything and says where it went."""

    def require(self, _to: str) -> None:
        """Take any address."""

    def send(self, message: Message) -> tuple[Delivery, str]:
        """Claim success, and tell."""
        return Delivery.DELIVERED, f"sent to {message.to}"


class Tried(NotifierContract):
    """The contract on the blabber."""

    good = "https://example.org"
    bad = ("nonsense",)

    def make_notifier(self) -> Blabber:
        """Give it."""
        return Blabber()

    def make_failing(self) -> Blabber:
        """Give it again."""
        return Blabber()


@pytest.mark.parametrize(
    "promise",
    [
        "test_a_bad_address_is_refused_before_and_never_sent_to",
        "test_no_answer_means_later",
        "test_reasons_and_messages_keep_addresses_and_secrets",
    ],
)
def test_a_broken_promise_is_named(promise: str) -> None:
    """Each promise it breaks fails its own test."""
    with pytest.raises(AssertionError):
        getattr(Tried(), promise)()


def test_the_receiver_keeps_what_comes_and_answers_as_told() -> None:
    """It is a real server: a request comes in whole, and the answer is the one told."""
    with webhook_receiver() as receiver:
        asked = urllib.request.Request(receiver.url, b"body", {"X-One": "1"})
        assert urllib.request.urlopen(asked).status == 204
    assert receiver.came[0].body == b"body"
    assert receiver.came[0].headers["x-one"] == "1"


def test_the_fake_outside_refuses_as_the_real_one() -> None:
    """What is forbidden raises, and what it should answer comes in order."""
    outside = FakeOutside([500, OSError("gone")], frozenset({"10.0.0.1"}))
    assert outside.post("https://x", b"", {}) == 500
    with pytest.raises(OSError, match="gone"):
        outside.post("https://x", b"", {})
    with pytest.raises(ForbiddenError):
        outside.require_host("10.0.0.1", 25)
    with pytest.raises(ForbiddenError):
        outside.require("http://x")
