"""The disk storage keeps the contract of its socket, and its own promises about files."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from muniment.blobs.disk import DiskStorage
from muniment.blobs.files import SystemFiles
from muniment.core.errors import ConflictError, UnavailableError
from muniment.plugins.sockets import Storage
from muniment.settings import Settings
from muniment.settings.areas import DataSettings
from muniment.testing.storage import StorageContract


class TestContract(StorageContract):
    """Every promise of the socket."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self._root = tmp_path / "blobs"

    def make_storage(self) -> Storage:
        return DiskStorage(self._root)

    def reopen(self, storage: Storage) -> Storage:
        assert isinstance(storage, DiskStorage)
        return DiskStorage(self._root)


class RecordingFiles(SystemFiles):
    """The real file system, with a diary."""

    def __init__(self) -> None:
        self.diary: list[str] = []

    def write(self, file: int, data: memoryview) -> int:
        self.diary.append("write")
        return super().write(file, data)

    def fsync(self, file: int) -> None:
        self.diary.append("sync folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "sync file")
        super().fsync(file)

    def mkdir(self, name: str, folder: int) -> None:
        super().mkdir(name, folder)
        self.diary.append(f"mkdir {name}")

    def link(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        self.diary.append(f"link {new}")
        super().link(old, old_folder, new, new_folder)

    def rename(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        self.diary.append(f"rename {new}")
        super().rename(old, old_folder, new, new_folder)

    def unlink(self, name: str, folder: int) -> None:
        super().unlink(name, folder)
        self.diary.append("unlink")


class ShortFiles(SystemFiles):
    """A file system that writes a little at a time."""

    def write(self, file: int, data: memoryview) -> int:
        return super().write(file, data[:3])


class FixedClock:
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return 0.0


def test_everything_reaches_the_disk_before_a_put_returns(tmp_path: Path) -> None:
    """The file is synced before it has its name, then its folder, then the new ones above it."""
    files = RecordingFiles()
    storage = DiskStorage(tmp_path / "blobs", files=files)
    files.diary.clear()
    storage.put_if_absent("a/b/c", (b"x",))
    assert files.diary == [
        *("mkdir a", "mkdir b", "mkdir .incoming"),
        *("write", "sync file", "link c", "sync folder", "unlink", "sync folder", "sync folder"),
    ]
    files.diary.clear()
    assert storage.compare_and_swap("a/b/c", b"x", b"y")
    assert files.diary == ["write", "sync file", "rename c", "sync folder"]


def test_a_second_put_relies_only_on_what_is_durable(tmp_path: Path) -> None:
    """Before telling that an object is there, its folders are synced, whoever made them."""
    DiskStorage(tmp_path).put_if_absent("a/b", (b"x",))
    files = RecordingFiles()
    assert not DiskStorage(tmp_path, files=files).put_if_absent("a/b", (b"y",))
    assert files.diary == ["sync folder", "sync folder"]


def test_the_root_itself_is_made_durably(tmp_path: Path) -> None:
    """A missing root is made with all its parents, each synced into its own."""
    files = RecordingFiles()
    DiskStorage(tmp_path / "x" / "y" / "z", files=files)
    assert files.diary == ["sync folder"] * 3


def test_short_writes_are_continued(tmp_path: Path) -> None:
    """If the system writes less than was asked, the rest follows."""
    storage = DiskStorage(tmp_path, files=ShortFiles())
    storage.put_if_absent("a", (b"0123456789", b"abc"))
    assert storage.get("a") == b"0123456789abc"


def test_only_the_owner_can_read(tmp_path: Path) -> None:
    """Files are 0600 and folders 0700, whatever the umask lets through."""
    umask = os.umask(0)
    try:
        storage = DiskStorage(tmp_path / "blobs")
        storage.put_if_absent("a/b", (b"x",))
        storage.compare_and_swap("head", None, b"x")
        storage.compare_and_swap("head", b"x", b"y")
    finally:
        os.umask(umask)
    for path in [tmp_path / "blobs", *(tmp_path / "blobs").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_old_leftovers_are_cleared_at_the_start_and_young_ones_stay(tmp_path: Path) -> None:
    """A staged file of a crash goes after an hour; one that may still be written stays."""
    DiskStorage(tmp_path).put_if_absent("kept", (b"x",))
    leftover = tmp_path / ".incoming" / "0123"
    leftover.write_bytes(b"half")
    now = datetime.fromtimestamp(leftover.stat().st_mtime, UTC)
    storage = DiskStorage(tmp_path, clock=FixedClock(now + timedelta(minutes=59)))
    assert leftover.exists()
    assert list(storage.names("")) == ["kept"]
    DiskStorage(tmp_path, clock=FixedClock(now + timedelta(minutes=61)))
    assert not leftover.exists()
    assert storage.get("kept") == b"x"


def test_clearing_never_leaves_the_root(tmp_path: Path) -> None:
    """If the staging folder is a symbolic link, nothing behind it is touched."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_bytes(b"x")
    root = tmp_path / "blobs"
    root.mkdir()
    (root / ".incoming").symlink_to(outside)
    storage = DiskStorage(root, clock=FixedClock(datetime(2199, 1, 1, tzinfo=UTC)))
    assert (outside / "precious").exists()
    with pytest.raises(UnavailableError, match="symbolic link"):
        storage.put_if_absent("a", (b"x",))
    assert list(outside.iterdir()) == [outside / "precious"]


@pytest.mark.parametrize("name", ["link", "folder/secret"])
def test_links_inside_are_not_followed_out(tmp_path: Path, name: str) -> None:
    """A symbolic link in an object's or a folder's place is refused by every verb."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"not yours")
    root = tmp_path / "blobs"
    storage = DiskStorage(root)
    (root / "link").symlink_to(outside / "secret")
    (root / "folder").symlink_to(outside)
    late = datetime(2199, 1, 1, tzinfo=UTC)
    for verb in (
        lambda: storage.get(name),
        lambda: storage.exists(name),
        lambda: storage.put_if_absent(name, (b"x",)),
        lambda: storage.compare_and_swap(name, b"not yours", b"x"),
        lambda: storage.delete(name, written_before=late),
    ):
        with pytest.raises(UnavailableError, match="symbolic link"):
            verb()
    assert list(storage.names("")) == []
    assert (outside / "secret").read_bytes() == b"not yours"


def test_a_name_is_not_both_an_object_and_a_folder(tmp_path: Path) -> None:
    """A disk cannot hold `a` and `a/b`; the second is refused and the first stays."""
    storage = DiskStorage(tmp_path)
    storage.put_if_absent("a/b", (b"x",))
    with pytest.raises(ConflictError, match="beginning of other names"):
        storage.put_if_absent("a", (b"y",))
    with pytest.raises(ConflictError, match="lies below an object"):
        storage.put_if_absent("a/b/c", (b"y",))
    assert list(storage.names("")) == ["a/b"]


def test_a_vanished_root_is_not_an_empty_one(tmp_path: Path) -> None:
    """If the data folder is gone (an unmounted disk), nothing is said to be missing."""
    root = tmp_path / "blobs"
    storage = DiskStorage(root)
    storage.put_if_absent("a", (b"x",))
    root.rename(tmp_path / "elsewhere")
    late = datetime(2199, 1, 1, tzinfo=UTC)
    for verb in (
        lambda: storage.get("a"),
        lambda: storage.exists("a"),
        lambda: list(storage.names("")),
        lambda: storage.put_if_absent("b", (b"x",)),
        lambda: storage.compare_and_swap("a", b"x", b"y"),
        lambda: storage.delete("a", written_before=late),
    ):
        with pytest.raises(UnavailableError, match="has gone"):
            verb()


def test_other_people_s_files_are_not_listed(tmp_path: Path) -> None:
    """What an operator leaves in the folder under a name we would not use is passed over."""
    storage = DiskStorage(tmp_path)
    storage.put_if_absent("a", (b"x",))
    (tmp_path / ".DS_Store").write_bytes(b"")
    (tmp_path / "a copy").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    assert list(storage.names("")) == ["a"]
    assert not storage.exists("pipe")


def test_a_failing_disk_is_told_with_its_remedy(tmp_path: Path) -> None:
    """Each way a disk fails has its sentence, and no staged file stays behind."""

    class Failing(SystemFiles):
        number = 0

        def write(self, file: int, data: memoryview) -> int:
            super().write(file, data[:1])
            raise OSError(self.number, os.strerror(self.number))

    files = Failing()
    storage = DiskStorage(tmp_path, files=files)
    for number, says in (
        (errno.ENOSPC, "disk is full .*ENOSPC.* Free some space"),
        (errno.EDQUOT, "disk is full .*EDQUOT"),
        (errno.EROFS, "refuses access .*EROFS.* Let the user"),
        (errno.EIO, "reports an error .*EIO.* health of the disk"),
    ):
        files.number = number
        with pytest.raises(UnavailableError, match=says) as caught:
            storage.put_if_absent("a", (b"x",))
        assert caught.value.subject == "a"
        assert list((tmp_path / ".incoming").iterdir()) == []
        assert not storage.exists("a")


def test_a_file_system_without_links_is_named(tmp_path: Path) -> None:
    """Where a file cannot have a second name the remedy says which disks can."""

    class Linkless(SystemFiles):
        def link(self, *_: object) -> None:
            raise OSError(errno.ENOTSUP, "no links")

    with pytest.raises(UnavailableError, match=r"second name .* hard links, such as ext4"):
        DiskStorage(tmp_path, files=Linkless()).put_if_absent("a", (b"x",))


def test_an_error_of_the_source_stays_the_source_s(tmp_path: Path) -> None:
    """An OSError raised by whoever gives the bytes is not told as a failure of our disk."""

    def source() -> Iterator[bytes]:
        yield b"x"
        raise ConnectionResetError(errno.ECONNRESET, "the uploader hung up")

    with pytest.raises(ConnectionResetError):
        DiskStorage(tmp_path).put_if_absent("a", source())


def test_no_file_stays_open(tmp_path: Path) -> None:
    """Verbs that succeed, refuse and fail all close what they opened."""
    storage = DiskStorage(tmp_path)
    before = len(list(Path("/dev/fd").iterdir()))
    storage.put_if_absent("a/b", (b"x" * (3 << 20),))
    storage.put_if_absent("a/b", (b"x",))
    storage.compare_and_swap("a/b", b"x", b"y")
    for _ in range(3):
        pieces = storage.stream("a/b")
        next(pieces)
        del pieces
    storage.exists("z/y")
    list(storage.names(""))
    with pytest.raises(ConflictError):
        storage.put_if_absent("a", (b"x",))
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_processes_take_turns(tmp_path: Path) -> None:
    """Four processes counting up by swaps lose no step."""
    script = (
        "import sys; from pathlib import Path\n"
        "from muniment.blobs.disk import DiskStorage\n"
        "storage = DiskStorage(Path(sys.argv[1])); done = 0\n"
        "while done < 25:\n"
        "    held = storage.get('count')\n"
        "    done += storage.compare_and_swap('count', held, b'%d' % (int(held) + 1))\n"
    )
    storage = DiskStorage(tmp_path)
    storage.compare_and_swap("count", None, b"0")
    runs = [subprocess.Popen([sys.executable, "-c", script, tmp_path]) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    assert storage.get("count") == b"100"


def test_the_settings_say_where(tmp_path: Path) -> None:
    """From the settings the storage is the folder `blobs` in the data folder."""
    storage = DiskStorage.from_settings(Settings(data=DataSettings(dir=tmp_path / "data")))
    storage.put_if_absent("a", (b"x",))
    assert (tmp_path / "data" / "blobs" / "a").read_bytes() == b"x"
