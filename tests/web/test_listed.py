"""Filters: of tabs one is always open, and a form that is empty asks for all."""

from __future__ import annotations

from muniment.web.listed import Filter

OPTIONS = (("mine", "Yours"), ("all", "All"))


def test_of_tabs_the_first_is_open_and_a_form_begins_empty() -> None:
    """Where nothing is said, tabs show their first and every other filter narrows nothing."""
    assert Filter("which", "Which", OPTIONS, tabs=True).default == "mine"
    assert Filter("which", "Which", OPTIONS).default == ""
