"""What the stages are given: the rooms, the snapshots and the connections of one process.

Nothing here decides; it holds what would otherwise be looked up for every call.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from anyio import CapacityLimiter

from muniment import access, detect
from muniment.access import HolderKind, KeyBook, Reception, Scope, TurnedAway, Verdict
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.ids import IdMaker
from muniment.db import Database
from muniment.detect import Policy, Scanner
from muniment.exchanges import Book, Subjects
from muniment.gateway.circuits import Circuits
from muniment.gateway.connecting import Providers
from muniment.ledger import Writer
from muniment.policy import Judge, Thing
from muniment.registry import Resolver
from muniment.settings import Settings
from muniment.vault import Digester, Safe

GATE: Final = system_actor("gateway")
CALL: Final = "gateway.call"
CLASSIFICATION: Final = "confidential"
_FRESH_SECONDS: Final = 0.5
_MOST: Final = 10_000
_THREADS: Final = 32


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a caller in a place: whether they may call, and who they are to a rule."""

    verdict: Verdict
    principal: Thing
    teams: frozenset[str]


@dataclass(slots=True)
class Standings:
    """Who may call what, as of half a second ago at most."""

    database: Database = field(repr=False)
    _known: dict[tuple[str, str, str, str], tuple[float, Known]] = field(default_factory=dict)
    _scopes: dict[tuple[str, str], tuple[float, Scope]] = field(default_factory=dict)

    def of(self, actor: Actor, system: str, environment: str) -> Known:
        """Say whether somebody may call a system there, and what rules see of them."""
        key = (actor.id, actor.credential, system, environment)
        now = self.database.clock.monotonic()
        found = self._known.get(key)
        if found is not None and 0 <= now - found[0] < _FRESH_SECONDS:
            return found[1]
        known = self._read(actor, Scope.of(system=system, environment=environment))
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = (now, known)
        return known

    def scope_of(self, actor: Actor) -> Scope:
        """Say to which place the key of a caller is limited."""
        now = self.database.clock.monotonic()
        found = self._scopes.get((actor.id, actor.credential))
        if found is not None and 0 <= now - found[0] < _FRESH_SECONDS:
            return found[1]
        with self.database.look(GATE) as work:
            scope = access.standing(work, actor).limits[1]
        if len(self._scopes) >= _MOST:
            self._scopes.clear()
        self._scopes[actor.id, actor.credential] = (now, scope)
        return scope

    def _read(self, actor: Actor, place: Scope) -> Known:
        with self.database.look(GATE) as work:
            verdict = access.may(work, actor, CALL, place)
            standing = access.standing(work, actor)
            holding = [pair for pair in standing.grants if pair[0].holds(work.now)]
            teams = [
                grant.holder.id for grant, _ in holding if grant.holder.kind is HolderKind.TEAM
            ]
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
        return Known(verdict, principal, frozenset(teams))


@dataclass(slots=True)
class Scanners:
    """The scanner of each system, with the configuration it has now."""

    database: Database = field(repr=False)
    _known: dict[str, tuple[float, Scanner]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(self, system: str) -> Scanner:
        """Give the scanner of a system, as configured half a second ago at most."""
        now = self.database.clock.monotonic()
        found = self._known.get(system)
        if found is not None and 0 <= now - found[0] < _FRESH_SECONDS:
            return found[1]
        with self._lock:
            before = found[1] if found is not None else None
            with self.database.look(GATE) as work:
                scanner = detect.scanner_for(work, system)
            if before is None or before.build != scanner.build:
                with self.database.work(GATE) as work:
                    scanner = detect.scanner_for(work, system)
            self._known[system] = (now, scanner)
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
    seen: set[tuple[str, ...]] = field(default_factory=set, repr=False)
    rulings: dict[tuple[object, ...], Policy] = field(default_factory=dict, repr=False)
    threads: CapacityLimiter = field(init=False, repr=False)
    circuits: Circuits = field(default_factory=Circuits, repr=False)
    running: int = 0

    def __post_init__(self) -> None:
        """Open what looks into the database."""
        self.book = Book(self.database)
        self.judge = Judge(self.database)
        self.resolver = Resolver(self.database)
        self.subjects = Subjects(self.safe)
        self.digester = Digester(self.safe, CLASSIFICATION)
        self.standings = Standings(self.database)
        self.scanners = Scanners(self.database)
        self.threads = CapacityLimiter(_THREADS)

    def now(self) -> int:
        """Give the seconds since 1970, on the full minute, so that equal calls are judged once."""
        return int(self.database.clock.now().timestamp()) // 60 * 60
