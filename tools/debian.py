"""Installs Debian's own packages where we may: as root, or by a sudo that asks nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from tools.step import quietly, step


def can_install() -> bool:
    """Tell whether packages can be installed here without asking anyone."""
    return shutil.which("apt-get") is not None and _way_to_root() is not None


def install(what: str, packages: Sequence[str]) -> None:
    """Install some packages; a failure shows what apt said."""
    root = _way_to_root() or []
    unattended: Mapping[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"{what} from Debian's packages"):
        quietly([*root, "apt-get", "update"], env=unattended)
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        quietly([*root, *command], env=unattended)


def _way_to_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "--non-interactive", "true"], check=False, capture_output=True)
    return ["sudo", "--non-interactive"] if asked.returncode == 0 else None
