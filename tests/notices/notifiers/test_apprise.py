"""The way to mail and chat: what may be reached, and how it fared, with the real library."""

from __future__ import annotations

import sys
import warnings

import pytest

from muniment.core.errors import ForbiddenError, InvalidError, UnavailableError
from muniment.notices.notifiers.apprise import AppriseNotifier
from muniment.plugins.sockets import Delivery
from muniment.settings import Settings
from muniment.testing.notifiers import FakeOutside, NotifierContract

TOOK: list[tuple[str, str]] = []
FARES = {"ok": True}


pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # one of apprise's many services
    from apprise.decorators import notify

    def tried(body: str, title: str, *_given: object, **_more: object) -> bool:
        """Take a message, or not."""
        TOOK.append((title, body))
        return FARES["ok"]

    notify(on="tried", name="a service for tests")(tried)  # type: ignore[no-untyped-call]  # as apprise declares it


class TestContract(NotifierContract):
    """Apprise keeps what every notifier must keep."""

    good = "tried://example"
    bad = ("json://127.0.0.1/", "file:///etc/passwd", "slack://", "nonsense")

    def make_notifier(self) -> AppriseNotifier:
        """Give one whose service takes everything."""
        FARES["ok"] = True
        return AppriseNotifier(FakeOutside(), ("tried", "slack"))

    def make_failing(self) -> AppriseNotifier:
        """Give one whose service takes nothing."""
        FARES["ok"] = False
        return AppriseNotifier(FakeOutside(), ("tried",))


def test_a_message_carries_its_link_and_id() -> None:
    """People find the matter, and a mail that came twice tells that it is one."""
    TOOK.clear()
    contract = TestContract()
    contract.make_notifier().send(contract.message())
    title, body = TOOK[0]
    assert title == "An approval waits for you"
    assert "https://muniment.example.org/console/approvals/apr_1" in body
    assert "msg_1" in body


def test_hosts_in_addresses_are_judged() -> None:
    """A mail server inside the network is reached only if the operator allowed it."""
    given = Settings()
    notifier = AppriseNotifier.from_settings(
        given, FakeOutside(forbidden=frozenset({"10.0.0.5", "chat.internal"}))
    )
    for address in (
        "mailto://user:word@example.org?smtp=10.0.0.5&to=a@b.org",
        "mmosts://chat.internal/token",
    ):
        with pytest.raises(ForbiddenError) as refused:
            notifier.require(address)
        assert refused.value.field == "target"
    notifier.require("mailto://user:word@example.org?smtp=mail.example.org&to=a@b.org")
    with pytest.raises(InvalidError):
        notifier.require("slack://short")


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without apprise starts; a channel that needs it is refused with a remedy."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    notifier = AppriseNotifier(FakeOutside(), ("mailto",))
    with pytest.raises(UnavailableError) as refused:
        notifier.require("mailto://a:b@example.org")
    assert "muniment[notify]" in refused.value.remedy
    outcome, _ = notifier.send(TestContract().message())
    assert outcome is Delivery.TRY_LATER
