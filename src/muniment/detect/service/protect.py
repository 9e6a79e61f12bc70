"""Makes texts, JSON and chat messages safe under a policy, and turns answers back.

One `Protector` serves one exchange: the same value has the same mask in the prompt, in every tool
call and in the answer. It is not for several threads at once.

A text is taken as a stream would take it, so that a stream and its whole text cannot differ. A
value that never streams, such as a prompt, may be taken `as_found`: what one look at it found, and
what stands on record, is changed, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict, cast

from muniment.core.errors import InvalidError
from muniment.detect.models import (
    Action,
    Finding,
    Pattern,
    Policy,
    Protected,
    ProtectedValue,
    Ruling,
    Scan,
    Step,
    Tokens,
    Told,
)
from muniment.detect.rules import json_text
from muniment.detect.rules.actions import Means, require_means, rule_about_uninspected, worse
from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.loud import loud_words, stops_plain_words
from muniment.detect.rules.messages import walk_messages
from muniment.detect.rules.openings import OPENINGS
from muniment.detect.rules.pairs import Pairs
from muniment.detect.service import at_once
from muniment.detect.service.inspecting import AheadOf, Inspector, Surveyor, surveys
from muniment.detect.service.restoring import Restoring
from muniment.detect.service.stream import Stream

_FEED_CHARS = 1 << 17
_ASKING = frozenset({Action.TOKENISE, Action.HASH})  # for a vault, or for a key
_OPEN_KEY = "-----BEGIN"  # a key without an end is found by the steps of a stream


def hearing_of(
    scanner: Inspector, policy: Policy, patterns: Sequence[Pattern] | None = None
) -> Hearing:
    """Make what tells quiet words from loud ones: own words, and what the policy changes.

    Where these `patterns` and the names layer are all that finds, and the policy stops a text for
    no plain words, a word that only opens a sentence need not wait.
    """
    plainly = patterns is not None and not stops_plain_words(patterns, policy)
    loud = loud_words(scanner.configuration.terms) | scanner.plain_words(policy)
    return Hearing(loud, scanner.quiet_words(), OPENINGS if plainly else frozenset())


class Given(TypedDict, total=False):
    """What may be handed in to protect with."""

    tokens: Tokens | None
    scope: str
    hash_key: bytes
    pairs: Pairs | None
    as_found: bool


class Protector:
    """Makes everything safe that belongs to one exchange."""

    def __init__(
        self,
        scanner: Inspector,
        policy: Policy,
        *,
        tokens: Tokens | None = None,
        scope: str = "",
        hash_key: bytes = b"",
        pairs: Pairs | None = None,
        as_found: bool = False,
    ) -> None:
        self.policy = policy
        self.means = Means(pairs if pairs is not None else Pairs(), tokens, scope, hash_key)
        if not policy.actions.isdisjoint(_ASKING):
            require_means(policy, self.means)
        self._scanner = scanner
        ahead = cast(Surveyor, scanner) if surveys(type(scanner)) else None
        self._surveyor = ahead
        self._as_found = as_found
        self._hearing: Hearing | None = None

    @property
    def pairs(self) -> Pairs:
        """What stands for what in this exchange."""
        return self.means.pairs

    def stream(self, *, context: Sequence[str] = ()) -> Stream:
        """Begin to protect a text that arrives in pieces."""
        near = tuple(context)

        def inspect(text: str, after: int) -> Scan:
            return self._scanner.inspect(text, context=near, after=after)

        surveyor = self._surveyor
        ahead = AheadOf(surveyor, near) if surveyor is not None else None
        hearing = self._hearing
        if hearing is None:
            hearing = surveyor.hearing(self.policy) if surveyor else None
            hearing = self._hearing = hearing or hearing_of(self._scanner, self.policy)
        # Behind a label any word may be the value, also one that would open a sentence.
        hearing = hearing.without_openings() if near else hearing
        return Stream(inspect, self.policy, self.means, hearing, ahead=ahead)

    def text(self, text: str, *, context: Sequence[str] = ()) -> Protected:
        """Protect a whole text."""
        if not isinstance(text, str):
            raise InvalidError("only text can be protected", field="text", remedy="Decode it.")
        scan = self.seen(text, "".join(context[:1]))
        return self.taken(text, context) if scan is None else self.found(text, scan)

    def found(self, text: str, scan: Scan) -> Protected:
        """Change what one look at a whole text found in it."""
        return at_once.changed(text, scan.findings, scan.build, self.policy, self.means)

    def taken(self, text: str, context: Sequence[str]) -> Protected:
        """Protect a whole text as it would be if it arrived in pieces."""
        if self._surveyor is None or "[" in text:  # it may hold what only looks like a mask
            return protect_text(self.stream(context=context), _pieces(text))
        passed, policy = self._surveyor.passed(), self.policy
        key = passed.key(text, "\0".join((policy.digest, *context)))
        known = passed.get(key)
        if known is None and not context and policy.passes:
            known = _apart(text, self._surveyor)
            if known is not None:
                passed.put(key, known, known.findings)
        if known is None:
            stream = self.stream(context=context)
            protected = protect_text(stream, _pieces(text))
            told = stream.told()
            if told is not None:
                passed.put(key, told, told.findings)
            return protected
        if not known.steps:
            return at_once.unchanged(text, known.build, policy, self.means)
        first = known.steps[0]
        if policy.passes and not first.at and len(known.steps) == 1:
            return at_once.changed(text, first.found, known.build, policy, self.means)
        stream = self.stream(context=context)
        return stream.result(stream.repeat(text, known))

    def decided(self, text: str, context: str) -> tuple[Sequence[Finding], str] | None:
        """Give what is changed in a whole text in one step, and which build found it, if known.

        Where a policy stops a text, or more than one step is decided, it is gone through.
        """
        surveyor = self._surveyor
        if surveyor is None or not self.policy.passes:
            return None
        if self._as_found and _OPEN_KEY not in text:
            scan = surveyor.inspect_once(text, context)
            if scan.coverage.whole:
                return scan.findings, scan.build
        if context or "[" in text:
            return None
        passed = surveyor.passed()
        known = passed.get(passed.key(text, self.policy.digest))
        if known is None:
            return None
        steps = known.steps
        if not steps:
            return (), known.build
        return (steps[0].found, known.build) if len(steps) == 1 and not steps[0].at else None

    def seen(self, text: str, context: str = "") -> Scan | None:
        """Give what one look at a whole text found, if that is all to be changed in it."""
        if not self._as_found or self._surveyor is None or _OPEN_KEY in text:
            return None
        scan = self._surveyor.inspect_once(text, context)
        return scan if scan.coverage.whole else None

    def json(self, text: str) -> Protected:
        """Protect JSON by value; what goes on is valid JSON."""
        told = self.value(json_text.parse(text))
        passes = told.verdict.passes
        return Protected(
            text=json_text.write(told.value) if passes else "",
            map=told.map,
            findings=tuple(each for _, each in told.findings),
            changes=(),
            verdict=told.verdict,
            inspected=told.inspected,
            build=told.build,
            policy=told.policy,
        )

    def value(self, value: object) -> ProtectedValue:
        """Protect every text of a JSON value, keys too."""
        reading = _Reading(self)
        return reading.told(reading.walker().walk(value))

    def messages(self, messages: object) -> ProtectedValue:
        """Protect chat messages, or a whole request with messages in it."""
        reading = _Reading(self)
        return reading.told(walk_messages(messages, reading))

    def restore(self, text: str) -> str:
        """Put the values back into an answer."""
        return self.pairs.restore(text)

    def restore_json(self, text: str) -> str:
        """Put the values back into JSON, such as the arguments of a tool call."""
        return json_text.write(json_text.restored(json_text.parse(text), self._back))

    def restore_value(self, value: object) -> Any:  # noqa: ANN401 as it came
        """Put the values back into every text of a JSON value."""
        return json_text.restored(value, self.restore)

    def restoring(self, *, in_json: bool = False) -> Restoring:
        """Begin to put values back into an answer that arrives in pieces."""
        return Restoring(self.pairs, in_json=in_json)

    def _back(self, text: str) -> object:
        whole = self.restore(text)
        return json_text.Number(whole) if self.pairs.was_number(text) else whole


@dataclass(slots=True)
class _Reading:
    """What was found while several texts of one value were read."""

    protector: Protector
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    ruling: Ruling = field(default_factory=Ruling)
    inspected: bool = True
    build: str = ""

    def text(self, value: str, key: str) -> str:
        """Make a text safe."""
        protector = self.protector
        decided = protector.decided(value, key)
        if decided is not None:  # as nearly always
            found, self.build = decided
            if found:
                found = at_once.in_order(found)
                self.findings += [(key, each) for each in found]
            elif "[" not in value:
                return value
            return at_once.told(value, found, protector.policy, protector.means)
        scan = protector.seen(value, key)
        if scan is None:
            told = protector.taken(value, (key,) if key else ())
        else:
            told = protector.found(value, scan)
        if told.findings:
            self.findings += [(key, each) for each in told.findings]
        if told.verdict is not at_once.PASSES:
            self.ruling = worse(self.ruling, told.verdict)
        self.inspected = self.inspected and told.inspected
        self.build = told.build
        return told.text

    def walker(self) -> json_text.Walker:
        """Give what walks a JSON value and reads each text of it."""
        return json_text.Walker(self.text, self.protector.pairs.note_number)

    def arguments(self, value: str) -> str:
        """Make JSON in a text safe; what is no JSON is read as text, so nothing goes unread."""
        try:
            parsed = json_text.parse(value)
        except InvalidError:
            return self.text(value, "")
        return json_text.write(self.walker().walk(parsed))

    def unreadable(self, what: str) -> None:
        """Take note of something that cannot be inspected."""
        self.inspected = False
        policy = self.protector.policy
        self.ruling = rule_about_uninspected(policy, self.ruling, (f"{what} cannot be inspected",))

    def told(self, value: object) -> ProtectedValue:
        """Tell what came of it; a value that may not go on is not given."""
        passes = self.ruling.passes
        return ProtectedValue(
            value=value if passes else None,
            map=self.protector.pairs.as_map() if passes else {},
            findings=tuple(self.findings),
            verdict=self.ruling,
            inspected=self.inspected,
            build=self.build,
            policy=self.protector.policy.digest,
        )


def _apart(text: str, surveyor: Surveyor) -> Told | None:
    """Give what a stream would decide of a text that was looked at, if that is plain from it."""
    scan = surveyor.apart(text)
    if scan is None:
        return None
    return Told((Step(0, scan.findings, len(text)),) if scan.findings else (), scan.build)


def protect_text(stream: Stream, pieces: Sequence[str]) -> Protected:
    """Protect a text by letting it pass through a stream."""
    out: list[str] = []
    for piece in pieces[:-1]:
        out.append(stream.feed(piece))
        if stream.stopped:
            break
    else:
        out.append(stream.finish(*pieces[-1:]))
    return stream.result("".join(out))


def _pieces(text: str) -> list[str]:
    """Take a long text in parts, so that memory stays bounded."""
    if len(text) <= _FEED_CHARS:
        return [text]
    return [text[at : at + _FEED_CHARS] for at in range(0, len(text), _FEED_CHARS)]
