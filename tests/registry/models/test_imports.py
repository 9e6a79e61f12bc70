"""A bad row says where, why, and what to write."""

from __future__ import annotations

from muniment.registry import BadRow


def test_a_bad_row_is_told_in_a_line() -> None:
    """With its column where there is one."""
    assert str(BadRow(3, "key", "it is taken", "Choose another.")) == (
        "row 3, key: it is taken. Choose another."
    )
    assert str(BadRow(3, "", "it is odd", "")) == "row 3: it is odd."
