"""YAML is read as plain values with places, and nothing else is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.core.yaml_text import MAX_BYTES, YamlError, read_yaml

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="ascii", min_codepoint=32)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN)
def test_json_reads_as_itself(value: object) -> None:
    """Whatever plain value is written, it is read again as it was."""
    assert read_yaml(json.dumps(value)).value == value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_anything_is_read_or_refused_with_a_place(text: str) -> None:
    """No text makes it fail in another way than by naming a line and a column."""
    assert min(place_of_fault(text) or (1, 1)) >= 1


def place_of_fault(text: str) -> tuple[int, int] | None:
    """Say where a text is refused, if it is."""
    try:
        read_yaml(text)
    except YamlError as error:
        return error.line, error.column
    return None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\na: 2\n", 2, "twice"),
        ("a: &x [1]\nb: *x\n", 1, "anchors"),
        ("a: !!python/object:os.system {}\n", 1, ""),
        ("a: !thing 1\n", 1, "plain"),
        ("a: 1.5\n", 1, "plain"),
        ("? [a]\n: 1\n", 1, "name is a text"),
        ("1: a\n", 1, "name is a text"),
        ("a: [1\n", 2, ""),
        ("- " * 60 + "a\n", 1, "deeply"),
        ("#" * (MAX_BYTES + 1), 1, "larger"),
    ],
)
def test_what_is_not_plain_is_refused(text: str, line: int, says: str) -> None:
    """Double names, anchors, tags, floats and books are refused where they stand."""
    with pytest.raises(YamlError) as refused:
        read_yaml(text)
    assert refused.value.line == line
    assert says in refused.value.says


def test_each_part_has_its_place() -> None:
    """A part, or the nearest one around it, has a line and a column; a date is a text."""
    written = read_yaml("a:\n  b: 2026-11-20\n  c:\n    - 1\n")
    assert written.value == {"a": {"b": "2026-11-20", "c": [1]}}
    assert written.place(("a", "b")) == (2, 3)
    assert written.place(("a", "c", 0)) == (4, 7)
    assert written.place(("a", "gone", "far")) == (1, 1)
    assert read_yaml("").value is None
