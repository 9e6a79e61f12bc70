"""The question in an address: read field by field, kept as typed, never guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.web.ledger.asking import FIELDS, kind_options, read
from muniment.web.parts import Sorting


def test_every_field_is_read() -> None:
    """What a reader typed becomes the question, in UTC when no zone is given."""
    asked = read(
        {
            "kind": "ledger.*",
            "subject": " system:a ",
            "text": "x",
            "since": "2026-11-20",
            "until": "2026-11-20 16:00+02:00",
            "from_index": "1,204",
            "sort": "entry",
        }
    )
    assert asked.errors == {}
    assert asked.query.kind == "ledger.*"
    assert asked.query.subject == "system:a"
    assert asked.query.since == datetime(2026, 11, 20, tzinfo=UTC)
    assert asked.query.until == datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert asked.query.from_index == 1204
    assert asked.query.oldest_first
    assert asked.sorting == Sorting("entry")
    assert asked.command == (
        "muniment ledger list --kind 'ledger.*' --subject system:a --text x"
        " --since 2026-11-20T00:00:00.000000Z --until 2026-11-20T14:00:00.000000Z"
        " --from-index 1204 --oldest-first"
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "Nonsense", "is not a kind"),
        ("kind", "*", "is not a kind"),
        ("kind", "a.b" + "c" * 100, "is not a kind"),
        ("subject", "x" * 201, "201 characters are too many"),
        ("text", "名" * 1_000, "1,000 characters are too many"),
        ("since", "soon", "is not a time"),
        ("until", "2026-13-01", "is not a time"),
        ("since", "0001-01-01T00:00:00+14:00", "outside the years"),
        ("from_index", "-1", "is not the number"),
        ("from_index", "1.5", "is not the number"),
        ("to_index", "٣", "is not the number"),
        ("to_index", "9" * 5_000, "is not the number"),
        ("sort", "colour", "is not a column"),
        ("cursor", "!!", "not one of ours"),
        ("cursor", "WyJhIl0", "not one of ours"),
        ("knd", "ledger.*", "is not a filter"),
    ],
)
def test_what_is_wrong_is_said_and_kept(name: str, value: str, words: str) -> None:
    """Each error names its field and what to write instead; nothing is asked."""
    asked = read({name: value, "actor": "web-shop"})
    assert list(asked.errors) == [name]
    assert words in asked.errors[name]
    assert asked.errors[name].endswith((".", "UTC."))
    assert asked.typed["actor"] == "web-shop"
    assert name not in FIELDS or asked.typed[name] == value
    assert asked.query.actor == ""


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    """Both ends are kept, and the error stands beside the second."""
    asked = read({"since": "2026-11-21", "until": "2026-11-20", "from_index": "9", "to_index": "3"})
    assert set(asked.errors) == {"until", "to_index"}
    assert read({"from_index": "3", "to_index": "3"}).errors == {}


def test_a_hostile_question_stays_one_word_of_the_command() -> None:
    """What is copied into a shell runs nothing of what was typed."""
    assert "'; rm -rf ~'" in read({"text": "; rm -rf ~"}).command


def test_kinds_are_counted_by_room_too() -> None:
    """A reader chooses a room or a kind and sees how many; an unknown one is kept."""
    options = kind_options([("a.b", 2), ("a.c", 1_000)], "x.y")
    assert options == [
        ("", "any"),
        ("a.*", "a.* (1,002)"),
        ("a.b", "a.b (2)"),
        ("a.c", "a.c (1,000)"),
        ("x.y", "x.y (0)"),
    ]


@given(st.dictionaries(st.sampled_from([*FIELDS, "sort", "cursor"]), st.text()))
def test_any_address_is_read(given_values: dict[str, str]) -> None:
    """No text makes the form fail, and what is right can be asked again from its own address."""
    asked = read(given_values)
    if not asked.errors:
        again = {name: values[0] for name, values in parse_qs(asked.address()).items()}
        assert read(again).query == asked.query
