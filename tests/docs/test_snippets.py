"""The words of the repository hold: marked snippets run, links lead somewhere, commands exist.

A page marks a block of ```sh or ```python with `<!-- run -->` in the line before it, or with
`<!-- run: exit 1 -->` if it should end so; `<!-- expect: text -->` lines after the block name what
it must print. The blocks of a page run in order in one folder that looks like a clone, and
`<!-- needs: server -->` starts a real server on its `data` first.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import pytest
import typer

from muniment.cli import make_cli
from tests.server.quick import quick_command
from tests.server.running import clean_environment, started

ROOT = Path(__file__).parents[2]
DEFAULT_ADDRESS = "http://127.0.0.1:8484"
SERVER = "<!-- needs: server -->"
_PATIENCE_SECONDS = 300
_BLOCK = re.compile(
    r"<!-- run(?:: exit (?P<code>\d+))? -->\n```(?P<language>\w+)\n(?P<text>.*?)^```\n"
    r"(?P<after>(?:\n*<!-- expect: .*? -->\n)*)",
    re.MULTILINE | re.DOTALL,
)
_EXPECT = re.compile(r"<!-- expect: (.*?) -->")
_FENCE = re.compile(r"^```\w*\n.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
_INLINE = re.compile(r"`([^`\n]+)`")
_MAKE = re.compile(r"^(?:\w+=\S* )*make ([a-z][a-z-]*)", re.MULTILINE)
_COMMAND = re.compile(
    r"(?:^|\$\(|bin/|  )muniment ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?(?![:\w])", re.MULTILINE
)


@dataclass(frozen=True)
class Snippet:
    """A block to run: its language, its text, how it should end and what it must say."""

    line: int
    language: str
    text: str
    code: int
    expected: tuple[str, ...]


def snippets(page: str) -> list[Snippet]:
    """Find the marked blocks of a page."""
    return [
        Snippet(
            page.count("\n", 0, found.start()) + 1,
            found["language"],
            found["text"],
            int(found["code"] or 0),
            tuple(_EXPECT.findall(found["after"])),
        )
        for found in _BLOCK.finditer(page)
    ]


def pages() -> list[Path]:
    """List every page of words, but the reference pages, which are written from the code."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in found if "reference" not in path.parts)


def named(path: Path) -> str:
    """Name a page for people."""
    return path.relative_to(ROOT).as_posix()


def with_snippets() -> list[Path]:
    """List the pages that have something to run."""
    return [path for path in pages() if snippets(path.read_text(encoding="utf-8"))]


def run_snippet(
    snippet: Snippet, folder: Path, environment: dict[str, str], address: str
) -> str | None:
    """Run a block; give what is wrong with how it went, if anything."""
    programs = {"sh": ["sh", "-eu", "-c"], "python": [sys.executable, "-c"]}
    done = subprocess.run(
        [*programs[snippet.language], snippet.text.replace(DEFAULT_ADDRESS, address)],
        cwd=folder,
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_PATIENCE_SECONDS,
    )
    if done.returncode != snippet.code:
        return f"line {snippet.line} ended with {done.returncode}:\n{done.stdout}"
    missing = [text for text in snippet.expected if text not in done.stdout]
    return f"line {snippet.line} did not say {missing}:\n{done.stdout}" if missing else None


def make_folder(folder: Path) -> dict[str, str]:
    """Make a folder that looks like a clone with its environment; give the variables for it."""
    (folder / "src").symlink_to(ROOT / "src")
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python3").chmod(0o755)
    return clean_environment(
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
        MUNIMENT_UNLOCK_FOLDER=str(folder / "unlock"),
        TMPDIR=str(folder),
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", with_snippets(), ids=named)
def test_the_snippets_of_a_page_run(path: Path, tmp_path: Path) -> None:
    """Whoever types what a page shows sees what the page says."""
    page = path.read_text(encoding="utf-8")
    environment = make_folder(tmp_path)
    problems = []
    with ExitStack() as stack:
        stack.enter_context(quick_command(tmp_path / ".venv" / "bin"))
        address = DEFAULT_ADDRESS
        if SERVER in page:
            own = {"MUNIMENT_UNLOCK_FOLDER": environment["MUNIMENT_UNLOCK_FOLDER"]}
            up = started("up", "--data", "data", "--port", "0", cwd=tmp_path, environment=own)
            address = stack.enter_context(up).address
        for snippet in snippets(page):
            problem = run_snippet(snippet, tmp_path, environment, address)
            if problem:
                problems.append(f"{named(path)}, {problem}")
                break  # the blocks build on each other
    assert not problems, problems[0]


def missing_links(page: Path) -> list[str]:
    """Name the links of a page that lead to no file."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(text) if not (page.parent / link).exists()]


@pytest.mark.parametrize("path", pages(), ids=named)
def test_links_lead_somewhere(path: Path) -> None:
    """A link or picture of a page is in the repository."""
    assert missing_links(path) == []


def code_of(text: str) -> str:
    """Give what stands as code in a page: its blocks, and the words in backticks."""
    return "\n".join((*_FENCE.findall(text), *_INLINE.findall(_FENCE.sub("", text))))


def unknown_commands(page: str) -> list[str]:
    """Name the make targets and muniment commands of a page that do not exist."""
    text = code_of(page)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*)[^:=\n]*:", makefile, re.MULTILINE))
    targets |= set(re.search(r"\.PHONY: ((?:.*\\\n)*.*)", makefile)[1].split())  # type: ignore[index]  # it stands there
    wrong = [
        f"make {name}"
        for name in _MAKE.findall(text)
        if name not in targets and not name.startswith("bench-")
    ]
    return wrong + [" ".join(words).strip() for words in _unknown_words(_COMMAND.findall(text))]


@cache
def _whole() -> object:
    return typer.main.get_command(make_cli())


def _unknown_words(found: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    group = _whole()
    assert isinstance(group, typer.core.TyperGroup | click.Group)
    for first, second in found:
        command = group.commands.get(first)
        inner = getattr(command, "commands", None)
        if command is None or (inner is not None and second and second not in inner):
            yield "muniment", first, second


@pytest.mark.parametrize("path", pages(), ids=named)
def test_commands_exist(path: Path) -> None:
    """A command that a page tells people to type is one that there is."""
    assert unknown_commands(path.read_text(encoding="utf-8")) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    """A snippet that fails or stays silent, a dead link and an invented command are told."""
    page = tmp_path / "page.md"
    page.write_text(
        "[a](gone.md) [b](page.md#part) [c](https://example.com)\n\n"
        "<!-- run -->\n```sh\necho one\n```\n<!-- expect: two -->\n\n"
        "<!-- run: exit 3 -->\n```python\nraise SystemExit(3)\n```\n\n"
        "<!-- run -->\n```sh\nexit 4\n```\n\n"
        "```sh\nnot run\n```\n"
    )
    found = snippets(page.read_text())
    told = [run_snippet(each, tmp_path, dict(os.environ), "") for each in found]
    assert [(told or "fine").partition(":")[0] for told in told] == [
        "line 3 did not say ['two']",
        "fine",
        "line 14 ended with 4",
    ]
    assert missing_links(page) == ["gone.md"]
    invented = (
        "`make tea`, `make test`, `muniment sing`, `muniment ledger sing`, `muniment verify x`"
    )
    assert unknown_commands(invented) == ["make tea", "muniment sing", "muniment ledger sing"]
