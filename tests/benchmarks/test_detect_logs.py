"""The lines in which names are false, as programs log them."""

from __future__ import annotations

from hashlib import sha256

from benchmarks.detect_log_formats import PARTS, parts
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


def test_formats_are_held_out_by_their_names_alone() -> None:
    """Nobody chooses from which formats rules are made: half of them, by the hash of the name."""
    told = parts()
    assert tuple(told) == PARTS
    first, held = told[PARTS[0]], told[PARTS[1]]
    by_hash = sorted((*first, *held), key=lambda name: sha256(name.encode()).hexdigest())
    assert set(first) == set(by_hash[: len(by_hash) // 2])
    assert len(first) >= 10
    assert len(held) >= 10


def test_true_names_are_marked_where_they_stand() -> None:
    """Marks are taken out of the text, each line is there once, and there are people in most."""
    for part, formats_of in parts().items():
        assert (
            part != "written blind" or sum(bool(each.persons) for each in formats_of.values()) > 3
        )
        for name, marked in formats_of.items():
            lines = marked.text.split("\n")
            assert len(lines) == len(set(lines)) >= 20, name
            assert marked.persons or part == "written blind", name
            assert not {"\u27e6", "\u27e7", "\u27e8", "\u27e9"}.intersection(marked.text), name
            for start, end in (*marked.persons, *marked.others):
                assert marked.text[start:end].strip() == marked.text[start:end], name
                assert any(letter.isalpha() for letter in marked.text[start:end]), name
