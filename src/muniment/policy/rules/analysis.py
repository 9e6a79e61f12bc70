"""What is wrong with a set of rules that each reads well alone.

Every case the rules can tell apart is tried: a rule that never speaks, a permit that a final forbid
always stands before, two rules that contradict each other wherever either speaks. A question ("can
an auditor ever change something?") is answered with the first case that says yes. Where the cases
are too many, or a rule computes, a sample is tried: then nothing found is *could not tell*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import cedarpy

from muniment.policy.models import NAMESPACE, Bundle, Effect, Facts, Rule, Thing
from muniment.policy.rules.domain import ABSENT, Domain, Path, domain_of
from muniment.policy.rules.engine import Engine

MAX_CASES: Final = 20_000
PRINCIPALS: Final = ("Person", "Application", "Agent", "Pipeline")

ThreeAnswers = Literal["met", "not_met", "could_not_tell"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is probably not meant: of which rule, on which act, and why."""

    kind: Literal["unreachable", "shadowed", "contradiction"]
    rule: str
    says: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What trying every case has shown, in how many cases, and whether those were all."""

    flaws: tuple[Flaw, ...]
    cases: int
    whole: bool

    @property
    def verdict(self) -> ThreeAnswers:
        """Say whether the rules are free of flaws; a sample that shows none shows nothing."""
        if self.flaws:
            return "not_met"
        return "met" if self.whole else "could_not_tell"


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something can ever be allowed, with a case if it can."""

    possible: Literal["yes", "no", "could_not_tell"]
    example: Facts | None
    cases: int


@dataclass(frozen=True, slots=True)
class Place:
    """One action by one type of principal over one type of resource."""

    action: str
    principal: str
    resource: str


@dataclass(slots=True)
class _Heard:
    """Which rules spoke in which cases."""

    spoke: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    final: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    covered: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cases: int = 0
    whole: bool = True


