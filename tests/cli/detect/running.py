"""Runs `muniment detect …` on an installation in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.cli import run
from muniment.main import open_house
from muniment.server import House

MAIL = "maria.lopez@example.com"


def left_with(folder: Path, *words: str) -> int:
    """Run a command and give its exit code."""

    def opened(file: Path | None, overrides: dict[str, object], **options: object) -> House:
        given = {**overrides, "data.dir": folder, "unlock.folder": folder.parent / "unlock"}
        return open_house(file, given, environment={}, **options)  # type: ignore[arg-type]  # as State

    with pytest.raises(SystemExit) as caught:
        run(open_house=opened, arguments=["detect", *words])
    return int(caught.value.code or 0)
