"""A boundary as a form has it: rows of components and of flows, as somebody typed them.

Rows are numbered, and fields named after them: `component-3-vendor`. What is empty, or marked to
go, is no part of what is stated; a flow goes with the component that it leaves or reaches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.registry import Component, Flow, Profile
from muniment.web.registry.stating import lines_of

_NAMED: Final = re.compile(r"(component|flow)-([0-9]{1,3})-([a-z_]{1,20})\Z")
_WRONG_AT: Final = re.compile(r"(component|flow)s\[([0-9]+)\]\.([a-z_]+)\Z")
_LISTS: Final = ("environments", "data_classes", "made_of")
_COMPONENT: Final = (
    *("name", "sort", "environments", "vendor", "data_classes", "entry_point"),
    *("retained_days", "action", "made_of", "gone"),
)
_FLOW: Final = ("source", "target", "data_classes", "gone")
_YES: Final = "yes"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the form; `is_new` is one that nobody has stated or typed into."""

    number: int
    typed: Mapping[str, str]
    is_new: bool = False

    def get(self, name: str) -> str:
        """Give what stands in a field."""
        return self.typed.get(name, "")

    def chosen(self, name: str) -> list[str]:
        """Give the items of a field that holds a list."""
        return lines_of(self.get(name))

    @property
    def is_gone(self) -> bool:
        """Tell whether the row was marked to go."""
        return self.get("gone") == _YES


@dataclass(frozen=True, slots=True)
class Outline:
    """The rows of the form, and the version of the system they were made from."""

    version: str
    components: tuple[Row, ...] = ()
    flows: tuple[Row, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Name the components that stay."""
        return tuple(each.get("name") for each in self.components if _counts(each, "name"))


@dataclass(frozen=True, slots=True)
class Told:
    """What an outline states, and in which rows it stands."""

    stated: Mapping[str, Any]
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def field_of(self, name: str) -> str:
        """Find the field of the form for the field of a profile that is wrong, if it has one."""
        if not (found := _WRONG_AT.match(name)):
            return ""
        sort, place = found[1], int(found[2])
        numbers = self.rows[sort]
        return f"{sort}-{numbers[place]}-{found[3]}" if place < len(numbers) else ""


def outline_of(profile: Profile, version: int) -> Outline:
    """Write a stated boundary as rows."""
    return Outline(
        f"{version}",
        tuple(Row(at, _component_typed(each)) for at, each in enumerate(profile.components)),
        tuple(Row(at, _flow_typed(each)) for at, each in enumerate(profile.flows)),
    )


def read_outline(pairs: Iterable[tuple[str, str]]) -> Outline:
    """Read what was typed into the form; what is no field of it is not looked at."""
    found: dict[str, dict[int, dict[str, list[str]]]] = {"component": {}, "flow": {}}
    version = ""
    for name, value in pairs:
        if name == "version":
            version = value
        elif named := _NAMED.match(name):
            sort, number, inner = named[1], int(named[2]), named[3]
            if inner in (_COMPONENT if sort == "component" else _FLOW):
                found[sort].setdefault(number, {}).setdefault(inner, []).append(value)
    return Outline(version, _rows(found["component"]), _rows(found["flow"]))


def with_another(outline: Outline, sort: str) -> Outline:
    """Put an empty row at the end, to be typed into."""
    components, flows = outline.components, outline.flows
    if sort == "component":
        components = (*components, Row(_next(components), {}, is_new=True))
    else:
        flows = (*flows, Row(_next(flows), {}, is_new=True))
    return Outline(outline.version, components, flows)


def told_by(outline: Outline) -> Told:
    """Say what an outline states."""
    components = [each for each in outline.components if _counts(each, "name")]
    gone = {each.get("name") for each in outline.components if each.is_gone} - set(outline.names)
    flows = [
        each
        for each in outline.flows
        if _counts(each, "source", "target") and not gone & {each.get("source"), each.get("target")}
    ]
    return Told(
        {
            "components": [_component_stated(each) for each in components],
            "flows": [_flow_stated(each) for each in flows],
        },
        {
            "component": tuple(each.number for each in components),
            "flow": tuple(each.number for each in flows),
        },
    )


def _rows(found: Mapping[int, Mapping[str, Sequence[str]]]) -> tuple[Row, ...]:
    return tuple(
        Row(number, {name: "\n".join(given) for name, given in found[number].items()})
        for number in sorted(found)
    )


def _next(rows: Sequence[Row]) -> int:
    return max((each.number for each in rows), default=-1) + 1


def _counts(row: Row, *names: str) -> bool:
    """Tell whether a row states something: it stays, and one of these or a list is filled."""
    filled = (*names, "vendor", "retained_days", "data_classes", "made_of")
    return not row.is_gone and any(row.get(each) for each in filled)


def _component_typed(each: Component) -> dict[str, str]:
    return {
        "name": each.name,
        "sort": each.sort.value,
        "environments": "\n".join(each.environments),
        "vendor": each.vendor,
        "data_classes": "\n".join(each.data_classes),
        "entry_point": _YES if each.entry_point else "",
        "retained_days": f"{each.retained_days}" if each.retained_days else "",
        "action": each.action.value,
        "made_of": "\n".join(each.made_of),
    }


def _flow_typed(each: Flow) -> dict[str, str]:
    return {
        "source": each.source,
        "target": each.target,
        "data_classes": "\n".join(each.data_classes),
    }


def _component_stated(row: Row) -> dict[str, Any]:
    days = row.get("retained_days")
    is_number = days.isascii() and days.isdigit() and len(days) < 10
    return {
        "name": row.get("name"),
        "sort": row.get("sort"),
        "vendor": row.get("vendor"),
        "entry_point": row.get("entry_point") == _YES,
        "retained_days": int(days) if is_number else days or 0,
        "action": row.get("action") or "none",
        **{name: row.chosen(name) for name in _LISTS},
    }


def _flow_stated(row: Row) -> dict[str, Any]:
    return {
        "source": row.get("source"),
        "target": row.get("target"),
        "data_classes": row.chosen("data_classes"),
    }
