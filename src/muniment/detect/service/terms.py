"""An organisation's own terms as patterns of the same database: exact words, shapes, canaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from muniment.core.errors import InvalidError
from muniment.detect.models import Family, Pattern, Term, TermKind

_TYPES: Final = {
    TermKind.EXACT: "OWN_TERM",
    TermKind.PATTERN: "OWN_PATTERN",
    TermKind.BANNED: "BANNED_CONTENT",
    TermKind.CANARY: "CANARY",
}
_LOOKS_AROUND: Final = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]|\*\?|\+\?|\?\?|\}\?")


def as_patterns(terms: Sequence[Term]) -> tuple[Pattern, ...]:
    """Make patterns of terms, refusing what the engine could not read as meant."""
    seen: set[str] = set()
    for each in terms:
        if each.id in seen:
            raise InvalidError("two terms have the same id", field="terms", subject=each.id)
        seen.add(each.id)
    return tuple(_pattern(each) for each in terms)


def _pattern(term: Term) -> Pattern:
    is_shape = term.kind is TermKind.PATTERN
    return Pattern(
        id=f"own-{term.id}",
        type=term.type or _TYPES[term.kind],
        family=Family.OWN,
        regex=_checked(term) if is_shape else _literal(term.text.strip(), term.ignore_case),
        score=1.0,
        joins="",
        ignore_case=term.ignore_case,
        firm=True,
    )


def _literal(text: str, ignore_case: bool) -> str:  # noqa: FBT001  (a private step)
    """Write a text as a shape: any white space between words, both cases of every letter."""
    parts: list[str] = []
    for word in text.split():
        letters = (_letter(letter, ignore_case) for letter in word)
        parts.append("".join(letters))
    return r"\s+".join(parts)


def _letter(letter: str, ignore_case: bool) -> str:  # noqa: FBT001  (a private step)
    if letter.isascii():
        return letter if letter.isalnum() or letter == "_" else f"\\{letter}"
    forms = {letter, letter.lower(), letter.upper()} if ignore_case else {letter}
    return "(?:" + "|".join(sorted(forms)) + ")"


def _checked(term: Term) -> str:
    regex = term.text.strip()
    try:
        compiled = re.compile(regex)
    except re.error as error:
        raise _refused(term, f"it is not a regular expression: {error}") from error
    if _LOOKS_AROUND.search(regex):
        raise _refused(term, "look-around, back-references and lazy repeats cannot be used")
    if compiled.match(""):
        raise _refused(term, "it would match nothing at all, everywhere")
    return regex


def _refused(term: Term, why: str) -> InvalidError:
    return InvalidError(
        f"the pattern of this term cannot be used: {why}",
        field="terms",
        subject=term.id,
        remedy="Write it with plain classes and repeats, such as CUST-[0-9]{6}.",
    )
