"""The contract suite of the Storage socket: every promise, tried on real parts.

Subclass `StorageContract`, give `make_storage`, and let pytest collect the class; ours and yours
run the same tests. Nothing here needs pytest: a broken promise raises AssertionError and says so.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TypeVar

from muniment.core.errors import InvalidError, MunimentError, NotFoundError
from muniment.plugins import check_socket
from muniment.plugins.sockets import Storage

T = TypeVar("T")

_THREADS: Final = 8
_LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)
_FAR_AHEAD: Final = datetime(2199, 1, 1, tzinfo=UTC)
_STREAM_PIECES: Final = 20
_PIECE: Final = bytes(range(256)) * 4096  # one mebibyte
_LAWFUL_NAMES: Final = ("a", "b/c.d", "A-Z/_=+@~", "0/1/2/3", "n" * 200, "/".join(["part"] * 100))
_BAD_NAMES: Final = (
    "",
    "/",
    "/etc/passwd",
    "a/",
    "a//b",
    ".",
    "..",
    "a/../b",
    "../a",
    ".hidden",
    "a/.hidden",
    "a\\b",
    "a\0b",
    "a\n",
    "a b",
    "a*",
    "bücher",
    "名",
    "n" * 201,
    "/".join(["part"] * 200),
)


class StorageContract:
    """What every storage must keep; subclass it and give `make_storage`."""

    def make_storage(self) -> Storage:
        """Give a storage that holds nothing."""
        raise NotImplementedError

    def reopen(self, storage: Storage) -> Storage:
        """Give another handle to the same place, as another process would have."""
        return storage

    def test_has_every_verb(self) -> None:
        """A storage has all verbs of its socket, with their parameters."""
        check_socket("muniment.storage", self.make_storage())

    def test_gives_back_what_was_put(self) -> None:
        """What was put is read back whole, by every way of reading and by another handle."""
        storage = self.make_storage()
        _require(storage.put_if_absent("a/b", (b"one", b"", b"two")), "a first put writes")
        for each in (storage, self.reopen(storage)):
            _require(each.get("a/b") == b"onetwo", "get gives the bytes")
            _require(b"".join(each.stream("a/b")) == b"onetwo", "stream gives the bytes")
            _require(each.exists("a/b"), "exists says so")
            _require(list(each.names("")) == ["a/b"], "names lists it")

    def test_never_overwrites(self) -> None:
        """A second put of a name changes nothing and says so."""
        storage = self.make_storage()
        storage.put_if_absent("a", (b"first",))
        _require(not storage.put_if_absent("a", (b"second",)), "a second put tells False")
        _require(storage.get("a") == b"first", "the first bytes stay")

    def test_says_what_is_missing(self) -> None:
        """Reading what is not there raises NotFoundError, and nothing else pretends it is."""
        storage = self.make_storage()
        storage.put_if_absent("a/b", (b"x",))
        for name in ("z", "z/y", "a", "a/b/c", "a/c"):
            with _raises(NotFoundError):
                storage.get(name)
            with _raises(NotFoundError):
                next(iter(storage.stream(name)))
            _require(not storage.exists(name), f"{name} does not exist")
            _require(not storage.delete(name, written_before=_FAR_AHEAD), "nothing to delete")

    def test_keeps_nothing_at_all(self) -> None:
        """An empty object is an object."""
        storage = self.make_storage()
        for name, chunks in (("none", ()), ("empty", (b"", b""))):
            _require(storage.put_if_absent(name, chunks), "an empty object is written")
            _require(not storage.put_if_absent(name, (b"x",)), "and not written over")
            _require(storage.get(name) == b"" and storage.exists(name), "and read back")
            _require(b"".join(storage.stream(name)) == b"", "and streamed")

    def test_carries_a_long_stream(self) -> None:
        """Twenty megabytes go in and come out in pieces, and are not written twice."""
        storage = self.make_storage()
        pieces = [bytes([each]) + _PIECE for each in range(_STREAM_PIECES)]
        _require(storage.put_if_absent("long", iter(pieces)), "a long stream is written")
        _require(not storage.put_if_absent("long", iter(pieces)), "and not written over")
        _require(b"".join(storage.stream("long")) == b"".join(pieces), "and comes out the same")

    def test_a_broken_source_leaves_nothing(self) -> None:
        """If the source of the bytes fails, its error is told and no object appears."""
        storage = self.make_storage()
        for count in (0, 1, _STREAM_PIECES):
            with _raises(_SourceError):
                storage.put_if_absent("broken", _breaks_after(count))
            _require(not storage.exists("broken"), "no part of it is visible")
            _require(not list(storage.names("")), "it is not listed")
        _require(storage.put_if_absent("broken", (b"whole",)), "it can be put again")

    def test_appears_all_at_once(self) -> None:
        """While an object is being written nobody sees any of it."""
        storage = self.make_storage()
        other = self.reopen(storage)

        def watched() -> Iterator[bytes]:
            for _ in range(_STREAM_PIECES):
                yield _PIECE
                _require(not other.exists("slow"), "it does not exist before it is whole")
            with _raises(NotFoundError):
                other.get("slow")
            _require(not list(other.names("")), "it is not listed before it is whole")

        _require(storage.put_if_absent("slow", watched()), "it is written")
        _require(len(other.get("slow")) == _STREAM_PIECES * len(_PIECE), "then it is whole")

    def test_one_of_many_puts_wins(self) -> None:
        """Of writers racing for one name exactly one is told it wrote, and its bytes stay."""
        storage = self.make_storage()
        for turn in range(5):
            name = f"race/{turn}"
            contents = [bytes([each]) * 1000 for each in range(_THREADS)]
            told = _together(
                [_call(self.reopen(storage).put_if_absent, name, (each,)) for each in contents]
            )
            _require(told.count(True) == 1, f"one writer wins, not {told.count(True)}")
            _require(storage.get(name) == contents[told.index(True)], "the winner's bytes stay")

    def test_swaps_only_what_it_expects(self) -> None:
        """A swap happens only if the object still holds what the caller believes."""
        storage = self.make_storage()
        swap = storage.compare_and_swap
        _require(not swap("head", b"", b"x"), "what is missing does not hold nothing")
        _require(swap("head", None, b"one"), "what is missing can be made")
        _require(not swap("head", None, b"x"), "what exists is not made again")
        _require(not swap("head", b"other", b"x"), "a wrong belief changes nothing")
        _require(storage.get("head") == b"one", "and the bytes stay")
        _require(swap("head", b"one", b""), "a right belief replaces")
        _require(swap("head", b"", b"two"), "also what is empty")
        _require(self.reopen(storage).get("head") == b"two", "and everyone reads it")
        _require(not storage.put_if_absent("head", (b"x",)), "a put never replaces it")

    def test_one_of_many_swaps_wins(self) -> None:
        """Of swaps racing from the same belief exactly one is told it happened."""
        storage = self.make_storage()
        expected: bytes | None = None
        for turn in range(5):
            contents = [b"%d-%d" % (turn, each) for each in range(_THREADS)]
            told = _together(
                [
                    _call(self.reopen(storage).compare_and_swap, "head", expected, each)
                    for each in contents
                ]
            )
            _require(told.count(True) == 1, f"one swap wins, not {told.count(True)}")
            expected = contents[told.index(True)]
            _require(storage.get("head") == expected, "the winner's bytes stay")

    def test_loses_no_step(self) -> None:
        """Counting up by swaps from several threads loses no step."""
        storage = self.make_storage()
        storage.compare_and_swap("count", None, b"0")
        _together([_call(_count_up, self.reopen(storage), 5) for _ in range(4)])
        _require(storage.get("count") == b"20", "twenty steps were counted")

    def test_lists_in_order(self) -> None:
        """Names that begin so are listed once each, in the order of their characters."""
        storage = self.make_storage()
        names = ["a-b", "a/b", "a/b-c", "a/bc", "a0", "b/a/c", "b/a1", "b1"]
        for name in reversed(names):
            storage.put_if_absent(name, (b"",))
        for prefix in ("", "a", "a/", "a/b", "b/a", "b/a/", "b/a/c", "c", "c/d/"):
            wanted = [each for each in names if each.startswith(prefix)]
            _require(list(storage.names(prefix)) == wanted, f"names({prefix!r}) gives {wanted}")

    def test_deletes_below_the_floor_only(self) -> None:
        """An object younger than the floor stays, an older one goes and may be put again."""
        storage = self.make_storage()
        storage.put_if_absent("a/b", (b"one",))
        _require(not storage.delete("a/b", written_before=_LONG_AGO), "a young one is left")
        _require(storage.get("a/b") == b"one", "and can be read")
        _require(storage.delete("a/b", written_before=_FAR_AHEAD), "an old one is removed")
        _require(not storage.exists("a/b") and not list(storage.names("")), "and is gone")
        _require(not storage.delete("a/b", written_before=_FAR_AHEAD), "only once")
        _require(storage.put_if_absent("a/b", (b"two",)), "the name is free again")

    def test_asks_for_an_exact_floor(self) -> None:
        """A floor without a zone is refused and removes nothing."""
        storage = self.make_storage()
        storage.put_if_absent("a", (b"",))
        with _raises(InvalidError):
            storage.delete("a", written_before=_FAR_AHEAD.replace(tzinfo=None))
        _require(storage.exists("a"), "nothing was removed")

    def test_takes_every_lawful_name(self) -> None:
        """Each lawful name holds its own object."""
        storage = self.make_storage()
        for name in _LAWFUL_NAMES:
            _require(storage.put_if_absent(name, (name.encode(),)), f"{name[:20]} is written")
        for name in _LAWFUL_NAMES:
            _require(storage.get(name) == name.encode(), f"{name[:20]} is read")

    def test_refuses_bad_names(self) -> None:
        """Every verb refuses a name that could climb, hide or be read in two ways."""
        storage = self.make_storage()
        verbs: Sequence[Callable[[str], object]] = (
            lambda name: storage.put_if_absent(name, (b"x",)),
            storage.get,
            lambda name: list(storage.stream(name)),
            storage.exists,
            lambda name: storage.delete(name, written_before=_FAR_AHEAD),
            lambda name: storage.compare_and_swap(name, None, b"x"),
            lambda name: storage.compare_and_swap(name, b"x", b"y"),
        )
        for name in _BAD_NAMES:
            for verb in verbs:
                with _raises(InvalidError):
                    verb(name)
        for prefix in ("/", "../", "a/../", "a//", ".hidden/", "a\0"):
            with _raises(InvalidError):
                list(storage.names(prefix))
        _require(not list(storage.names("")), "nothing was written")


class _SourceError(Exception):
    """The source of the bytes failed, as the test meant it to."""


def _breaks_after(pieces: int) -> Iterator[bytes]:
    for _ in range(pieces):
        yield _PIECE
    raise _SourceError


def _count_up(storage: Storage, steps: int) -> None:
    done = 0
    while done < steps:
        held = storage.get("count")
        done += storage.compare_and_swap("count", held, b"%d" % (int(held) + 1))


def _call(verb: Callable[..., T], *arguments: object) -> Callable[[], T]:
    return lambda: verb(*arguments)


def _together(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Start all calls at the same moment, each in its thread; give their answers in order."""
    start = threading.Barrier(len(calls))

    def wait_and_call(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(wait_and_call, calls))


def _require(kept: bool, promise: str) -> None:  # noqa: FBT001 an assertion that says its promise
    if not kept:
        raise AssertionError(f"broken promise: {promise}")


@contextmanager
def _raises(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        if isinstance(error, MunimentError):
            _require(bool(str(error)), "an error says what happened")
        return
    raise AssertionError(f"broken promise: this raises {kind.__name__}")
