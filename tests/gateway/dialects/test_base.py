"""What all dialects share reads what others wrote, and refuses what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects import base
from muniment.gateway.exchange import Stop

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "raw",
    [
        *(b"", b"{", b"[]", b'"x"', b"null", b'{"a": NaN}', b"\xff\xfe", b'{"a":"\xff"}'),
        *(b'{"a":"\\ud800"}', b"[" * 5_000, b'{"a":' * 5_000, '{"a":"\ud800"}'),
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes | str) -> None:
    """Half documents, lists, broken letters and bottomless nesting are told apart from requests."""
    with pytest.raises(InvalidError) as refused:
        base.read_object(raw)
    assert refused.value.field == "body"


@settings(max_examples=25)
@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4))
def test_what_is_read_is_written_as_it_was(value: dict[str, Any]) -> None:
    """Reading and writing lose nothing, large numbers and zeros in text among it."""
    assert base.read_object(base.write_json(value)) == value


@pytest.mark.parametrize("model", [None, "", 5, "x" * 201, "a\x00b", "a\nb", ["a"]])
def test_a_request_names_its_model(model: object) -> None:
    """A name is a short line of text."""
    with pytest.raises(InvalidError) as refused:
        base.model_of({"model": model})
    assert refused.value.field == "model"


@pytest.mark.parametrize("value", ["true", 1, [], 0])
def test_a_truth_is_true_or_false(value: object) -> None:
    """What only looks like one is refused, so that nobody thinks it streams."""
    with pytest.raises(InvalidError):
        base.flag({"stream": value}, "stream")
    assert base.flag({"stream": None}, "stream") is False


@pytest.mark.parametrize("value", ["5", 0, -1, True, 1.5, 10**10])
def test_a_number_of_tokens_is_a_whole_one(value: object) -> None:
    """A limit that cannot be read does not become none."""
    with pytest.raises(InvalidError):
        base.whole({"max_tokens": value}, "max_tokens")


@pytest.mark.parametrize("value", ["2", 0, -1, True, 129, 1.5])
def test_the_number_of_answers_is_bounded(value: object) -> None:
    """Nobody asks for a million answers with the budget of one."""
    with pytest.raises(InvalidError):
        base.answers_of({"n": value}, "n")
    assert base.answers_of({"n": 3, "best_of": 5}, "n", "best_of") == 5
    assert base.answers_of({"n": None}, "n") == 1


@pytest.mark.parametrize("tools", [{}, "x", [1], [{"name": ""}], [{"name": "a\x00"}], [{"a": 1}]])
def test_offered_tools_have_names(tools: object) -> None:
    """A tool that rules could not name is not offered."""
    with pytest.raises(InvalidError):
        base.tools_in({"tools": tools}, lambda tool: tool.get("name"))


def test_words_in_steering_fields_are_inspected_all_the_same() -> None:
    """No field is a way past the detector: only numbers and plain words steer."""
    steering = frozenset({"model", "temperature", "user", "tool_choice", "previous"})
    body = {
        "model": "anna@example.org",
        "temperature": 0.5,
        "tool_choice": "auto",
        "user": "anna@example.org",
        "previous": "resp_0123456789",
        "messages": [],
    }
    assert base.inspected(body, steering) == {"user": "anna@example.org", "messages": []}
    smuggled = {"temperature": "anna@example.org", "tool_choice": {"x": "y"}}
    assert base.inspected(smuggled, steering) == smuggled


@settings(max_examples=40)
@given(JSON)
def test_what_a_provider_says_of_itself_is_short_and_printable(value: Any) -> None:
    """A name of a model can be recorded whatever it is, and a count is a count."""
    assert base.word(value).isprintable()
    assert len(base.word(value)) <= 200
    assert 0 <= base.number({"n": value}, "n") <= 10**12
    assert base.usage_of(value, "a", "b").input_tokens >= 0
    assert isinstance(base.arguments_of(value), str)


@pytest.mark.parametrize("answer", [{}, {"c": None}, {"c": {}}, {"c": ["x"]}, {"c": "x"}])
def test_an_answer_has_what_its_interface_promises(answer: dict[str, Any]) -> None:
    """What cannot be inspected, since it is not where it belongs, is not an answer."""
    with pytest.raises(UnavailableError):
        base.promised(answer, "c")


def test_an_error_says_what_happened_why_and_what_to_do() -> None:
    """One sentence each, and the fields that OpenAI's clients read."""
    stop = Stop(429, "limited", "nothing is left", "n", "Wait.", reasons=("lim_1: a budget",))
    error = base.openai_error_value(stop, "exc_1")
    assert error["message"] == "nothing is left (lim_1: a budget). Wait."
    assert (error["type"], error["code"], error["param"]) == ("rate_limit_error", "limited", "n")
    assert error["exchange"] == "exc_1"
