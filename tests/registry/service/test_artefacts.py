"""Tests of files of models: kept under their digest, taken out, scanned, judged in a change."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from muniment import registry, vault
from muniment.core.digest import digest_bytes
from muniment.core.errors import (
    ConflictError,
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.registry.service.artefacts import VaultReader
from muniment.settings.areas import RegistrySettings
from muniment.testing.vault import INES, Vaulted, opened_vault
from tests.access.recorded import records
from tests.registry.rules.scanning.files import Evil, safetensors_file, torch_file
from tests.registry.yard import Yard

SAFE = safetensors_file({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}}, b"ab")
LIMITS = RegistrySettings()
NOBODY = "sha256:" + "0" * 64


@pytest.fixture
def kept(yard: Yard) -> Iterator[Vaulted]:
    """An installation with a vault, and the system."""
    with opened_vault(yard.database, yard.settings) as found:
        yard.approved()
        yield found


def pieces(data: bytes) -> Iterator[bytes]:
    """Send something in pieces."""
    return (data[place : place + 7] for place in range(0, len(data), 7))


def put(yard: Yard, kept: Vaulted, data: bytes, digest: str = "", **more: str) -> str:
    """Keep a file as Ben."""
    stated = digest or digest_bytes(data)
    given = {"name": "model.bin", **more}
    key, ben = yard.system.key, yard.people["ben"]
    return registry.keep_artefact(kept.safe, LIMITS, ben, key, stated, pieces(data), **given).digest


def kinds(kept: Vaulted) -> list[str]:
    """List the kinds of records there are."""
    return [each["kind"] for each in records(kept.database)]


def blobs(yard: Yard) -> list[str]:
    """List what lies in the storage."""
    folder = yard.settings.data.dir / "blobs"
    return [str(each) for each in folder.rglob("*") if each.is_file() and each.name != ".lock"]


@pytest.mark.requirement("ENC-04", "ACC-09", "REG-05")
def test_a_file_is_kept_once_and_comes_back_the_same(yard: Yard, kept: Vaulted) -> None:
    """Encrypted at rest, recorded with a reference to the content, given out to who may."""
    data = bytes(range(256)) * 9000
    digest = put(yard, kept, data)
    before = len(blobs(yard))
    assert put(yard, kept, data) == digest
    assert len(blobs(yard)) == before
    found, given = registry.take_artefact(kept.safe, yard.people["ben"], yard.system.id, digest)
    assert b"".join(given) == data
    assert (found.size, found.name) == (len(data), "model.bin")
    for kind in ("registry.artefact_kept", "registry.artefact_taken", "vault.opened"):
        assert kinds(kept).count(kind) == 1
    assert not any(data[:100] in Path(each).read_bytes() for each in blobs(yard))


def test_a_file_that_is_not_what_was_stated_leaves_nothing(yard: Yard, kept: Vaulted) -> None:
    """Another digest, too many bytes, and a sender that dies: no row, no record, no bytes."""
    before = blobs(yard)
    with pytest.raises(InvalidError, match=r"the file is sha256:.* not sha256:0000") as caught:
        put(yard, kept, b"something", NOBODY)
    assert caught.value.remedy
    with pytest.raises(InvalidError, match="is not a digest"):
        put(yard, kept, b"x", "md5:1")

    def dying() -> Iterator[bytes]:
        yield b"x" * 3_000_000
        raise ConnectionResetError

    ben, key = yard.people["ben"], yard.system.key
    with pytest.raises(ConnectionResetError):
        registry.keep_artefact(kept.safe, LIMITS, ben, key, NOBODY, dying(), name="m")
    small = replace(LIMITS, max_artefact_bytes=2_000)
    with pytest.raises(InvalidError, match="larger than 2,000"):
        registry.keep_artefact(kept.safe, small, ben, key, NOBODY, dying(), name="m")
    assert blobs(yard) == before
    with yard.looking() as work:
        assert registry.artefacts_of(work, key) == ()
    assert "registry.artefact_kept" not in kinds(kept)


def test_who_may_not_is_refused(yard: Yard, kept: Vaulted) -> None:
    """Keeping, scanning and taking out each ask a permission; an unknown file says what to do."""
    digest = put(yard, kept, SAFE)
    key, otto, cora = yard.system.key, yard.people["otto"], yard.people["cora"]
    with pytest.raises(ForbiddenError):
        registry.keep_artefact(kept.safe, LIMITS, otto, key, digest, [SAFE], name="m")
    with pytest.raises(ForbiddenError):
        registry.take_artefact(kept.safe, otto, key, digest)
    with pytest.raises(ForbiddenError):
        registry.scan_artefact(kept.safe, cora, key, digest)
    with pytest.raises(NotFoundError, match="keeps no file"):
        registry.take_artefact(kept.safe, yard.people["ben"], key, NOBODY)


def test_bytes_that_changed_in_the_storage_are_never_given_out_whole(
    yard: Yard, kept: Vaulted
) -> None:
    """A flipped bit on the disk is found before the last piece."""
    known = set(blobs(yard))
    digest = put(yard, kept, bytes(2_500_000))
    (place,) = set(blobs(yard)) - known
    Path(place).chmod(0o600)
    with Path(place).open("r+b") as file:
        file.seek(1_500_000)
        file.write(b"\xff\xff\xff")
    _, given = registry.take_artefact(kept.safe, yard.people["ben"], yard.system.id, digest)
    with pytest.raises(CorruptError):
        list(given)


def test_what_was_erased_can_be_kept_again(yard: Yard, kept: Vaulted) -> None:
    """With its key destroyed a file cannot be had; the same file sent again is kept anew."""
    digest = put(yard, kept, SAFE)
    with yard.database.work(INES) as work:
        asked = vault.ask_shred(work, kept.safe, subject=yard.system.id, reason="told to erase it")
        vault.shred(work, kept.safe, asked.id)
    with pytest.raises(NotFoundError, match="destroyed"):
        registry.take_artefact(kept.safe, yard.people["ben"], yard.system.id, digest)
    yard.later(1)  # within one moment ids have no order
    put(yard, kept, SAFE)
    _, given = registry.take_artefact(kept.safe, yard.people["ben"], yard.system.id, digest)
    assert b"".join(given) == SAFE


def test_scans_are_records_and_the_newest_counts(yard: Yard, kept: Vaulted) -> None:
    """What a scan found is told with rule, place and reason, in the log by its digest."""
    bad, good = put(yard, kept, torch_file(Evil()), name="m.pt"), put(yard, kept, SAFE)
    ben, key = yard.people["ben"], yard.system.key
    found = registry.scan_artefact(kept.safe, ben, key, bad)
    assert found.scanned.verdict == "not_met"
    registry.scan_artefact(kept.safe, ben, key, good)
    with yard.looking() as work:
        told = {each.digest: each for each in registry.artefacts_of(work, key)}
        assert told[bad].scan == found
        assert told[good].scan_answer == ("met", "Nothing unsafe was found in this safetensors.")
        assert told[good].signed[0] == "could_not_tell"
    assert kinds(kept).count("registry.artefact_scanned") == 2


def test_a_change_answers_for_its_files(yard: Yard, kept: Vaulted) -> None:
    """Could not tell, then met, and not met for a file that runs a program."""
    answers = {}
    for name, data in (("a", SAFE), ("b", pickle.dumps(Evil()))):
        digest = digest_bytes(data)
        files = [{"name": "model.bin", "digest": digest}]
        made = yard.version(f"model/{name}", artefacts=files, licence="mit")
        with yard.by("ben") as work:
            named = {made.label: made.number}
            change = registry.draft(work, yard.system.id, "Try", named, reason="as asked")
        answers[name, 0] = scan_answer(yard, change.id)
        put(yard, kept, data)
        registry.scan_artefact(kept.safe, yard.people["ben"], yard.system.key, digest)
        answers[name, 1] = scan_answer(yard, change.id)
    assert answers == {
        ("a", 0): "could_not_tell",
        ("a", 1): "met",
        ("b", 0): "could_not_tell",
        ("b", 1): "not_met",
    }
    with yard.by("ben") as work, pytest.raises(ConflictError) as caught:
        registry.ask(work, change.id)
    assert "artefact_scan" in str(caught.value)


def scan_answer(yard: Yard, change_id: str) -> str:
    """Look at the checks of a change and give the answer about its scan."""
    with yard.by("ben") as work:
        findings = registry.check(work, change_id).findings
    (found,) = [each.verdict for each in findings if each.name == "artefact_scan"]
    (signed,) = [each.verdict for each in findings if each.name == "artefact_signature"]
    assert signed == "could_not_tell"
    return found


@given(
    st.binary(min_size=1, max_size=3000),
    st.lists(st.tuples(st.integers(0, 3100), st.integers(0, 400)), max_size=12),
    st.integers(1, 700),
)
@with_settings(max_examples=60, deadline=None)
def test_content_is_read_at_any_place(
    data: bytes, asked: list[tuple[int, int]], piece: int
) -> None:
    """Forwards and backwards, the bytes are those of the content."""
    reader = VaultReader(
        len(data),
        lambda: (data[place : place + piece] for place in range(0, len(data), piece)),
    )
    for offset, length in asked:
        assert reader.read(offset, length) == data[offset : offset + length]


def test_content_that_ends_early_is_an_error() -> None:
    """A reader never gives fewer bytes than there were."""
    with pytest.raises(CorruptError):
        VaultReader(10, lambda: iter((b"abc",))).read(2, 5)
    assert VaultReader(3, lambda: iter((b"abc",))).read(0, 9) == b"abc"
