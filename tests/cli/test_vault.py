"""`muniment vault …`: every command as a person types it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from muniment.testing.vault import OTHER, SUBJECT
from muniment.vault import certificate_problems
from tests.server.forked import forked_bytes
from tests.vault.kept import WORDS, Kept, filled


@dataclass(frozen=True)
class Place:
    """An installation, and its log's key."""

    folder: Path
    entry: int
    waiting: str
    done: str

    def call(self, *arguments: str, folder: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run a command of the vault there."""
        where = ("--data", str(self.folder / "data")) if folder else ()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("MUNIMENT_")}
        own = {"MUNIMENT_UNLOCK_FOLDER": str(self.folder / "unlock"), "COLUMNS": "400"}
        words = ("vault", *arguments, *where)
        return forked_bytes(
            words, cwd=self.folder, environment=kept | own, timeout=120, given=b"y\n"
        )

    def said(self, *arguments: str, folder: bool = True) -> str:
        """Run a command that goes well, and give what it printed."""
        done = self.call(*arguments, folder=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An installation with content and erasures."""
    with filled(tmp_path) as made:
        given = entry_of(made), made.waiting.id, made.done.id
    return Place(tmp_path, *given)


def entry_of(made: Kept) -> int:
    """Find the entry that speaks of content."""
    entries = made.house.log.read_after(0, 500)
    return next(one.index for one in entries if one.value.get("content"))


def test_keys_are_shown_and_turned(place: Place) -> None:
    """Status for people and for programs; rotate and rewrap say what they did."""
    found = json.loads(place.said("status", "--json"))
    assert found["objects"] == 2
    assert "restricted" in place.said("status")
    assert "2 data keys were retired" in place.said("rotate", "--reason", "it was due")
    assert "2 data keys were wrapped anew" in place.said("rewrap")
    assert "No rotation is due" in place.said("status")
    assert place.said("sweep") == "0 tokens and 2 objects were removed.\n"


def test_content_is_opened_for_a_reason(place: Place) -> None:
    """It goes to standard output or a file; without a reason nothing is opened."""
    opened = place.call("open", str(place.entry), "--reason", "the customer asked")
    assert opened.stdout == WORDS
    place.said("open", str(place.entry), "--reason", "the customer asked", "--out", "got.bin")
    assert (place.folder / "got.bin").read_bytes() == WORDS
    refused = place.call("open", str(place.entry), "--reason", "why")
    assert refused.returncode == 2
    assert WORDS not in refused.stdout + refused.stderr
    assert place.call("open", "0", "--reason", "the customer asked").returncode == 2


def test_a_subject_is_erased_and_it_is_proved(place: Place) -> None:
    """Asked, destroyed and certified at once where no second person is needed."""
    name = place.said("pseudonym", "Anna@example.com").strip()
    assert place.said("pseudonym", "anna@example.com").strip() == name
    nothing = place.call("shred", "--subject", name, "--reason", "she asked us to", "--yes")
    assert nothing.returncode == 2
    assert b"nothing is kept" in nothing.stderr
    asked = ("--subject", OTHER, "--classification", "internal", "--reason", "they asked us")
    said = place.said("shred", *asked)
    assert "1 keys of" in said
    written = Path(place.folder, said.strip().splitlines()[-1]).read_bytes()
    assert certificate_problems(written) == ()


def test_what_needs_a_second_person_waits_for_one(place: Place) -> None:
    """The command line alone erases no restricted content, and says what is missing."""
    refused = place.call("shred", place.waiting, "--yes")
    assert refused.returncode == 5
    assert b"second person" in refused.stderr
    assert SUBJECT in place.said("status")
    assert "certificate.json" in place.said("certificate", place.done, "--out", "proofs")
    assert place.call("certificate", place.waiting).returncode == 4
    path = place.folder / "proofs" / f"{place.done}.certificate.json"
    vkey = json.loads(path.read_bytes())["log"]["vkey"]
    assert "MET" in place.said("check", str(path), "--key", vkey, folder=False)
    path.write_text(path.read_text().replace("No second", "A second").replace("agreed at", "at"))
    changed = place.call("check", str(path), "--key", vkey, folder=False)
    assert changed.returncode == 1
    assert b"sentences" in changed.stderr
