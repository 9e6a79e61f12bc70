"""Halves: made early on the caller's thread, and exactly what the ordinary way would write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.actor import Actor, ActorKind
from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.ledger.kinds import Heartbeat
from muniment.ledger.kinds.base import kind_of
from muniment.ledger.models import Draft
from muniment.ledger.rules import validate_entry
from muniment.ledger.service.halves import (
    Halves,
    ManyHalves,
    References,
    SharedContent,
    bundle_of,
    flagged,
    make_all,
    make_halves,
    record_count,
)
from muniment.testing import START, FixedClock, counting_ids
from muniment.verify import MAX_ENTRY_BYTES, parse_bundle, parse_entry
from tests.ledger.service.sampled import INES, ROBOT, Counted, Moved, Told

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
SAFE = 2**53 - 1
LEAVES = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | TEXTS
BODIES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=9), inner, max_size=4)
    ),
)
ACTORS = st.builds(Actor, st.sampled_from(ActorKind), NAMES, TEXTS, TEXTS)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9999, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis adds the zone
PLACES = st.integers(1, SAFE)


def ordinary(
    what: object, actor: Actor, at: datetime, producer: str, place: tuple[str, int]
) -> bytes:
    """Write a record the way a unit of work does."""
    kind = kind_of(what)
    record_id, seq = place
    subject, body = kind.subject_of(what), kind.body_of(what)
    draft = Draft(kind.name, record_id, at, actor, subject, body, producer, seq)
    return validate_entry(draft.as_value())


def halves(what: object, *, actor: Actor = INES, producer: str = "test") -> Halves:
    """Make the halves of one record."""
    ids = counting_ids(FixedClock())
    return make_halves(what, actor=actor, at=stamp(START), ids=ids, producer=producer)


def many_halves(records: Sequence[object]) -> ManyHalves:
    """Make the halves of many records at once."""
    ids = counting_ids(FixedClock())
    return make_all(records, actor=INES, at=stamp(START), ids=ids, producer="test")


def flagged_entry(what: object, seq: int) -> bytes:
    """Give the whole entry of one record, flagged, at its place."""
    return parse_bundle(flagged(many_halves([what]).bundle(seq)))[0]


def nested(depth: int) -> Any:
    """Make lists within lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@given(
    what=st.builds(Counted, NAMES, st.integers(-SAFE, SAFE), BODIES)
    | st.builds(Told, st.dictionaries(st.text("abc", max_size=3), BODIES, max_size=3)),
    actor=ACTORS,
    at=TIMES,
    producer=NAMES,
    seq=PLACES,
)
def test_joined_halves_are_the_ordinary_entry(
    what: object, actor: Actor, at: datetime, producer: str, seq: int
) -> None:
    """Whatever is recorded, by whom and when: both ways give the same bytes."""
    ids = counting_ids(FixedClock())
    made = make_halves(what, actor=actor, at=stamp(at), ids=ids, producer=producer)
    assert made.at_place(seq) == ordinary(what, actor, at, producer, (made.id, seq))


@given(
    st.lists(
        st.builds(Counted, NAMES, st.integers(-SAFE, SAFE), BODIES)
        | st.builds(Counted, st.sampled_from(["a", "\n", ',"id":"']), st.integers(0, 9), LEAVES)
        | st.builds(Heartbeat, TEXTS, st.integers(0, SAFE))
        | st.builds(Told, st.dictionaries(st.text("abc", max_size=3), BODIES, max_size=3)),
        min_size=8,
        max_size=20,
    ),
    st.integers(90, 101),
)
def test_what_is_written_together_is_what_each_would_be_alone(
    records: list[object], seq: int
) -> None:
    """A batch of any kinds, mixed, gives the ordinary entries, each at its own place."""
    made = many_halves(records)
    entries = parse_bundle(made.bundle(seq))
    assert entries == [one.at_place(place) for place, one in enumerate(made, seq)]
    assert entries == [
        ordinary(what, INES, START, "test", (one.id, place))
        for place, (what, one) in enumerate(zip(records, made, strict=True), seq)
    ]
    assert bundle_of([made, made], 1) == made.bundle(1) + made.bundle(1 + len(made))


@pytest.mark.parametrize("text", ["\0", "\x1f\x7f", '"\\/', "\u2028", "日本", "𝄞", "é\u0301"])
def test_any_text_is_written_as_the_ordinary_way_does(text: str) -> None:
    """Controls, quotation marks and letters of the whole world come through unharmed."""
    made = halves(Counted(text, 1, text), actor=Actor(ActorKind.PERSON, text), producer=text)
    value = parse_entry(made.at_place(3))
    assert value["subject"] == {"kind": "thing", "id": text}
    assert (value["body"]["what"], value["actor"]["id"], value["producer"]) == (text, text, text)


def test_a_record_about_nothing_has_no_subject() -> None:
    """A kind that is about nothing in particular leaves the subject empty."""
    assert parse_entry(halves(Told({})).at_place(1))["subject"] is None


@pytest.mark.parametrize(
    ("what", "actor", "producer", "field"),
    [
        (Counted("a", 1, "half \ud800"), INES, "test", "$.body.what"),
        (Counted("half \udfff", 1), INES, "test", "$.body.thing"),
        (Counted("", 1), INES, "test", "subject"),
        (Counted("a", 1, 0.5), INES, "test", "$.body.what"),
        (Counted("a", 1, [1, 2.0]), INES, "test", "$.body.what[1]"),
        (Counted("a", 2**53), INES, "test", "$.body.place"),
        (Counted("a", -(2**53)), INES, "test", "$.body.place"),
        (Counted("a", 1, {"é": 1}), INES, "test", "$.body.what"),
        (Counted("a", 1), Actor(ActorKind.PERSON, ""), "test", "actor"),
        (Counted("a", 1), Actor(ActorKind.PERSON, "\ud800"), "test", "$.actor.id"),
        (Counted("a", 1), INES, "", "producer"),
        (Counted("a", 1), INES, "\ud800", "$.producer"),
        (Moved("a"), INES, "test", "kind"),
    ],
)
def test_what_cannot_stand_in_an_entry_is_refused(
    what: object, actor: Actor, producer: str, field: str
) -> None:
    """Halves of characters, floats, too large integers, covered changes: the field is named."""
    for others in ([], [Counted("a", 1)] * 20):
        with pytest.raises(InvalidError) as refused:
            make_all(
                [*others, what],
                actor=actor,
                at=stamp(START),
                ids=counting_ids(FixedClock()),
                producer=producer,
            )
        assert refused.value.field == field


@pytest.mark.parametrize(("depth", "fits"), [(61, True), (62, True), (63, False), (64, False)])
def test_depth_is_counted_from_the_entry(depth: int, fits: bool) -> None:  # noqa: FBT001 a parameter
    """What is nested too deeply to be read back is refused, in the same way by both."""
    what = Counted("a", 1, nested(depth))
    if fits:
        made = halves(what)
        assert made.at_place(1) == ordinary(what, INES, START, "test", (made.id, 1))
        return
    for way in (lambda: halves(what), lambda: ordinary(what, INES, START, "test", ("rec", 1))):
        with pytest.raises(InvalidError, match="nested deeper"):
            way()


def test_what_is_too_long_is_refused() -> None:
    """An entry that would not fit flagged, at the farthest place, is refused before it has one."""
    empty = Counted("a", 1, "")
    room = MAX_ENTRY_BYTES - len(flagged_entry(empty, 10**15))
    fits = Counted("a", 1, "x" * room)
    assert len(flagged_entry(fits, 10**15)) == MAX_ENTRY_BYTES
    many = [empty] * 20
    assert len(many_halves([*many, fits])) == 21
    for records in (
        [Counted("a", 1, "x" * (room + 1))],
        [*many, Counted("a", 1, "x" * (room + 1))],
    ):
        with pytest.raises(InvalidError) as refused:
            many_halves(records)
        assert (refused.value.field, str(MAX_ENTRY_BYTES) in str(refused.value)) == ("body", True)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_a_flag_is_put_where_canonical_order_wants_it(said: str) -> None:
    """A flagged entry says what it said before, and that its producer's clock ran back."""
    flags = parse_entry(flagged_entry(Counted("a", 1, said), 7))
    assert flags.pop("flags") == ["clock_back"]
    assert flags == parse_entry(halves(Counted("a", 1, said)).at_place(7))


def test_something_that_is_no_record_is_refused() -> None:
    """Only a declared kind can be recorded."""
    with pytest.raises(TypeError, match="str is not a record kind"):
        halves("hello")


def test_a_bundle_puts_entries_at_their_places() -> None:
    """Many records made at once get ids of their own and stand one after another."""
    ids = counting_ids(FixedClock())
    records = [Counted("a", n) for n in range(5)] + [Heartbeat("test", 60)]
    made = make_all(records, actor=ROBOT, at=stamp(START), ids=ids, producer="p")
    read = [parse_entry(entry) for entry in parse_bundle(made.bundle(41))]
    assert [one["seq"] for one in read] == [41, 42, 43, 44, 45, 46]
    assert [one["id"] for one in read] == [one.id for one in made]
    assert len({one.id for one in made}) == 6
    assert bundle_of([], 1) == many_halves([]).bundle(1) == b""


REFERENCE: dict[str, str | int] = {
    "kid": "vk_1",
    "commit": "0" * 64,
    "ct_sha256": "a" * 64,
    "ct_len": 88,
}


def test_references_to_content_stand_in_both_ways_alike() -> None:
    """A record that refers to content kept outside is the same entry either way."""
    ids = counting_ids(FixedClock())
    given: dict[str, Any] = {"actor": INES, "at": stamp(START), "ids": ids, "producer": "test"}
    records = [Counted("a", 1, None), Counted("b", 2, None)]
    made = make_all(records, contents=[(REFERENCE, REFERENCE), ()], **given)
    kind, what = kind_of(records[0]), records[0]
    draft = Draft(
        kind=kind.name,
        id=made[0].id,
        at=START,
        actor=INES,
        subject=kind.subject_of(what),
        body=kind.body_of(what),
        producer="test",
        seq=7,
        content=(REFERENCE, REFERENCE),
    )
    assert made[0].at_place(7) == validate_entry(draft.as_value())
    assert parse_entry(made[0].at_place(7))["content"] == [REFERENCE, REFERENCE]
    assert "content" not in parse_entry(made[1].at_place(8))


@pytest.mark.parametrize("change", [{"kid": ""}, {"commit": None}, {"ct_len": "1"}])
def test_a_wrong_reference_is_refused(change: dict[str, Any]) -> None:
    """What is no reference does not come into the log by this way either."""
    ids = counting_ids(FixedClock())
    with pytest.raises(InvalidError) as caught:
        make_all(
            [Counted("a", 1, None)],
            actor=INES,
            at=stamp(START),
            ids=ids,
            producer="test",
            contents=[(REFERENCE | change,)],
        )
    assert caught.value.field == "content"


def test_content_that_is_shared_is_written_as_if_each_record_named_it() -> None:
    """The short way and the long way give the same bytes, commitment by commitment."""
    records = [Heartbeat("gate", n + 1) for n in range(3)]
    commits = bytes(range(96))
    shared = SharedContent("vk_1", "b" * 64, 700, commits)
    named: list[References] = [
        (
            {
                "kid": "vk_1",
                "commit": commits[32 * n : 32 * n + 32].hex(),
                "ct_sha256": "b" * 64,
                "ct_len": 700,
            },
        )
        for n in range(3)
    ]
    given = {"actor": ROBOT, "at": stamp(START), "producer": "p"}
    one, other = (
        make_all(records, ids=counting_ids(FixedClock()), contents=contents, **given)  # type: ignore[arg-type]
        for contents in ([shared], named)
    )
    assert one == other
    assert record_count(shared) == 3
    assert record_count(named[0]) == 1


@pytest.mark.parametrize(
    "shared",
    [
        SharedContent('vk_1","x":"', "b" * 64, 1, bytes(32)),
        SharedContent("vk_1", "B" * 64 + '"', 1, bytes(32)),
        SharedContent("vk_1", "b" * 64, -1, bytes(32)),
        SharedContent("vk_1", "b" * 64, 1, bytes(33)),
        SharedContent("vk_1", "b" * 64, 1, b""),
    ],
)
def test_shared_content_that_is_unsound_is_refused(shared: SharedContent) -> None:
    """Nothing that is not a name, a digest or a length gets into an entry this way."""
    with pytest.raises(InvalidError):
        shared.members()
