"""`muniment access …` in this process, on an installation of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from muniment.cli import make_cli
from muniment.cli.state import State
from muniment.main import open_house

Muniment = Callable[..., Result]


@pytest.fixture
def muniment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Muniment:
    """The command line, on a fresh installation in an empty folder."""
    monkeypatch.chdir(tmp_path)
    environment = {"MUNIMENT_UNLOCK_FOLDER": str(tmp_path / "unlock")}
    state = State(partial(open_house, environment=environment))
    runner = CliRunner(env={"COLUMNS": "300"})

    def call(*arguments: str) -> Result:
        return runner.invoke(make_cli(arguments[0]), [*arguments], obj=state)

    assert call("migrate").exit_code == 0
    return call
