"""What is common to answers that come whole and answers that stream: how the rules judge them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Self

from msgspec import Struct

from muniment import detect
from muniment.core.digest import digest_value
from muniment.core.errors import BlockedError, InvalidError
from muniment.db import gently, kept_fresh
from muniment.detect import Family, Finding, Policy, Protector
from muniment.exchanges import Inspected, Judgement, StopKind, ToolUse
from muniment.gateway.decisions import Named
from muniment.gateway.dialects.base import read_object
from muniment.gateway.exchange import Answered, Call, HeldTool, Route, Stop, ToolCall, replace
from muniment.gateway.facts import (
    Found,
    Place,
    found_in,
    is_signal,
    model_facts,
    standing_of,
    tokens_of,
    tool_facts,
    tool_thing,
)
from muniment.gateway.facts import counted as count_of
from muniment.gateway.means import Known, Means
from muniment.gateway.plans import Answering, Streaming, remember
from muniment.gateway.rulings import policy_by_type, policy_of
from muniment.policy import Decision, Facts, Judged, Remedy, RemedyKind
from muniment.registry import Contents

# What a provider's error says is for people; so long a word is no word but perhaps a key.
_LONG_WORD: Final = re.compile(r"[^\s]{20,}")
_LONGEST_SAID: Final = 500
_MOST_AMOUNT: Final = 2**63 - 1  # as large as a rule can read
_HOLDS: Final = frozenset({RemedyKind.HOLD, RemedyKind.ROUTE})
_LONGEST_SHOWN: Final = 2_000
ANSWER: Final = "the answer"
"""What waits where no single tool call does: no tool has such a name."""


class AnswerJudge(Struct, frozen=True, eq=False):
    """Judges one answer as it becomes known."""

    call: Call
    route: Route
    means: Means

    def decide(self, findings: Iterable[Finding], *, inspected: bool, tokens: int = 0) -> Judged:
        """Ask the rules about an answer in which this was found."""
        return self._about(found_in(findings, inspected=inspected), tokens)

    def tokens_of(self, size: int, counted: int = 0) -> int:
        """Say how long an answer is, as rules see it: counted, or about; nought if none looks."""
        return tokens_of(self.means.judge, size, counted)

    def by_type(self) -> Policy:
        """Give the policy of a stream; it is worked out once for calls that are alike."""
        judge, plan, plans = self.means.judge, self.call.plan, self.means.plans
        held, known = judge.holds(), self._known()
        minute = self.means.now() if judge.reads("answer", "Model", "at") else 0
        key = (plan.number, self.route.label) if plan is not None else self._key()
        before = plans.streaming.get(key)
        if before is not None and before.holds(held, minute, known):
            return before.policy
        policy = policy_by_type(_types(), self._alone)
        remember(plans.streaming, key, Streaming(held, judge.version(), minute, known, policy))
        return policy

    def begin_streams(self) -> None:
        """Have what streams of calls like this one begin with worked out, while nobody waits."""
        plan, judge = self.call.plan, self.means.judge
        key = (plan.number, self.route.label) if plan is not None else None
        known = self.means.plans.streaming.get(key)
        if key is not None and (known is None or known.version != judge.version()):
            gently(kept_fresh, (id(self.means), "streams", key), self._ready)

    def _ready(self) -> None:
        origin = self.call.origin
        self.means.scanners.of(origin.system if origin else "").hearing(self.by_type())

    def require_tool(
        self,
        tool: ToolCall,
        findings: Iterable[Finding],
        *,
        inspected: bool = True,
        before: int = 0,
    ) -> Judged:
        """Ask the rules about a tool that an answer wants called; refuse what they forbid.

        `before` says how often this answer wanted it already. What is let go counts at once.
        """
        stop = self.means.book.stop_for({StopKind.TOOL: frozenset({tool.name})})
        if stop is not None:
            raise RefusedAnswerError(stop.says(), subject=stop.id, reasons=(stop.reason,))
        use = self._use(tool, before)
        used = self.means.book.tools.take(use)
        found = found_in(findings, inspected=inspected)
        judged = self.means.judge.decide(self._tool_facts(tool, found, used))
        is_routed = any(each.kind is RemedyKind.ROUTE for each in judged.decision.remedies)
        if not judged.decision.ok or is_routed:
            self.means.book.tools.give_back(use)
            raise RefusedAnswerError.by(f"the tool {tool.name[:60]} may not be used here", judged)
        return judged

    def held(self, tool: ToolCall, judged: Judged) -> tuple[HeldTool, ...]:
        """Give a tool call that waits for people, with what they may be shown of its arguments."""
        targets = held_for(judged)
        if not targets:
            return ()
        shown = self.cured(tool.arguments, (Remedy(RemedyKind.REDACT),))
        return (HeldTool(tool, targets, judged, _short(shown)),)

    def waits(self, raw: bytes, words: str, judged: Judged) -> tuple[HeldTool, ...]:
        """Give an answer that waits for people as a whole, with what they may be shown of it."""
        targets = held_for(judged)
        if not targets:
            return ()
        shown = self.cured(words, (Remedy(RemedyKind.REDACT),))
        return (
            HeldTool(
                ToolCall("", ANSWER, raw.decode("utf-8", "replace")), targets, judged, _short(shown)
            ),
        )

    def cured(self, arguments: str, cures: tuple[Remedy, ...]) -> str:
        """Carry out remedies in the arguments of a tool."""
        if not cures:
            return arguments
        origin = self.call.origin
        scanner = self.means.scanners.of(origin.system if origin else "")
        protector = Protector(scanner, policy_of(cures))
        try:
            return protector.json(arguments or "{}").text
        except InvalidError:
            return protector.text(arguments).text

    def judgement(self, findings: Iterable[Finding], named: Named, *, whole: bool) -> Judgement:
        """Say for the record what was found and decided."""
        decision = named.judged.decision
        return Judgement(
            inspected=Inspected.WHOLE if whole else Inspected.PART,
            detector=self.call.judged.detector,
            findings=count_of(findings),
            effect=decision.effect.value,
            decision=named.id,
            policy=named.judged.version,
            remedies=tuple(str(each) for each in decision.remedies),
            reasons=tuple(each.rule for each in decision.reasons),
        )

    def give_back(self, tools: Iterable[ToolCall]) -> None:
        """Count the tools of an answer no more, since nobody is given anything of it."""
        for each in tools:
            self.means.book.tools.give_back(self._use(each, 0))

    def _use(self, tool: ToolCall, before: int) -> ToolUse:
        origin = self.call.origin
        if origin is None:
            raise InvalidError("the call was not resolved", remedy="Send it again.")
        return ToolUse(origin.exchange, origin.system, origin.environment, tool.name, before)

    def _tool_facts(self, tool: ToolCall, found: Found, used: int) -> Facts:
        permitted = permitted_tools(self.call.contents)
        offered = (
            {each.name: each.definition for each in self.call.asked.tools}
            if (self.call.asked)
            else {}
        )
        given = permitted.get(tool.name)
        pinned = is_pinned(given, offered.get(tool.name))
        thing = tool_thing(tool.name, given, pinned=pinned)
        context: dict[str, Any] = {
            "text": found.as_fact(),
            "at": self.means.now(),
            "calls_today": used,
        }
        amount = _amount(tool.arguments)
        if amount is not None:
            context["amount"] = amount
        return tool_facts("use_tool", self._known().principal, thing, self._place(), context)

    def _alone(self, name: str, family: Family) -> Decision:
        if family is Family.SAFETY:
            return self._about(Found(signals=frozenset({name.lower()}))).decision
        found = Found(types=frozenset({name}), families=frozenset({family.value}))
        return self._about(found).decision

    def _about(self, found: Found, tokens: int = 0) -> Judged:
        means, plan, known = self.means, self.call.plan, self._known()
        held, minute = means.judge.holds(), means.now()
        key = (plan.number if plan is not None else -1, self.route.label, found, tokens)
        before = means.plans.answering.get(key)
        if plan is not None and before is not None and before.holds(held, minute, known):
            return before.judged
        context = {"text": found.as_fact(), "tokens": tokens, "at": minute}
        facts = model_facts("answer", known.principal, self.route, self._place(), context)
        judged = means.judge.decide(facts)
        if plan is not None:
            remember(means.plans.answering, key, Answering(held, minute, known, judged))
        return judged

    def _known(self) -> Known:
        return standing_of(self.call, self.means)

    def _place(self) -> Place:
        origin, contents = self.call.origin, self.call.contents
        if origin is None or contents is None:
            raise InvalidError("the call was not resolved", remedy="Send it again.")
        return Place(contents, origin.environment, self.route.region)

    def _key(self) -> str:
        origin = self.call.origin
        system = self.call.contents.system if self.call.contents else None
        told = [
            self._known().principal.id,
            sorted(map(list, self._known().principal.parents)),
            self.route.label,
            self.call.set_digest,
            origin.environment if origin else "",
            system.version if system else 0,
        ]
        return digest_value(told)


class RefusedAnswerError(BlockedError):
    """A rule does not let an answer, or a tool in it, reach its caller."""

    judged: Judged | None = None
    noted: Judgement | None = None

    @classmethod
    def by(cls, says: str, judged: Judged) -> Self:
        """Make it of a decision, with its reasons."""
        decision = judged.decision
        error = cls(
            says,
            reasons=tuple(f"{each.rule}: {each.says}" for each in decision.reasons)
            or (decision.says,),
            remedy="Who answers for the system can say what the rules ask for.",
        )
        error.judged = judged
        return error


class HeldAnswerError(RefusedAnswerError):
    """A tool that an answer wants called waits for a person."""

    stop: Stop


def held_for(judged: Judged) -> tuple[str, ...]:
    """Name those who must say yes before a judged thing goes on."""
    remedies = judged.decision.remedies
    return tuple(each.target for each in remedies if each.kind is RemedyKind.HOLD)


def with_tool(answered: Answered) -> Answered:
    """Say of an answer whose tool call is held also what was decided about that."""
    if not answered.holds:
        return answered
    judged, before = answered.holds[0].judged, answered.judged
    named = next(each for each in answered.decided if each.judged is judged)
    reasons = (*before.reasons, *(each.rule for each in judged.decision.reasons))
    remedies = (*before.remedies, *map(str, judged.decision.remedies))
    told = replace(
        before,
        effect=judged.decision.effect.value,
        decision=named.id,
        policy=judged.version,
        remedies=tuple(dict.fromkeys(remedies)),
        reasons=tuple(dict.fromkeys(reasons)),
    )
    return replace(answered, judged=told)


def cures_of(judged: Judged) -> tuple[Remedy, ...]:
    """Give what a decision about a tool asks of its words; no token is made of them."""
    kinds = {RemedyKind.TOKENISE: RemedyKind.REDACT}
    remedies = judged.decision.remedies
    return tuple(
        Remedy(kinds.get(each.kind, each.kind), each.target)
        for each in remedies
        if each.kind not in _HOLDS
    )


def with_own(own: Protector | None, arguments: str) -> str:
    """Put the caller's own values back into what a tool is called with; JSON stays JSON."""
    if own is None:
        return arguments
    try:
        return own.restore_json(arguments)
    except InvalidError:
        return own.restore(arguments)


