"""The lines in which names are false, as programs log them."""

from __future__ import annotations

from benchmarks.detect_logs import formats, logs


def test_every_format_has_lines_and_no_gap_is_left() -> None:
    """Each is as long as asked, nothing is left as it was written, and a seed gives the same."""
    told = logs(3)
    assert set(told) == set(formats())
    assert len(told) >= 7
    for name, text in told.items():
        assert len(text) >= 3_000, name
        assert "{n}" not in text
        assert "{ip}" not in text
    assert told == logs(3)
    assert told != logs(3, seed=8)


def test_lines_that_belong_together_stay_together() -> None:
    """A stack trace is one entry of several lines."""
    traces = formats()["with stack traces"]
    assert all("\n" in each for each in traces)
    assert any("\n\tat com.example.shop" in each for each in traces)
