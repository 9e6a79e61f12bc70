"""Where the components and flows of a boundary lie in its drawing: pure geometry.

Components stand in rows: data flows downwards from the entry points. What others run stands below
the line of trust. The narrow drawing has one component in a row, and flows run beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from muniment.registry import Action, Component, Flow

_GAP: Final = 36
_DOWN: Final = 74
_PAD: Final = 22
_LINE: Final = 18
_CHAR: Final = 6.9


@dataclass(frozen=True, slots=True)
class Node:
    """A component in the drawing: its box, its lines of text, and whether we run it."""

    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    says: str
    outside: bool
    acts: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A flow in the drawing: its path, its label and where that stands."""

    path: str
    label: str
    x: float
    y: float
    anchor: str
    says: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that is drawn, in pixels."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    trust: float
    outside: bool


def draw(
    components: Sequence[Component], flows: Sequence[Flow], *, per_row: int, width: float
) -> Drawing:
    """Lay a boundary out with so many components in a row."""
    rows = _rows(components, flows, per_row)
    gutter = 84.0 if per_row == 1 else 0.0
    box = (width - 2 * _PAD - gutter - _GAP * (per_row - 1)) / per_row
    nodes: dict[str, Node] = {}
    y = float(_PAD + 16)
    trust, below = y, False
    for row in rows:
        is_outside = bool(row[0].vendor)
        if is_outside and not below:
            below, y = True, y + 26
        most = int((box - 24) / _CHAR)
        height = max(16.0 + _LINE * len(_lines(each, most)) for each in row)
        for place, each in enumerate(row):
            left = _PAD + place * (box + _GAP)
            nodes[each.name] = _node(each, left, y, box, height)
        y += height + _DOWN
        if not is_outside:
            trust = y - _DOWN + _PAD
    edges = tuple(
        _edge(nodes, flow, at, width, gutter)
        for at, flow in enumerate(flows)
        if flow.source in nodes and flow.target in nodes
    )
    return Drawing(width, y - _DOWN + _PAD, tuple(nodes.values()), edges, trust, below)


