"""What a first look says of a match before any is judged: whether its form may be there at all.

It holds for every part of a text as well, so a part in which nothing may be is not read again.
"""

from __future__ import annotations

from muniment.detect.models import Family
from muniment.detect.rules.judging import Group, Ready, begin_of, phrases_of
from muniment.detect.rules.reaching import hangs_on_itself, stretch


def end_of(group: Group, text: str, start: int, end: int, most: int) -> int:
    """Say how far a match may go that was seen here, up to so many characters of it."""
    forms = tuple(each.pattern.regex for each in group.patterns if each.pattern.trigger)
    if not forms:
        return end
    found = stretch(forms, most).match(text, start)
    return max(end, start + len(found[0].rstrip())) if found is not None else end


def may_be(group: Group, start: int, text: str) -> bool:
    """Tell whether the form of any pattern of a shape may stand here, in any part of the text."""
    return any(_may_be(each, start, text) for each in group.patterns)


def _may_be(ready: Ready, start: int, text: str) -> bool:
    pattern = ready.pattern
    if not pattern.trigger or not hangs_on_itself(pattern.regex):
        return True
    if not pattern.reach:
        return ready.form.match(text, start) is not None
    if pattern.family is not Family.SAFETY:
        return True
    within = (begin_of(pattern, start, text), start, start + 4 * pattern.reach + 256)
    return any(True for _ in phrases_of(ready, text, within))
