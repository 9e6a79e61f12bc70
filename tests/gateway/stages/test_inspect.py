"""A prompt is looked at whole, by a named build."""

from __future__ import annotations

from tests.gateway.asking import EMAIL, Shared


def test_what_was_found_is_counted_with_the_build_that_found_it(shared: Shared) -> None:
    """The intent tells how often a type was found, that all was read, and by which detector."""
    said = {"role": "user", "content": f"{EMAIL} {EMAIL}"}
    told = shared.chat("echo", messages=[said]).body("intended")
    assert (told["findings"], told["inspected"]) == ({"EMAIL_ADDRESS": 2}, "whole")
    assert told["detector"].startswith("muniment-detect")
