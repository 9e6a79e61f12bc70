"""One level into base64."""

from __future__ import annotations

import base64

from muniment.detect import Family, Finding, Why
from muniment.detect.rules.encodings import readable_runs, wrapped
from muniment.detect.rules.normalise import shadow_of


def test_readable_base64_is_read() -> None:
    """A run that decodes to text is given with its place; noise and words are not."""
    run = base64.b64encode(b"the key is AKIAIOSFODNN7EXAMPLE").decode()
    text = f"x={run} some_long_function_name_here {'A9fz' * 8}"
    starts = [1, text.index("some"), text.index("A9fz")]
    assert list(readable_runs(shadow_of(text), starts)) == [
        (2, 2 + len(run), "the key is AKIAIOSFODNN7EXAMPLE")
    ]


def test_a_finding_inside_covers_the_whole_run() -> None:
    """The place is the run's, and the reason says that it was encoded."""
    inner = Finding("API_KEY", Family.SECRETS, 3, 9, 1.0, Why("k"))
    outer = wrapped(inner, 10, 50)
    assert (outer.start, outer.end) == (10, 50)
    assert "inside base64" in str(outer.why)
