"""What stages remember of calls that are alike, so that they find out once what holds for all.

A footing is who calls from where and what serves them; a plan is what one of its sets makes of a
model on a surface. Both stand for a twentieth of a second, then who may call, what serves and what
is stated of the system are looked up again, and what moved is worked out anew. What must work
sooner, a stop, a limit or a rule, is looked up for every call, and what was found out before it
moved counts no more. Several threads may fill a plan: what they put there says by what it holds.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec import Struct
from msgspec import field as filled

from muniment.core.actor import Actor
from muniment.detect import Finding, Looked, Policy
from muniment.exchanges import Inspected, Judgement, Limit, SubjectSource
from muniment.gateway.decisions import Decisions, Named
from muniment.gateway.exchange import Route
from muniment.gateway.facts import counted
from muniment.ledger import Template
from muniment.policy import Judged
from muniment.registry import Contents, Serving

if TYPE_CHECKING:
    from muniment.gateway.keeping import Keeping
    from muniment.gateway.means import Known
    from muniment.gateway.telling import Told

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

STANDS_SECONDS: Final = 0.05
_MOST: Final = 4_096
Place = tuple[str, str, str, str]
Which = tuple[str, str, str]


class Limited(Struct, frozen=True, eq=False):
    """What of the `given` routes is open, and what counts it, as of a change of what is set.

    `costs` says for each open route what any call costs on it, where that is the same for all.
    """

    pulse: int
    given: tuple[Route, ...]
    routes: tuple[Route, ...]
    limits: tuple[Limit, ...]
    left_out: tuple[str, ...]
    costs: tuple[int, ...] | None = None


class Resided(Struct, frozen=True, eq=False):
    """Which of the `given` routes lie where data may go, and why others do not."""

    given: tuple[Route, ...]
    routes: tuple[Route, ...]
    left_out: tuple[str, ...]


class Ruled(Struct, eq=False):
    """What the rules that were `held` in this minute say of calls in which as much was found.

    Where nothing was found, what is `noted` of them is the same for all. `named` is the decision,
    once it is kept.
    """

    held: object
    minute: int
    judged: Judged
    effect: str
    remedies: tuple[str, ...]
    reasons: tuple[str, ...]
    noted: Judgement | None = None
    named: Named | None = None

    def named_by(self, decisions: Decisions) -> Named:
        """Give the decision under its id; once that is kept, it is asked for no more."""
        named = self.named
        if named is None:
            named = decisions.named(self.judged)
            if named.is_kept:
                self.named = named
        return named

    def note(self, looked: Looked, detector: str, named: Named) -> Judgement:
        """Say for the record what was found and decided."""
        noted, findings = self.noted, looked.findings
        if noted is None or findings or noted.decision != named.id or noted.detector != detector:
            return self._note_anew(looked, detector, named)
        return noted

    def _note_anew(self, looked: Looked, detector: str, named: Named) -> Judgement:
        made = Judgement(
            Inspected.WHOLE if looked.inspected else Inspected.PART,
            detector,
            counted(looked.findings),
            self.effect,
            named.id,
            self.judged.version,
            self.remedies,
            self.reasons,
        )
        if not looked.findings:
            self.noted = made
        return made


class Decided(Ruled, eq=False, kw_only=True):
    """What rules say of calls over the `given` routes.

    `waits` says that a person is asked first, `changes` that the prompt is changed.
    """

    given: tuple[Route, ...]
    routes: tuple[Route, ...]
    waits: bool
    changes: bool

    def holds(self, held: object, minute: int, given: tuple[Route, ...]) -> bool:
        """Tell whether that is so still, of these routes."""
        return self.held is held and self.minute == minute and self.given is given


class Ending(Struct, eq=False):
    """What outcomes say alike of calls by a plan that were answered with a status over a route.

    `seen` is where it was noted last which model and prompt were seen, and `told` what headers
    told of an answer of which as much was looked at, by such a model.
    """

    actor: Actor
    route: Route
    status: int
    outcome: Template
    seen: tuple[object, object, str, str] | None = None
    told: tuple[Inspected, Inspected, str, Told] | None = None


class Given(Ruled, eq=False, kw_only=True):
    """What rules say of answers that may be given whole, for who is `known`.

    They are without tools, and nobody must be asked about them; `changes` says whether the policy
    changes anything at all.
    """

    known: Known
    policy: Policy
    changes: bool

    def holds(self, held: object, minute: int, known: Known) -> bool:
        """Tell whether that is so still."""
        return self.held is held and self.minute == minute and self.known is known


class Answering(Struct, frozen=True, eq=False):
    """What the rules that were `held` in this minute say of an answer, for who is `known`."""

    held: object
    minute: int
    known: Known
    judged: Judged

    def holds(self, held: object, minute: int, known: Known) -> bool:
        """Tell whether that is so still."""
        return self.held is held and self.minute == minute and self.known is known


class Streaming(Struct, frozen=True, eq=False):
    """The policy of streams under the rules that were `held` in this minute, for who is `known`.

    Where no rule looks at the time, the minute is nought.
    """

    held: object
    version: int
    minute: int
    known: Known
    policy: Policy

    def holds(self, held: object, minute: int, known: Known) -> bool:
        """Tell whether that is so still."""
        is_same = self.held is held and self.minute == minute
        return is_same and (self.known is known or self.known == known)


class Plan(Struct, eq=False):
    """What a set makes of a model on a surface; what is remembered of it goes by its number.

    Of routes it knows what holds for every request: where one must be translated first, or another
    is compared with, nothing is remembered of them. `ending` is what outcomes say alike.
    """

    number: int
    known: Known
    contents: Contents
    keeping: Keeping
    until: float
    routes: tuple[Route, ...] | None = None
    footing: Footing | None = None
    ending: Ending | None = None

    def stands(self, now: float) -> bool:
        """Tell whether it was looked up so lately that it counts."""
        return 0 <= self.until - now <= STANDS_SECONDS


class Footing(Struct, eq=False):
    """Who calls from where, with the grant they rely on, and what serves them there.

    Where one set has all of the traffic, that is the `whole`.
    """

    came: Actor
    actor: Actor
    environment: str
    serving: Serving
    known: Known
    until: float
    whole: str = ""
    plans: dict[Which, Plan] = filled(default_factory=dict)

    def stands(self, now: float) -> bool:
        """Tell whether it was looked up so lately that it counts."""
        return 0 <= self.until - now <= STANDS_SECONDS

    def is_as(self, other: Footing) -> bool:
        """Tell whether another one, found later, says the same."""
        same = self.serving is other.serving and self.environment == other.environment
        return same and self.came == other.came and self.known == other.known


class Ready(Struct, eq=False):
    """All that is known of calls that are alike before anything of them was looked at.

    `came` is who shows their key, `subject` whose data they carry. What is decided of them is known
    by what was found and by how long they are: why they may not go elsewhere, and the ruling. Of
    those that may go wherever limits let them, `intent` is what their intents say alike.
    """

    came: Actor
    footing: Footing
    plan: Plan
    limited: Limited
    set_digest: str
    subject: str
    source: SubjectSource
    is_kept: bool = False  # it holds for others that come
    intent: Template | None = None
    decided: dict[Hashable, tuple[tuple[str, ...], Decided]] = filled(default_factory=dict)

    def stands(self, came: Actor, now: float, pulse: int) -> bool:
        """Tell whether all of it counts still, for whoever came."""
        plan, limited = self.plan, self.limited
        return (
            self.came is came
            and 0 <= self.footing.until - now <= STANDS_SECONDS
            and 0 <= plan.until - now <= STANDS_SECONDS
            and limited.pulse == pulse
            and limited.given is plan.routes
        )


@dataclass(slots=True)
class Plans:
    """The footings of this process with their plans, and what stages worked out for these."""

    ready: dict[Hashable, Ready] = field(default_factory=dict, repr=False)
    limited: dict[Hashable, Limited] = field(default_factory=dict, repr=False)
    resided: dict[Hashable, Resided] = field(default_factory=dict, repr=False)
    decided: dict[Hashable, Decided] = field(default_factory=dict, repr=False)
    given: dict[Hashable, Given] = field(default_factory=dict, repr=False)
    answering: dict[Hashable, Answering] = field(default_factory=dict, repr=False)
    streaming: dict[Hashable, Streaming] = field(default_factory=dict, repr=False)
    _numbers: Iterator[int] = field(default_factory=count, repr=False)
    _known: dict[Place, Footing] = field(default_factory=dict, repr=False)

    def standing(self, place: Place, came: Actor, now: float) -> Footing | None:
        """Give the footing of a place if it stands for whoever came."""
        found = self._known.get(place)
        if found is None or not 0 <= found.until - now <= STANDS_SECONDS:
            return None
        return found if found.came is came or found.came == came else None

    def renewed(self, place: Place, fresh: Footing) -> Footing:
        """Give the footing that was found just now; where nothing moved, it is the one before."""
        found = self._known.get(place)
        if found is not None and found.is_as(fresh):
            found.until = fresh.until
            return found
        remember(self._known, place, fresh)
        return fresh

    def plan(self, footing: Footing, named: Which, made: Plan) -> Plan:
        """Give a plan its number, and remember it where the set has such a model."""
        made.number, made.footing = next(self._numbers), footing
        labels, model = made.contents.documents, named[2]
        if f"model/{model}" in labels or f"routing/{model}" in labels:
            footing.plans[named] = made
        return made


def remember(known: dict[K, V], key: K, value: V) -> None:
    """Remember something, and forget all else first where there is too much."""
    if len(known) >= _MOST:
        known.clear()
    known[key] = value


def kinds_in(findings: Iterable[Finding]) -> Hashable:
    """Give by what rules and borders tell findings apart: which types of which families."""
    return frozenset([(each.type, each.family._value_) for each in findings]) if findings else None
