"""A text of which it is known what is in it is changed as a stream changes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muniment.detect import STANDARD, Scanner
from muniment.detect.models import Action, ActionRule, Family, Finding, Policy, Step, Told, Why
from muniment.detect.rules.actions import Means
from muniment.detect.rules.pairs import Pairs
from muniment.detect.service.at_once import changed, unchanged
from muniment.detect.service.stream import Stream

_KEY = b"0123456789abcdef"
_TEXTS = st.text(alphabet="ab[]_1EMAIL\\ é", max_size=60)
_PLACES = st.lists(
    st.tuples(
        st.integers(0, 59),
        st.integers(1, 20),
        st.sampled_from(("EMAIL_ADDRESS", "PERSON", "API_KEY", "JAILBREAK")),
    ),
    max_size=6,
)
_FAMILIES = {"EMAIL_ADDRESS": Family.PII, "PERSON": Family.NAMES, "API_KEY": Family.SECRETS}
_POLICIES = st.sampled_from(
    (
        Policy("masks"),
        STANDARD,
        Policy("hashes", (ActionRule(Action.HASH, types=("PERSON",)),), default=Action.TAG),
        Policy("lets go", (ActionRule(Action.ALLOW, types=("PERSON",)),)),
        Policy("routes", (ActionRule(Action.ROUTE, types=("API_KEY",), to="other"),)),
        Policy("blocks", (ActionRule(Action.BLOCK, families=(Family.SECRETS,)),)),
    )
)


@given(_TEXTS, _PLACES, _POLICIES)
def test_both_ways_give_the_same(
    text: str, places: list[tuple[int, int, str]], policy: Policy
) -> None:
    """Text, changes, verdict and what stands for what are equal to those of a stream."""
    found = tuple(
        Finding(kind, _FAMILIES.get(kind, Family.SAFETY), start, min(end, len(text)), 0.9, Why("x"))
        for start, size, kind in places
        if start < (end := start + size) and start < len(text)
    )
    one, other = (Means(Pairs(), None, "", _KEY) for _ in range(2))
    step = Step(0, tuple(sorted(found, key=lambda each: (each.start, -each.end))), len(text))
    stream = Stream(lambda *_: Scanner(layers="patterns").inspect(""), policy, one)
    expected = stream.result(stream.repeat(text, Told((step,), "build")))
    assert changed(text, found, "build", policy, other) == expected
    assert list(one.pairs) == list(other.pairs)


def test_a_text_in_which_nothing_is_goes_on_as_it_is() -> None:
    """What is told of it is what a change of nothing tells."""
    means = Means(Pairs())
    assert unchanged("plain", "b", STANDARD, means) == changed("plain", (), "b", STANDARD, means)
