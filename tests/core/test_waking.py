"""A thread asks to go on soon after it wakes, where the system knows of that."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from muniment.core import waking
from tests.detect.compiling import CAN_COMPILE, ROOT, compiled_only

WITHOUT = """
import sys
sys.modules["muniment.core._waking"] = None
from muniment.core import waking
print(waking.compiled, waking.wake_soon())
"""


def turns() -> int:
    """Say how long the turns of this thread are; nothing where the system does not tell."""
    assert waking.compiled is not None
    return int(waking.compiled.turns())


def test_where_a_compiler_is_there_is_compiled_code() -> None:
    """The environment makes it, so nobody goes without unknowingly."""
    assert (waking.compiled is not None) is CAN_COMPILE


def test_without_compiled_code_all_is_as_it_was() -> None:
    """Nothing is asked, and the caller is told so."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "None False\n"


@compiled_only
def test_it_is_asked_for_one_thread_and_none_that_it_begins() -> None:
    """Others keep the turns they had; a system that knows nothing of it changes nothing."""

    def asks() -> tuple[int, bool, int, int]:
        before = turns()
        with ThreadPoolExecutor(1) as inner:
            return before, waking.wake_soon(), turns(), inner.submit(turns).result()

    with ThreadPoolExecutor(1) as threads:
        before, is_so, after, of_child = threads.submit(asks).result()
    assert of_child == turns() == before
    assert (after < before) is (is_so and before > 0)


@compiled_only
def test_what_is_no_time_is_refused() -> None:
    """Another type, less than nothing: an error, and never a crash."""
    assert waking.compiled is not None
    with pytest.raises(TypeError):
        waking.compiled.turns_of("1")
    with pytest.raises(OverflowError):
        waking.compiled.turns_of(-1)
