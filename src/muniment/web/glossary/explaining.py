"""Explains the words in a sentence: each is a button that opens its meaning, without a script.

What opens is the browser's own popover, reached by keyboard and closed by Escape. Its text stands
below the sentence, so that the sentence stays whole for who reads or copies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from muniment.web.glossary.terms import TERMS, Term
from muniment.web.spelling import spelled

# Words everybody knows are explained on the page of words and nowhere else.
_PLAIN: Final = frozenset(
    {"call", "key", "part", "record", "role", "stop", "system", "entry", "proof", "token", "mask"}
)
_FORMS: Final = {
    form.casefold(): each for each in TERMS if each.key not in _PLAIN for form in each.every_form
}
_LONGEST_FIRST: Final = sorted(map(re.escape, _FORMS), key=len, reverse=True)
_FOUND: Final = re.compile(rf"(?<![\w-])({'|'.join(_LONGEST_FIRST)})(?![\w-])", re.IGNORECASE)
# In a sentence that is marked up already: an address is no word, and a link holds no button.
_KEPT: Final = re.compile(r"<a\b.*?</a>|<[^>]*>", re.DOTALL)
_BUTTON: Final = Markup(
    '<dfn><button type="button" class="term" popovertarget="term-{}">{}</button></dfn>'
)


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence with its words as buttons, and what they open."""

    sentence: Markup
    terms: tuple[Term, ...]


def explained(text: str, known: Iterable[Term] = ()) -> Explained:
    """Explain each word of a sentence once; words in `known` are explained on the page already."""
    seen = {each.key for each in known}
    parts: list[Markup] = []
    terms: list[Term] = []
    start = 0
    within = [each.span() for each in _KEPT.finditer(text)] if isinstance(text, Markup) else []
    for found in _FOUND.finditer(text):
        term = _FORMS[found[0].casefold()]
        if term.key in seen or any(begin <= found.start() < end for begin, end in within):
            continue
        seen.add(term.key)
        terms.append(term)
        parts += [spelled(text[start : found.start()]), _BUTTON.format(term.key, found[0])]
        start = found.end()
    return Explained(Markup("").join([*parts, spelled(text[start:])]), tuple(terms))