def layers(names: Sequence[str], flows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Put each name below those that flow into it; a circle is cut where it comes back."""
    after: Mapping[str, list[str]] = {name: [] for name in names}
    into = dict.fromkeys(names, 0)
    for source, target in flows:
        if source in after and target in after and source != target:
            after[source].append(target)
            into[target] += 1
    found = dict.fromkeys(names, 0)
    left = dict(into)
    waiting = [name for name in names if not left[name]]
    done: set[str] = set()
    while len(done) < len(names):
        if not waiting:
            waiting = [min((n for n in names if n not in done), key=lambda n: (left[n], n))]
        name = waiting.pop(0)
        done.add(name)
        for target in after[name]:
            if target in done:
                continue
            found[target] = max(found[target], found[name] + 1)
            left[target] -= 1
            if not left[target] and target not in waiting:
                waiting.append(target)
    return found


def _rows(
    components: Sequence[Component], flows: Sequence[Flow], per_row: int
) -> list[list[Component]]:
    """Order components in rows: ours first, by layer, those near each other beside each other."""
    names = [each.name for each in sorted(components, key=lambda each: not each.entry_point)]
    level = layers(names, [(each.source, each.target) for each in flows])
    place: dict[str, float] = {}
    rows: list[list[Component]] = []
    for is_outside in (False, True):
        mine = [each for each in components if bool(each.vendor) is is_outside]
        for wanted in sorted({level[each.name] for each in mine}):
            layer = [each for each in mine if level[each.name] == wanted]
            layer.sort(key=lambda each: (_middle(each.name, flows, place), each.name))
            place |= {each.name: float(at) for at, each in enumerate(layer)}
            rows += [layer[at : at + per_row] for at in range(0, len(layer), per_row)]
    return rows


def _middle(name: str, flows: Sequence[Flow], place: Mapping[str, float]) -> float:
    above = [place[each.source] for each in flows if each.target == name and each.source in place]
    return sum(above) / len(above) if above else 0.0


def _lines(each: Component, most: int) -> list[str]:
    sort = each.sort.value.replace("_", " ")
    lines = [each.name, f"{sort} of {each.vendor}" if each.vendor else sort]
    marks = []
    if each.entry_point:
        marks.append("entry point")
    if each.retained_days:
        marks.append(f"keeps {each.retained_days:,} days")
    if each.action is not Action.NONE:
        marks.append(f"acts, {each.action.value}")
    joined = " · ".join(marks)
    lines += marks if len(joined) > most else [joined] if joined else []
    if each.data_classes:
        lines.append(f"holds {', '.join(each.data_classes)}")
    lines.append(", ".join(each.environments) or "place not stated")
    return lines


def _node(each: Component, x: float, y: float, width: float, height: float) -> Node:
    most = int((width - 24) / _CHAR)
    lines = _lines(each, most)
    return Node(
        name=each.name,
        x=round(x, 1),
        y=round(y, 1),
        width=round(width, 1),
        height=height,
        lines=tuple(_cut(line, most) for line in lines),
        says=", ".join(lines),
        outside=bool(each.vendor),
        acts=each.action is Action.IRREVERSIBLE,
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: max(1, most - 1)]}…"


def _edge(nodes: Mapping[str, Node], flow: Flow, at: int, width: float, gutter: float) -> Edge:
    source, target = nodes[flow.source], nodes[flow.target]
    label = ", ".join(flow.data_classes) or "not stated"
    says = f"{flow.source} to {flow.target}: {label}"
    if gutter:
        return _beside(source, target, at, label, says)
    if target.y <= source.y:
        return _round(source, target, at, label, says, width)
    first, last = source.x + source.width / 2, target.x + target.width / 2
    spread = ((at % 3) - 1) * 14.0
    top, bottom = source.y + source.height, target.y - 3
    path = (
        f"M{first + spread:.1f} {top:.1f} C{first + spread:.1f} {top + 34:.1f} "
        f"{last + spread:.1f} {bottom - 34:.1f} {last + spread:.1f} {bottom:.1f}"
    )
    middle = (first + last) / 2 + spread
    cut = _cut(label, 30)
    return Edge(path, cut, round(middle, 1), round((top + bottom) / 2 + spread / 2, 1), "mid", says)


def _round(source: Node, target: Node, at: int, label: str, says: str, width: float) -> Edge:
    """Draw a flow that goes back or sideways round the right of both."""
    right = min(max(source.x + source.width, target.x + target.width) + 10, width - 4)
    first, last = source.y + source.height / 2, target.y + target.height / 2 + 8
    far = min(right + 16 + (at % 3) * 5, width - 2)
    path = (
        f"M{source.x + source.width:.1f} {first:.1f} C{far:.1f} {first:.1f} "
        f"{far:.1f} {last:.1f} {target.x + target.width + 3:.1f} {last:.1f}"
    )
    return Edge(path, _cut(label, 24), round(far, 1), round((first + last) / 2, 1), "end", says)


def _beside(source: Node, target: Node, at: int, label: str, says: str) -> Edge:
    """Draw a flow in the gutter beside a column of components."""
    right = source.x + source.width
    far = right + 14 + (at % 5) * 14
    first = source.y + source.height / 2 + ((at % 3) - 1) * 8
    last = target.y + target.height / 2 + ((at % 3) - 1) * 8
    path = (
        f"M{right:.1f} {first:.1f} H{far - 6:.1f} Q{far:.1f} {first:.1f} {far:.1f} "
        f"{first + (6 if last > first else -6):.1f} V{last - (6 if last > first else -6):.1f} "
        f"Q{far:.1f} {last:.1f} {far - 6:.1f} {last:.1f} H{right + 3:.1f}"
    )
    down = source.y + source.height + 18 + (at % 3) * 16 if last > first else source.y - 8
    return Edge(path, _cut(label, 34), round(far - 4, 1), round(down, 1), "end", says)
