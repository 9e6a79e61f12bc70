"""Where the components and flows of a boundary lie in its drawing: pure geometry.

Components stand in rows: data flows downwards from the entry points. What others run stands below
the line of trust. The narrow drawing has one component in a row, and flows run beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from muniment.registry import Action, Component, Flow

_GAP: Final = 36
_DOWN: Final = 74
_PAD: Final = 22
_LINE: Final = 18
_CHAR: Final = 6.9
_WIDEST: Final = 290.0


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
    """Lay a boundary out with so many components in a row at most."""
    rows = _rows(components, flows, per_row)
    gutter = 84.0 if per_row == 1 else 110.0
    columns = max((len(row) for row in rows), default=1)
    room = width - 2 * _PAD - gutter
    box = min(_WIDEST if per_row > 1 else room, (room - _GAP * (columns - 1)) / columns)
    nodes, trust, end, below = _placed(rows, box, room)
    level = {each.name: at for at, row in enumerate(rows) for each in row}
    drawn = [each for each in flows if each.source in nodes and each.target in nodes]
    edges = tuple(_edges(nodes, level, drawn, width - _PAD - gutter, narrow=per_row == 1))
    end = max([end, *(each.y + _PAD for each in edges)])
    return Drawing(width, end, tuple(nodes.values()), edges, trust if below else end, below)


def _placed(
    rows: Sequence[Sequence[Component]], box: float, room: float
) -> tuple[dict[str, Node], float, float, bool]:
    """Place every box; say where trust ends, where the drawing does, and whether others follow."""
    nodes: dict[str, Node] = {}
    y = float(_PAD + 16)
    trust, below = y, False
    most = int((box - 24) / _CHAR)
    for row in rows:
        is_outside = bool(row[0].vendor)
        if is_outside and not below:
            below, y = True, y + 26
        height = max(16.0 + _LINE * len(_lines(each, most)) for each in row)
        first = _PAD + (room - len(row) * box - (len(row) - 1) * _GAP) / 2
        for place, each in enumerate(row):
            nodes[each.name] = _node(each, first + place * (box + _GAP), y, box, height)
        y += height + _DOWN
        if not is_outside:
            trust = y - _DOWN + _PAD
    return nodes, trust, y - _DOWN + _PAD, below


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


def _edges(
    nodes: Mapping[str, Node],
    level: Mapping[str, int],
    flows: Sequence[Flow],
    right: float,
    *,
    narrow: bool,
) -> Iterator[Edge]:
    """Draw each flow: straight down to the next row, or round by the gutter on the right."""
    begun: dict[str, int] = {}
    for at, flow in enumerate(flows):
        source, target = nodes[flow.source], nodes[flow.target]
        label = ", ".join(flow.data_classes) or "not stated"
        says = f"{flow.source} to {flow.target}: {label}"
        turn = begun.get(flow.source, 0)
        begun[flow.source] = turn + 1
        if narrow:
            yield _beside(source, target, at, turn, f"→ {flow.target}: {label}", says)
        elif level[flow.target] == level[flow.source] + 1:
            yield _down(source, target, turn, label, says)
        else:
            yield _round(source, target, at, right, label, says)


def _down(source: Node, target: Node, turn: int, label: str, says: str) -> Edge:
    first, last = source.x + source.width / 2, target.x + target.width / 2
    spread = ((turn + 1) % 3 - 1) * 18.0
    top, bottom = source.y + source.height, target.y - 3
    path = (
        f"M{first + spread:.1f} {top:.1f} C{first + spread:.1f} {top + 34:.1f} "
        f"{last + spread:.1f} {bottom - 34:.1f} {last + spread:.1f} {bottom:.1f}"
    )
    middle, down = (first + last) / 2 + spread, (top + bottom) / 2 + spread * 0.7
    return Edge(path, _cut(label, 30), round(middle, 1), round(down, 1), "mid", says)


def _round(source: Node, target: Node, at: int, right: float, label: str, says: str) -> Edge:
    """Draw a flow that goes back, sideways or far: through the gaps between rows, by the gutter."""
    leaves = source.x + source.width * (0.62 + 0.09 * (at % 4))
    comes = target.x + target.width * (0.12 + 0.09 * (at % 4))
    under = source.y + source.height + 12 + (at % 4) * 16
    over = target.y - 10 - (at % 3) * 7
    far = right + 12 + (at % 6) * 15
    path = (
        f"M{leaves:.1f} {source.y + source.height:.1f} V{under:.1f} H{far:.1f} "
        f"V{over:.1f} H{comes:.1f} V{target.y - 3:.1f}"
    )
    return Edge(path, _cut(label, 24), round(far - 6, 1), round(under - 4, 1), "end", says)


def _beside(source: Node, target: Node, at: int, turn: int, label: str, says: str) -> Edge:
    """Draw a flow in the gutter beside a column; its label stands under its source."""
    right = source.x + source.width
    far = right + 14 + (at % 5) * 14
    first = source.y + source.height / 2 + ((turn % 5) - 2) * 7
    last = target.y + target.height / 2 + ((at % 3) - 1) * 8
    bend = 6 if last > first else -6
    path = (
        f"M{right:.1f} {first:.1f} H{far - 6:.1f} Q{far:.1f} {first:.1f} {far:.1f} "
        f"{first + bend:.1f} V{last - bend:.1f} "
        f"Q{far:.1f} {last:.1f} {far - 6:.1f} {last:.1f} H{right + 3:.1f}"
    )
    down = source.y + source.height + 15 + (turn % 4) * 15
    return Edge(path, _cut(label, 32), round(source.x + 4, 1), round(down, 1), "start", says)
