"""What a receiver relies on: forged, altered, old and repeated messages are told from real ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from muniment.client import ReplayGuard, WebhookError, verify_webhook
from muniment.notices.notifiers.webhook import signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"notice.sent"}'
AT = 1_700_000_000


def headers(body: bytes = BODY, at: int = AT, secret: str = SECRET) -> dict[str, str]:
    """Give the headers of a real message."""
    return {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": signature(secret, "msg_1", at, body),
    }


def test_a_real_message_is_believed() -> None:
    """Signed with the secret and fresh, in whatever case its headers come."""
    assert verify_webhook(BODY, headers(), SECRET, now=AT + 5) == {"type": "notice.sent"}
    later = {name.upper(): value for name, value in headers().items()}
    assert verify_webhook(BODY, later, ["whsec_AAAA", SECRET], now=AT)


@pytest.mark.parametrize(
    ("body", "changed", "now"),
    [
        (b'{"type":"notice.forged"}', {}, AT),
        (BODY, {"Webhook-Id": "msg_2"}, AT),
        (BODY, {"Webhook-Timestamp": str(AT + 1)}, AT),
        (BODY, {}, AT + 301),
        (BODY, {}, AT - 301),
        (BODY, {"Webhook-Signature": "v1,not base64"}, AT),
        (BODY, {"Webhook-Signature": ""}, AT),
        (BODY, {"Webhook-Timestamp": "now"}, AT),
        (BODY, {"Webhook-Timestamp": "9" * 5_000}, AT),
        (BODY, {"Webhook-Id": ""}, AT),
    ],
)
def test_a_forged_or_old_message_is_refused(body: bytes, changed: dict[str, str], now: int) -> None:
    """Body, id, time and signature are bound together, and time is bounded both ways."""
    with pytest.raises(WebhookError):
        verify_webhook(body, {**headers(), **changed}, SECRET, now=now)


def test_a_signed_body_that_is_no_object_is_refused() -> None:
    """What is signed must also be what was promised: a JSON object."""
    for body in (b"[1]", b"\xff", b""):
        with pytest.raises(WebhookError):
            verify_webhook(body, headers(body), SECRET, now=AT)
    with pytest.raises(WebhookError):
        verify_webhook(BODY, headers(), "nonsense", now=AT)


def test_the_same_message_is_taken_once() -> None:
    """A message that comes again is told by its id; the memory is bounded."""
    guard = ReplayGuard(most=2)
    assert guard.is_new("a")
    assert not guard.is_new("a")
    assert guard.is_new("b")
    assert guard.is_new("c")
    assert guard.is_new("a")


@given(some.binary(max_size=200), some.binary(max_size=200))
def test_only_the_signed_bytes_verify(body: bytes, other: bytes) -> None:
    """Whatever the bytes are: other bytes under the same headers are refused."""
    if body != other:
        with pytest.raises(WebhookError):
            verify_webhook(other, headers(body), SECRET, now=AT)
