"""What the first page says of the first steps."""

from __future__ import annotations

from muniment.web.begin.steps import Path, Step
from muniment.web.overview.beginning import told


def _path(*done: str) -> Path:
    keys = ("name", "system", "call", "watch", "verify")
    return Path(tuple(Step(key, key.title(), key in done) for key in keys), "", (), None)


def test_it_waits_until_a_call_was_sent_and_is_a_line_after() -> None:
    """A task first, then a line with what is left, then a line that all is done."""
    (waiting,) = told(_path("name")).waiting
    assert waiting.note == "1 of 5 done. Next: system."
    glance = told(_path("name", "system", "call"))
    assert glance.waiting == ()
    assert glance.foot[0].text == "Of the first steps these are left: watch, verify."
    assert told(_path("name", "system", "call", "watch", "verify")).foot[0].text == (
        "The first steps are done."
    )
