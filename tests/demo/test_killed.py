"""`muniment demo` as a real process: killed in the middle of building anew, and serving."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from muniment.demo import Found, look, room_for
from muniment.main import open_house
from tests.demo.asking import Shown
from tests.server.running import PROGRAM, clean_environment, started

pytestmark = pytest.mark.slow

TOLD_BYTES = 400_000


@pytest.fixture
def stands(shown: Shown, tmp_path: Path) -> Path:
    """A demonstration of this test alone: what was built once for all, copied."""
    shown.house.log.seal()
    return Path(shutil.copytree(shown.folder, tmp_path / "demo"))


def begun(folder: Path) -> bool:
    """Tell whether a story is half told in a folder: what was sealed of it has some size."""
    lying = (folder / "data").glob("ledger_index.db*")
    return sum(each.stat().st_size for each in lying) > TOLD_BYTES


def test_a_build_that_is_killed_leaves_the_older_one_whole(stands: Path) -> None:
    """Killed while it builds anew, the older demonstration stands, and the next begins clean."""
    beside = stands.with_name("demo.building")
    said = subprocess.DEVNULL
    process = subprocess.Popen(
        [*PROGRAM, "demo", "--folder", str(stands), "--reset", "--yes"],
        stdin=said,
        stdout=said,
        stderr=said,
        env=clean_environment(),
    )
    try:
        while not begun(beside):
            with pytest.raises(subprocess.TimeoutExpired):  # it is still at work
                process.wait(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert begun(beside), "it died in the middle of it"
    assert look(stands, open_house) is Found.DEMO
    with room_for(stands.with_name("demo")) as (empty, was_left):
        assert was_left
        assert not any(empty.iterdir())
        shutil.copytree(stands, empty, dirs_exist_ok=True)
    assert look(stands, open_house) is Found.DEMO
    assert [each.name for each in stands.parent.iterdir()] == ["demo"]


def test_a_demonstration_serves_as_a_process(stands: Path) -> None:
    """It says where to look, its link lets in, and it ends well when it is told to."""
    with started("demo", "--folder", str(stands), "--serve", "--port", "0", until="Ctrl-C") as it:
        link = next(found[0] for line in it.said if (found := re.search(r"http\S+link/\S+", line)))
        assert "Go in" in httpx.get(link, headers={"accept": "text/html"}).text
        assert it.stop() == 0