def analyse(bundle: Bundle, places: Sequence[Place], *, most: int = MAX_CASES) -> Analysis:
    """Try the cases of every place and say what is probably not meant."""
    heard = _Heard()
    share = max(1, most // max(1, len(places)))
    for place in places:
        _listen(bundle, place, heard, share)
    flaws = [
        *_unreachable(bundle, heard),
        *_shadowed(bundle, heard),
        *_contradicting(heard),
    ]
    return Analysis(tuple(flaws), heard.cases, heard.whole)


def can_ever(
    bundle: Bundle, places: Sequence[Place], *, group: tuple[str, str], most: int = MAX_CASES
) -> Answer:
    """Say whether somebody in a role or team can ever be allowed one of these acts."""
    engine = Engine(bundle, remembered=0)
    tried, whole = 0, True
    share = max(1, most // max(1, len(places)))
    for place in places:
        domain = _domain(bundle, place)
        whole = whole and domain.whole and domain.cases <= share
        for facts in _cases(domain, place, share, also=group):
            tried += 1
            if engine.decide(facts).effect is not Effect.DENY:
                return Answer("yes", facts, tried)
    return Answer("no" if whole else "could_not_tell", None, tried)


def _listen(bundle: Bundle, place: Place, heard: _Heard, most: int) -> None:
    touching = [each for each in bundle.rules if each.may_touch(place.action, place.resource)]
    if not touching:
        return
    domain = _domain(bundle, place)
    heard.whole = heard.whole and domain.whole and domain.cases <= most
    permits = _Side([each for each in touching if each.effect == "permit"])
    forbids = _Side([each for each in touching if each.effect == "forbid"])
    for facts in _cases(domain, place, most):
        heard.cases += 1
        allowing, stopping = permits.speaking(facts), forbids.speaking(facts)
        final = [each for each in stopping if each.remedy is None]
        for each in (*allowing, *stopping):
            heard.spoke[each.id] += 1
        for each in allowing:
            heard.covered[each.id] += bool(final)
            for other in final:
                heard.final[each.id, other.id] += 1


class _Side:
    """The permits or the forbids of a place, asked alone so that each that holds is heard."""

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = rules
        self._prepared = cedarpy.PolicySet.from_str("\n".join(each.text for each in rules))

    def speaking(self, facts: Facts) -> list[Rule]:
        """List the rules that hold on these facts."""
        if not self._rules:
            return []
        things = [facts.principal, facts.resource, *facts.others]
        answer = cedarpy.is_authorized(
            {
                "principal": _uid(facts.principal),
                "action": {"type": f"{NAMESPACE}::Action", "id": facts.action},
                "resource": _uid(facts.resource),
                "context": dict(facts.context),
            },
            self._prepared,
            [_entity(each) for each in things],
        )
        numbers = sorted(int(each.removeprefix("policy")) for each in answer.diagnostics.reasons)
        return [self._rules[number] for number in numbers]


def _unreachable(bundle: Bundle, heard: _Heard) -> Iterator[Flaw]:
    if not heard.whole:
        return
    for each in bundle.rules:
        if not heard.spoke.get(each.id):
            yield Flaw("unreachable", each.id, "in no case at all does it say anything")


def _shadowed(bundle: Bundle, heard: _Heard) -> Iterator[Flaw]:
    for each in bundle.rules:
        times = heard.spoke.get(each.id, 0)
        if not times or each.effect != "permit" or heard.covered[each.id] < times:
            continue
        always = [
            other
            for (permit, other), many in heard.final.items()
            if permit == each.id and many == times
        ]
        by = always[0] if always else ""
        if by and heard.spoke[by] == times:
            continue  # told as a contradiction
        says = f"wherever it allows, {by or 'some rule'} forbids for good"
        yield Flaw("shadowed", each.id, says, by)


def _contradicting(heard: _Heard) -> Iterator[Flaw]:
    for (permit, forbid), times in sorted(heard.final.items()):
        if times == heard.spoke[permit] == heard.spoke[forbid]:
            says = f"it allows exactly what {forbid} forbids for good"
            yield Flaw("contradiction", permit, says, forbid)


def _domain(bundle: Bundle, place: Place) -> Domain:
    texts = [each.text for each in bundle.rules if each.may_touch(place.action, place.resource)]
    return domain_of(cedarpy.PolicySet.from_str("\n".join(texts)), NAMESPACE)


def _cases(
    domain: Domain, place: Place, most: int, *, also: tuple[str, str] | None = None
) -> Iterator[Facts]:
    for values, groups in domain.assignments(most):
        inside = tuple(dict.fromkeys([*groups, *([also] if also else [])]))
        yield _facts(place, values, inside)  # type: ignore[arg-type]


def _facts(
    place: Place, values: Mapping[Path, object], groups: tuple[tuple[str, str], ...]
) -> Facts:
    roots: dict[str, dict[str, Any]] = {"principal": {}, "resource": {}, "context": {}}
    for path, value in values.items():
        if value is not ABSENT and path[0] in roots:
            _put(roots[path[0]], path[1:], value)
    others: tuple[Thing, ...] = ()
    system = roots["context"].get("system")
    if isinstance(system, Mapping):
        others = (Thing("System", "system", system),)
        roots["context"]["system"] = {"__entity": {"type": f"{NAMESPACE}::System", "id": "system"}}
    return Facts(
        principal=Thing(place.principal, "somebody", roots["principal"], groups),
        action=place.action,
        resource=Thing(place.resource, "something", roots["resource"]),
        context=roots["context"],
        others=others,
    )


def _put(into: dict[str, Any], path: Path, value: object) -> None:
    for name in path[:-1]:
        into = into.setdefault(name, {})
    if path:
        into[path[-1]] = value


def _uid(thing: Thing) -> dict[str, str]:
    return {"type": f"{NAMESPACE}::{thing.type}", "id": thing.id}


def _entity(thing: Thing) -> dict[str, Any]:
    return {
        "uid": _uid(thing),
        "attrs": dict(thing.attributes),
        "parents": [{"type": f"{NAMESPACE}::{kind}", "id": named} for kind, named in thing.parents],
    }
