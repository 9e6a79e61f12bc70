"""One writer for several processes on one host: the others send it batches over a Unix socket.

A sender is a producer of its own and numbers its entries; the writer takes a batch only if it
follows the last one, answers once it is durable, and answers a batch it already has as done. So a
sender that lost the answer sends the same batch again, and nothing stands twice or is missing.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from muniment.core.actor import system_actor
from muniment.core.errors import ConflictError, InvalidError, MunimentError, UnavailableError
from muniment.db import Receipt, Work
from muniment.ledger import store
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.halves import bundle_of
from muniment.ledger.service.writer import Part, Writer
from muniment.verify import FormatError, parse_entry

SOCKET_FILE: Final = "writer.sock"
_ACTOR: Final = system_actor("writer")
_MOST_BYTES: Final = 64 * 1024 * 1024
_ANSWER_SECONDS: Final = 60.0
_TRIES: Final = 3


@dataclass(slots=True)
class WriterSocket:
    """Takes batches from other processes and hands them to this process's writer."""

    writer: Writer
    path: Path
    _listening: socket.socket | None = field(default=None, repr=False)

    def start(self) -> None:
        """Begin to listen; only this user may connect."""
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(self.path))
            self.path.chmod(0o600)
            listening.listen(64)
        except OSError as error:
            listening.close()
            raise UnavailableError(
                f"{self.path} cannot be listened on: {error.strerror or error}",
                field="data.dir",
                remedy="Use a shorter path (108 letters at most) on a local disk.",
            ) from error
        self._listening = listening
        threading.Thread(target=self._accept, name="muniment-socket", daemon=True).start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Stop listening; batches that were taken are still written by the writer."""
        del grace_seconds
        if self._listening is not None:
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
            self.path.unlink(missing_ok=True)
        return True

    def alive(self) -> bool:
        """Tell whether it listens."""
        return self._listening is not None

    def _accept(self) -> None:
        listening = self._listening
        while listening is not None:
            try:
                connection, _ = listening.accept()
            except OSError:
                return  # stopped
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:
            while line := stream.readline(1_024):
                try:
                    answer = self._take(line, stream)
                except MunimentError as error:
                    answer = {"error": error.code, "says": str(error)}
                try:
                    stream.write(json.dumps(answer).encode() + b"\n")
                    stream.flush()
                except OSError:
                    return  # the sender has gone; it will ask again
                if answer.get("error") == "invalid":
                    return  # we no longer know where the next batch begins

    def _take(self, line: bytes, stream: Any) -> dict[str, Any]:  # noqa: ANN401 a socket file
        producer, first_seq, count, size = _read_header(line)
        data = stream.read(size)
        if len(data) != size:
            raise InvalidError("the batch ended early", field="bytes")
        _require_entries(data, producer, first_seq, count)

        def write(work: Work) -> int:
            return append_from(work, producer, first_seq, count, data)

        return {"last_seq": self.writer.submit(_ACTOR, write).result(_ANSWER_SECONDS)}


@dataclass(slots=True)
class SocketSink:
    """Sends batches to the process that writes; numbers them as a producer of its own."""

    path: Path
    producer: str
    next_seq: int = 0
    _stream: Any = field(default=None, repr=False)

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Make the batch durable over there."""
        if any(part.call is not None for part in parts):
            raise InvalidError(
                "only records travel to the writer, not changes of tables",
                field="call",
                remedy="Make the change in this process's own unit of work.",
            )
        records = [each for part in parts for each in part.records]
        if not self.next_seq:
            self.next_seq = int(self._ask(0, 0, b"")["last_seq"]) + 1
        first = self.next_seq
        self._ask(first, len(records), bundle_of(records, first))
        self.next_seq += len(records)
        results: list[Any] = []
        for part in parts:
            results.append(
                [Receipt(one.id, self.producer, first + n) for n, one in enumerate(part.records)]
            )
            first += len(part.records)
        return results

    def close(self) -> None:
        """End the connection."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def _ask(self, first_seq: int, count: int, data: bytes) -> dict[str, Any]:
        header = {"producer": self.producer, "first_seq": first_seq, "count": count}
        line = json.dumps({**header, "bytes": len(data)}).encode() + b"\n"
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._exchange(line + data)
            except (OSError, ValueError) as error:
                self.close()
                if attempt == _TRIES:
                    raise UnavailableError(
                        f"the writer at {self.path} does not answer",
                        subject=self.producer,
                        remedy="Start it again; a batch without an answer is sent again.",
                    ) from error
                continue
            if "error" in answer:
                kind = ConflictError if answer["error"] == "conflict" else UnavailableError
                raise kind(f"the writer refused: {answer['says']}", subject=self.producer)
            return answer
        raise UnavailableError("the writer does not answer", subject=self.producer)

    def _exchange(self, message: bytes) -> dict[str, Any]:
        if self._stream is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(_ANSWER_SECONDS)
            try:
                connection.connect(str(self.path))
                self._stream = connection.makefile("rwb")
            finally:
                connection.close()  # the stream keeps it open
        self._stream.write(message)
        self._stream.flush()
        answer: dict[str, Any] = json.loads(self._stream.readline(65_536) or b"x")
        return answer


def append_from(work: Work, producer: str, first_seq: int, count: int, data: bytes) -> int:
    """Write a sender's batch if it follows its last one; give how far the sender has come."""
    last = store.last_seq(work, producer)
    if count == 0 or first_seq + count - 1 <= last:
        return last
    if first_seq != last + 1:
        raise ConflictError(
            f"{producer} sent entry {first_seq} after {last}",
            subject=producer,
            remedy="Two processes must not share a producer's name.",
        )
    first, last_at = store.advance(work, producer, count)
    store.add_pending(work, producer, first, count, data, max(work.now, last_at))
    return last + count


def _read_header(line: bytes) -> tuple[str, int, int, int]:
    try:
        header = json.loads(line)
        producer, numbers = (
            header["producer"],
            [header[name] for name in ("first_seq", "count", "bytes")],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidError("the batch has no readable header", field="header") from error
    if not isinstance(producer, str) or not all(type(n) is int and n >= 0 for n in numbers):
        raise InvalidError("the batch has no readable header", field="header")
    if not 0 < len(producer) <= 60 or numbers[2] > _MOST_BYTES:
        raise InvalidError(f"a batch has {_MOST_BYTES} bytes at most", field="bytes")
    return producer, numbers[0], numbers[1], numbers[2]


def _require_entries(data: bytes, producer: str, first_seq: int, count: int) -> None:
    entries = split_batch(data)
    if len(entries) != count:
        raise InvalidError(f"the batch holds {len(entries)} entries, not {count}", field="count")
    for place, entry in enumerate(entries):
        try:
            value = parse_entry(entry)
        except FormatError as error:
            raise InvalidError(f"entry {place} of the batch: {error}", field="entries") from error
        if value["producer"] != producer or value["seq"] != first_seq + place:
            raise InvalidError(f"entry {place} of the batch is not {producer}'s", field="seq")
