"""A real MLflow for the one test that follows its server: its packages in a folder of their own.

`python -m tools.mlflow` installs what `requirements/mlflow.lock` names into `.cache/mlflow`, beside
the packages that the environment for developing has anyhow. Use find_packages() from tests.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from tools.environment import PIP_OPTIONS, REQUIREMENTS
from tools.step import StepFailedError, quietly, step

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "mlflow"
LOCK = REQUIREMENTS / "mlflow.lock"


def find_packages(place: Path = PLACE) -> Path | None:
    """Give the folder with MLflow, if it holds exactly what the lock names."""
    mark = place / "lock.sha256"
    is_whole = mark.is_file() and mark.read_text(encoding="utf-8") == _digest()
    return place / "packages" if is_whole else None


def ensure(place: Path = PLACE) -> Path:
    """Install MLflow unless it is there, and give the folder."""
    found = find_packages(place)
    if found is not None:
        return found
    shutil.rmtree(place, ignore_errors=True)
    with step("MLflow, for one slow test"):
        pip = [sys.executable, "-m", "pip", "install", *PIP_OPTIONS, "--no-compile"]
        wanted = ["--require-hashes", "-r", str(LOCK), "--target", str(place / "packages")]
        quietly([*pip, *wanted])
    # The mark comes last: what was broken off half-way is made anew.
    (place / "lock.sha256").write_text(_digest(), encoding="utf-8")
    return place / "packages"


def main() -> int:
    """Make sure of MLflow."""
    try:
        ensure()
    except StepFailedError as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def _digest() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
