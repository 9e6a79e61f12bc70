"""Plain values of commands, read by hand as the command line's own library reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.core import TyperCommand

from muniment.cli.plainly import is_left, read_by_hand, read_plainly

_PROGRAM = """
import sys
from muniment.cli import run
try:
    run(open_house=None, arguments=["serve", "--config", "absent.toml", "--port", "0"])
except SystemExit as left:
    print(left.code, "pydantic" in sys.modules)
"""
_WORDS = st.one_of(
    st.text(max_size=12), st.integers().map(str), st.sampled_from(["", "-", "/", "٣", "1_0", " 7"])
)


def _commands() -> tuple[TyperCommand, TyperCommand]:
    """Give one command twice: as it is, and read by hand."""
    made = []
    for _ in range(2):
        app = typer.Typer()

        @app.command()
        def say(
            number: int = typer.Option(3, min=1, max=64),
            word: str = typer.Option("none"),
            path: Path | None = typer.Option(None),
        ) -> tuple[object, ...]:
            return number, word, path

        command = typer.main.get_command(app)
        assert isinstance(command, TyperCommand)
        made.append(command)
    read_by_hand(made[1], typer.Context(made[1]))
    return made[0], made[1]


def _told(command: TyperCommand, arguments: list[str]) -> object:
    try:
        return command.main(arguments, prog_name="say", standalone_mode=False)
    except Exception as error:  # noqa: BLE001 whatever it is, both raise it
        return type(error).__name__, getattr(error, "message", "")


_USUAL, _PLAIN = _commands()


@given(st.sampled_from(["--number", "--word", "--path"]), _WORDS)
def test_a_value_is_read_or_refused_as_the_library_does(option: str, word: str) -> None:
    """Whatever somebody writes, the command gets the same, or the same is said of it."""
    arguments = [f"{option}={word}"]
    assert _told(_PLAIN, arguments) == _told(_USUAL, arguments)


def test_a_server_loads_nothing_that_validates_its_options() -> None:
    """It would keep it as long as it runs."""
    told = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["2", "False"]


@pytest.mark.parametrize("value", ["65", "0", "-1", "1" * 40, 7.0, True])
def test_what_is_not_plainly_right_is_left(value: object) -> None:
    """The library says what is wrong with it."""
    assert is_left(read_plainly(value, int, typer.models.OptionInfo(min=1, max=64)))


def test_a_file_that_nobody_may_read_is_left(tmp_path: Path) -> None:
    """A link to nowhere stands for it: whoever runs the tests may read every file."""
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert is_left(read_plainly(str(tmp_path / "link"), Path, typer.models.OptionInfo()))
    assert read_plainly(str(tmp_path / "new"), Path, typer.models.OptionInfo()) == tmp_path / "new"
