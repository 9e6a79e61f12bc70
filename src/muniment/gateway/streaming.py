"""Guards an answer while it streams: nothing reaches the caller before it was judged.

Words of each channel pass through the detector's window; when new kinds of values appear, the rules
are asked again before anything goes on. A tool call goes on when it is complete and was judged;
from one that is held on nothing does, until a person said yes or the caller is told that it waits.
The last event is withheld until the outcome is durable. Whatever goes wrong, the caller is told
within the stream, and the outcome says how much reached them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from anyio import to_thread

from muniment.core.errors import ForbiddenError, InvalidError, UnavailableError
from muniment.db import gently
from muniment.detect import Finding, Protector, Stream
from muniment.exchanges import Inspected, Judgement, Reached, State
from muniment.gateway.answering import (
    AnswerJudge,
    HeldAnswerError,
    RefusedAnswerError,
    cures_of,
    families_of,
    own_words,
    require_answer,
    with_own,
)
from muniment.gateway.arriving import Arriving
from muniment.gateway.channels import AtOnce, Tool, Words, foreseen, never
from muniment.gateway.dialects import BY_SURFACE, Piece, PieceKind, Reader
from muniment.gateway.events import closed
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Answered, Call, HeldTool, Stop, ToolCall, replace
from muniment.gateway.holding import settled
from muniment.gateway.means import Means
from muniment.gateway.outgoing import Body
from muniment.gateway.recording import conclude
from muniment.gateway.soon import durable
from muniment.policy import Judged

LONG_CHARS: Final = 8_192
_STATUS: Final = {"blocked": 403, "forbidden": 403, "unavailable": 502, "invalid": 502}


@dataclass(slots=True)
class Guard:
    """Guards one stream."""

    call: Call
    means: Means
    answered: Answered
    _words: dict[str, Words] = field(default_factory=dict)
    _tools: dict[str, Tool] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _found: list[Finding] = field(default_factory=list)
    _known: tuple[frozenset[str], bool, int] = (frozenset(), True, 0)
    _asked: int = -1
    _heard: int = 0
    _counted: dict[str, int] = field(default_factory=dict)
    _decided: list[Judged] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)
    _kept: list[str] = field(default_factory=list)
    _times: Counter[str] = field(default_factory=Counter)
    _reached: Reached = Reached.NONE
    _concluded: bool = False
    _ended: bool = False
    _size: int = 0
    _held: list[HeldTool] = field(default_factory=list)
    _back: list[bytes] = field(default_factory=list)
    _raw: list[bytes] = field(default_factory=list)
    _given: dict[str, str] = field(default_factory=dict)
    _whole: bool = True
    _by_length: bool = True
    _protector: Protector | None = None
    _judging: AnswerJudge | None = None
    _going: list[bytes] = field(default_factory=list)
    _broke: Exception | None = None
    last: bytes = b""

    async def run(self, at_once: AtOnce = never) -> AsyncGenerator[bytes, None]:
        """Give the bytes that may go on, up to the `last` ones, which end the stream.

        Words that come alone go on `at_once` where the caller takes more just then.
        """
        dialect = BY_SURFACE[self.call.received.surface]
        reader = dialect.reader()
        kept = self._raw if self.call.asked is not None and self.call.asked.tools else None
        limits = self.means.settings.gateway
        arriving = Arriving(reader, limits.max_answer_bytes, kept)
        came = arriving.batches(self.answered.stream, limits.answer_seconds)
        if isinstance(self.answered.stream, Body):
            self.answered.stream.offer(partial(self._alone, arriving, at_once))
        try:
            gently(self._protected)  # while the provider thinks
            async with aclosing(came):
                async for batch in came:
                    while (piece := gently(self._upto, batch)) is not None:
                        if self._going:
                            yield self._gone()
                        if piece.kind is PieceKind.END:
                            await self._end(reader, piece)
                            return
                        await to_thread.run_sync(self._go_on, piece, limiter=self.means.threads)
                    if self._going:
                        yield self._gone()
        except FAULTS as error:  # no stream ends untold or unrecorded
            gone = self._gone() if self._going else b""
            stop = await self._failed(reader, error)
            yield gone + dialect.error_event(stop, self.call.received.exchange)
        except (GeneratorExit, asyncio.CancelledError):
            self._leave(reader, 499, "the caller went away")
            raise
        finally:
            self._leave(reader, 502, "it broke off within the gateway")
            await closed(self.answered.stream)

    def _upto(self, batch: Iterator[Piece]) -> Piece | None:
        """Judge what came, up to the end or to a piece so long that it is judged on a thread."""
        if self._broke is not None:
            raise self._broke
        for piece in batch:
            if piece.kind is PieceKind.END or self._is_long(piece):
                return piece
            self._go_on(piece)
        return None

    async def _end(self, reader: Reader, piece: Piece) -> None:
        """Withhold the last event until the outcome is durable."""
        await self._let_go()
        await durable(self._conclude(reader, State.ANSWERED, 200, ""))
        self._ended = True
        self.last = b"".join((*self._back, piece.write(self._said)))

    def _go_on(self, piece: Piece) -> None:
        """Judge a piece, and note what goes on; behind a tool call that is held, all is kept."""
        for out in self._take(piece):
            (self._back if self._held else self._going).append(out)

    def _gone(self) -> bytes:
        """Give what goes on now."""
        self._reached = Reached.PART
        gone = b"".join(self._going)
        self._going.clear()
        return gone

    def _alone(self, arriving: Arriving, at_once: AtOnce, raw: bytes) -> bool:
        """Judge and give words that came while nothing else is done; tell whether that is done."""
        write = at_once()
        piece = arriving.alone(raw) if write is not None and not self._held else None
        if write is None or piece is None:
            return False
        try:
            out = gently(self._text, piece)
        except FAULTS as error:
            self._broke = error  # it is told where all else is
            return False
        if out:
            self._reached = Reached.PART
            write(out)
        return True

    def _leave(self, reader: Reader, status: int, problem: str) -> None:
        """Hand over how it ended, unless that is known; nobody is left to wait until it is kept."""
        if not self._concluded:
            self._conclude(reader, State.FAILED, status, problem)

    def words(self) -> str:
        """Give what was said to the caller, channel by channel."""
        return "\n".join(self._said[name] for name in sorted(self._said))

    @property
    def is_whole(self) -> bool:
        """Tell whether the stream came to its end."""
        return self._ended

    async def _failed(self, reader: Reader, error: Exception) -> Stop:
        """Record that a stream ends early, and give what its caller is told."""
        error = foreseen(error)
        if isinstance(error, RefusedAnswerError) and error.judged is not None:
            self._decided.insert(0, error.judged)
        is_refused = isinstance(error, RefusedAnswerError | ForbiddenError)
        state = State.REFUSED if is_refused else State.FAILED
        stop = Stop.of(error, _STATUS.get(error.code, 502), call=self.call)
        if isinstance(error, HeldAnswerError):
            stop = error.stop
            self.answered = replace(self.answered, approval=stop.approval)
        if self._held:
            self._said = self._given
        if self._concluded:
            return stop
        try:
            await durable(self._conclude(reader, state, stop.status, error.message))
        except FAULTS as failed:
            return Stop.of(foreseen(failed), 503, call=self.call)
        return stop

    async def _let_go(self) -> None:
        """Go on with what is held only when a person said yes; else the caller hears of it."""
        if not self._held and self.call.kept is None:
            return
        self.means.queue.passes(self.call.received.exchange)
        judged = Judgement(inspected=Inspected.WHOLE if self._whole else Inspected.PART)
        answered = replace(self.answered, holds=tuple(self._held), judged=judged)
        self.answered = await settled(self.call, self.means, answered, b"".join(self._raw))
        if self._held:
            self._decided.insert(0, self._held[0].judged)

    def _is_long(self, piece: Piece) -> bool:
        """Tell whether a piece takes long to judge, so that others would wait for that."""
        tool = self._tools.get(piece.channel) if piece.kind is PieceKind.CLOSE else None
        return len(piece.text) + (sum(map(len, tool.parts)) if tool else 0) > LONG_CHARS

    def _take(self, piece: Piece) -> Iterator[bytes]:
        """Judge a piece, and give what may go on now."""
        if piece.kind is PieceKind.TEXT:
            yield from filter(None, (self._text(piece),))
        elif piece.kind is PieceKind.TOOL:
            self._tools[piece.channel] = Tool(piece)
        elif piece.kind is PieceKind.ARGUMENTS:
            if piece.channel not in self._tools:
                raise UnavailableError("arguments came of no tool", remedy="Try again.")
            self._tools[piece.channel].parts.append(piece.text)
        elif piece.kind is PieceKind.CLOSE:
            yield from self._close(piece.channel)
        elif piece.kind is PieceKind.LOOSE:
            yield self._loose(piece)
        elif piece.kind is PieceKind.ERROR:
            system = self.call.origin.system if self.call.origin else ""
            said = own_words(self.means, system, piece.text)
            raise UnavailableError("the provider broke off", reasons=said, remedy="Try again.")
        else:
            yield piece.write(self._said)

    def _text(self, piece: Piece) -> bytes:
        words = self._words.get(piece.channel)
        if words is None:
            own = self._own()
            restoring = own.restoring() if own is not None else None
            words = Words(self._protected().stream(), restoring, piece)
            self._words[piece.channel] = words
        words.last = piece
        self._heard += len(piece.text)
        if piece.closes:
            del self._words[piece.channel]
            return self._last(words, piece.text)
        out = words.stream.feed(piece.text)
        self._judge(piece.channel, words.stream)
        if words.restoring is not None:
            out = words.restoring.feed(out)
        return self._say(piece, out)

    def _last(self, words: Words, text: str = "") -> bytes:
        """Judge the last words of a channel, and give what of them goes on."""
        out = words.stream.finish(text)
        self._judge(words.last.channel, words.stream)
        if words.restoring is not None:
            out = words.restoring.feed(out) + words.restoring.finish()
        return self._say(words.last, out)

    def _close(self, channel: str) -> Iterator[bytes]:
        words, tool = self._words.pop(channel, None), self._tools.pop(channel, None)
        if words is not None:
            yield from filter(None, (self._last(words),))
        if tool is not None:
            yield self._use(channel, tool)

    def _loose(self, piece: Piece) -> bytes:
        """Judge fields that nobody knows, each as a whole, and give what of them may go on."""
        safe = self._protected().messages(piece.value)
        self._found += [each for _, each in safe.findings]
        self._whole &= safe.inspected
        self._decide_again()
        if not safe.verdict.passes:
            raise RefusedAnswerError.by("the answer may not be given", self._decided[0])
        own = self._own()
        return piece.write(safe.value if own is None else own.restore_value(safe.value))

    def _say(self, piece: Piece, out: str) -> bytes:
        """Give words as they go on; nothing where there are none yet."""
        if not out:
            return b""
        self._said[piece.channel] = self._said.get(piece.channel, "") + out
        return piece.write(out)

    def _use(self, channel: str, tool: Tool) -> bytes:
        """Judge a complete tool call, make its arguments safe, and give it."""
        arguments = "".join(tool.parts)
        protector = self._protected()
        try:
            safe = protector.json(arguments or "{}")
        except InvalidError:
            safe = protector.text(arguments)
        self._found += safe.findings
        self._whole &= safe.inspected
        self._decide_again()
        if not safe.verdict.passes:
            raise RefusedAnswerError.by("the arguments of a tool may not go on", self._decided[0])
        asked = ToolCall(tool.opened.id, tool.opened.name, arguments)
        judge = self._judges()
        before = self._times[asked.name]
        judged = judge.require_tool(asked, safe.findings, inspected=self._whole, before=before)
        self._times[asked.name] += 1
        self._decided.append(judged)
        said = judge.cured(safe.text, cures_of(judged))
        held = judge.held(asked, judged)
        if held and not self._raw:
            raise RefusedAnswerError.by(f"the tool {asked.name[:60]} was never offered", judged)
        self._given = self._given if self._held or not held else dict(self._said)
        self._held += held
        (self._kept if self._held else self._names).append(asked.name)
        self._said[channel] = said = with_own(self._own(), said)
        return tool.opened.write(said)

    def _judge(self, channel: str, stream: Stream) -> None:
        """Ask the rules again when kinds of values were found that they did not know of yet."""
        before, many = self._counted.get(channel, 0), stream.many
        if many > before:
            self._counted[channel] = many
            self._found += stream.findings[before:]
        if not stream.goes_on:
            judged = self._judges().decide(self._found, inspected=self._whole)
            raise RefusedAnswerError.by("the answer may not be given", judged)
        if many > before or self._by_length or not self._decided:
            self._decide_again()

    def _judges(self) -> AnswerJudge:
        """Give what judges this answer."""
        if self._judging is None:
            self._judging = AnswerJudge(self.call, self.answered.route, self.means)
        return self._judging

    def _decide_again(self) -> None:
        judge = self._judges()
        tokens, found = judge.tokens_of(self._heard), len(self._found)
        if self._decided and (found, *self._known[1:]) == (self._asked, self._whole, tokens):
            return
        self._asked = found
        known = (frozenset(each.type for each in self._found), self._whole, tokens)
        if self._decided and known == self._known:
            return
        judged = judge.decide(self._found, inspected=self._whole, tokens=tokens)
        asked_for = require_answer(judged)
        self._decided = [judged, *self._decided[1:]]
        self._known = known
        by_type = self._protected().policy
        for name in families_of(self._found):
            wanted = next((r for r in asked_for.rules if name in r.types or not r.types), None)
            changes = wanted is not None and wanted.action.changes_text and not wanted.families
            given = next((r for r in by_type.rules if name in r.types), None)
            if changes and not (given is not None and given.action.changes_text):
                raise RefusedAnswerError.by("what was found together may not be given", judged)

    def _own(self) -> Protector | None:
        """Give what knows the caller's own values, if any were taken out of the prompt."""
        own = self.call.protector
        return own if own is not None and own.pairs.as_map() else None

    def _protected(self) -> Protector:
        if self._protector is None:
            origin = self.call.origin
            scanner = self.means.scanners.of(origin.system if origin else "")
            self._protector = Protector(scanner, self._judges().by_type())
            self._by_length = self._judges().tokens_of(1) > 0
        return self._protector

    def _conclude(self, reader: Reader, state: State, status: int, problem: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 a future of the writer
        self._concluded = True
        judge = self._judges()
        judged = Judgement(detector=self.call.judged.detector)
        decided = tuple(self.means.decisions.named(each) for each in self._decided)
        if decided:
            whole = self._whole and state is State.ANSWERED
            judged = judge.judgement(self._found, decided[0], whole=whole)
        reached = Reached.WHOLE if state is State.ANSWERED else self._reached
        answered = replace(
            self.answered,
            reached=reached,
            provider_model=reader.model,
            usage=reader.usage,
            tools=(*self._names, *self._kept),
            kept_back=() if state is State.ANSWERED else tuple(self._kept),
            judged=judged,
            decided=decided,
        )
        said = self.words().encode("utf-8", "surrogatepass")
        return conclude(
            self.call, self.means, answered, state=state, status=status, raw=said, problem=problem
        )
