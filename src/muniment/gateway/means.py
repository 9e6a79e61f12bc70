"""What the stages are given: the rooms, the snapshots and the connections of one process.

Nothing here decides; it holds what would otherwise be looked up for every call.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from anyio import CapacityLimiter

from muniment import access, detect
from muniment.access import KeyBook, Reception, Scope, TurnedAway, Verdict
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.ids import IdMaker
from muniment.db import Database
from muniment.detect import Scanner
from muniment.exchanges import Book, Subjects
from muniment.gateway.circuits import Circuits
from muniment.gateway.connecting import Providers
from muniment.gateway.decisions import Decisions
from muniment.gateway.excepting import Exceptions
from muniment.gateway.exchange import Route
from muniment.gateway.fresh import Fresh
from muniment.gateway.pace import Queue
from muniment.gateway.plans import Plans
from muniment.gateway.together import Together
from muniment.gateway.vigil import Vigil
from muniment.gateway.warming import warm_beside
from muniment.ledger import Writer
from muniment.policy import Judge, Thing
from muniment.registry import Resolver
from muniment.settings import Settings
from muniment.vault import Digester, Safe

GATE: Final = system_actor("gateway")
CALL: Final = "gateway.call"
CLASSIFICATION: Final = "confidential"
_THREADS: Final = 12
# Longer than what is read of a caller: that tells it too, so it need not be read by itself.
_SCOPE_FRESH_SECONDS: Final = 0.6
_NO_MINUTE: Final = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a caller in a place: whether they may call, and who they are to a rule."""

    verdict: Verdict
    principal: Thing
    teams: frozenset[str]


@dataclass(slots=True)
class Standings:
    """Who may call what, as of less than a second ago."""

    database: Database = field(repr=False)
    _known: Fresh[tuple[Actor, str, str], Known] = field(init=False, repr=False)
    _scopes: Fresh[Actor, Scope] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Begin to remember."""
        monotonic = self.database.clock.monotonic
        self._known = Fresh(monotonic, self._read)
        self._scopes = Fresh(monotonic, self._read_scope, _SCOPE_FRESH_SECONDS)

    def of(self, actor: Actor, system: str, environment: str) -> Known:
        """Say whether somebody may call a system there, and what rules see of them."""
        return self._known.get((actor.without_grant(), system, environment))

    def scope_of(self, actor: Actor) -> Scope:
        """Say to which place the key of a caller is limited."""
        return self._scopes.get(actor.without_grant())

    def _read_scope(self, actor: Actor) -> Scope:
        with self.database.look(GATE) as work:
            return access.standing(work, actor).limits[1]

    def _read(self, asked: tuple[Actor, str, str]) -> Known:
        actor, system, environment = asked
        place = Scope.of(system=system, environment=environment)
        read_at = self.database.clock.monotonic()
        with self.database.look(GATE) as work:
            verdict = access.may(work, actor, CALL, place)
            standing = access.standing(work, actor)
            holding = [pair for pair in standing.grants if pair[0].holds(work.now)]
            teams = [each.team_id for each in access.teams_in(work, standing.holder)]
            parents = (
                *(("Role", each) for each in sorted({role.name for _, role in holding})),
                *(("Team", each) for each in sorted(set(teams))),
            )
            if actor.kind is ActorKind.SERVICE:
                service = access.service(work, actor.id)
                kind, attributes = service.kind.value.title(), {"owner": str(service.owner_id)}
                principal = Thing(kind, actor.id, attributes, parents)
            else:
                principal = Thing("Person", actor.id, {"strong": False}, parents)
        self._scopes.learn(actor, standing.limits[1], read_at)
        return Known(verdict, principal, frozenset(teams))


@dataclass(slots=True)
class Scanners:
    """The scanner of each system, with the configuration it had less than a second ago.

    `of` gives that of a system.
    """

    database: Database = field(repr=False)
    of: Callable[[str], Scanner] = field(init=False, repr=False)
    _known: Fresh[str, Scanner] = field(init=False, repr=False)
    _builds: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        """Begin to remember."""
        self._known = Fresh(self.database.clock.monotonic, self._read)
        self.of = self._known.get

    def _read(self, system: str) -> Scanner:
        with self.database.look(GATE) as work:
            scanner = detect.scanner_for(work, system)
        if scanner.build not in self._builds:  # a build that was never used is recorded first
            with self.database.work(GATE) as work:
                scanner = detect.scanner_for(work, system)
            self._builds.add(scanner.build)
            warm_beside(scanner)
        return scanner


@dataclass(slots=True)
class Means:
    """Everything a stage may use."""

    database: Database
    settings: Settings
    keybook: KeyBook
    reception: Reception
    turned_away: TurnedAway
    safe: Safe
    writer: Writer
    providers: Providers
    ids: IdMaker
    book: Book = field(init=False)
    judge: Judge = field(init=False)
    resolver: Resolver = field(init=False)
    subjects: Subjects = field(init=False)
    digester: Digester = field(init=False)
    standings: Standings = field(init=False)
    scanners: Scanners = field(init=False)
    exceptions: Exceptions = field(init=False)
    plans: Plans = field(default_factory=Plans, repr=False)
    seen: set[tuple[str, ...]] = field(default_factory=set, repr=False)
    routes: dict[tuple[str, str], tuple[Route, ...]] = field(default_factory=dict, repr=False)
    threads: CapacityLimiter = field(init=False, repr=False)
    together: Together = field(init=False, repr=False)
    vigil: Vigil = field(init=False, repr=False)
    decisions: Decisions = field(init=False, repr=False)
    circuits: Circuits = field(default_factory=Circuits, repr=False)
    queue: Queue = field(init=False, repr=False)
    running: int = 0
    _minute: tuple[datetime, datetime, int] = field(default=_NO_MINUTE, init=False, repr=False)

    def __post_init__(self) -> None:
        """Open what looks into the database."""
        self.book = Book(self.database)
        self.judge = Judge(self.database)
        self.resolver = Resolver(self.database)
        self.subjects = Subjects(self.safe, self.book)
        self.digester = Digester(self.safe, CLASSIFICATION)
        self.standings = Standings(self.database)
        self.scanners = Scanners(self.database)
        self.exceptions = Exceptions(self.database)
        self.decisions = Decisions(self.ids)
        self.threads = CapacityLimiter(_THREADS)
        self.together = Together(self.threads)
        self.vigil = Vigil(self)
        self.queue = Queue(self.database.clock.monotonic)

    def now(self) -> int:
        """Give the seconds since 1970, on the full minute, so that equal calls are judged once."""
        now = self.database.clock.now()
        begins, ends, minute = self._minute
        if begins <= now < ends:
            return minute
        minute = int(now.timestamp()) // 60 * 60
        begins = datetime.fromtimestamp(minute, UTC)
        self._minute = (begins, begins + timedelta(minutes=1), minute)
        return minute
