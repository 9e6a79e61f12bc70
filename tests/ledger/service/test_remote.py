"""Batches over a socket: what is acknowledged stands once, whatever dies in between."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from muniment.core.clock import stamp
from muniment.core.errors import ConflictError, CorruptError, InvalidError, UnavailableError
from muniment.db import Database, Receipt
from muniment.ledger import record
from muniment.ledger.rules import format_bundle
from muniment.ledger.service import remote
from muniment.ledger.service.halves import make_all
from muniment.ledger.service.remote import SocketSink, WriterSocket
from muniment.ledger.service.writer import DatabaseSink, Writer
from muniment.settings import Settings
from muniment.testing import START, FixedClock, fresh_database, settings_for
from muniment.testing.ledger import audit, opened_log, sealed_entries
from muniment.verify import parse_bundle
from tests.ledger.service.sampled import INES, Counted

SOON_SECONDS = 30.0
EMPTY: Mapping[str, Any] = {}
PROGRAM = Path(__file__).with_name("remote_process.py")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty installation on SQLite, where one process writes for all."""
    return settings_for(tmp_path / "data")


@dataclass
class Station:
    """A process's writer with its socket, and senders that speak to it."""

    database: Database
    writer: Writer
    door: WriterSocket
    senders: list[Writer]

    def sender(self, producer: str = "s", path: Path | None = None) -> Writer:
        """Make a writer that sends to this one."""
        sink = SocketSink(path or self.door.path, producer)
        made = Writer(self.database, sink, producer, linger_ms=0)
        made.start()
        self.senders.append(made)
        return made

    def end(self) -> None:
        """Stop them all, the senders first."""
        for each in self.senders:
            each.stop(grace_seconds=SOON_SECONDS)
            assert isinstance(each.sink, SocketSink)
            each.sink.close()
        self.door.stop(grace_seconds=0)
        assert self.writer.stop(grace_seconds=SOON_SECONDS)

    def speak(self, message: bytes, *, ends: bool = True) -> list[dict[str, Any]]:
        """Send bytes as a stranger would and read the answers."""
        with socket.socket(socket.AF_UNIX) as raw:
            raw.settimeout(SOON_SECONDS)
            raw.connect(str(self.door.path))
            raw.sendall(message)
            if ends:
                raw.shutdown(socket.SHUT_WR)
            with raw.makefile("rb") as answers:
                return [json.loads(line) for line in answers]


@pytest.fixture
def station(database: Database, tmp_path: Path) -> Iterator[Station]:
    """A running writer with its socket."""
    writer = Writer(database, DatabaseSink(database, "w", str), "w", linger_ms=0)
    made = Station(database, writer, WriterSocket(writer, tmp_path / "writer.sock"), [])
    writer.start()
    made.door.start()
    yield made
    made.end()


def message(
    producer: str, first_seq: int, entries: bytes, count: int, wrong: Mapping[str, Any] = EMPTY
) -> bytes:
    """Write a batch as it travels, with something wrong in its header."""
    head = {"producer": producer, "first_seq": first_seq, "count": count, "bytes": len(entries)}
    return json.dumps({**head, **wrong}).encode() + b"\n" + entries


def batch(database: Database, producer: str, first_seq: int, count: int = 2) -> bytes:
    """Make a lawful batch."""
    records = [Counted("raw", first_seq + n) for n in range(count)]
    ids, at = database.ids, stamp(START)
    halves = make_all(records, actor=INES, at=at, ids=ids, producer=producer)
    return message(producer, first_seq, halves.bundle(first_seq), count)


def hello(producer: str) -> bytes:
    """Ask how far a producer has come."""
    return message(producer, 0, b"", 0)


def append(writer: Writer, *places: int) -> Sequence[Receipt]:
    """Append some records and wait."""
    return writer.append(INES, [Counted("a", n) for n in places]).result(SOON_SECONDS)


def sealed(database: Database, settings: Settings, receipts: Sequence[Receipt]) -> dict[str, int]:
    """Seal and audit; say how many entries each producer has."""
    with opened_log(database, settings) as log:
        log.seal()
        audit(log, receipts)
        found = list(sealed_entries(log.tiles.root, log.size()))
    for one in receipts:
        where = [e for e in found if (e["producer"], e["seq"], e["id"]) == tuple_of(one)]
        assert len(where) == 1
    counts: dict[str, int] = {}
    for entry in found:
        counts[str(entry["producer"])] = counts.get(str(entry["producer"]), 0) + 1
        assert entry["seq"] == counts[str(entry["producer"])]
    return counts


