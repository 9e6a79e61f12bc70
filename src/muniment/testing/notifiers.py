"""The contract suite of the Notifier socket, and a real receiver of webhooks to try it on.

Subclass `NotifierContract`, give what it asks for, and let pytest collect the class; ours and yours
run the same tests. Nothing here needs pytest: a broken promise raises AssertionError and says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from muniment.core.errors import ForbiddenError, InvalidError
from muniment.plugins import check_socket
from muniment.plugins.sockets import Delivery, Message, Notifier

SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 known to everybody
_PRIVATE: Final = "somebody.private"


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Receiver:
    """A real HTTP server of this machine that keeps what it is sent and answers as told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    came: list[Received] = field(default_factory=list)

    def next_answer(self) -> int:
        """Give the status to answer with: the next one told, else 204."""
        return self.answers.pop(0) if self.answers else 204


@contextmanager
def webhook_receiver() -> Iterator[Receiver]:
    """Run a receiver for the length of a test."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        """Keeps each request."""

        def do_POST(self) -> None:
            """Take a request."""
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append(Received(self.path, headers, body))
            self.send_response(receiver.next_answer())
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class FakeOutside:
    """The outside of a notifier in a test: it answers as told, and forbids what it is told to."""

    answers: list[int | Exception] = field(default_factory=list)
    forbidden: frozenset[str] = frozenset()
    sent: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Keep what is sent."""
        self.sent.append((url, body, dict(headers)))
        answer = self.answers.pop(0) if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer

    def require(self, url: str) -> None:
        """Refuse a forbidden address."""
        if url in self.forbidden or not url.startswith("https://"):
            raise ForbiddenError("this address may not be reached", field="target")

    def require_host(self, host: str, _port: int) -> None:
        """Refuse a forbidden host."""
        if host in self.forbidden:
            raise ForbiddenError("this host may not be reached")

    def now(self) -> datetime:
        """Give a fixed time."""
        return self.at


class NotifierContract:
    """What every notifier must keep; subclass it and give what it asks for."""

    good: str = ""
    bad: Sequence[str] = ()

    def make_notifier(self) -> Notifier:
        """Give a notifier whose outside takes everything."""
        raise NotImplementedError

    def make_failing(self) -> Notifier:
        """Give a notifier whose outside does not answer."""
        raise NotImplementedError

    def message(self, to: str = "", message_id: str = "msg_1") -> Message:
        """Give a message as the room makes them."""
        return Message(
            id=message_id,
            to=to or self.good,
            title="An approval waits for you",
            body="An approval waits for you (approvals.asked, approval apr_1)",
            link="https://muniment.example.org/console/approvals/apr_1",
            severity="look",
            facts=({"kind": "approvals.asked", "subject_id": "apr_1"},),
            secrets=(SECRET,),
        )

    def test_it_keeps_to_its_socket(self) -> None:
        """It has every method of the socket."""
        check_socket("muniment.notifiers", self.make_notifier())

    def test_a_good_address_is_taken_and_sent_to(self) -> None:
        """What it accepts it can send to, and says so."""
        notifier = self.make_notifier()
        notifier.require(self.good)
        outcome, why = notifier.send(self.message())
        _require(outcome is Delivery.DELIVERED, f"it is delivered, not {outcome}: {why}")

    def test_a_bad_address_is_refused_before_and_never_sent_to(self) -> None:
        """What it refuses to keep it gives up at once, for trying again would not help."""
        notifier = self.make_notifier()
        for address in self.bad:
            try:
                notifier.require(address)
            except (InvalidError, ForbiddenError):
                pass
            else:
                raise AssertionError(f"{address!r} is refused")
            outcome, _ = notifier.send(self.message(to=address))
            _require(outcome is not Delivery.DELIVERED, "a bad address gets nothing")

    def test_no_answer_means_later(self) -> None:
        """An outside that does not answer may answer later; nothing is raised."""
        outcome, why = self.make_failing().send(self.message())
        _require(outcome is Delivery.TRY_LATER, f"it is tried later, not {outcome}")
        _require(0 < len(why) <= 200, "it says why in a short sentence")

    def test_reasons_and_messages_keep_addresses_and_secrets(self) -> None:
        """Neither the reason nor the message as text shows where it goes or what signs it."""
        for notifier in (self.make_notifier(), self.make_failing()):
            message = self.message(to=self.good.replace("example", _PRIVATE))
            _, why = notifier.send(message)
            told = f"{why} {message!r}"
            _require(_PRIVATE not in told and SECRET not in told, "nothing private is said")

    def test_sent_again_it_is_the_same_message(self) -> None:
        """After a crash the same id is sent again without complaint."""
        notifier = self.make_notifier()
        outcomes = {notifier.send(self.message())[0] for _ in range(2)}
        _require(outcomes == {Delivery.DELIVERED}, "it may be sent twice")


def _require(holds: object, promise: str) -> None:
    if not holds:
        raise AssertionError(f"broken promise: {promise}")
