"""What a head may be signed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.core.errors import InvalidError
from muniment.ledger.rules import format_bundle, format_note
from muniment.ledger.service.ground import read_predecessor, require_origin, split_batch
from muniment.verify import (
    Checkpoint,
    Note,
    Signature,
    format_checkpoint,
)

HEAD = Checkpoint("old.example/log", 7, bytes(range(32)))


@pytest.mark.parametrize("origin", ["example.com/muniment", "vm/muniment/abc", "a", "é/log"])
def test_a_name_that_can_sign_is_taken(origin: str) -> None:
    """Anything without spaces and plus signs can name a log."""
    require_origin(origin)


@pytest.mark.parametrize(
    "origin", ["", "with space", "one+one", "new\nline", "x" * 201, "\udc80", "tab\there"]
)
def test_a_name_that_no_key_could_sign_under_is_refused(origin: str) -> None:
    """It is refused before the log begins, for it could never be changed later."""
    with pytest.raises(InvalidError) as refused:
        require_origin(origin)
    assert refused.value.field == "ledger.origin"


def test_the_log_before_is_read_from_its_last_checkpoint(tmp_path: Path) -> None:
    """The first entry can name the log it continues: whose, how long, with which root."""
    file = tmp_path / "checkpoint"
    signed = Signature("old.example/log", b"keyi", bytes(64))
    file.write_bytes(format_note(Note(format_checkpoint(HEAD), (signed,))))
    assert read_predecessor(file) == {
        "origin": "old.example/log",
        "size": 7,
        "root": bytes(range(32)).hex(),
    }
    assert read_predecessor(None) is None


@pytest.mark.parametrize("content", [None, b"", b"\xff\n\n", b"three\nlines\nonly\n"])
def test_something_else_is_no_log_before(tmp_path: Path, content: bytes | None) -> None:
    """A missing or foreign file is told with the setting that names it."""
    file = tmp_path / "checkpoint"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidError) as refused:
        read_predecessor(file)
    assert refused.value.field == "ledger.predecessor"


def test_a_batch_is_cut_into_its_entries() -> None:
    """A batch may hold more entries than a bundle does, empty ones too."""
    entries = [b"", b"a", b"b" * 65_535, *(str(n).encode() for n in range(1_000))]
    assert split_batch(format_bundle(entries)) == entries
