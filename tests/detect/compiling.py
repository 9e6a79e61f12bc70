"""What tests of compiled code need: whether there can be any, and a build that watches itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADERS = Path(sysconfig.get_paths()["include"])
# The headers and a compiler are what a machine needs on which there is compiled code.
CAN_COMPILE = shutil.which("cc") is not None and (HEADERS / "Python.h").exists()
compiled_only = pytest.mark.skipif(not CAN_COMPILE, reason="no C compiler with Python's headers")
WATCHED = (
    "-g",
    "-O1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover",
    "-ffp-contract=off",
    "-fPIC",
    "-shared",
)
SCRIPT = """
import importlib.util, sys
name = sys.argv[1]
spec = importlib.util.spec_from_file_location(name, sys.argv[2])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
sys.modules[name] = module
from {test} import differences
wrong = differences(int(sys.argv[3]), int(sys.argv[4]))
print("alike" if not wrong else wrong[:3])
"""


def watch(
    source: Path, name: str, test: str, folder: Path, *, seed: int, count: int
) -> subprocess.CompletedProcess[str]:
    """Compile a file so that it watches its addresses and sums, and read chance texts with it.

    The module of a test says what is read differently then.
    """
    made = folder / f"{name.rpartition('.')[2]}{sysconfig.get_config_var('EXT_SUFFIX')}"
    build = ["cc", *WATCHED, f"-I{HEADERS}", str(source), "-o", str(made)]
    subprocess.run(build, check=True)
    libraries = [
        subprocess.run(
            ["cc", f"-print-file-name={each}"], check=True, capture_output=True, text=True
        ).stdout.strip()
        for each in ("libasan.so", "libubsan.so")
    ]
    around = os.environ | {"LD_PRELOAD": ":".join(libraries), "ASAN_OPTIONS": "detect_leaks=0"}
    script = SCRIPT.format(test=test)
    return subprocess.run(
        [sys.executable, "-c", script, name, made, str(seed), str(count)],
        cwd=ROOT, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip
