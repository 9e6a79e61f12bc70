"""Words that only open a sentence: they wait for one word, and nothing is lost by that."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect import Scanner
from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.candidates import COUNTS, TAKES_ADDRESS, quiet_words, reasons
from muniment.detect.detectors.names.tokens import words
from muniment.detect.models import Action, ActionRule, Configuration, Family, Policy, Term, TermKind
from muniment.detect.rules.actions import Means
from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.openings import _OF_WORK, _POINTING, OPENINGS
from muniment.detect.rules.segments import Asked, Walk, glide, go_on, plan
from muniment.detect.rules.words import ANNOUNCING, HINGES
from muniment.detect.service.protect import Protector
from muniment.detect.service.stream import Stream
from tests.detect.engines import by_shape, wild
from tests.detect.texts import pieces

HEARING = Hearing(frozenset({"ignore"}), openings=OPENINGS)
_PLAIN = "the in please here if also die this our report shows that went well wrote but"
NAMES = Hearing(frozenset({"ignore"}), frozenset(_PLAIN.split()), OPENINGS)
MASK = Policy("mask", (ActionRule(Action.TAG, families=(Family.SAFETY,)),))
_SAID = st.sampled_from(
    (
        *("The", "In", "Please", "Here", "If", "A", "Also", "Die"),
        *("report", "shows", "that", "it", "of", "and", "van", "may", "ignore", "street", "bank"),
        *("team", "customer", "This", "Our", "team.", "teams"),
        *("here.", "so!", "ever?", "again.\n", "well.", "(so)", "\n", "\n\n"),
        *("Anna Schmidt", "maria@example.com", "4111 1111 1111 1111", "Berlin.", "[EMAIL_1]"),
        *("password", "name.", "\u65e5\u672c\u8a9e", "\u00df", "a" * 70, "  ", "GmbH", "\u200b"),
    )
)
TEXTS = st.lists(_SAID, max_size=60).map(" ".join)


def test_each_is_of_no_weight_to_the_names_layer_where_a_plain_word_follows() -> None:
    """Their own reason is the weak one, that counts beside a word with a capital alone."""
    known = artefact.read()
    bits = zip(known.words.decode().split(" "), known.tables["word_known"].numbers, strict=True)
    rows = {word: (number, int(each)) for number, (word, each) in enumerate(bits)}
    plain = quiet_words(known)
    for each in OPENINGS:
        (word,) = words(each)
        assert reasons(word, rows) & ~TAKES_ADDRESS in {0, COUNTS}, each
        assert len(each) < 3 or each.lower() in plain, each
        assert each.lower() not in HINGES | ANNOUNCING, each


def test_what_points_at_a_word_of_work_is_part_of_no_name() -> None:
    """Neither in plain sentences, nor where a firm, a title or a street is made of that word."""
    scanner = Scanner()
    assert _POINTING <= OPENINGS
    for pointing in _POINTING:
        for said in _OF_WORK:
            for behind in (
                *("wrote twice to us", "manager of the bank in Berlin", "& Sons GmbH has written"),
                *("GmbH wrote", "of Berlin was here", "lead engineer", "12, 10115 Berlin"),
                *("street 12 is the place", "Street 12", "university hospital", "Anna Schmidt"),
            ):
                found = scanner.scan(f"{pointing} {said} {behind}.")
                assert all(each.start > len(pointing) for each in found), (pointing, said, behind)


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("The quarterly report", "The "),
        ("all of it went well. The quarterly report", "all of it went well. The "),
        ("all of it went well\nThe quarterly report", "all of it went well\nThe "),
        ("The Quarterly report", ""),
        ("The ", ""),
        ("For of", ""),
        ("The of the", ""),
        ("Anna The quarterly report", ""),
        ("my password. The quarterly report", ""),
        ("it was The quarterly report", "it "),
    ],
)
def test_one_goes_on_with_the_next_plain_word_where_it_opens_a_sentence(
    text: str, goes: str
) -> None:
    """Behind a name, a label, or in the midst of a sentence it waits as any capital does."""
    assert text[: plan(text, 0, Asked(hearing=HEARING), final=False).free] == goes


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("The team", ""),
        ("The team wrote", "The "),
        ("it went well. Our customer wrote", "it went well. Our "),
        ("Please team wrote", ""),
        ("The ignore wrote", ""),
        ("The team. But", ""),
        ("The Team wrote", ""),
    ],
)
def test_one_that_points_at_a_word_of_work_goes_on_before_it(text: str, goes: str) -> None:
    """The word itself waits: it may be part of a title."""
    assert text[: plan(text, 0, Asked(hearing=NAMES), final=False).free] == goes


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 600), max_size=30), st.integers(0, 2**31))
def test_a_stream_is_decided_as_its_whole_text(text: str, cuts: list[int], seed: int) -> None:
    """Wherever it is cut, also behind such a word, and with any detector."""
    for inspect, hearing in product((by_shape, wild(seed)), (HEARING, NAMES)):
        told = []
        for each in ([text], pieces(text, cuts), list(text)):
            stream = Stream(inspect, MASK, Means(), hearing)
            out = "".join(stream.feed(piece) for piece in each if not stream.stopped)
            told.append((out + ("" if stream.stopped else stream.finish()), stream.findings))
        assert told[0] == told[1] == told[2]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 700), st.integers(0, 700))
def test_gliding_leaves_the_walk_where_the_plan_would(text: str, first: int, more: int) -> None:
    """What was passed over quickly is passed over to the same place."""
    began, came = text[:first], text[: first + more]
    walks = [Walk.begin(0), Walk.begin(0)]
    for walk in walks:
        go_on(began, walk, Asked(hearing=HEARING), final=False)
        walk.block = None
    quick, slow = walks
    upto = glide(came, quick, 0, HEARING)
    if upto >= 0:
        told = go_on(came, slow, Asked(hearing=HEARING), final=False)
        assert (told.free, told.ready) == (upto, False)
        assert (quick.at, quick.free, quick.hinge) == (slow.at, slow.free, slow.hinge)


@pytest.mark.parametrize(
    ("configuration", "policy"),
    [
        (Configuration(terms=(Term("raven", TermKind.EXACT, "The Raven"),)), MASK),
        (Configuration(), Policy("stop", (ActionRule(Action.BLOCK, families=(Family.SAFETY,)),))),
    ],
)
def test_all_wait_where_own_terms_are_found_or_plain_words_stop_a_text(
    configuration: Configuration, policy: Policy
) -> None:
    """An own term may begin with such a word, and a stop must come before what it stops."""
    assert not Scanner(configuration, layers="patterns").hearing(policy).openings


def test_none_goes_early_behind_a_label() -> None:
    """Under a key such as `password` it may be the value itself."""
    protector = Protector(Scanner(layers="patterns"), MASK)
    assert protector.stream().feed("The quarterly report") == "The "
    assert not protector.stream(context=("password",)).feed("The quarterly report")


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("The report shows that ", "The report shows "),
        ("so. The report shows ", "so. The report "),
        ("  so. The report ", "  so. The "),
        ("so The report shows ", ""),
        ("so. The report. In it ", ""),
        ("so. The ", ""),
        ("The of it ", ""),
    ],
)
def test_words_are_gone_over_where_one_of_them_opens_a_sentence(text: str, goes: str) -> None:
    """One at a time; what else is loud, or waits, is left to the plan."""
    assert HEARING.are_quiet([each for word in text.split() for each in (word, word.lower())])
    assert text[: max(0, glide(text, Walk.begin(0), 0, HEARING))] == goes
