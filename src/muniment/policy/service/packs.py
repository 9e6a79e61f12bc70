"""Starter packs: policies with their tests, and policies for people, that come along as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from muniment.core.errors import NotFoundError
from muniment.policy.models import CaseFile, Source
from muniment.policy.rules.yaml_text import read_yaml

_ROOM: Final = "muniment.policy.rules"


@dataclass(frozen=True, slots=True)
class Pack:
    """A set of policies to begin with: what it is for, its files, and its tests."""

    name: str
    title: str
    says: str
    frameworks: tuple[str, ...]
    sources: tuple[Source, ...]
    cases: tuple[CaseFile, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A policy for people to begin with."""

    name: str
    title: str
    controls: tuple[str, ...]
    review_months: int
    text: str


def packs() -> tuple[Pack, ...]:
    """List the starter packs."""
    return tuple(_pack(folder) for folder in _entries("packs") if folder.is_dir())


def pack(name: str) -> Pack:
    """Find a starter pack."""
    for each in packs():
        if each.name == name:
            return each
    raise NotFoundError(
        f"there is no starter pack {name[:60]}",
        subject=name[:60],
        remedy=f"There are {', '.join(each.name for each in packs())}.",
    )


def templates() -> tuple[Template, ...]:
    """List the policies for people to begin with."""
    return tuple(_template(each) for each in _entries("documents") if each.name.endswith(".md"))


def template(name: str) -> Template:
    """Find a policy for people to begin with."""
    for each in templates():
        if each.name == name:
            return each
    raise NotFoundError(
        f"there is no policy for people called {name[:60]}",
        subject=name[:60],
        remedy=f"There are {', '.join(each.name for each in templates())}.",
    )


def _entries(folder: str) -> Iterator[Traversable]:
    found = files(_ROOM).joinpath(folder)
    yield from sorted(found.iterdir(), key=lambda each: each.name)


def _pack(folder: Traversable) -> Pack:
    texts = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}
    about = read_yaml(texts["pack.yaml"]).value
    return Pack(
        folder.name,
        about["title"],
        about["says"],
        tuple(about["frameworks"]),
        tuple(
            Source(f"{folder.name}/{name}", text)
            for name, text in sorted(texts.items())
            if name.endswith(".cedar")
        ),
        tuple(
            CaseFile(f"{folder.name}/{name}", text)
            for name, text in sorted(texts.items())
            if name.endswith(".yaml") and name != "pack.yaml"
        ),
    )


def _template(file: Traversable) -> Template:
    head, text = parts_of(file.read_text(encoding="utf-8"))
    return Template(
        file.name.removesuffix(".md"),
        head["title"],
        tuple(head["controls"]),
        head["review_months"],
        text,
    )


def parts_of(written: str) -> tuple[dict[str, Any], str]:
    """Take the head between two lines of dashes apart from the text below it."""
    _, head, text = written.split("---\n", 2)
    found: dict[str, Any] = read_yaml(head).value
    return found, text.lstrip("\n")
