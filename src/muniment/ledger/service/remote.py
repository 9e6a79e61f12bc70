"""One writer for several processes on one host: the others send it batches over a Unix socket.

A sender is a producer of its own, alone under its name. On each connection it first asks how far
it has come, and numbers its entries from there; the writer takes a batch only if it follows the
last one, from the connection that asked last, and answers once it is durable. A sender that lost
an answer asks again and so learns whether its batch stands: nothing is lost, nothing stands twice.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from muniment.core.actor import system_actor
from muniment.core.canonical import parse_canonical
from muniment.core.errors import (
    ConflictError,
    CorruptError,
    InvalidError,
    MunimentError,
    UnavailableError,
)
from muniment.db import Work
from muniment.ledger import rules, store
from muniment.ledger.kinds.base import all_kinds
from muniment.ledger.rules import format_bundle
from muniment.ledger.service.ground import split_batch
from muniment.ledger.service.halves import ManyHalves, bundle_of, flagged
from muniment.ledger.service.log import PRODUCER as SEQUENCER
from muniment.ledger.service.marking import producer_name
from muniment.ledger.service.sink import Part, receipts_of
from muniment.ledger.service.writer import Writer
from muniment.verify import ENTRY_MEMBERS, FormatError, entry_problem

SOCKET_FILE: Final = "writer.sock"
_ACTOR: Final = system_actor("writer")
_MOST_BYTES: Final = 64 * 1024 * 1024
_LONGEST_HEADER: Final = 1_024
_ANSWER_SECONDS: Final = 60.0
_TRIES: Final = 3
_ERRORS: Final = {each.code: each for each in (ConflictError, CorruptError, InvalidError)}


@dataclass(slots=True)
class WriterSocket:
    """Takes batches from other processes and hands them to this process's writer."""

    writer: Writer
    path: Path
    _listening: socket.socket | None = field(default=None, repr=False)
    _stopped: threading.Event = field(default_factory=threading.Event, repr=False)
    _connections: set[socket.socket] = field(default_factory=set, repr=False)
    _owners: dict[str, socket.socket] = field(default_factory=dict, repr=False)

    def start(self) -> None:
        """Begin to listen; only this user may connect."""
        self._stopped.clear()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            _require_unused(self.path)
            self.path.unlink(missing_ok=True)
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
        except MunimentError:
            listening.close()
            raise
        self._listening = listening
        threading.Thread(target=self._accept, name="muniment-socket", daemon=True).start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Stop listening and hang up; batches that were taken are still written by the writer."""
        del grace_seconds
        self._stopped.set()
        if self._listening is not None:
            self.path.unlink(missing_ok=True)
            _hang_up(self._listening)
            self._listening.close()
            self._listening = None
        for connection in tuple(self._connections):
            _hang_up(connection)
        return True

    def alive(self) -> bool:
        """Tell whether it listens."""
        return self._listening is not None

    def _accept(self) -> None:
        listening = self._listening
        while listening is not None and not self._stopped.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                self._stopped.wait(0.1)  # stopped; or too many files are open, which passes
                continue
            self._connections.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as stream:
            # An OSError is a sender that has gone, or our own hanging up: it will ask again.
            while not self._stopped.is_set() and (line := stream.readline(_LONGEST_HEADER)):
                answer = self._answer(connection, line, stream)
                connection.sendall(json.dumps(answer).encode() + b"\n")
                if answer.get("error") == InvalidError.code:
                    break  # we no longer know where the next batch begins
        self._connections.discard(connection)
        for name in [name for name, owner in self._owners.copy().items() if owner is connection]:
            self._owners.pop(name, None)

    def _answer(self, connection: socket.socket, line: bytes, stream: Any) -> dict[str, Any]:  # noqa: ANN401 a socket file
        try:
            producer, first_seq, count, size = _read_header(line)
            data = stream.read(size)
            if len(data) != size:
                raise InvalidError("the batch ended early", field="bytes")
            if producer in (self.writer.producer, SEQUENCER, producer_name(SEQUENCER, demo=True)):
                raise ConflictError(f"{producer} is this process's own name", subject=producer)
            _require_entries(data, producer, first_seq, count)

            def write(work: Work) -> int:
                if count == 0:
                    self._owners[producer] = connection
                    return store.last_seq(work, producer)
                if self._owners.get(producer) is not connection:
                    raise _shared(producer, "another connection has asked after this one")
                return append_from(work, producer, first_seq, count, data)

            done = self.writer.submit(_ACTOR, write)
        except MunimentError as error:
            return {"error": error.code, "says": str(error)}
        wrong = done.exception(_ANSWER_SECONDS)
        if wrong is None:
            return {"last_seq": done.result()}
        return {"error": getattr(wrong, "code", UnavailableError.code), "says": str(wrong)}


@dataclass(slots=True)
class SocketSink:
    """Sends batches to the process that writes; numbers them as a producer of its own."""

    path: Path
    producer: str
    _socket: socket.socket | None = field(default=None, repr=False)
    _last_seq: int = 0
    _name: int | None = field(default=None, repr=False)

    def commit(self, parts: Sequence[Part]) -> list[Any]:
        """Make the batch durable over there."""
        if any(part.call is not None for part in parts):
            raise InvalidError(
                "only records travel to the writer, not changes of tables",
                field="call",
                remedy="Make the change in this process's own unit of work.",
            )
        self._take_name()
        records = [part.records for part in parts]
        first = self._send(records) if any(records) else 0
        return receipts_of(parts, self.producer, first)

    def close(self) -> None:
        """End the connection and give the name back."""
        self._disconnect()
        if self._name is not None:
            os.close(self._name)
            self._name = None

    def _send(self, records: Sequence[ManyHalves]) -> int:
        """Send records until they stand there; give the place of the first."""
        first, count = 0, sum(map(len, records))
        for attempt in range(1, _TRIES + 1):
            try:
                connection, last = self._connect()
                if not first:
                    first = last + 1
                if last == first - 1:
                    last = self._ask(connection, first, count, bundle_of(records, first))
                if last != first + count - 1:
                    raise _shared(self.producer, f"there are {last} entries, not {first - 1}")
            except (OSError, ValueError) as error:
                self._disconnect()
                if attempt == _TRIES:
                    raise UnavailableError(
                        f"the writer at {self.path} does not answer",
                        subject=self.producer,
                        remedy="Start it again. Whether these records stand is not known.",
                    ) from error
            except MunimentError:
                self._disconnect()  # ask anew before the next batch
                raise
            else:
                self._last_seq = last
                break
        return first

    def _connect(self) -> tuple[socket.socket, int]:
        """Be connected; give how far this producer has come."""
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.settimeout(_ANSWER_SECONDS)
            self._socket.connect(str(self.path))
            self._last_seq = self._ask(self._socket, 0, 0, b"")
        return self._socket, self._last_seq

    def _ask(self, connection: socket.socket, first_seq: int, count: int, data: bytes) -> int:
        header = {"producer": self.producer, "first_seq": first_seq, "count": count}
        line = json.dumps({**header, "bytes": len(data)}).encode() + b"\n"
        connection.sendall(line + data)
        with connection.makefile("rb") as stream:
            answer = json.loads(stream.readline(65_536) or b"nothing")
        if "error" in answer:
            refused = _ERRORS.get(answer["error"], UnavailableError)
            raise refused(f"the writer refused: {answer['says']}", subject=self.producer)
        return int(answer["last_seq"])

    def _disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _take_name(self) -> None:
        """Be alone under this name on this host for as long as we live."""
        if self._name is not None:
            return
        digest = hashlib.sha256(self.producer.encode()).hexdigest()[:16]
        path = self.path.with_name(f"producer-{digest}.lock")
        name = -1
        try:
            name = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(name, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(name)
            raise _shared(self.producer, "another process sends under it") from error
        except OSError as error:
            if name >= 0:
                os.close(name)
            raise UnavailableError(
                f"{path} cannot be used: {error.strerror or error}",
                field="data.dir",
                remedy="Mend the folder's permissions.",
            ) from error
        self._name = name


def append_from(work: Work, producer: str, first_seq: int, count: int, data: bytes) -> int:
    """Write a sender's batch if it follows its last one; give how far the sender has come."""
    last = store.last_seq(work, producer)
    if first_seq != last + 1:
        raise _shared(producer, f"it sent entry {first_seq} after {last}")
    first, ran_back = store.advance(work, producer, count)
    if ran_back:  # only here is it known, so the sender could not say it
        data = flagged(data)
    store.add_pending(work, producer, first, count, data)
    return last + count


