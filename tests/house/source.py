"""What the house tests read: the product's files, their text and their syntax trees.

Each house rule is a plain function over such values, so a test can hand it a seeded breach.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SRC = ROOT / "src"
PACKAGE = SRC / "muniment"
TESTS = ROOT / "tests"
TOOLS = ROOT / "tools"
MACHINERY = frozenset({"jobs", "plugins", "db", "lake", "blobs", "settings", "core"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: where it lies, what it says, and how Python reads it."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """Its dotted name, for a file under src."""
        dotted = self.path.removeprefix("src/").removesuffix(".py").replace("/", ".")
        return dotted.removesuffix(".__init__")


def source(path: str, text: str) -> Source:
    """Read a text as if it were a file of the product."""
    return Source(path, text, ast.parse(text, path))


def sources_under(folder: Path, base: Path = ROOT) -> tuple[Source, ...]:
    """Read every Python file below a folder."""
    return tuple(
        source(path.relative_to(base).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
    )


@cache
def product() -> tuple[Source, ...]:
    """Read the product's own files once."""
    return sources_under(PACKAGE)


def functions(tree: ast.AST) -> Iterator[Function]:
    """List every function and method, also inner ones."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def rooms_in(package: Path) -> frozenset[str]:
    """Name the folders that are rooms: those with nouns or verbs of their own."""
    return frozenset(
        folder.name
        for folder in package.iterdir()
        if folder.is_dir()
        and folder.name not in MACHINERY
        and any(_has(folder, part) for part in ("models", "service"))
    )


def _has(folder: Path, part: str) -> bool:
    return (folder / f"{part}.py").exists() or (folder / part / "__init__.py").exists()
