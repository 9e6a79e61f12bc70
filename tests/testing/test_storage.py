"""The contract suite is tried itself: a storage that breaks one promise is caught."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import pytest

from muniment.blobs import require_floor, require_name, require_prefix
from muniment.core.errors import InvalidError, NotFoundError
from muniment.testing.storage import StorageContract


class Memory:
    """A storage in memory that keeps every promise but durability."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.held: dict[str, bytes] = {}

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        require_name(name)
        data = b"".join(chunks)
        with self.lock:
            if name in self.held:
                return False
            self.held[name] = data
            return True

    def get(self, name: str) -> bytes:
        try:
            return self.held[require_name(name)]
        except KeyError as error:
            raise NotFoundError(subject=name) from error

    def stream(self, name: str) -> Iterator[bytes]:
        yield self.get(name)

    def exists(self, name: str) -> bool:
        return require_name(name) in self.held

    def delete(self, name: str, *, written_before: datetime) -> bool:
        young = require_floor(written_before) < datetime(2000, 1, 1, tzinfo=UTC)
        with self.lock:
            return not young and self.held.pop(require_name(name), None) is not None

    def compare_and_swap(self, name: str, expected: bytes | None, replacement: bytes) -> bool:
        with self.lock:
            if self.held.get(require_name(name)) != expected:
                return False
            self.held[name] = replacement
            return True

    def names(self, prefix: str) -> Iterator[str]:
        require_prefix(prefix)
        yield from sorted(name for name in self.held if name.startswith(prefix))


class Overwriting(Memory):
    """Writes over what is there."""

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        self.held[require_name(name)] = b"".join(chunks)
        return True


class Racing(Memory):
    """Looks first and writes later."""

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        if self.exists(name):
            return False
        time.sleep(0.01)
        self.held[name] = b"".join(chunks)
        return True


class RacingSwap(Memory):
    """Compares first and swaps later."""

    def compare_and_swap(self, name: str, expected: bytes | None, replacement: bytes) -> bool:
        if self.held.get(require_name(name)) != expected:
            return False
        time.sleep(0.01)
        self.held[name] = replacement
        return True


class Torn(Memory):
    """Shows an object while it grows."""

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        if self.exists(name):
            return False
        self.held[name] = b""
        for chunk in chunks:
            self.held[name] += chunk
        return True


class Forgetful(Memory):
    """Takes an empty object for none."""

    def exists(self, name: str) -> bool:
        return bool(self.held.get(require_name(name)))


class Hasty(Memory):
    """Deletes whatever its age."""

    def delete(self, name: str, *, written_before: datetime) -> bool:
        require_floor(written_before)
        return self.held.pop(require_name(name), None) is not None


class Disordered(Memory):
    """Lists as things came."""

    def names(self, prefix: str) -> Iterator[str]:
        require_prefix(prefix)
        yield from [name for name in self.held if name.startswith(prefix)]


class Trusting(Memory):
    """Takes any name."""

    def exists(self, name: str) -> bool:
        return name in self.held


class Silent(Memory):
    """Gives nothing for what is missing."""

    def get(self, name: str) -> bytes:
        return self.held.get(require_name(name), b"")


class Wordless(Memory):
    """Calls a parameter by another word."""

    def delete(self, name: str, *, before: datetime) -> bool:  # type: ignore[override] # the breach
        return super().delete(name, written_before=before)


def broken_promises(kind: type[Memory]) -> set[str]:
    """Run the whole suite on a storage and give the names of the tests that fail."""

    class Suite(StorageContract):
        def make_storage(self) -> Memory:
            return kind()

    failed = set()
    for name in (each for each in dir(Suite) if each.startswith("test_")):
        try:
            getattr(Suite(), name)()
        except (AssertionError, TypeError, InvalidError):
            failed.add(name.removeprefix("test_"))
    return failed


def test_a_storage_that_keeps_all_promises_passes() -> None:
    """The suite asks for nothing that an honest storage cannot give."""
    assert broken_promises(Memory) == set()


@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        (Overwriting, "never_overwrites"),
        (Racing, "one_of_many_puts_wins"),
        (RacingSwap, "one_of_many_swaps_wins"),
        (RacingSwap, "loses_no_step"),
        (Torn, "appears_all_at_once"),
        (Torn, "a_broken_source_leaves_nothing"),
        (Forgetful, "keeps_nothing_at_all"),
        (Hasty, "deletes_below_the_floor_only"),
        (Disordered, "lists_in_order"),
        (Trusting, "refuses_bad_names"),
        (Silent, "says_what_is_missing"),
        (Wordless, "has_every_verb"),
    ],
)
def test_a_broken_promise_is_caught(kind: type[Memory], promise: str) -> None:
    """Each seeded breach fails the test that is there for it."""
    assert promise in broken_promises(kind)


def test_pytest_is_not_needed_to_import_it() -> None:
    """A stranger may run the suite with any runner: importing it does not import pytest."""
    check = (
        "import sys, muniment.testing.storage, muniment.testing.plugins\n"
        "sys.exit('pytest' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
