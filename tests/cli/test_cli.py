"""The command line as a person meets it: one line for an error, an exit code, no traceback."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from functools import cache
from pathlib import Path

import pytest
import typer

from muniment import cli
from muniment.cli import EXIT_CODES, make_cli, run
from muniment.core.errors import InvalidError, MunimentError
from muniment.server import House
from tests.server.running import PROGRAM, clean_environment, command


def left_with(*arguments: str, error: BaseException | None = None) -> int:
    """Run a command whose house cannot be opened, and give the exit code."""

    def open_house(*_given: object, **_options: object) -> House:
        assert error is not None
        raise error

    with pytest.raises(SystemExit) as caught:
        run(open_house=open_house, arguments=list(arguments))
    return int(caught.value.code or 0)


def all_commands() -> list[tuple[str, ...]]:
    """List every command, groups included."""
    found: list[tuple[str, ...]] = [()]

    def walk(command: object, above: tuple[str, ...]) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            found.append((*above, name))
            walk(inner, (*above, name))

    walk(whole(), ())
    return found


@cache
def whole() -> object:
    """Give everything there is to type, built once."""
    return typer.main.get_command(make_cli())


@pytest.mark.parametrize("room", whole().commands)  # type: ignore[attr-defined]  # a group has them
def test_a_room_alone_is_the_same(room: str) -> None:
    """What is built for one word is what stands under it in the whole; an unknown word is told."""
    alone = typer.main.get_command(make_cli(room))
    assert room in alone.commands  # type: ignore[attr-defined]  # a group has them
    assert len(alone.commands) <= 3, "the file of this word is not in the tables of cli/__init__"  # type: ignore[attr-defined]  # as above

    def names(command: object) -> object:
        inner = getattr(command, "commands", {})
        return {name: names(each) for name, each in inner.items()} or sorted(
            option.name
            for option in command.params  # type: ignore[attr-defined]  # as any command
        )

    assert names(alone.commands[room]) == names(whole().commands[room])  # type: ignore[attr-defined]  # as above


def test_the_table_is_whole() -> None:
    """Each error of the family leaves with an exit code of its own, none of them 0, 1 or 70."""
    assert set(EXIT_CODES) == set(MunimentError.__subclasses__())
    assert len(set(EXIT_CODES.values())) == len(EXIT_CODES)
    assert not set(EXIT_CODES.values()) & {0, 1, 70, 130}


@pytest.mark.parametrize("kind", list(EXIT_CODES), ids=lambda kind: kind.__name__)
def test_an_error_is_one_line(
    kind: type[MunimentError], capsys: pytest.CaptureFixture[str]
) -> None:
    """An error is one line on standard error, whatever its message holds."""
    error = kind("this\nwent wrong", field="a.b", remedy="Do that.", reasons=("one\n", "two"))
    assert left_with("jobs", "list", error=error) == EXIT_CODES[kind]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert told.err.startswith("muniment: a.b: this went wrong")
    assert told.err.endswith("Do that.\n")


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
def test_every_command_helps(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself in a sentence and describes each of its options."""
    if words == ("verify",):
        pytest.skip("the offline verifier brings its own help")
    assert left_with(*words, "--help") == 0
    assert "Usage: muniment" in capsys.readouterr().out
    command = whole()
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]  # groups have commands
    assert getattr(command, "help", "")
    for option in getattr(command, "params", []):
        assert getattr(option, "help", None), f"{words}: {option.name} has no help"


@pytest.mark.parametrize(
    "words", [("no-such",), ("serve", "--no-such"), ("serve", "--port", "x"), ("jobs", "unpark")]
)
def test_wrong_words_leave_with_2(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """A command or option that does not exist leaves with 2 and points to the help."""
    assert left_with(*words) == 2
    assert "--help" in capsys.readouterr().err


def test_an_interrupt_leaves_with_130() -> None:
    """Ctrl-C during a command is no error to report."""
    assert left_with("jobs", "list", error=KeyboardInterrupt()) == 130


def test_the_unforeseen_is_one_line_with_70() -> None:
    """What nobody foresaw is one line that says where, quotes no content, and leaves with 70."""
    breaks = (
        "import muniment.cli as c\n"
        "def open_house(*a, **k): raise KeyError('the content')\n"
        "c.run(open_house=open_house, arguments=['jobs', 'list'])"
    )
    ended = command(program=[PROGRAM[0], "-c", breaks])
    assert ended.returncode == 70
    assert ended.stderr.count("\n") == 1
    assert "KeyError at " in ended.stderr
    assert "content" not in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_reader_who_leaves_is_no_error() -> None:
    """When the reader of the output leaves early the command ends quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "settings"],
        check=False,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    os.close(writing)


def test_a_full_disk_below_the_output_is_told() -> None:
    """Another failure of the output is not taken for a reader who left."""
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a disk that is always full")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, "version"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(),
        )
    assert ended.returncode != 0
    assert errno.ENOSPC


def test_bad_settings_are_one_line(tmp_path: Path) -> None:
    """All that is wrong with the settings is told in one line that leaves with 2."""
    (tmp_path / "muniment.toml").write_text("[server]\nport = 99999\nprot = 1\n")
    ended = command("serve", cwd=tmp_path, environment={"MUNIMENT_LOG_LEVEL": "loud"})
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    for part in ("server.port", "did you mean", "log.level"):
        assert part in ended.stderr
    (tmp_path / "muniment.toml").write_text("not toml [")
    assert command("settings", cwd=tmp_path).returncode == 2


def test_nothing_asked_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`muniment` alone lists the commands."""
    left_with()
    said = capsys.readouterr()
    for name in ("up", "serve", "worker", "migrate", "settings", "version", "jobs"):
        assert name in said.out + said.err


def test_the_front_door_is_small() -> None:
    """Others enter the command line by three names."""
    assert set(cli.__all__) == {"EXIT_CODES", "make_cli", "run"}
    assert json.dumps(sorted(EXIT_CODES.values())) == "[2, 4, 5, 6, 7, 8, 9, 10]"
    assert EXIT_CODES[InvalidError] == 2
