"""Refuses rules that would shut out everybody who could change them again.

Rules may also speak about the product itself: who may change one of its areas. Where they do, at
least one person who manages access and one who publishes policies must still be let in, at some
hour of the coming week, however they sign in. Where they do not, the roles alone decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from muniment.policy.models import Bundle, Effect, Facts, Thing
from muniment.policy.rules.engine import Engine

AREA: Final = "Area"
CHANGE: Final = "change"
_HOURS: Final = range(7 * 24)
_KEPT_OPEN: Final = (("access", ("admin",)), ("policy", ("security", "compliance")))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person and the roles they hold."""

    id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shut:
    """An area that nobody could change any more, for whom it must stay open, and the way out."""

    area: str
    roles: tuple[str, ...]

    @property
    def says(self) -> str:
        """Say who would be shut out of what."""
        return f"no {' and no '.join(self.roles)} could ever change {self.area} again"

    @property
    def way_out(self) -> str:
        """Write the rule that keeps the area open."""
        role = self.roles[0]
        return (
            f'@id("product.{self.area}-stays-open") @reason("Somebody can always change it back.") '
            f'permit (principal in Muniment::Role::"{role}", '
            f'action == Muniment::Action::"{CHANGE}", resource == Muniment::Area::"{self.area}");'
        )


def governs_product(bundle: Bundle) -> bool:
    """Tell whether any rule speaks about changing the product itself, and names it."""
    return any(
        (rule.actions is not None or rule.resources is not None) and rule.may_touch(CHANGE, AREA)
        for rule in bundle.rules
    )


def shut_out(bundle: Bundle, people: Sequence[Somebody], at: int) -> tuple[Shut, ...]:
    """Name the areas that nobody who must be able to could change again."""
    if not governs_product(bundle):
        return ()
    engine = Engine(bundle)
    found = []
    for area, roles in _KEPT_OPEN:
        able = [each for each in people if each.roles & set(roles)]
        able = able or [Somebody("somebody", frozenset(roles))]
        if not any(_let_in(engine, each, area, at) for each in able):
            found.append(Shut(area, roles))
    return tuple(found)


def asked_of(
    person: Somebody, area: str, at: int, *, strong: bool, own: bool = False, action: str = CHANGE
) -> Facts:
    """Make the facts of somebody who is about to use an area of the product."""
    parents = tuple(("Role", each) for each in sorted(person.roles))
    return Facts(
        principal=Thing("Person", person.id, {"strong": strong}, parents),
        action=action,
        resource=Thing(AREA, area),
        context={"at": at, "own": own},
    )


def _let_in(engine: Engine, person: Somebody, area: str, at: int) -> bool:
    return any(engine.decide(each).effect is Effect.ALLOW for each in _ways(person, area, at))


def _ways(person: Somebody, area: str, at: int) -> Iterator[Facts]:
    for hour in _HOURS:
        for strong in (True, False):
            for own in (False, True):
                yield asked_of(person, area, at + hour * 3_600, strong=strong, own=own)
