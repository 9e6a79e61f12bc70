"""OpenAI's own client for Node, for the one test that calls the gateway with it.

`python -m tools.node` installs what `requirements/openai-node/package-lock.json` names, digest by
digest, into `.cache/openai-node`; npm's own settings say from where. Without Node there is none.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from tools.environment import REQUIREMENTS
from tools.step import StepFailedError, quietly, step

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "openai-node"
SOURCE = REQUIREMENTS / "openai-node"
_FILES = ("package.json", "package-lock.json")
_QUIET = ("--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund")


def missing() -> str:
    """Say what is not on this machine, or nothing."""
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not found" if absent else ""


def find_packages(place: Path = PLACE) -> Path | None:
    """Give the folder with the client, if it holds exactly what the lock names."""
    mark = place / "lock.sha256"
    is_whole = mark.is_file() and mark.read_text(encoding="utf-8") == _digest()
    return place if is_whole else None


def ensure(place: Path = PLACE) -> Path:
    """Install the client unless it is there, and give the folder."""
    found = find_packages(place)
    if found is not None:
        return found
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in _FILES:
        shutil.copy(SOURCE / name, place / name)
    with step("OpenAI's client for Node, for one slow test"):
        quietly(["npm", "ci", *_QUIET, "--prefix", str(place)])
    # The mark comes last: what was broken off half-way is made anew.
    (place / "lock.sha256").write_text(_digest(), encoding="utf-8")
    return place


def main() -> int:
    """Make sure of the client, where there is Node."""
    if missing():
        print(f"  OpenAI's client for Node is left out: {missing()}")
        return 0
    try:
        ensure()
    except StepFailedError as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def _digest() -> str:
    return hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in _FILES)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
