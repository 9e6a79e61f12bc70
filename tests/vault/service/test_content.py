"""Content: kept encrypted, opened with permission, reason and a durable record, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from muniment import ledger, vault
from muniment.blobs import Blobs
from muniment.core.actor import Actor, ActorKind
from muniment.core.digest import Digest
from muniment.core.errors import (
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.ledger import Writer, reconcile
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.service.writer import DatabaseSink
from muniment.settings import Settings
from muniment.testing.ledger import audit, sealed_entries
from muniment.testing.vault import INES, OTHER, SUBJECT, Vaulted
from muniment.vault import Held

REASON = "a customer asked what we hold"
CLASS = "confidential"
WHOSE = {"classification": CLASS, "subject": SUBJECT}


def keep(house: Vaulted, content: bytes = b"the plain words", subject: str = SUBJECT) -> Held:
    """Keep some content in a unit of work of its own."""
    with house.database.work(INES) as work:
        return vault.put(work, house.safe, content, classification=CLASS, subject=subject)


def read(house: Vaulted, held: Held) -> bytes:
    """Open content, and read it after its record is durable."""
    with house.database.work(INES) as work:
        opening = vault.open(work, house.safe, held, reason=REASON)
    return opening.read()


@pytest.mark.requirement("ENC-01")
def test_what_is_kept_comes_back_and_both_stand_in_the_log(vaulted: Vaulted) -> None:
    """Content comes back byte for byte; making its key and opening it are entries."""
    held = keep(vaulted)
    assert read(vaulted, held) == b"the plain words"
    vaulted.log.seal()
    audit(vaulted.log)
    entries = {
        str(one["kind"]): one for one in sealed_entries(vaulted.log.tiles.root, vaulted.log.size())
    }
    opened = entries["vault.opened"]
    assert opened["content"] == [held.as_reference()]
    assert opened["body"] == {
        "ct_sha256": held.ct_sha256,
        "kid": held.kid,
        "classification": CLASS,
        "subject": SUBJECT,
        "reason": REASON,
    }
    assert "vault_keys" in entries["vault.key_made"]["changes"]  # type: ignore[operator]


def test_nothing_comes_out_before_its_record_is_durable(vaulted: Vaulted) -> None:
    """Inside the unit of work, and after one that was rolled back, there is nothing to read."""
    held = keep(vaulted)
    with vaulted.database.work(INES) as work:
        opening = vault.open(work, vaulted.safe, held, reason=REASON)
        with pytest.raises(ConflictError, match="not durable"):
            opening.read()
    assert opening.read() == b"the plain words"
    with suppress(ZeroDivisionError), vaulted.database.work(INES) as work:
        lost = vault.open(work, vaulted.safe, held, reason=REASON)
        work.after_commit(pytest.fail)
        print(1 / 0)
    with pytest.raises(ConflictError, match="not durable"):
        lost.read()


def test_a_reason_that_says_nothing_opens_nothing(vaulted: Vaulted) -> None:
    """No reason, a too short or too long one, or one that steers a terminal is refused."""
    held = keep(vaulted)
    reasons = ("", "   ", "why", "x" * 301, "a reason\x1b[2J", "a\u202ereason")
    with vaulted.database.work(INES) as work:
        for reason in reasons:
            with pytest.raises(InvalidError) as caught:
                vault.open(work, vaulted.safe, held, reason=reason)
            assert caught.value.field == "reason"


def test_without_a_permission_nothing_opens(vaulted: Vaulted) -> None:
    """A person or a service that relies on no grant is refused, and nothing is recorded."""
    held = keep(vaulted)
    before = vaulted.log.status().waiting
    for kind in (ActorKind.PERSON, ActorKind.SERVICE):
        with vaulted.database.work(Actor(kind, "somebody")) as work, pytest.raises(ForbiddenError):
            vault.open(work, vaulted.safe, held, reason=REASON)
    assert vaulted.log.status().waiting == before


def test_many_contents_share_an_object_and_open_alone(vaulted: Vaulted) -> None:
    """A batch is one page; each content has a commitment of its own and opens by it."""
    contents = [f"content {n} of many".encode() * (n + 1) for n in range(40)]
    with vaulted.database.work(INES) as work:
        held = vault.put_many(work, vaulted.safe, contents, classification=CLASS, subject=SUBJECT)
        assert vault.put_many(work, vaulted.safe, (), classification=CLASS, subject=SUBJECT) == ()
    assert len({one.ct_sha256 for one in held}) == 1
    assert len({one.commit for one in held}) == 40
    assert len(objects(vaulted)) == 1
    for place in (0, 17, 39):
        assert read(vaulted, held[place]) == contents[place]


@contextmanager
def writing(house: Vaulted) -> Iterator[Writer]:
    """Run the writer of a process."""
    writer = Writer(house.database, DatabaseSink(house.database, "gate", str), "gate", 0)
    writer.start()
    yield writer
    assert writer.stop(grace_seconds=30)


def test_records_are_written_together_with_their_contents(vaulted: Vaulted) -> None:
    """Each entry refers to its own content, which opens; a few large ones are shared out."""
    contents = [b"", b"one", b"x" * 700_000, b"y" * 700_000]
    beats = [Heartbeat("gate", n + 1) for n in range(4)]
    with writing(vaulted) as writer:
        done = vault.append(writer, vaulted.safe, INES, beats, contents, **WHOSE)
        receipts = done.result(60)
        with pytest.raises(InvalidError):
            vault.append(writer, vaulted.safe, INES, beats, contents[1:], **WHOSE)
        with pytest.raises(InvalidError):
            vault.append(writer, vaulted.safe, INES, [], [], **WHOSE)
    assert [receipt.seq for receipt in receipts] == [1, 2, 3, 4]
    vaulted.log.seal()
    audit(vaulted.log)
    for receipt, content in zip(receipts, contents, strict=True):
        (reference,) = ledger.find_by_id(vaulted.log, receipt.id).value["content"]
        assert read(vaulted, Held.from_reference(reference)) == content
    assert len(objects(vaulted)) == 2
    assert reconcile(vaulted.log, INES).differences == ()


@dataclass
class Interrupted:
    """Keeps blobs in a real place, and lets something happen just after each is kept."""

    inner: Blobs
    then: Callable[[], None]

    def put(self, data: bytes, known: str | None = None) -> Digest:
        """Keep it, and let the other thing happen."""
        digest = self.inner.put(data, known)
        self.then()
        return digest


def test_no_record_refers_to_content_whose_key_was_destroyed_meanwhile(vaulted: Vaulted) -> None:
    """Erased between encrypting and writing: the records are refused; others go on; then anew."""
    beats = [Heartbeat("gate", n + 1) for n in range(2)]
    keep(vaulted)

    def erase() -> None:
        with vaulted.database.work(INES) as work:
            asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason=REASON)
            vault.shred(work, vaulted.safe, asked.id)

    interrupted = Interrupted(vaulted.safe.blobs, erase)
    slow = replace(vaulted.safe, blobs=cast("Blobs", interrupted))
    with writing(vaulted) as writer:
        late = vault.append(writer, slow, INES, beats, [b"a", b"b"], **WHOSE)
        fine = writer.append(INES, beats)
        with pytest.raises(ConflictError, match="destroyed"):
            late.result(60)
        assert len(fine.result(60)) == 2
        anew = vault.append(writer, vaulted.safe, INES, beats, [b"a", b"b"], **WHOSE)
        assert [receipt.seq for receipt in anew.result(60)] == [3, 4]


def test_after_a_rotation_records_are_kept_under_the_new_key(vaulted: Vaulted) -> None:
    """A process that remembers the older key does not go on using it."""
    beats, contents = [Heartbeat("gate", n + 1) for n in range(2)], [b"a", b"b"]
    with writing(vaulted) as writer:
        old = vault.append(writer, vaulted.safe, INES, beats, contents, **WHOSE).result(60)
        vault.rotate(vaulted.safe, INES, reason=REASON)
        new = vault.append(writer, vaulted.safe, INES, beats, contents, **WHOSE).result(60)
    vaulted.log.seal()
    entries = [ledger.find_by_id(vaulted.log, one[0].id) for one in (old, new)]
    kids = {entry.value["content"][0]["kid"] for entry in entries}
    assert len(kids) == 2


def test_a_large_content_streams_in_and_out(vaulted: Vaulted) -> None:
    """Megabytes arrive in pieces and come back in pieces; an empty stream is content too."""
    pieces = [bytes([n]) * 700_001 for n in range(5)]
    held = vault.put_stream(vaulted.safe, INES, iter(pieces), classification=CLASS, subject=SUBJECT)
    with vaulted.database.work(INES) as work:
        opening = vault.open(work, vaulted.safe, held, reason=REASON)
    came = list(opening.stream())
    assert b"".join(came) == b"".join(pieces)
    assert len(came) > 1
    empty = vault.put_stream(vaulted.safe, INES, (), classification=CLASS, subject=SUBJECT)
    assert read(vaulted, empty) == b""


def test_the_same_content_looks_different_each_time(vaulted: Vaulted) -> None:
    """Neither the commitment nor the ciphertext tells that two contents are alike."""
    one, other = keep(vaulted), keep(vaulted)
    assert one.kid == other.kid
    assert one.commit != other.commit
    assert one.ct_sha256 != other.ct_sha256


@pytest.mark.requirement("ENC-03")
def test_keys_are_separate_by_class_subject_and_period(vaulted: Vaulted) -> None:
    """Another class, another subject and another month have keys of their own; a day has not."""

    def kid(classification: str, subject: str) -> str:
        with vaulted.database.work(INES) as work:
            held = vault.put(
                work, vaulted.safe, b"x", classification=classification, subject=subject
            )
        return held.kid

    first = kid(CLASS, SUBJECT)
    assert kid(CLASS, SUBJECT) == first
    others = [kid("internal", SUBJECT), kid(CLASS, OTHER)]
    vaulted.database.clock.advance(86_400 * 40)  # type: ignore[attr-defined]
    others.append(kid(CLASS, SUBJECT))
    assert len({first, *others}) == 4


def test_what_cannot_be_named_is_refused(vaulted: Vaulted) -> None:
    """An unknown class, and a subject that is a person's own identifier, keep nothing."""
    wrong = [
        ("secret-ish", SUBJECT, "classification"),
        ("_pseudonyms", SUBJECT, "classification"),
        (CLASS, "anna@example.com", "subject"),
        (CLASS, "", "subject"),
        (CLASS, "Anna Schmidt", "subject"),
        (CLASS, "sub_" + "0" * 80, "subject"),
    ]
    with vaulted.database.work(INES) as work:
        for classification, subject, field in wrong:
            with pytest.raises(InvalidError) as caught:
                vault.put(work, vaulted.safe, b"x", classification=classification, subject=subject)
            assert caught.value.field == field


