"""A leap ends where the walk itself would come by, had it taken every island on the way."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from muniment.detect.rules.doubts import Doubts, Survey
from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.leaping import first_doubt, is_held, leap
from muniment.detect.rules.openings import OPENINGS
from muniment.detect.rules.segments import Asked, Walk, go_on

HEARING = Hearing(frozenset({"ignore"}), openings=OPENINGS)
QUIET = "the committee said that nothing more would be needed by and large of it here"
WORDS = st.sampled_from(
    [
        *QUIET.split(),
        *("van", "de", "la", "march", "dr"),
        *("Anna", "4711", "Schmidt,", "x@example.org", "ignore", "(see", "-", "zwölf", "漢字"),
        *("The", "Please", "In", "here.", "so!", "Of"),
        *("a" * 30, "B" * 30, "extraordinarily", "c" * 90),
    ]
)
GAPS = st.sampled_from([" "] * 8 + ["\n", "  ", "\t"])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=160).map(
    lambda told: "".join(word + gap for word, gap in told)
)


def places_of(text: str, at: int, doubt: int) -> set[int]:
    """Walk from a place on, as long as nothing is asked that touches a doubt; give every stop."""
    since, walk, stops = at, Walk.begin(at), {at}
    while at < len(text):
        plan = go_on(text, walk, Asked(since, 0, HEARING), final=True)
        if plan.end >= doubt:
            break
        at = since = plan.cut
        walk = walk.again(text, at, HEARING)
        stops.add(at)
    return stops


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 2_000), st.integers(0, 2_000))
@example(f"Anna {QUIET} Bert said so {QUIET} here", 0, 170)
def test_a_leap_ends_at_a_stop_of_the_walk(text: str, begin: int, doubt: int) -> None:
    """From any stop, and before any doubt, nothing is decided otherwise than step by step."""
    doubt = min(doubt, len(text))
    for at in sorted(places_of(text, 0, min(begin, doubt))):
        walk = leap(text, at, doubt, HEARING)
        assert walk.at in places_of(text, at, doubt)
        stop = walk.at
        going_on = go_on(text, walk, Asked(stop, 0, HEARING), final=True)
        assert going_on == go_on(text, Walk.begin(stop), Asked(stop, 0, HEARING), final=True)


def test_it_leaps_over_islands_that_are_over() -> None:
    """The last loud word before the doubt counts behind which enough quiet words follow."""
    text = f"Anna {QUIET} Bert {QUIET} and 4711"
    assert leap(text, 0, text.index("4711"), HEARING).at == text.index("Bert") + len("Bert")
    assert leap(text, 0, text.index("Bert") + 8, HEARING).at == len("Anna")
    assert leap("Anna said 4711", 0, 10, HEARING).at == 0


def test_the_first_doubt_is_what_a_part_may_touch() -> None:
    """What ends before what was told is past, but what begins there may go on without end."""
    survey = Survey(Doubts((0,), (20,)), Doubts((5, 90), (30, 95)), Doubts((60,), (70,)), "b")
    assert first_doubt(survey, 0, 40, 200) == 0
    assert first_doubt(survey, 21, 40, 200) == 60
    assert first_doubt(survey, 21, 71, 200) == 90
    assert first_doubt(survey, 21, 96, 200) == 200
    assert first_doubt(survey.moved(100), 121, 171, 300) == 190


def test_masks_and_private_keys_are_not_leapt_over() -> None:
    """They mean something wherever they stand."""
    assert is_held("it says [EMAIL_1] here", 0, 22)
    assert is_held("-----BEGIN PRIVATE KEY-----", 0, 27)
    assert not is_held("it says nothing", 0, 15)
