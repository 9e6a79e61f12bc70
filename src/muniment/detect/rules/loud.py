"""Plain words that must wait in a stream, because something could be found in them after all.

They are the words of the organisation's own terms, and of those patterns that are made of plain
words alone (names of drugs, harmful phrases), as far as the policy would change what they find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from muniment.detect.models import Action, Finding, Pattern, Policy, Term, Why
from muniment.detect.rules.words import EVERYDAY

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ESCAPES: Final = re.compile(r"\\[a-zA-Z]")
_SHORT: Final = 3
_NOT_PLAIN: Final = re.compile(r"\\d|0-9|@|:")


def loud_words(terms: Iterable[Term]) -> frozenset[str]:
    """Give every word that an own term or pattern is made of; scripts without spaces by letter."""
    found: set[str] = set()
    for term in terms:
        for word in _LETTERS.findall(term.text.lower()):
            found.add(word)
            if not word.isascii():
                found.update(word)
    return frozenset(found)


def words_of_patterns(patterns: Iterable[Pattern], policy: Policy) -> frozenset[str]:
    """Give the words of patterns that plain words can match and whose findings are changed."""
    found: set[str] = set()
    for pattern in patterns:
        if is_of_plain_words(pattern) and _is_changed(pattern, policy):
            plain = _ESCAPES.sub(" ", f"{pattern.trigger} {pattern.regex}".lower())
            found.update(word for word in _LETTERS.findall(plain) if len(word) > _SHORT)
    return frozenset(found) - EVERYDAY


def stops_plain_words(patterns: Iterable[Pattern], policy: Policy) -> bool:
    """Tell whether a policy stops a text for what plain words alone may be."""
    return any(
        is_of_plain_words(pattern)
        and any(policy.rule_for(each).action is Action.BLOCK for each in _findings(pattern))
        for pattern in patterns
    )


def is_of_plain_words(pattern: Pattern) -> bool:
    """Tell whether a pattern could match nothing but plain words in small letters."""
    return pattern.ignore_case and not _NOT_PLAIN.search(pattern.regex.replace("(?:", "("))


def _is_changed(pattern: Pattern, policy: Policy) -> bool:
    return any(policy.rule_for(each).action.changes_text for each in _findings(pattern))


def _findings(pattern: Pattern) -> Iterator[Finding]:
    """Give what a pattern may find, with each score that it may have."""
    for score in (1.0, pattern.score, pattern.context_score):
        yield Finding(pattern.type, pattern.family, 0, 1, score, Why(pattern.id))
