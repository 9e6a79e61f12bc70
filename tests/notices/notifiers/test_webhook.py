"""Signed webhooks: the form of Standard Webhooks, answers, rotation."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from muniment.client import verify_webhook
from muniment.core.errors import ForbiddenError, UnavailableError
from muniment.notices.notifiers.webhook import WebhookNotifier, signature
from muniment.plugins.sockets import Delivery
from muniment.settings import Settings
from muniment.testing.notifiers import SECRET, FakeOutside, NotifierContract


class TestContract(NotifierContract):
    """The webhook keeps what every notifier must keep."""

    good = "https://hooks.example.org/in"
    bad = ("http://hooks.example.org/in", "ftp://x")

    def make_notifier(self) -> WebhookNotifier:
        """Give one whose outside takes everything."""
        return WebhookNotifier.from_settings(Settings(), _Strict())

    def make_failing(self) -> WebhookNotifier:
        """Give one whose outside does not answer."""
        return WebhookNotifier(FakeOutside([UnavailableError("hooks.example.org is gone")] * 9))


class _Strict(FakeOutside):
    """An outside that judges when it posts, as the real one does."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Refuse before sending."""
        self.require(url)
        return super().post(url, body, headers)


def test_the_signature_is_that_of_the_specification() -> None:
    """A known message of Standard Webhooks has the known signature."""
    told = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_check_it_with_either_secret() -> None:
    """While a secret is replaced the old and the new one both verify; another does not."""
    outside = FakeOutside()
    contract = TestContract()
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    message = contract.message()
    both = replace(message, secrets=(SECRET, other))
    WebhookNotifier(outside).send(both)
    _, body, headers = outside.sent[0]
    now = outside.at.timestamp()
    for secret in (SECRET, other):
        told = verify_webhook(body, headers, secret, now=now)
        assert told["data"]["id"] == headers["webhook-id"] == "msg_1"
    assert json.loads(body)["type"] == "notice.sent"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivery.DELIVERED),
        (204, Delivery.DELIVERED),
        (301, Delivery.TRY_LATER),
        (401, Delivery.TRY_LATER),
        (410, Delivery.NEVER),
        (429, Delivery.TRY_LATER),
        (500, Delivery.TRY_LATER),
    ],
)
def test_answers_mean_what_the_specification_says(status: int, outcome: Delivery) -> None:
    """2xx has taken it, 410 wants no more, everything else is tried later."""
    found, why = WebhookNotifier(FakeOutside([status])).send(TestContract().message())
    assert found is outcome
    assert str(status) in why


def test_what_may_not_be_reached_and_what_cannot_be_signed_never_leaves() -> None:
    """A forbidden address and a missing secret are given up at once."""
    outside = FakeOutside([ForbiddenError("it leads to 10.0.0.1")])
    assert WebhookNotifier(outside).send(TestContract().message())[0] is Delivery.NEVER
    bare = replace(TestContract().message(), secrets=())
    assert WebhookNotifier(FakeOutside()).send(bare)[0] is Delivery.NEVER
