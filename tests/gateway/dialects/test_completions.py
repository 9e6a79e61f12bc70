"""Completions: a prompt in, texts out, streams that lose nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.base import Event, PieceKind
from muniment.gateway.dialects.completions import Completions
from tests.gateway.dialects.putting import JSON, WORDS, passed_on, saying, survives, whole, wire

PATH = "/completions"


@given(WORDS)
def test_a_stream_that_is_cut_and_put_together_says_the_whole_answer(words: str) -> None:
    """The texts of the chunks are the text of the answer."""
    said = saying(words, [])
    events = passed_on(Completions().reader(), wire(PATH, said))
    text = "".join(each.json()["choices"][0]["text"] for each in events[:-1])
    assert text == whole(PATH, said)["choices"][0]["text"]
    assert events[-1].data == "[DONE]"


@settings(max_examples=25)
@given(st.lists(st.fixed_dictionaries({"choices": st.lists(JSON) | JSON, "usage": JSON}) | JSON))
def test_no_chunk_breaks_the_reader(values: list[object]) -> None:
    """Wrong types anywhere in a provider's chunks are passed over or refused."""
    survives(Completions().reader(), values)


@pytest.mark.parametrize("prompt", [None, 5, [], [1, 2], [[1]], {}, ["a", 1]])
def test_only_text_can_be_inspected(prompt: object) -> None:
    """A prompt of tokens is refused, since nobody can read it here."""
    with pytest.raises(InvalidError) as refused:
        Completions().read({"model": "m", "prompt": prompt})
    assert refused.value.field == "prompt"


def test_a_request_says_how_many_answers_it_wants() -> None:
    """Two prompts with the best of three each cost six answers."""
    asked = Completions().read({"model": "m", "prompt": ["a", "b"], "best_of": 3, "suffix": "end"})
    assert asked.answers == 6
    assert asked.content == {"prompt": ["a", "b"], "suffix": "end"}


def test_changed_texts_are_put_back_without_their_tokens() -> None:
    """What was masked is not told again by probabilities."""
    choice = {"index": 0, "text": "Anna", "logprobs": {"tokens": ["An", "na"]}, "note": "n"}
    answer = {"choices": [choice], "model": "m"}
    content = Completions().content_of(answer)
    assert Completions().with_content(answer, content) == answer
    told = Completions().with_content(answer, {**content, "texts": ["[x]"]})
    assert told["choices"] == [{**choice, "text": "[x]", "logprobs": None}]
    for broken in (None, [], [1]):
        with pytest.raises(UnavailableError):
            Completions().content_of({"choices": broken})


def test_errors_and_unknown_fields_of_a_stream_are_told_apart() -> None:
    """An error ends a stream; what nobody knows is inspected."""
    [failed] = Completions().reader().take(Event("", '{"error": "broken"}'))
    assert (failed.kind, failed.text) == (PieceKind.ERROR, "broken")
    value: dict[str, Any] = {"id": "c", "choices": [], "words": "here"}
    [loose] = Completions().reader().take(Event("", json.dumps(value)))
    assert (loose.kind, loose.value) == (PieceKind.LOOSE, {"words": "here"})