def _shared(producer: str, why: str) -> ConflictError:
    return ConflictError(
        f"{producer}: {why}",
        subject=producer,
        remedy="Two processes must not share a producer's name.",
    )


def _hang_up(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _require_unused(path: Path) -> None:
    """Refuse to take the place of a writer that lives; a dead one's file may be replaced."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return
    raise ConflictError(
        f"another process already takes batches at {path}",
        subject=str(path),
        remedy="Stop it first; one process writes for all.",
    )


def _read_header(line: bytes) -> tuple[str, int, int, int]:
    try:
        header = json.loads(line)
        producer = header["producer"]
        first_seq, count, size = (header[name] for name in ("first_seq", "count", "bytes"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InvalidError("the batch has no readable header", field="header") from error
    numbers = (first_seq, count, size)
    if not isinstance(producer, str) or not all(type(n) is int and n >= 0 for n in numbers):
        raise InvalidError("the batch has no readable header", field="header")
    if not 0 < len(producer) <= 60 or not producer.isprintable():
        raise InvalidError("a producer's name has 1 to 60 letters", field="producer")
    if size > _MOST_BYTES:
        raise InvalidError(f"a batch has {_MOST_BYTES} bytes at most", field="bytes")
    return producer, first_seq, count, size


def _require_entries(data: bytes, producer: str, first_seq: int, count: int) -> None:
    entries = split_batch(data)
    if len(entries) != count or format_bundle(entries) != data:
        raise InvalidError(f"the batch holds {len(entries)} entries, not {count}", field="count")
    covering = {kind.name for kind in all_kinds().values() if kind.covers}
    for place, entry in enumerate(entries):
        try:
            value = parse_canonical(entry) if _may_be_deep(entry) else rules.read_entry(entry)
        except FormatError as error:
            raise InvalidError(f"entry {place} of the batch: {error}", field="entries") from error
        if problem := entry_problem(value):
            raise InvalidError(f"entry {place} of the batch: {problem[1]}", field=problem[0])
        if value["v"] != rules.ENTRY_VERSION or not value.keys() <= ENTRY_MEMBERS:
            raise InvalidError(f"entry {place} of the batch is of another version", field="v")
        if value["producer"] != producer or value["seq"] != first_seq + place:
            raise InvalidError(f"entry {place} of the batch is not {producer}'s", field="seq")
        if value["kind"] in covering or "changes" in value:
            raise InvalidError(f"entry {place} of the batch covers a change", field="kind")


def _may_be_deep(entry: bytes) -> bool:
    return entry.count(b"{") + entry.count(b"[") > 32
