"""A certificate of an erasure, checked with one file and the log's key alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from muniment import vault, verify
from muniment.testing.vault import INES
from muniment.verify import COULD_NOT_TELL, MET, NOT_MET, Trust, parse_vkey, verify_certificate
from tests.vault.kept import filled


@dataclass(frozen=True)
class Certified:
    """A certificate, and the key it verifies with."""

    data: bytes
    vkey: str

    @property
    def trust(self) -> Trust:
        """Trust the log's key."""
        return Trust((parse_vkey(self.vkey),))

    def read(self) -> dict[str, Any]:
        """Read it anew, to change it."""
        found: dict[str, Any] = json.loads(self.data)
        return found


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Certified]:
    """The certificate of a real erasure."""
    folder: Path = tmp_path_factory.mktemp("certified")
    with filled(folder) as made:
        with made.house.database.look(INES) as work:
            data = vault.certificate(made.house.safe, work, made.done.id)
        yield Certified(data, made.house.log.vkeys()[0])


def test_it_verifies_with_the_logs_key(certified: Certified) -> None:
    """Three entries with their proofs, and the keys that were destroyed."""
    report = verify_certificate(certified.data, certified.trust)
    assert report.answer == MET, report.as_text()
    assert report.checked == "3 entries with their proofs; 2 keys destroyed"


def test_without_a_key_it_could_not_tell(certified: Certified) -> None:
    """A certificate that nobody vouches for is not met, and not said to be false either."""
    assert verify_certificate(certified.data).answer == COULD_NOT_TELL


def test_the_one_file_checks_it_with_nothing_installed(
    certified: Certified, tmp_path: Path
) -> None:
    """verify.py by itself, isolated from every package, gives the answer and the exit code."""
    path = tmp_path / "shr.certificate.json"
    path.write_bytes(certified.data)
    command = [sys.executable, "-I", verify.__file__, str(path), "--key", certified.vkey]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "MET" in done.stdout) == (0, True), done.stdout + done.stderr
    changed = certified.read() | {"keys": []}
    path.write_text(json.dumps(changed))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize(
    "change",
    [
        {"keys": ["vk_other"]},
        {"destroyed_at": "2020-01-01T00:00:00.000000Z"},
        {"erasure": {}},
        {"entries": []},
        {"entries": None},
        {"keys": None},
    ],
)
def test_words_around_the_entries_cannot_be_changed(
    certified: Certified, change: dict[str, Any]
) -> None:
    """What the certificate says beside its entries must be what they say."""
    data = json.dumps(certified.read() | change).encode()
    assert verify_certificate(data, certified.trust).answer == NOT_MET


@pytest.mark.parametrize("role", ["request", "approval", "destruction"])
def test_no_entry_can_be_changed_or_left_out(certified: Certified, role: str) -> None:
    """Each entry is proved; a changed word, another's proof and a missing entry are found."""
    for change in (forge, swap, leave_out, double):
        given = certified.read()
        change(given, role)
        report = verify_certificate(json.dumps(given).encode(), certified.trust)
        assert report.answer == NOT_MET, (change.__name__, report.as_text())


def test_whatever_is_no_certificate_is_told(certified: Certified) -> None:
    """Other JSON, and no JSON at all."""
    for data in (b"{", b"{}", b'{"entries":[1]}', b"\xff", certified.data[:-30]):
        assert verify_certificate(data, certified.trust).answer == NOT_MET


def forge(given: dict[str, Any], role: str) -> None:
    """Change a reason or a name in an entry."""
    for one in given["entries"]:
        if one["role"] == role:
            one["entry"] = one["entry"].replace("per_", "per-")


def swap(given: dict[str, Any], role: str) -> None:
    """Give an entry the proof of another."""
    entries = {one["role"]: one for one in given["entries"]}
    other = next(name for name in entries if name != role)
    entries[role]["proof"] = entries[other]["proof"]


def leave_out(given: dict[str, Any], role: str) -> None:
    """Take an entry away."""
    given["entries"] = [one for one in given["entries"] if one["role"] != role]


def double(given: dict[str, Any], role: str) -> None:
    """Put an entry in twice."""
    given["entries"] += [one for one in given["entries"] if one["role"] == role]
