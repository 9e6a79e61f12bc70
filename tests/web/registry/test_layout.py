"""The drawing of a boundary: nothing overlaps, everything is drawn, circles end."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.registry import Action, Component, ComponentSort, Flow
from muniment.web.registry.layout import draw, layers

NAMES = st.sampled_from("abcdefgh")


def a_component(name: str, vendor: str = "", **more: object) -> Component:
    """Make a component."""
    return Component(name, ComponentSort.TOOL, vendor=vendor, **more)  # type: ignore[arg-type]  # as given


@settings(max_examples=25)
@given(st.lists(st.tuples(NAMES, NAMES), max_size=20), st.sets(NAMES, max_size=4))
def test_every_component_has_a_place_of_its_own(
    pairs: list[tuple[str, str]], others: set[str]
) -> None:
    """Whatever flows where, boxes lie inside the drawing, apart, ours above the line of trust."""
    parts = [a_component(each, "acme" if each in others else "") for each in "abcdefgh"]
    flows = [Flow(source, target, ("personal",)) for source, target in pairs]
    for per_row, width in ((4, 1060.0), (1, 316.0)):
        drawn = draw(parts, flows, per_row=per_row, width=width)
        assert len(drawn.nodes) == len(parts)
        assert len(drawn.edges) == len(flows)
        for node in drawn.nodes:
            assert 0 < node.x < node.x + node.width < drawn.width
            assert 0 < node.y < node.y + node.height <= drawn.height
            assert (node.y < drawn.trust) != node.outside
        for one, two in combinations(drawn.nodes, 2):
            beside = one.x + one.width <= two.x or two.x + two.width <= one.x
            above = one.y + one.height <= two.y or two.y + two.height <= one.y
            assert beside or above
        assert all(0 <= each.x <= width for each in drawn.edges)
        for each in drawn.edges:
            deepest = max(float(y) for y in re.findall(r"V([0-9.]+)", each.path) or ["0"])
            assert max(deepest, each.y) < drawn.height


def test_data_flows_downwards() -> None:
    """What is flowed into lies lower; a circle is cut; a flow to nowhere is not drawn."""
    assert layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")]) == {
        "a": 0,
        "b": 1,
        "c": 2,
    }
    drawn = draw([a_component("a")], [Flow("a", "gone")], per_row=2, width=400)
    assert drawn.edges == ()


def test_a_box_says_what_is_stated() -> None:
    """Acts, what is kept and where; long names are cut, and told whole beside."""
    part = a_component(
        "x" * 90, "acme", entry_point=True, retained_days=1_000, action=Action.IRREVERSIBLE
    )
    (node,) = draw([part], [], per_row=1, width=316).nodes
    assert node.acts
    assert node.lines[0].endswith("…")
    assert "x" * 90 in node.says
    assert node.lines[2:] == (
        "entry point",
        "keeps 1,000 days",
        "acts, irreversible",
        "place not stated",
    )
