"""A write may stop anywhere: killed between any two steps, or refused by the disk at any step.

Afterwards every object whose write returned is whole, no half object is seen, nothing is left that
a start does not clear, and the same write can be made again.
"""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment.blobs.disk import DiskStorage
from muniment.blobs.files import SystemFiles
from muniment.core.errors import UnavailableError

pytestmark = pytest.mark.slow

_FIRST = b"1" * 5000
_SECOND = b"2" * 5000
_SMALL = b"small"
_WRITE_BYTES = 2000
_MOST_STEPS = 60


class SteppingFiles(SystemFiles):
    """The real file system; calls `step` before each side effect, and writes a little at a time."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step

    def create(self, name: str, folder: int) -> int:
        self._step()
        return super().create(name, folder)

    def write(self, file: int, data: memoryview) -> int:
        self._step()
        return super().write(file, data[:_WRITE_BYTES])

    def fsync(self, file: int) -> None:
        self._step()
        super().fsync(file)

    def mkdir(self, name: str, folder: int) -> None:
        self._step()
        super().mkdir(name, folder)

    def link(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        self._step()
        super().link(old, old_folder, new, new_folder)

    def rename(self, old: str, old_folder: int, new: str, new_folder: int) -> None:
        self._step()
        super().rename(old, old_folder, new, new_folder)

    def unlink(self, name: str, folder: int) -> None:
        self._step()
        super().unlink(name, folder)


class Countdown:
    """Lets so many steps pass and then does something."""

    def __init__(self, steps: int, then: Callable[[], None]) -> None:
        self.left = steps
        self._then = then

    def __call__(self) -> None:
        self.left -= 1
        if self.left == -1:
            self._then()


def story(storage: DiskStorage) -> Iterator[str]:
    """Make the writes whose interruption is tried; say after each that it returned."""
    storage.put_if_absent("a/b/first", (_FIRST,))
    yield "first"
    storage.put_if_absent("a/second", (_SECOND[:3000], _SECOND[3000:]))
    yield "second"
    storage.compare_and_swap("head", None, b"one")
    yield "made"
    storage.compare_and_swap("head", b"one", _SMALL)
    yield "swapped"
    storage.delete("a/b/first", written_before=datetime(2199, 1, 1, tzinfo=UTC))
    yield "deleted"


def tell_until_refused(storage: DiskStorage) -> tuple[list[str], UnavailableError | None]:
    """Tell the story until it ends or is refused; give what was acknowledged and the refusal."""
    said: list[str] = []
    try:
        said.extend(story(storage))
    except UnavailableError as error:
        return said, error
    return said, None


def run_until_killed(root: Path, steps: int) -> None:
    """Tell the story in this process and end it without a word at the given step."""
    files = SteppingFiles(Countdown(steps, lambda: os.kill(os.getpid(), signal.SIGKILL)))
    for said in story(DiskStorage(root, files=files)):
        sys.stdout.write(said + "\n")
        sys.stdout.flush()
    sys.stdout.write("end\n")


def require_sound(root: Path, said: list[str]) -> None:
    """See that what was acknowledged stands, and that nothing else is half there."""
    storage = DiskStorage(root)
    lawful = {
        "a/b/first": {_FIRST},
        "a/second": {_SECOND},
        "head": {b"one", _SMALL},
    }
    found = {name: storage.get(name) for name in storage.names("")}
    for name, held in found.items():
        assert held in lawful[name], f"{name} is torn after {said}"
    if "first" in said and "swapped" not in said:
        assert found["a/b/first"] == _FIRST
    if "second" in said:
        assert found["a/second"] == _SECOND
    if "made" in said:
        assert "head" in found
    if "swapped" in said:
        assert found["head"] == _SMALL
    if "deleted" in said:
        assert "a/b/first" not in found


def require_usable(root: Path) -> None:
    """See that the same writes can be made again and hold."""
    storage = DiskStorage(root)
    storage.put_if_absent("a/b/first", (_FIRST,))
    storage.put_if_absent("a/second", (_SECOND,))
    assert storage.get("a/b/first") == _FIRST
    assert storage.get("a/second") == _SECOND
    held = storage.get("head") if storage.exists("head") else None
    assert storage.compare_and_swap("head", held, b"again")
    assert storage.get("head") == b"again"


def test_a_kill_at_any_step_loses_and_tears_nothing(tmp_path: Path) -> None:
    """Killed between any two side effects, a process leaves whole objects only."""
    endings = []
    for steps in range(_MOST_STEPS):
        root = tmp_path / str(steps)
        run = subprocess.run(
            [sys.executable, __file__, root, str(steps)],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        said = run.stdout.split()
        assert run.returncode == (0 if "end" in said else -signal.SIGKILL)
        if root.exists():
            require_sound(root, said)
        require_usable(root)
        endings.append(len(said))
        if "end" in said:
            break
    assert set(endings) >= {0, 1, 2, 3, 4}, "each of the five verbs was interrupted"
    assert endings[-1] == 6, "and at last the whole story was told"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_refusal_at_any_step_is_told_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    """Whichever call the disk refuses: one clear error, no leftovers, and it works afterwards."""

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    for steps in range(_MOST_STEPS):
        root = tmp_path / str(steps)
        root.mkdir()
        countdown = Countdown(steps, refuse)
        said, error = tell_until_refused(DiskStorage(root, files=SteppingFiles(countdown)))
        if error is not None:
            assert errno.errorcode[number] in str(error)
            assert error.remedy
        require_sound(root, said)
        staged = root / ".incoming"
        # Only if taking the staged file away was itself refused does it stay, for a start to clear.
        assert len(list(staged.iterdir()) if staged.exists() else []) <= (error is None)
        require_usable(root)
        if countdown.left >= 0:
            break
    assert said[-1] == "deleted"
    assert error is None
    assert countdown.left >= 0


def test_a_disk_that_stays_full_refuses_every_write(tmp_path: Path) -> None:
    """With no space from some step on, each write is refused and reading goes on."""

    class Filling(SystemFiles):
        full = False

        def write(self, file: int, data: memoryview) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(file, data)

    files = Filling()
    storage = DiskStorage(tmp_path, files=files)
    storage.put_if_absent("a", (_FIRST,))
    files.full = True
    for _ in range(3):
        with pytest.raises(UnavailableError, match="disk is full"):
            storage.put_if_absent("b", (_SECOND,))
        with pytest.raises(UnavailableError, match="disk is full"):
            storage.compare_and_swap("a", _FIRST, _SECOND)
        assert storage.get("a") == _FIRST
        assert list(storage.names("")) == ["a"]
    files.full = False
    assert storage.put_if_absent("b", (_SECOND,))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of one mebibyte, where we may mount one."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("mounting a small disk needs root on Linux")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"this machine does not let us mount: {mounted.stderr.decode()[:100]}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_really_full_disk_is_told_and_recovers(small_disk: Path) -> None:
    """On a disk that is truly full a write is refused whole, and works once there is space."""
    storage = DiskStorage(small_disk / "blobs")
    piece = b"x" * (300 << 10)
    storage.put_if_absent("one", (piece,))
    storage.put_if_absent("two", (piece,))
    with pytest.raises(UnavailableError, match=r"disk is full .*ENOSPC"):
        storage.put_if_absent("large", (piece, piece))
    assert list(storage.names("")) == ["one", "two"]
    assert list((small_disk / "blobs" / ".incoming").iterdir()) == []
    assert storage.delete("one", written_before=datetime(2199, 1, 1, tzinfo=UTC))
    assert storage.put_if_absent("large", (piece, piece))
    assert storage.get("large") == piece + piece
    assert storage.get("two") == piece


def test_a_disk_turned_read_only_is_told_and_still_read(small_disk: Path) -> None:
    """On a disk that has become read-only writing is refused and reading goes on, after a start."""
    DiskStorage(small_disk / "blobs").put_if_absent("one", (_FIRST,))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    storage = DiskStorage(small_disk / "blobs")
    assert storage.get("one") == _FIRST
    with pytest.raises(UnavailableError, match=r"refuses access .*EROFS"):
        storage.put_if_absent("two", (_SECOND,))
    with pytest.raises(UnavailableError, match=r"refuses access .*EROFS"):
        storage.compare_and_swap("one", _FIRST, _SECOND)


if __name__ == "__main__":
    run_until_killed(Path(sys.argv[1]), int(sys.argv[2]))
