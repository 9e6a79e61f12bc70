"""A stream equals its whole text at any chunking, holds little back, and fails shut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.core.errors import BlockedError, UnavailableError
from muniment.detect.models import Action, ActionRule, Policy, Scan
from muniment.detect.rules.actions import Means
from muniment.detect.service.inspecting import Inspect
from muniment.detect.service.stream import Stream
from tests.detect.engines import by_shape, scan_of, wild
from tests.detect.texts import CASES, JWT, KEY, TEXTS, pieces

MASK = Policy("mask")
PROSE = (
    "the committee met on Tuesday to hear from Anna Schmidt of the harbour office, who said that "
    "the new quay would be ready before winter and that no further money was needed. several "
    "members asked about the noise at night, to which she replied that the cranes had been moved. "
    "a letter from Mr. Brown was read aloud and put aside until the next meeting in October. "
) * 12


def run(inspect: Inspect, chunks: list[str], policy: Policy = MASK) -> tuple[str, Stream, Means]:
    """Let a text pass in pieces."""
    means = Means()
    stream = Stream(inspect, policy, means)
    out = "".join(stream.feed(chunk) for chunk in chunks if not stream.stopped)
    return out + ("" if stream.stopped else stream.finish()), stream, means


@pytest.mark.parametrize("text", CASES)
def test_every_single_cut_gives_the_masked_whole_text(text: str) -> None:
    """Wherever a text is cut in two, what comes out is what comes out of the whole."""
    whole, stream, _ = run(by_shape, [text])
    step = max(1, len(text) // 150)
    for cut in range(0, len(text) + 1, step):
        out, other, _ = run(by_shape, [text[:cut], text[cut:]])
        assert out == whole, cut
        assert other.findings == stream.findings


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_small_pieces_give_the_masked_whole_text(size: int) -> None:
    """Character by character or in small pieces, nothing changes."""
    for text in CASES:
        whole, _, _ = run(by_shape, [text])
        out, _, _ = run(by_shape, [text[at : at + size] for at in range(0, len(text), size)])
        assert out == whole


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=30), st.integers(0, 2**31))
def test_any_chunking_equals_the_whole_with_any_detector(
    text: str, cuts: list[int], seed: int
) -> None:
    """Equality is owed to the cuts alone: it holds with a detector that judges wildly."""
    for inspect in (by_shape, wild(seed)):
        whole, stream, _ = run(inspect, [text])
        out, other, _ = run(inspect, pieces(text, cuts))
        assert out == whole
        assert other.findings == stream.findings


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.integers(0, 2**31))
def test_masked_text_turns_back_into_the_text_that_was(text: str, seed: int) -> None:
    """Restoring what was masked gives the original, even if it held things like masks."""
    for inspect in (by_shape, wild(seed)):
        out, _, means = run(inspect, [text])
        assert means.pairs.restore(out) == text


def test_no_character_of_a_value_leaks() -> None:
    """Not one piece of a found value goes on, whatever the chunking."""
    for value in ("maria.lopez@example.com", "4111 1111 1111 1111", JWT, KEY):
        text = f"here it is: {value} and then plain words follow for a while"
        for size in (1, 3, 10):
            out, _, _ = run(by_shape, [text[at : at + size] for at in range(0, len(text), size)])
            assert value not in out
            assert value[:12] not in out
            assert value[-8:] not in out


def test_a_key_that_never_ends_does_not_leak() -> None:
    """The beginning of a private key is masked even if its end never comes."""
    out, stream, _ = run(by_shape, ["see this:\n", KEY[:300], "\n"])
    assert "MIIE" not in out
    assert [each.type for each in stream.findings] == ["PRIVATE_KEY"]


def test_ordinary_text_is_held_back_by_less_than_twenty_characters() -> None:
    """A reader sees the words nearly as they come."""
    stream = Stream(by_shape, MASK, Means())
    held = []
    for at in range(0, len(PROSE), 4):
        stream.feed(PROSE[at : at + 4])
        held.append(stream.held)
    assert sum(held) / len(held) <= 20


def test_a_detector_that_fails_stops_the_stream_for_good() -> None:
    """An error lets nothing more through: not the rest, not the next piece, not the end."""

    def failing(text: str, _after: int) -> Scan:
        if "boom" in text:
            raise RuntimeError("engine")
        return by_shape(text)

    stream = Stream(failing, MASK, Means())
    assert stream.feed("plain words first ") == "plain words "
    with pytest.raises(RuntimeError):
        stream.feed("Boom boom Secret Name and more words to decide it now")
    assert stream.stopped
    with pytest.raises(UnavailableError):
        stream.feed("x")
    with pytest.raises(UnavailableError):
        stream.finish()


def test_a_vault_that_fails_stops_the_stream_for_good() -> None:
    """A value that could not be kept does not go on, and neither does what follows it."""

    class Gone:
        """A vault that is not there."""

        def tokenise(self, value: str, *, type: str, scope: str) -> str:  # noqa: A002
            raise UnavailableError(f"no vault for {len(value)} {type} {scope}")

        def restore(self, token: str, *, scope: str) -> str:
            raise UnavailableError(f"no vault for {len(token)} {scope}")

    policy = Policy("keep", default=Action.TOKENISE)
    stream = Stream(by_shape, policy, Means(tokens=Gone()))
    with pytest.raises(UnavailableError):
        stream.feed("write to maria@example.com and then some more words follow")
    assert stream.stopped
    with pytest.raises(UnavailableError):
        stream.finish()


def test_a_blocked_finding_stops_the_stream_at_the_same_place() -> None:
    """What went on before a stop is the same at any chunking, and the value is not in it."""
    policy = Policy("stop", (ActionRule(Action.BLOCK, types=("CREDIT_CARD",)),))
    text = "plain words come first and then 4111 1111 1111 1111 and then more of the plain words"
    outs = set()
    for size in (1, 4, 9, 200):
        out, stream, _ = run(
            by_shape, [text[at : at + size] for at in range(0, len(text), size)], policy
        )
        outs.add(out)
        assert stream.stopped
        with pytest.raises(BlockedError):
            stream.feed("more")
    assert len(outs) == 1
    assert "4111" not in outs.pop()


def test_what_was_not_inspected_stops_unless_the_policy_allows_it() -> None:
    """A gap in the coverage is never clean."""

    def blind(text: str, _after: int) -> Scan:
        return scan_of(text, [], gaps=("names",))

    stream = Stream(blind, MASK, Means())
    assert stream.feed("Some words are here and here they go on") == ""
    assert stream.stopped
    assert not stream.result("").inspected
    lenient = Policy("lenient", uninspected=Action.TAG)
    out, passed, _ = run(blind, ["Some words are here"], lenient)
    assert out == "Some words are here"
    assert not passed.result(out).inspected


def test_memory_stays_bounded_while_a_long_text_passes() -> None:
    """What was decided is let go."""
    stream = Stream(by_shape, MASK, Means())
    for _ in range(300):
        stream.feed(PROSE[:500])
        assert len(stream._text) < 5_000


def test_a_long_run_of_blanks_is_let_go() -> None:
    """White space without end is neither kept nor read again and again."""
    stream = Stream(by_shape, MASK, Means())
    out = [stream.feed(" \n" * 500) for _ in range(60)]
    assert len(stream._text) < 10_000
    assert "".join([*out, stream.finish()]) == " \n" * 30_000


def test_an_open_key_is_not_read_for_every_piece() -> None:
    """While the end of a key is awaited, pieces are only looked through for it."""
    seen: list[int] = []

    def counted(text: str, after: int) -> Scan:
        seen.append(len(text))
        return by_shape(text, after)

    body = "MIIEpAIBAAKCAQEA7bq3Zk9Q\n" * 400
    text = f"so:\n-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\nand so on it goes"
    out, _, _ = run(counted, [text[at : at + 5] for at in range(0, len(text), 5)])
    assert out == run(by_shape, [text])[0]
    assert "MIIE" not in out
    assert sum(seen) < 4 * len(text)
