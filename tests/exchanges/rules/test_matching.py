"""Forms of a disputed text, and stops that records ask for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.exchanges import StopKind
from muniment.exchanges.rules import asked_stop, forms_of


@given(st.binary(max_size=40))
def test_the_exact_text_comes_first_and_no_form_twice(content: bytes) -> None:
    """What was given is tried as it is; a text without ends of lines has no other form."""
    forms = [form for _says, form in forms_of(content)]
    assert forms[0] == content
    assert len(set(forms)) == len(forms)
    if b"\n" not in content and not content.endswith(b"\r") and content[:1] not in b"[{ \t":
        assert forms == [content]


def test_what_an_editor_adds_is_taken_off() -> None:
    """A last end of a line, and ends of lines of another system, do not make another text."""
    forms = {form: says for says, form in forms_of(b"a\r\nb\r\n")}
    assert b"a\nb" in forms
    assert b"a\r\nb" in forms
    assert forms[b"a\r\nb\r\n"] == "exactly as given"


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b'"a"', b'["\\ud800"]', b"\xff[]"])
def test_what_is_no_json_is_only_a_text(content: bytes) -> None:
    """Half, endless and unwritable JSON has no further form, and breaks nothing."""
    assert [form for _says, form in forms_of(content)] == [content]


def test_the_same_json_matches_however_it_is_laid_out() -> None:
    """Blanks between its members do not make another request; their order does."""
    forms = {form for _says, form in forms_of('{ "b": [1, 2],\n "a": "é" }'.encode())}
    assert '{"b":[1,2],"a":"é"}'.encode() in forms


@pytest.mark.parametrize(
    ("body", "what", "name"),
    [
        ({"stop": "model", "stop_name": "gpt"}, StopKind.MODEL, "gpt"),
        ({"stop": "everything", "stop_name": "x"}, StopKind.EVERYTHING, ""),
        ({"stop": "planet", "stop_name": "x", "system_id": "sys_1"}, StopKind.SYSTEM, "sys_1"),
        ({"stop": "model", "system_id": "sys_1"}, StopKind.SYSTEM, "sys_1"),
        ({"stop": "model", "stop_name": "x" * 200}, StopKind.EVERYTHING, ""),
    ],
)
def test_a_stop_that_is_not_understood_stops_more(
    body: dict[str, Any], what: StopKind, name: str
) -> None:
    """What names nothing we know stops the system, or everything, rather than nothing."""
    asked = asked_stop("monitor.alarm_raised", {**body, "rule": "far-out", "alarm_id": "alm_1"})
    assert asked is not None
    assert asked[:3] == (what, name, "rule:far-out")
    assert asked[3] == "the rule gave no reason (monitor.alarm_raised alm_1)"


def test_a_record_that_asks_for_nothing_stops_nothing() -> None:
    """Most alarms ask for no stop; one without a rule is named by its kind."""
    assert asked_stop("incidents.opened", {"stop": ""}) is None
    asked = asked_stop("incidents.opened", {"stop": "key", "stop_name": "k", "reason": "leaked"})
    assert asked is not None
    assert asked[2] == "rule:incidents.opened"
