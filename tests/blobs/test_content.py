"""Content by its fingerprint."""

import hashlib
import itertools
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.blobs import Blobs, DiskStorage, blob_name
from muniment.core.digest import digest_bytes
from muniment.core.errors import (
    ConflictError,
    CorruptError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)

_FAR_AHEAD = datetime(2199, 1, 1, tzinfo=UTC)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    """Content over a real disk storage."""
    return Blobs(DiskStorage(tmp_path / "blobs"), spool=tmp_path)


def kept_file(folder: Path, digest: str) -> Path:
    """Find the file of some content."""
    return folder / "blobs" / blob_name(digest)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=5000), st.lists(st.integers(0, 5000), max_size=6))
def test_what_comes_out_is_what_went_in(data: bytes, cuts: list[int]) -> None:
    """However content is cut, both ways in agree on its fingerprint and both ways out give it."""
    edges = [0, *sorted(cuts), len(data)]
    chunks = [data[begin:end] for begin, end in itertools.pairwise(edges)]
    with tempfile.TemporaryDirectory() as folder:
        blobs = Blobs(DiskStorage(Path(folder)))
        digest, size = blobs.put_stream(chunks)
        assert digest == blobs.put(data) == "sha256:" + hashlib.sha256(data).hexdigest()
        assert size == len(data)
        assert blobs.get(digest) == b"".join(blobs.stream(digest)) == data


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.data())
def test_any_change_is_found_and_named(data: bytes, change: st.DataObject) -> None:
    """One flipped bit, a cut or an addition: reading refuses and names the content."""
    place = change.draw(st.integers(0, len(data) - 1))
    altered = change.draw(
        st.sampled_from(
            [
                data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :],
                data[:place],
                data + b"\0",
            ]
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        blobs = Blobs(DiskStorage(Path(folder)))
        digest = blobs.put(data)
        (Path(folder) / blob_name(digest)).write_bytes(altered)
        with pytest.raises(CorruptError) as caught:
            blobs.get(digest)
        assert caught.value.subject == digest
        assert digest in str(caught.value)
        with pytest.raises(CorruptError):
            list(blobs.stream(digest))


def test_a_changed_stream_never_looks_whole(blobs: Blobs, tmp_path: Path) -> None:
    """The last piece of a changed stream is withheld, so that no reader takes it for complete."""
    data = bytes(3 << 20)
    digest = blobs.put(data)
    kept_file(tmp_path, digest).write_bytes(data[:-1] + b"x")
    received: list[bytes] = []
    with pytest.raises(CorruptError):
        received.extend(blobs.stream(digest))
    assert sum(map(len, received)) < len(data)


def test_a_put_never_relies_on_changed_content(blobs: Blobs, tmp_path: Path) -> None:
    """Putting content that is there already checks what is there, in both ways of putting."""
    digest = blobs.put(b"right")
    kept_file(tmp_path, digest).write_bytes(b"wrong")
    with pytest.raises(CorruptError, match=digest):
        blobs.put(b"right")
    with pytest.raises(CorruptError, match=digest):
        blobs.put_stream([b"ri", b"ght"])


def test_the_same_content_is_kept_once(blobs: Blobs, tmp_path: Path) -> None:
    """Two puts of the same bytes give one fingerprint and one file."""
    assert blobs.put(b"same") == blobs.put(b"same") == blobs.put_stream([b"same"])[0]
    names = list(DiskStorage(tmp_path / "blobs").names(""))
    assert names == [blob_name(digest_bytes(b"same"))]


def test_the_name_tells_the_fingerprint() -> None:
    """Content lies under sha256/, fanned out by its first four digits."""
    digest = digest_bytes(b"")
    assert blob_name(digest) == (
        "sha256/e3/b0/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_what_is_not_kept_is_not_found(blobs: Blobs) -> None:
    """Reading unknown content says so; anything that is no fingerprint is refused."""
    unknown = digest_bytes(b"unknown")
    assert not blobs.exists(unknown)
    with pytest.raises(NotFoundError):
        blobs.get(unknown)
    with pytest.raises(NotFoundError):
        list(blobs.stream(unknown))
    for text in ("", "sha256:abc", "../../etc/passwd", "md5:" + "0" * 64, unknown.upper()):
        with pytest.raises(InvalidError, match="is not a digest"):
            blobs.get(text)


def test_content_goes_only_below_the_floor(blobs: Blobs) -> None:
    """Young content stays; old content goes and can be kept anew."""
    digest = blobs.put(b"x")
    assert not blobs.delete(digest, written_before=datetime(1990, 1, 1, tzinfo=UTC))
    assert blobs.exists(digest)
    assert blobs.delete(digest, written_before=_FAR_AHEAD)
    assert not blobs.exists(digest)
    assert blobs.put(b"x") == digest


def test_a_long_stream_is_spooled_and_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    """A stream larger than memory should hold goes over a nameless file that is gone afterwards."""
    piece = bytes(range(256)) * 4096
    digest, size = blobs.put_stream(piece for _ in range(20))
    assert size == 20 * len(piece)
    assert b"".join(blobs.stream(digest)) == piece * 20
    assert [each.name for each in tmp_path.iterdir()] == ["blobs"]


def test_a_broken_source_keeps_nothing(blobs: Blobs, tmp_path: Path) -> None:
    """If the source fails midway its own error is told and nothing is kept."""

    def source() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.put_stream(source())
    assert list(DiskStorage(tmp_path / "blobs").names("")) == []


def test_a_missing_spool_is_told(tmp_path: Path) -> None:
    """A spool folder that cannot be written gives one clear error."""
    blobs = Blobs(DiskStorage(tmp_path / "blobs"), spool=tmp_path / "missing")
    with pytest.raises(UnavailableError, match="has gone"):
        blobs.put_stream(bytes(1 << 20) for _ in range(3))


def test_content_removed_while_put_again_is_a_conflict(tmp_path: Path) -> None:
    """If content vanishes between the put and its check, the caller is told to put it again."""

    class Vanishing(DiskStorage):
        def stream(self, name: str) -> Iterator[bytes]:
            self.delete(name, written_before=_FAR_AHEAD)
            return super().stream(name)

    blobs = Blobs(Vanishing(tmp_path))
    blobs.put(b"x")
    with pytest.raises(ConflictError, match="Put it again"):
        blobs.put(b"x")
    assert blobs.put(b"x") == digest_bytes(b"x")