def tuple_of(one: Receipt) -> tuple[str, int, str]:
    """Give a receipt in the order of an entry's place."""
    return one.producer, one.seq, one.id


def test_senders_write_through_one_writer(station: Station, settings: Settings) -> None:
    """Two senders and the writer itself have each a sequence without a gap."""
    receipts = [*append(station.sender("s1"), 1, 2, 3), *append(station.sender("s2"), 4)]
    receipts += [*append(station.senders[0], 5), *append(station.writer, 6)]
    receipts += append(station.senders[0])
    counts = sealed(station.database, settings, receipts)
    assert (counts["s1"], counts["s2"], counts["w"]) == (4, 1, 1)


def test_changes_of_tables_do_not_travel(station: Station) -> None:
    """A sender can only send records; a change is refused before anything is sent."""
    sender = station.sender()
    with pytest.raises(InvalidError, match="not changes of tables"):
        sender.submit(INES, lambda work: record(work, Counted("a", 1))).result(SOON_SECONDS)
    assert append(sender, 1)[0].seq == 1


def test_a_lost_answer_is_found_out_about(station: Station, settings: Settings) -> None:
    """A batch whose answer was lost is acknowledged once, and does not stand twice."""
    sender = station.sender(path=station.door.path.with_name("p.sock"))
    with losing(station, times=2):
        receipts = append(sender, 1, 2, 3)
        receipts = [*receipts, *append(sender, 4)]
    assert sealed(station.database, settings, receipts)["s"] == 4


@contextmanager
def losing(station: Station, times: int, *, in_a_row: bool = False) -> Iterator[None]:
    """Stand between sender and writer, and lose answers to batches; or one and what follows."""
    path = station.door.path.with_name("p.sock")
    left = [times]
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        listening.settimeout(0.05)
        ended = threading.Event()

        def carry() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                with connection, socket.socket(socket.AF_UNIX) as onward:
                    connection.settimeout(SOON_SECONDS)
                    onward.settimeout(SOON_SECONDS)
                    onward.connect(str(station.door.path))
                    _carry_all(connection, onward, left, in_a_row=in_a_row and left[0] < times)

        carrier = threading.Thread(target=carry)
        carrier.start()
        yield
        for each in station.senders:
            each.stop(grace_seconds=SOON_SECONDS)
            assert isinstance(each.sink, SocketSink)
            each.sink.close()
        ended.set()
        carrier.join(SOON_SECONDS)
    assert left == [0]


def _carry_all(
    connection: socket.socket, onward: socket.socket, left: list[int], *, in_a_row: bool
) -> None:
    with connection.makefile("rb") as asked, onward.makefile("rb") as answered:
        while line := asked.readline():
            header = json.loads(line)
            onward.sendall(line + asked.read(header["bytes"]))
            answer = answered.readline()
            if left[0] and (header["count"] or in_a_row):
                left[0] -= 1
                return
            connection.sendall(answer)


def test_an_uncertain_batch_is_never_taken_for_another(
    station: Station, settings: Settings
) -> None:
    """After a batch whose end is not known, the next one asks first and gets its own places."""
    sender = station.sender(path=station.door.path.with_name("p.sock"))
    with losing(station, times=3, in_a_row=True):
        with pytest.raises(UnavailableError, match="not known") as unsure:
            append(sender, 1, 2, 3, 4, 5)
        assert unsure.value.subject == "s"
        receipts = append(sender, 6, 7)
        assert [one.seq for one in receipts] == [6, 7]
    assert sealed(station.database, settings, receipts)["s"] == receipts[-1].seq


def test_two_processes_cannot_share_a_name(station: Station) -> None:
    """The second sender under a name is refused; once the first has ended, it may send."""
    first, second = station.sender("same"), station.sender("same")
    append(first, 1)
    with pytest.raises(ConflictError, match="must not share"):
        append(second, 2)
    assert append(first, 3)[0].seq == 2
    assert isinstance(first.sink, SocketSink)
    first.sink.close()
    assert append(second, 4)[0].seq == 3


@pytest.mark.parametrize("name", ["w", "sequencer"])
def test_the_writers_own_names_are_its_own(station: Station, name: str) -> None:
    """Nobody sends in the name of the writing process or of the sequencer."""
    with pytest.raises(ConflictError, match="own name"):
        append(station.sender(name), 1)