def require_answer(judged: Judged, *, may_wait: bool = False) -> Policy:
    """Give the protection policy of an answer, or refuse it; a whole one may wait for people."""
    beyond = [each for each in judged.decision.remedies if each.kind in _HOLDS]
    if may_wait:
        beyond = [each for each in beyond if each.kind is not RemedyKind.HOLD]
    if not judged.decision.ok or beyond:
        raise RefusedAnswerError.by("the answer may not be given", judged)
    return policy_of(judged.decision.remedies)


def permitted_tools(contents: Contents | None) -> dict[str, Mapping[str, Any]]:
    """Give what the system's tool permissions say of each tool, by its name."""
    found: dict[str, Mapping[str, Any]] = {}
    if contents is None:
        return found
    for document in contents.of("tools").values():
        allowed = document.get("allowed")
        for each in allowed if isinstance(allowed, list) else ():
            told = each if isinstance(each, Mapping) else {"name": each}
            found[str(told.get("name", ""))] = told
    return found


def is_pinned(permitted: Mapping[str, Any] | None, offered: Mapping[str, Any] | None) -> bool:
    """Tell whether a tool is the one that was permitted: its definition has the pinned digest."""
    if permitted is None:
        return False
    pinned = permitted.get("digest")
    if not pinned:
        return True
    return offered is not None and definition_digest(offered) == pinned


