"""Make the environment in .venv: create it, install exactly what the locks say, then the package.

Needs only a Python's standard library: Debian's may lack ensurepip or be externally managed, so the
environment is made without pip, and pip comes from a wheel in the repository, checked against
requirements/pip.lock before a line of it runs. pip itself then reads its usual settings (index,
proxy, certificates). A second run finds its stamp and does nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.step import StepFailedError, quietly, step

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
COMPILED = ("_plain", "_waking", "_joining", "_quick", "_marks", "_listing", "_heads")
LOCKS = {"run": ("run.lock",), "dev": ("run.lock", "dev.lock")}
STAMPS = "muniment-stamps.json"
WITHOUT_COMPILER = """\
  Names are read with NumPy, which is several times slower than compiled code.
  For that, install a C compiler and Python's headers, and run this again
  (Debian, Ubuntu: apt-get install gcc python3-dev)."""
PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Pin:
    """One wheel that is known by its digest before it is opened."""

    name: str
    version: str
    sha256: str

    @property
    def wheel(self) -> str:
        """Name the wheel's file."""
        return f"{self.name}-{self.version}-py3-none-any.whl"


def read_pin(lock_text: str) -> Pin:
    """Read the one pinned wheel of a lock file."""
    found = re.fullmatch(
        r"([a-z0-9_]+)==(\S+) \\\s+--hash=sha256:([0-9a-f]{64})\s*", lock_text.strip() + "\n"
    )
    if found is None:
        raise SetupError(
            "requirements/pip.lock must hold one `pip==VERSION \\ --hash=sha256:…` and nothing else"
        )
    return Pin(*found.groups())


def checked_wheel(folder: Path, pin: Pin) -> Path:
    """Give the pinned wheel's path, if its bytes are the ones that were pinned."""
    wheel = folder / pin.wheel
    if not wheel.is_file():
        raise SetupError(f"{wheel} is missing; check the file out again")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != pin.sha256:
        raise SetupError(
            f"{wheel} is not the pinned file (sha256 {digest}, pinned {pin.sha256}); "
            "check it out again, unchanged"
        )
    return wheel


def stamp_for(kind: str, *, root: Path = ROOT, python: str = sys.implementation.cache_tag) -> str:
    """Digest everything an environment depends on: locks, metadata, C, Python, place."""
    seal = hashlib.sha256(f"{kind}\0{python}\0{root}\0{has_compiler()}\0".encode())
    locks = (root / "requirements" / name for name in ("pip.lock", *LOCKS[kind]))
    for path in (root / "pyproject.toml", *locks, *sorted(root.glob("src/**/*.[ch]"))):
        seal.update(hashlib.sha256(path.read_bytes()).digest())
    return seal.hexdigest()


def has_compiler() -> bool:
    """Tell whether there is a C compiler; without one, NumPy does what is compiled, more slowly."""
    return any(map(shutil.which, ("cc", "gcc", "clang")))


def read_stamps(venv: Path) -> dict[str, str]:
    """Read which kinds of environment were completed here; none if that cannot be told."""
    if not (venv / "bin" / "python").exists():
        return {}
    try:
        stamps = json.loads((venv / STAMPS).read_text())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def create(venv: Path) -> None:
    """Create an empty environment, unless a working one of the same Python is there."""
    if importlib.util.find_spec("venv") is None:
        raise SetupError(
            f"{sys.executable} has no module `venv`; install it "
            "(Debian, Ubuntu: apt-get install python3-venv) and run this again"
        )
    if _works(venv):
        return
    quietly([sys.executable, "-m", "venv", "--without-pip", "--clear", str(venv)])


def _works(venv: Path) -> bool:
    ask = "import sys; print(sys.implementation.cache_tag)"
    try:
        tag = quietly([str(venv / "bin" / "python"), "-I", "-c", ask])
    except (StepFailedError, OSError):
        return False
    library = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return tag.strip() == sys.implementation.cache_tag and (venv / "lib" / library).is_dir()


def install_pip(venv: Path) -> None:
    """Put the pinned pip into the environment, run from its own wheel."""
    wheel = checked_wheel(REQUIREMENTS, read_pin((REQUIREMENTS / "pip.lock").read_text()))
    installed = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"
    if any(venv.glob(f"lib/python*/site-packages/{installed}")):
        return
    pip = [str(venv / "bin" / "python"), "-I", f"{wheel}/pip"]
    quietly([*pip, "install", *PIP_OPTIONS, "--no-index", "--no-compile", str(wheel)])


def pip_install(venv: Path, *arguments: str, cwd: Path = ROOT) -> None:
    """Install with the environment's own pip, deaf to PYTHONPATH and the user's packages."""
    python = str(venv / "bin" / "python")
    quietly([python, "-I", "-m", "pip", "install", *PIP_OPTIONS, *arguments], cwd=cwd)


def install_lock(venv: Path, lock: str) -> None:
    """Install what one lock names, every file checked against its hash."""
    pip_install(venv, "--require-hashes", "-r", str(REQUIREMENTS / lock))


def make(kind: str, venv: Path = ROOT / ".venv") -> None:
    """Make the environment for running (`run`) or for developing (`dev`), if it is not there."""
    if read_stamps(venv).get(kind) == stamp_for(kind):
        return
    with _one_at_a_time():
        stamps = {name: seal for name, seal in read_stamps(venv).items() if seal == stamp_for(name)}
        with step("Environment in .venv"):
            create(venv)
            (venv / STAMPS).unlink(missing_ok=True)
            install_pip(venv)
        for lock in LOCKS[kind]:
            with step(f"Packages of requirements/{lock}"):
                install_lock(venv, lock)
        with step("Muniment itself"):
            pip_install(venv, "--no-build-isolation", "-e", str(ROOT))
        if not all(any(ROOT.glob(f"src/**/{part}.*.so")) for part in COMPILED):
            print(WITHOUT_COMPILER)
        # A dev environment holds everything a run environment does.
        stamps |= {name: stamp_for(name) for name in {"run", kind}}
        (venv / STAMPS).write_text(json.dumps(stamps))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "environment.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def main(arguments: Sequence[str]) -> int:
    """Make one kind of environment and say in one line what stands in the way, if anything."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("use: python3 -m tools.environment run|dev", file=sys.stderr)
        return 2
    try:
        make(arguments[0])
    except SetupError as refused:
        print(f"muniment: {refused}", file=sys.stderr)
        return 1
    except StepFailedError as failed:
        print(failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
