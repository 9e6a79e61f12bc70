"""What holds for a whole server process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, sys, threading
from muniment.cli.machine import prepare_machine
prepare_machine()
library = ctypes.CDLL(None)
if not hasattr(library, "malloc_info"):
    sys.exit(77)
library.fopen.restype = ctypes.c_void_p
ready = threading.Barrier(13)
def work():
    kept = [bytes(9_000) for _ in range(100)]
    ready.wait()
    ready.wait()
    del kept
threads = [threading.Thread(target=work) for _ in range(12)]
for each in threads: each.start()
ready.wait()
told = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
library.malloc_info(0, told)
library.fclose(told)
ready.wait()
for each in threads: each.join()
"""


def test_many_threads_take_memory_from_few_places(tmp_path: Path) -> None:
    """Twelve threads of a server share two arenas of GNU's allocator; elsewhere nothing breaks."""
    told = tmp_path / "told.xml"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(told)], check=False, capture_output=True, text=True
    )
    if done.returncode == 77:
        pytest.skip("this C library does not say how many arenas it has")
    assert (done.returncode, done.stderr) == (0, "")
    assert told.read_text().count("<heap nr=") <= 2