def test_only_the_connection_that_asked_last_may_send(station: Station) -> None:
    """A batch from an older connection is refused: it may be a copy that comes late."""
    batches = [batch(station.database, "s", n) for n in (1, 3, 7)]
    answers = station.speak(hello("s") + batches[0] + batches[1])
    assert answers == [{"last_seq": 0}, {"last_seq": 2}, {"last_seq": 4}]
    assert station.speak(batches[2])[0]["error"] == "conflict"
    gap = station.speak(hello("s") + batches[2])[1]
    again = station.speak(hello("s") + batches[0])[1]
    assert (gap["error"], again["error"]) == ("conflict", "conflict")
    assert "entry 7 after 4" in gap["says"]
    assert station.speak(hello("s")) == [{"last_seq": 4}]


def bad_messages(database: Database) -> dict[str, bytes]:
    """List batches that nobody may send."""
    good = batch(database, "s", 1)
    _, _, entries = good.partition(b"\n")
    one = parse_bundle(entries)[0]
    value = json.loads(one)

    def of(*some: bytes, **changes: Any) -> bytes:
        return message("s", 1, format_bundle(some), len(some), changes)

    def changed(**changes: Any) -> bytes:
        text = json.dumps(value | changes, sort_keys=True, separators=(",", ":"))
        return of(text.encode())

    deep: Any = 1
    for _ in range(64):
        deep = [deep]
    return {
        "no header": b"hello\n",
        "binary": bytes(range(256)) * 8,
        "a list": b"[1, 2]\n",
        "nested": b"[" * 1_000 + b"\n",
        "endless header": b"x" * 5_000,
        "missing": b'{"producer": "s", "count": 1, "bytes": 0}\n',
        "negative": of(one, first_seq=-1),
        "text for a number": of(one, count="1"),
        "true for a number": of(one, count=True),
        "no producer": of(one, producer=""),
        "long producer": of(one, producer="p" * 61),
        "control": of(one, producer="a\nb"),
        "too large": of(one, bytes=1 << 40),
        "truncated": good[:-1],
        "wrong count": of(one, count=2),
        "count without entries": message("s", 1, b"", 3),
        "entries without count": message("s", 0, format_bundle([one]), 0),
        "length beyond the end": message("s", 1, b"\xff\xff" + one, 1),
        "half a length": message("s", 1, format_bundle([one]) + b"\0", 1),
        "not canonical": of(one.replace(b'":', b'": ')),
        "not JSON": of(b"hello"),
        "not an entry": of(b'{"producer":"s","seq":1}'),
        "no object": of(b"[]"),
        "empty": of(b""),
        "another's": changed(producer="t"),
        "another place": changed(seq=2),
        "no actor": changed(actor={}),
        "too deep": changed(body={"a": deep}),
        "covers tables": changed(kind="ledger.began", body={}),
        "another version": changed(v=2),
        "an unknown member": changed(colour="red"),
        "claims changes": changed(changes={"ledger_keys": {"a": "00"}}),
    }


def test_bad_batches_are_refused_and_the_writer_lives(station: Station, settings: Settings) -> None:
    """Whatever is sent, the answer is a refusal, nothing is written, and others are served."""
    sender = station.sender("good")
    receipts = list(append(sender, 1))
    for name, bad in bad_messages(station.database).items():
        answers = station.speak(hello("s") + bad)
        assert answers[0] == {"last_seq": 0}, name
        assert answers[1].get("error") == "invalid", (name, answers)
        assert len(answers) == 2, name
        receipts += append(sender, 2)
    assert "s" not in sealed(station.database, settings, receipts)


