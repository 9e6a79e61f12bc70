"""The organisation's own words wait in a stream."""

from __future__ import annotations

from muniment.detect.models import Action, ActionRule, Family, Pattern, Policy, Term, TermKind
from muniment.detect.rules.loud import loud_words, words_of_patterns


def test_every_word_of_a_term_is_loud() -> None:
    """Words of terms and patterns, in small letters; letters of scripts without spaces."""
    terms = [
        Term("t1", TermKind.EXACT, "Project Falcon"),
        Term("t2", TermKind.PATTERN, r"cust-\d{6}"),
        Term("t3", TermKind.BANNED, "日本"),
    ]
    assert {"project", "falcon", "cust", "日", "本"} <= loud_words(terms)
    assert loud_words([]) == frozenset()


DRUG = Pattern("drug", "DRUG_NAME", Family.PHI, "metformin", 0.9, ignore_case=True)
CARD = Pattern("card", "CREDIT_CARD", Family.FINANCIAL, r"\d{16}", 0.9, ignore_case=True)


def test_words_of_patterns_wait_only_if_the_policy_changes_what_they_find() -> None:
    """A drug's name waits where it is masked; where it is only noted, words go as they come."""
    assert words_of_patterns([DRUG, CARD], Policy("p")) == {"metformin"}
    noting = Policy("p", (ActionRule(Action.TAG, families=(Family.PHI,)),))
    assert words_of_patterns([DRUG, CARD], noting) == frozenset()
