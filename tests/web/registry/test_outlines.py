"""Rows of a boundary are read as somebody typed them, and what is stated is written as rows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from muniment.registry import (
    Action,
    Component,
    ComponentSort,
    Flow,
    Profile,
    profile_document,
    read_profile,
)
from muniment.web.registry.outlines import (
    Outline,
    Row,
    outline_of,
    read_outline,
    told_by,
    with_another,
)

PROFILE = Profile(
    "Credit score",
    "Score loans.",
    "per_olga",
    components=(
        Component("app, with a comma", ComponentSort.APPLICATION, entry_point=True),
        Component(
            "model",
            ComponentSort.MODEL_ENDPOINT,
            ("staging", "production"),
            "acme",
            ("personal", "names, addresses"),
            retained_days=30,
            action=Action.REVERSIBLE,
            made_of=("app, with a comma",),
        ),
    ),
    flows=(Flow("app, with a comma", "model", ("personal",)),),
)


def typed(outline: Outline) -> list[tuple[str, str]]:
    """Send rows as a browser does."""
    sent = [("version", outline.version), ("do", "look")]
    for sort, rows in (("component", outline.components), ("flow", outline.flows)):
        for row in rows:
            for name, value in row.typed.items():
                values = row.chosen(name) if name == "environments" else [value]
                sent += [(f"{sort}-{row.number}-{name}", each) for each in values]
    return sent


def test_what_is_stated_comes_back_as_it_is() -> None:
    """Opening the form and sending it changes nothing, also where names have commas in them."""
    outline = read_outline(typed(outline_of(PROFILE, 7)))
    assert outline.version == "7"
    told = told_by(outline)
    assert read_profile({**profile_document(PROFILE), **told.stated}) == PROFILE


def test_what_is_gone_or_empty_is_not_stated_and_mistakes_keep_their_row() -> None:
    """Flows go with their component; an empty row is nothing; a field is found by its row."""
    outline = with_another(with_another(outline_of(PROFILE, 1), "component"), "flow")
    assert told_by(outline).stated == told_by(outline_of(PROFILE, 1)).stated
    first = outline.components[0]
    gone = replace(first, typed={**first.typed, "gone": "yes"})
    told = told_by(Outline("1", (gone, *outline.components[1:]), outline.flows))
    assert [each["name"] for each in told.stated["components"]] == ["model"]
    assert told.stated["flows"] == []
    assert told.field_of("components[0].made_of") == "component-1-made_of"
    assert told.field_of("components[9].made_of") == ""
    assert told.field_of("flows[0].source") == ""
    assert told.field_of("components") == ""
    nameless = Outline("1", (Row(3, {"sort": "cache", "vendor": "acme"}),))
    assert told_by(nameless).stated["components"][0]["name"] == ""


_NAMES = st.sampled_from(
    ("version", "do", "component-0-name", "component-1000-name", "flow-2-gone")
)


@given(st.lists(st.tuples(_NAMES | st.text(max_size=20), st.text(max_size=20))))
def test_whatever_is_sent_is_read(pairs: list[tuple[str, str]]) -> None:
    """A form that no page of ours sent ends in rows, never in a crash."""
    told = told_by(read_outline(pairs))
    assert set(told.stated) == {"components", "flows"}