def test_a_refused_batch_is_told_to_its_sender(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender's callers read why; the next batch goes on from where the sender stood."""
    sender = station.sender()
    monkeypatch.setattr(remote, "_MOST_BYTES", 2_000)
    with pytest.raises(InvalidError, match="2000 bytes at most"):
        append(sender, *range(100))
    assert append(sender, 1)[0].seq == 1


def test_a_clock_that_jumps_back_is_flagged_for_senders_too(
    station: Station, settings: Settings, clock: FixedClock
) -> None:
    """What a sender records after its clock was set back says so, in its place and still whole."""
    sender = station.sender()
    receipts = list(append(sender, 1))
    clock.set_back(60)
    receipts += append(sender, 2, 3)
    clock.advance(120)
    receipts += append(sender, 4)
    with opened_log(station.database, settings) as log:
        log.seal()
        report = audit(log, receipts)
        found = [e for e in sealed_entries(log.tiles.root, log.size()) if e["producer"] == "s"]
    back = ["clock_back"]
    assert [each.get("flags") for each in found] == [None, back, back, None]
    assert [each["seq"] for each in found] == [1, 2, 3, 4]
    assert "2 entries carry the flag 'clock_back'" in report.as_text()


def test_a_stopped_log_takes_nothing_from_senders(database: Database, tmp_path: Path) -> None:
    """A writer whose log does not verify refuses its senders and says why."""
    why = ["entry 7 is changed"]
    writer = Writer(database, DatabaseSink(database, "w", lambda: why[0]), "w", linger_ms=0)
    station = Station(database, writer, WriterSocket(writer, tmp_path / "writer.sock"), [])
    writer.start()
    station.door.start()
    sender = station.sender()
    with pytest.raises(CorruptError, match="entry 7 is changed"):
        append(sender, 1)
    why[0] = ""
    assert append(sender, 2)[0].seq == 1
    station.end()


def test_without_a_writer_senders_are_told(station: Station) -> None:
    """Nobody listening is an error that says what to do, and passes when one does again."""
    sender = station.sender()
    append(sender, 1)
    station.door.stop(grace_seconds=0)
    assert not station.door.alive()
    with pytest.raises(UnavailableError, match="does not answer") as refused:
        append(sender, 2)
    assert "Start it again" in refused.value.remedy
    station.door.start()
    assert append(sender, 3)[0].seq == 2


def test_only_this_user_may_connect(station: Station) -> None:
    """The socket is closed to other users of the host."""
    assert station.door.path.stat().st_mode & 0o777 == 0o600


def test_a_dead_writers_socket_is_replaced(station: Station, tmp_path: Path) -> None:
    """A file that a killed process left is taken over; that of a living one is not."""
    stale = tmp_path / "stale.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(stale))
    door = WriterSocket(station.writer, stale)
    door.start()
    assert append(station.sender(path=stale), 1)[0].seq == 1
    with pytest.raises(ConflictError, match="another process already takes"):
        WriterSocket(station.writer, stale).start()
    door.stop(grace_seconds=0)
    assert not stale.exists()


def test_a_path_that_is_too_long_is_told(station: Station, tmp_path: Path) -> None:
    """A socket's path has a limit that the error names."""
    door = WriterSocket(station.writer, tmp_path / ("x" * 120))
    with pytest.raises(UnavailableError, match="108 letters") as refused:
        door.start()
    assert (refused.value.field, door.alive()) == ("data.dir", False)


def serving() -> int:
    """Count the threads that serve senders."""
    return sum("_serve" in each.name for each in threading.enumerate())


def test_connections_end_with_their_senders(station: Station) -> None:
    """A thread ends when its sender hangs up, and all of them when the writer stops."""
    for n in range(10):
        station.speak(hello(f"s{n}"))
    sender = station.sender("stays")
    append(sender, 1)
    until(lambda: serving() == 1)
    assert len(station.door._connections) == 1
    station.door.stop(grace_seconds=0)
    until(lambda: serving() == 0)
    assert (len(station.door._connections), len(station.door._owners)) == (0, 0)


def until(holds: Any) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.slow
def test_nothing_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    """Four processes send while their writer is killed five times; all that was told is there."""
    settings = settings_for(tmp_path / "d")
    with fresh_database(settings, FixedClock()):
        pass
    stop, acks = tmp_path / "stop", [tmp_path / f"acks-{n}" for n in range(4)]
    writer = start("write", settings)
    senders = [start("send", settings, f"s{n}", str(to), str(stop)) for n, to in enumerate(acks)]
    for _ in range(5):
        time.sleep(0.7)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer = start("write", settings)
    time.sleep(0.7)
    stop.touch()
    assert [each.wait(60) for each in senders] == [0] * 4
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    told = [tuple(json.loads(line)) for each in acks for line in each.read_text().splitlines()]
    receipts = [Receipt(*each) for each in told]
    assert len({one.id for one in receipts}) == len(receipts) > 100
    with fresh_database(settings, FixedClock()) as database, opened_log(database, settings) as log:
        log.seal()
        audit(log, receipts)
        found = list(sealed_entries(log.tiles.root, log.size()))
    places = {(one["producer"], one["seq"]): one["id"] for one in found}
    assert len(places) == len(found)
    assert all(places[one.producer, one.seq] == one.id for one in receipts)
    for name in (f"s{n}" for n in range(4)):
        own = [one["seq"] for one in found if one["producer"] == name]
        assert own == list(range(1, len(own) + 1))


def start(what: str, settings: Settings, *more: str) -> subprocess.Popen[bytes]:
    """Start another process of the installation."""
    command = [sys.executable, "-W", "error", str(PROGRAM), what, str(settings.data.dir), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.stdout.close()
    return process
