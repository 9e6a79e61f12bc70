"""What the tests of the ledger share: an independent reader of logs, built from Go."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "data/ledger/interop/main.go"
LIBRARIES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
REMEDY = (
    "Install Debian's golang-go and golang-golang-x-mod-dev,"
    " or set MUNIMENT_TEST_WITHOUT_GO=1 to leave the independent reader out."
)


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The independent reader, compiled; its absence fails unless that was asked for."""
    compiler = shutil.which("go")
    if compiler is None or not LIBRARIES.is_dir():
        if os.environ.get("MUNIMENT_TEST_WITHOUT_GO") == "1":
            pytest.skip("MUNIMENT_TEST_WITHOUT_GO=1")
        pytest.fail(f"Go or its library x/mod is not here. {REMEDY}")
    work = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOFLAGS": "",
        "GOCACHE": str(work / "cache"),
        "CGO_ENABLED": "0",
    }
    program = work / "interop"
    subprocess.run(
        [compiler, "build", "-o", str(program), str(SOURCE)], env=environment, check=True, cwd=work
    )
    return program
