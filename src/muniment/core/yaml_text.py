"""Reads YAML as plain values and remembers on which line each stands.

Only plain values: no tags that make objects, no anchors that grow, no two keys of one name. What is
wrong is told with its line and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

MAX_BYTES: Final = 1024 * 1024
_MAX_DEPTH: Final = 40
_PLAIN_TAGS: Final = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A value that was read, and where each part of it stands."""

    value: Any
    places: Mapping[Path, tuple[int, int]]

    def place(self, path: Path) -> tuple[int, int]:
        """Give line and column of a part, or of the nearest part around it that is there."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


class YamlError(Exception):
    """This is not YAML that can be used; whoever reads it tells what is wrong and where."""

    def __init__(self, says: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {says}")
        self.says, self.line, self.column = says, line, column


def read_yaml(text: str, *, fractions: bool = False) -> Written:
    """Read one YAML document of plain values; a fraction is given as the text that was written."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise YamlError(f"the file is larger than {MAX_BYTES:,} bytes", 1, 1)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
        raise YamlError(error.problem or "it is not YAML", line, column) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise YamlError(str(error).splitlines()[0], 1, 1) from error
    places: dict[Path, tuple[int, int]] = {}
    reading = _Reading(places, set(), fractions)
    value = None if root is None else _value(root, (), reading)
    return Written(value, places)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a reading notes, and whether fractions are read."""

    places: dict[Path, tuple[int, int]]
    seen: set[int]
    fractions: bool


def _value(node: yaml.Node, path: Path, reading: _Reading) -> Any:  # noqa: ANN401 any plain value
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if id(node) in reading.seen:
        raise YamlError("anchors are not used here; write it out", line, column)
    if len(path) > _MAX_DEPTH:
        raise YamlError("it is nested too deeply", line, column)
    reading.seen.add(id(node))
    reading.places.setdefault(path, (line, column))
    if not isinstance(node, yaml.ScalarNode) and node.tag not in _PLAIN_TAGS:
        raise YamlError(f"{node.tag[:40]!r} is not a plain value", line, column)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, number), reading) for number, each in enumerate(node.value)]
    if reading.fractions and str(node.tag).endswith(":float"):
        return str(node.value)
    return _scalar(node, line, column)


def _mapping(node: yaml.MappingNode, path: Path, reading: _Reading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, inner in node.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        name = _scalar(key, line, column) if isinstance(key, yaml.ScalarNode) else None
        if not isinstance(name, str):
            raise YamlError("a name is a text", line, column)
        if name in found:
            raise YamlError(f"{name[:60]!r} stands here twice", line, column)
        reading.places[*path, name] = (line, column)
        found[name] = _value(inner, (*path, name), reading)
    return found


def _scalar(node: yaml.Node, line: int, column: int) -> Any:  # noqa: ANN401 any plain value
    tag = str(node.tag).rpartition(":")[2]
    if tag in ("timestamp", "str"):
        return str(node.value)  # a date is the text that was written
    if tag not in ("null", "bool", "int"):
        raise YamlError(f"{str(node.value)[:40]!r} is not a plain value", line, column)
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, yaml.YAMLError) as error:
        raise YamlError(f"{str(node.value)[:40]!r} cannot be read", line, column) from error
