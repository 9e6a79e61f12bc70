"""Embeddings: only text goes in, and numbers come out."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError, UnavailableError
from muniment.gateway.dialects.embeddings import Embeddings
from muniment.gateway.exchange import Stop


@pytest.mark.parametrize("given", [None, [], 5, [1, 2], [[1, 2]], {}, ["a", None]])
def test_only_text_can_be_inspected(given: object) -> None:
    """Tokens are refused, since nobody can read them here."""
    with pytest.raises(InvalidError) as refused:
        Embeddings().read({"model": "m", "input": given})
    assert refused.value.field == "input"


def test_texts_are_inspected_and_never_stream() -> None:
    """Every text counts as content, and a wish to stream changes nothing."""
    asked = Embeddings().read({"model": "m", "input": ["a", "b"], "stream": True, "user": "anna b"})
    assert asked.content == {"input": ["a", "b"], "stream": True, "user": "anna b"}
    assert not asked.streamed
    with pytest.raises(UnavailableError):
        Embeddings().reader()


def test_an_answer_travels_as_it_is() -> None:
    """Numbers are no words; an answer without them is none."""
    answer = {"data": [{"embedding": [0.5]}], "usage": {"prompt_tokens": 4}}
    assert Embeddings().with_content(answer, Embeddings().content_of(answer)) == answer
    assert Embeddings().usage(answer).input_tokens == 4
    assert Embeddings().tool_calls(answer) == ()
    with pytest.raises(UnavailableError):
        Embeddings().content_of({"data": "x"})
    assert b'"error"' in Embeddings().error(Stop(400, "invalid", "no"), "exc_1")
