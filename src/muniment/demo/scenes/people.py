"""Who works at the company: people, teams, programs, and what they may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from muniment import access
from muniment.access import EVERYTHING, Holder, HolderKind, PersonId, Scope
from muniment.demo.stage import Stage
from muniment.demo.story import COMPANY, Event, Scale, event

DOMAIN: Final = "brightwater-demo.example"
ADMIN: Final = "ines"
_PEOPLE: Final = (
    ("omar", "Omar Haddad", "owner"),
    ("lena", "Lena Kovac", "owner"),
    ("tom", "Tom Becker", "owner"),
    ("bea", "Bea Lindqvist", "builder"),
    ("raj", "Raj Patel", "builder"),
    ("rita", "Rita Moreau", "releaser"),
    ("sven", "Sven Aalto", "security"),
    ("cora", "Cora Nwosu", "compliance"),
    ("otto", "Otto Weiss", "operator"),
    ("ana", "Ana Silva", "operator"),
    ("mia", "Mia Tanaka", ""),
    ("paul", "Paul Dupont", ""),
)
_TEAMS: Final = (
    ("Customer service", ("omar", "mia")),
    ("Lending", ("lena", "paul")),
    ("Platform", ("tom", "raj", "otto")),
)
_AUDIT: Final = timedelta(days=30)


def scene(scale: Scale) -> Iterator[Event]:
    """Let people in, give them their duties, and see one of them leave."""
    yield Event(0.0, _found)
    yield Event(0.01, _come)
    yield Event(0.02, _team_up)
    yield Event(61.4, lambda stage: _leave(stage, "ana"))
    yield Event(scale.days - 12.6, _let_audit)
    yield Event(scale.days - 7.3, _invite)
    for number in range(6 * (scale.times - 1)):
        yield event(0.03 + number / 10_000, _one_more, number=number)


def _found(stage: Stage) -> None:
    with stage.machine() as work:
        person = access.found(work, "Ines Ferreira", f"{ADMIN}@{DOMAIN}")
        holder = Holder(HolderKind.PERSON, person.id)
        reason = "She guards the policies until there is a team for it."
        access.grant(work, holder, "security", reason=reason)
    stage.people[ADMIN] = person.id


def _come(stage: Stage) -> None:
    with stage.by(ADMIN) as work:
        access.name_organisation(work, f"{COMPANY} (demo)")
    for name, full, role in _PEOPLE:
        with stage.by(ADMIN) as work:
            person = access.add_person(work, full, f"{name}@{DOMAIN}")
            if role:
                holder = Holder(HolderKind.PERSON, person.id)
                access.grant(work, holder, role, reason=f"{full} was hired for it.")
        stage.people[name] = person.id


def _team_up(stage: Stage) -> None:
    for name, members in _TEAMS:
        with stage.by(ADMIN) as work:
            team = access.add_team(work, name)
            for each in members:
                access.join(work, team.id, Holder(HolderKind.PERSON, stage.people[each]))
    with stage.by(ADMIN) as work:
        access.define_role(
            work,
            "support-lead",
            "Reads calls and approvals of the support assistant.",
            ("exchanges.read", "approvals.read", "registry.read"),
        )
        holder = Holder(HolderKind.PERSON, stage.people["mia"])
        access.grant(work, holder, "support-lead", reason="She leads the desk.")


def _leave(stage: Stage, name: str) -> None:
    with stage.by(ADMIN) as work:
        access.leave(work, PersonId(stage.people[name]))


def _let_audit(stage: Stage) -> None:
    with stage.by(ADMIN) as work:
        person = access.add_person(work, "Eva Lang", f"eva@{DOMAIN}")
        for area in ("ledger", "access"):
            access.grant(
                work,
                Holder(HolderKind.PERSON, person.id),
                "auditor",
                reason="The yearly audit.",
                scope=Scope.of(console=area),
                ends_at=work.now + _AUDIT,
            )
    stage.people["eva"] = person.id


def _invite(stage: Stage) -> None:
    with stage.by(ADMIN) as work:
        access.invite(work, "Noor Rahman", f"noor@{DOMAIN}")
        access.suspend(work, PersonId(stage.people["paul"]))


def _one_more(stage: Stage, number: int) -> None:
    """Add a colleague of whom there are many at a larger company."""
    with stage.by(ADMIN) as work:
        person = access.add_person(work, f"Colleague {number + 1}", f"c{number + 1}@{DOMAIN}")
        holder = Holder(HolderKind.PERSON, person.id)
        role = ("owner", "builder", "operator")[number % 3]
        access.grant(work, holder, role, reason="Works with the others.", scope=EVERYTHING)
