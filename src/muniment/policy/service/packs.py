"""Starter packs: policies with their tests, and policies for people, that come along as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Final

import msgspec
import yaml
from msgspec import Meta, Struct

from muniment.core.errors import InvalidError, NotFoundError
from muniment.core.yaml_text import YamlError, read_yaml
from muniment.policy.models import CaseFile, Source

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


class _Head(Struct, forbid_unknown_fields=True, frozen=True):
    title: str
    controls: tuple[str, ...] = ()
    review_months: Annotated[int, Meta(ge=1, le=60)] = 12


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


def template_text(found: Template) -> str:
    """Write a policy for people as one file: a head between two lines of dashes, and its text."""
    head = {
        "title": found.title,
        "controls": list(found.controls),
        "review_months": found.review_months,
    }
    told = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, default_flow_style=None)
    return f"---\n{told}---\n{found.text}"


def read_template(name: str, written: str) -> Template:
    """Read such a file; what is wrong with its head is told."""
    parts = written.replace("\r\n", "\n").split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise _bad_head("it does not begin with a head between two lines of dashes")
    try:
        head = msgspec.convert(read_yaml(parts[1]).value, _Head)
    except (YamlError, msgspec.ValidationError) as error:
        raise _bad_head(str(error)) from error
    return Template(name, head.title, head.controls, head.review_months, parts[2].lstrip("\n"))


def _bad_head(why: str) -> InvalidError:
    return InvalidError(
        f"the head of this policy cannot be read: {why}",
        field="file",
        remedy="`muniment policy written starter access` prints one that can.",
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
    name = file.name.removesuffix(".md")
    return read_template(name, file.read_text(encoding="utf-8"))
