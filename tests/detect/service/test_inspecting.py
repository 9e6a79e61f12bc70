"""Who can look ahead is asked to, with the words that stand near."""

from __future__ import annotations

from muniment.detect import Scanner
from muniment.detect.rules.doubts import Calm
from muniment.detect.service.inspecting import AheadOf, surveys


def test_only_what_can_look_ahead_is_asked_to() -> None:
    """The scanner can; what merely scans is asked for each part."""
    assert surveys(Scanner)
    assert not surveys(str)


def test_words_near_a_text_are_told_with_it() -> None:
    """A number is a passport's by its key alone, in a first look and in a part."""
    scanner = Scanner(layers="patterns")
    text = "the number is C01X00T47 as was said"
    alone, named = AheadOf(scanner, ()), AheadOf(scanner, ("passport number",))
    calm = Calm(shapes=False, names=True)
    found = [each.inspect_part(text, calm, 0).findings for each in (alone, named)]
    assert [[each.type for each in some] for some in found] != [[], []]
    assert found[0] != found[1]
    survey = named.survey(text)
    assert survey is not None
    assert not survey.calm(0, 0, len(text)).shapes
