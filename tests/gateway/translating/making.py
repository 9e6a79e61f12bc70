"""Requests and answers of every shape that both families have, and what a stream of one brings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Protocol

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from muniment.gateway.dialects.base import Event
from muniment.gateway.events import Events
from muniment.gateway.translating import said
from muniment.gateway.translating.said import (
    Asking,
    Choice,
    Chosen,
    Count,
    Heard,
    Part,
    Telling,
    Tool,
    Turn,
    Why,
)

# How long drawing takes says how busy the machine is, and nothing of the strategies.
SOME: Final = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
NAMES: Final = st.sampled_from(["read", "write", "call_1", "toolu_2"])
JSON: Final = st.dictionaries(WORDS, WORDS | st.integers(-9, 9) | st.none(), max_size=3)
TEXTS: Final = st.builds(said.Text, WORDS)
PICTURES: Final = st.sampled_from(
    [said.Picture(url="https://example.org/a.png"), said.Picture("image/png", "aGVsbG8=")]
)
USES: Final = st.builds(said.Use, NAMES, NAMES, JSON)
RESULTS: Final = st.builds(said.Result, NAMES, st.lists(TEXTS, max_size=2).map(tuple))
TOOLS: Final = st.builds(Tool, NAMES, st.just("") | WORDS, JSON, st.booleans())
CHOICES: Final = st.sampled_from(
    [
        *(Choice(), Choice(Chosen.AUTO), Choice(Chosen.NONE), Choice(Chosen.ANY, "", True)),
        Choice(Chosen.ONE, "read", True),
    ]
)
COUNTS: Final = st.builds(Count, *[st.integers(0, 99)] * 2, st.just(0), st.integers(0, 99))


@st.composite
def askings(draw: st.DrawFn) -> Asking:
    """Ask anything that both families understand."""
    of_user = st.lists(TEXTS | PICTURES | RESULTS, min_size=1, max_size=3)
    of_model = st.tuples(st.lists(TEXTS, max_size=2), st.lists(USES, max_size=2))
    turns = []
    for n in range(draw(st.integers(1, 4))):
        if n % 2:
            words, uses = draw(of_model.filter(any))
            turns.append(Turn("assistant", (*words, *uses)))
        else:
            turns.append(Turn("user", tuple(draw(of_user))))
    streamed = draw(st.booleans())
    return Asking(
        model=draw(NAMES),
        turns=tuple(turns),
        system=tuple(draw(st.lists(WORDS, max_size=2))),
        tools=tuple(draw(st.lists(TOOLS, max_size=2))),
        choice=draw(CHOICES),
        most_tokens=draw(st.integers(1, 9_999)),
        temperature=draw(st.none() | st.floats(0, 1)),
        top_p=draw(st.none() | st.floats(0, 1)),
        stops=tuple(draw(st.lists(WORDS, max_size=2))),
        schema=draw(st.none() | JSON),
        streamed=streamed,
        counted=streamed,
        user=draw(st.just("") | NAMES),
    )


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    """Answer anything that both families can say."""
    parts: list[Part] = []
    if draw(st.booleans()):
        parts.append(said.Thought(draw(WORDS)))
    if draw(st.booleans()):
        parts.append(draw(TEXTS))
    parts += draw(st.lists(USES, max_size=2))
    ways = st.sampled_from([Why.END, Why.LENGTH, Why.TOOLS, Why.REFUSED])
    return Telling(draw(NAMES), draw(NAMES), tuple(parts), draw(ways), "", draw(COUNTS))


def as_heard(told: Telling) -> Iterator[Heard]:
    """Say what a stream brings that says the same."""
    yield said.Began(told.id, told.model)
    yield said.Counted(replace(told.count, said=0))
    for part in told.parts:
        match part:
            case said.Text() | said.Thought():
                is_thought = isinstance(part, said.Thought)
                yield from (said.Bit(each, thought=is_thought) for each in part.text)
            case said.Use():
                yield said.Called(part.id, part.name)
                arguments = json.dumps(dict(part.arguments), ensure_ascii=False)
                half = len(arguments) // 2
                yield from (said.More(arguments[:half]), said.More(arguments[half:]))
            case _:
                raise AssertionError(part)
    yield said.Stopped(told.why, told.sequence)
    yield said.Counted(told.count)
    yield said.Ended()


def as_told(heard: Iterable[Heard]) -> Telling:
    """Put together what a stream brought."""
    told = Telling("", "", (), Why.END)
    ended = False
    for each in heard:
        assert not ended, "something came after the end"
        match each:
            case said.Began():
                told = replace(told, id=each.id, model=each.model)
            case said.Bit() if each.text:
                told = replace(told, parts=_with_bit(told.parts, each))
            case said.Called():
                told = replace(told, parts=(*told.parts, said.Use(each.id, each.name, {"": ""})))
            case said.More():
                told = replace(told, parts=_with_more(told.parts, each.arguments))
            case said.Stopped():
                told = replace(told, why=each.why, sequence=each.sequence)
            case said.Counted():
                told = replace(told, count=said.summed(told.count, each.count))
            case said.Ended():
                ended = True
    assert ended, "it has no end"
    uses = {n: p for n, p in enumerate(told.parts) if isinstance(p, said.Use)}
    read = {n: replace(p, arguments=json.loads(p.arguments[""])) for n, p in uses.items()}
    return replace(told, parts=tuple(read.get(n, p) for n, p in enumerate(told.parts)))


class Hears(Protocol):
    """What hears a stream."""

    def hear(self, event: Event) -> Iterable[Heard]:
        """Say what an event brings."""
        ...


def heard_in(hearer: Hears, raw: bytes, step: int = 7) -> list[Heard]:
    """Hear a stream that arrives in pieces of a size."""
    events = Events(1_000_000)
    pieces = [raw[at : at + step] for at in range(0, len(raw), step)]
    return [h for piece in pieces for event in events.feed(piece) for h in hearer.hear(event)]


async def arriving(raw: bytes, step: int = 7) -> AsyncIterator[bytes]:
    """Let bytes arrive in pieces."""
    for at in range(0, len(raw), step):
        yield raw[at : at + step]


def events_of(*values: dict[str, Any]) -> bytes:
    """Write a stream as Anthropic's: each event by its name."""
    return b"".join(
        b"event: " + value["type"].encode() + b"\ndata: " + json.dumps(value).encode() + b"\n\n"
        for value in values
    )


def _with_bit(parts: tuple[Part, ...], bit: said.Bit) -> tuple[Part, ...]:
    sort = said.Thought if bit.thought else said.Text
    if parts and isinstance(parts[-1], sort):
        return (*parts[:-1], sort(parts[-1].text + bit.text))
    return (*parts, sort(bit.text))


def _with_more(parts: tuple[Part, ...], arguments: str) -> tuple[Part, ...]:
    last = parts[-1]
    assert isinstance(last, said.Use)
    more = {"": str(last.arguments[""]) + arguments}
    return (*parts[:-1], replace(last, arguments=more))