def test_a_reference_that_was_tampered_with_opens_nothing(vaulted: Vaulted) -> None:
    """Another key's name, another commitment, another digest: each is refused for what it is."""
    held, other = keep(vaulted), keep(vaulted, b"of another", OTHER)
    with vaulted.database.work(INES) as work:
        for wrong in (
            Held("vk_nobody", held.commit, held.ct_sha256, held.ct_len),
            Held(held.kid, held.commit, "0" * 64, held.ct_len),
        ):
            with pytest.raises(NotFoundError):
                vault.open(work, vaulted.safe, wrong, reason=REASON)
    for wrong in (
        Held(held.kid, other.commit, held.ct_sha256, held.ct_len),
        Held(other.kid, held.commit, held.ct_sha256, held.ct_len),
    ):
        with pytest.raises(CorruptError):
            read(vaulted, wrong)


def test_a_changed_object_is_refused(vaulted: Vaulted, settings: Settings) -> None:
    """A flipped bit on the disk is an error with the object's name, never other words."""
    held = keep(vaulted)
    path = objects(vaulted)[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    with pytest.raises(CorruptError):
        read(vaulted, held)


def test_content_that_is_kept_leaves_no_trace_of_itself(
    vaulted: Vaulted, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the log lines, not in errors, not in any file, not in the database, in no encoding."""
    caplog.set_level(logging.DEBUG)
    secret = b"CANARY-7c1e5b-plain-words"
    held = keep(vaulted, secret)
    with vaulted.database.work(INES) as work:
        batch = vault.put_many(
            work, vaulted.safe, [secret, secret], classification=CLASS, subject=SUBJECT
        )
    streamed = vault.put_stream(
        vaulted.safe, INES, iter([secret] * 90_000), classification=CLASS, subject=SUBJECT
    )
    assert secret in read(vaulted, held) + read(vaulted, batch[1]) + read(vaulted, streamed)
    wrong = Held(held.kid, "0" * 64, held.ct_sha256, held.ct_len)
    with pytest.raises(CorruptError) as caught:
        read(vaulted, wrong)
    vaulted.log.seal()
    forms = [secret, secret.hex().encode(), secret[:12]]
    said = (caplog.text + repr(caught.value) + repr(caught.value.__cause__)).encode()
    assert [form for form in forms if form in said] == []
    for path in settings.data.dir.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert [form for form in forms if form in data] == [], path


def test_a_key_destroyed_while_a_stream_arrives_keeps_nothing(vaulted: Vaulted) -> None:
    """Content that arrives while its subject is erased is refused at its end."""
    keep(vaulted)

    def arriving() -> Iterator[bytes]:
        yield b"begun"
        with vaulted.database.work(INES) as work:
            asked = vault.ask_shred(work, vaulted.safe, subject=SUBJECT, reason=REASON)
            vault.shred(work, vaulted.safe, asked.id)
        yield b"ended"

    with pytest.raises(ConflictError, match="destroyed while"):
        vault.put_stream(vaulted.safe, INES, arriving(), classification=CLASS, subject=SUBJECT)


def test_what_the_log_holds_is_enough_to_find_and_open_it(vaulted: Vaulted) -> None:
    """The reference read back from a sealed entry opens the content."""
    held = keep(vaulted)
    read(vaulted, held)
    vaulted.log.seal()
    row = ledger.find(vaulted.log, ledger.Query("vault.opened")).rows[0]
    found = ledger.entry(vaulted.log, row.index).value["content"][0]
    assert read(vaulted, Held.from_reference(found)) == b"the plain words"


def objects(house: Vaulted) -> list[Path]:
    """List the files of the storage."""
    root = house.log.settings.data.dir / "blobs"
    return [path for path in root.rglob("*") if path.is_file() and "sha256" in path.parts]


def test_a_discarded_content_is_opened_by_nobody_and_swept(vaulted: Vaulted) -> None:
    """It goes alone and on record; its key goes on protecting the others, and a page is refused."""
    held, other = keep(vaulted), keep(vaulted, b"other words")
    with vaulted.database.work(INES) as work:
        assert vault.discard(work, held, reason="kept long enough")
        assert not vault.discard(work, held, reason="kept long enough")
        many = vault.put_many(work, vaulted.safe, [b"a", b"b"], **WHOSE)
        with pytest.raises(ConflictError, match="page with others"):
            vault.discard(work, many[0], reason="kept long enough")
        with pytest.raises(InvalidError):
            vault.discard(work, other, reason="")
    with pytest.raises(NotFoundError):
        read(vaulted, held)
    assert read(vaulted, other) == b"other words"
    assert vault.sweep(vaulted.safe, INES).objects == 1
    assert not vaulted.safe.blobs.exists(f"sha256:{held.ct_sha256}")
    assert vaulted.safe.blobs.exists(f"sha256:{other.ct_sha256}")
    vaulted.log.seal()
    audit(vaulted.log)
    with vaulted.database.look(INES) as work:
        assert vault.erased(work, [held.kid, "vk_none"]) == {}