def definition_digest(definition: Mapping[str, Any]) -> str:
    """Fingerprint the definition of a tool as it was offered."""
    return digest_value(_plain(definition))


def own_words(means: Means, system: str, said: str) -> tuple[str, ...]:
    """Give what a provider says of its failure, as one reason, with every value taken out."""
    if not said:
        return ()
    redact = policy_of((Remedy(RemedyKind.REDACT),))
    safe = Protector(means.scanners.of(system), redact).text(said[:_LONGEST_SAID]).text
    return (_LONG_WORD.sub("…", safe),)


def families_of(findings: Iterable[Finding]) -> frozenset[str]:
    """Name the types among findings that are values."""
    return frozenset(each.type for each in findings if not is_signal(each))


def _plain(value: object) -> Any:  # noqa: ANN401 any JSON
    """Write numbers with a point as text, since a digest is made of exact values only."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return repr(value) if isinstance(value, float) else value


def _short(shown: str) -> str:
    if len(shown) <= _LONGEST_SHOWN:
        return shown
    return f"{shown[:_LONGEST_SHOWN]}… ({len(shown):,} characters)"


@cache
def _types() -> tuple[tuple[str, Family], ...]:
    return tuple((each.type, each.family) for each in detect.sheets())


def _amount(arguments: str) -> int | None:
    """Read the amount that a tool is about to move, in millionths, where its arguments say one."""
    try:
        read = read_object(arguments or "{}")
    except InvalidError:
        return None
    for name in ("amount", "total", "value"):
        value = read.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return max(-_MOST_AMOUNT, min(_MOST_AMOUNT, round(value * 1_000_000)))
    return None
