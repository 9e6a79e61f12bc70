"""The organisation's own words wait in a stream."""

from __future__ import annotations

from muniment.detect.models import Term, TermKind
from muniment.detect.rules.loud import loud_words


def test_every_word_of_a_term_is_loud() -> None:
    """Words of terms and patterns, in small letters; letters of scripts without spaces."""
    terms = [
        Term("t1", TermKind.EXACT, "Project Falcon"),
        Term("t2", TermKind.PATTERN, r"cust-\d{6}"),
        Term("t3", TermKind.BANNED, "日本"),
    ]
    assert {"project", "falcon", "cust", "日", "本"} <= loud_words(terms)
    assert loud_words([]) == frozenset()
