"""The vault dies between every two of its side effects; another process goes on with what is left.

What was acknowledged is kept, what was not is not there or whole, and nothing is destroyed in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from muniment import vault
from muniment.core.errors import ConflictError, NotFoundError
from muniment.db import Database
from muniment.ledger import reconcile
from muniment.settings import Settings
from muniment.testing.ledger import audit
from muniment.testing.vault import INES, Vaulted, opened_vault
from muniment.vault import Held, ShredState, TokenType, certificate_problems
from muniment.vault.store import key, live_kids, shred, wrapped_otherwise
from tests.ledger.faults.crashing import Crash, Steps
from tests.vault.faults.dying import doomed

pytestmark = pytest.mark.slow

REASON = "a test of what a death leaves behind"
CLASS = "internal"


@dataclass
class World:
    """One installation whose vault dies again and again; each life is about subjects of its own."""

    database: Database
    settings: Settings
    keeper: Vaulted
    lives: int = 0

    def subject(self) -> str:
        """Give the subject of the present life."""
        return f"sub_{self.lives:020}"

    @contextmanager
    def alive(self) -> Iterator[Vaulted]:
        """Open the vault as a process that does not die."""
        with opened_vault(self.database, self.settings) as house:
            yield house

    def prepare(self) -> list[Held]:
        """Begin a life: keep three contents of a fresh subject, in a process that goes on living.

        What it keeps is looked at by other processes only, which remember none of its keys.
        """
        self.lives += 1
        subject, safe = self.subject(), self.keeper.safe
        with self.database.work(INES) as work:
            return [
                vault.put(work, safe, b"words %d" % n, classification=CLASS, subject=subject)
                for n in range(3)
            ]

    def die(self, steps: Steps, act: Callable[[Vaulted], object]) -> bool:
        """Do something until death; tell whether it came."""
        with doomed(self.database, self.settings, steps) as house:
            try:
                act(house)
            except Crash:
                return True
        return False

    def require_sound(self) -> None:
        """Require that the log verifies and the tables are what the log says they are."""
        with self.alive() as house:
            house.log.seal()
            audit(house.log)
            assert reconcile(house.log, INES).differences == ()

    def require_opens(self, house: Vaulted, held: list[Held]) -> None:
        """Require that contents come back."""
        for place, one in enumerate(held):
            with house.database.work(INES) as work:
                opening = vault.open(work, house.safe, one, reason=REASON)
            assert opening.read() == b"words %d" % place


@pytest.fixture
def world(database: Database, settings: Settings) -> Iterator[World]:
    """An installation on each database."""
    with opened_vault(database, settings) as keeper:
        yield World(database, settings, keeper)


def die_everywhere(
    world: World, act: Callable[[Vaulted], object], check: Callable[[list[Held]], None], least: int
) -> None:
    """Die at each step once, and see after each what is left."""
    world.prepare()
    steps = Steps()
    assert not world.die(steps, act)
    assert len(steps.seen) >= least, steps.seen
    for number in range(len(steps.seen)):
        held = world.prepare()
        assert world.die(Steps(number), act), f"it lived through {steps.seen[number]}"
        check(held)
    world.require_sound()


def test_dying_while_content_is_kept(world: World) -> None:
    """What was not acknowledged is whole or not there; the subject goes on being kept."""
    given: list[Held] = []

    def keep(house: Vaulted) -> None:
        given.clear()
        with house.database.work(INES) as work:
            held = vault.put_many(
                work, house.safe, [b"words 0", b"words 1"], classification=CLASS, subject=fresh()
            )
        given.extend(held)

    def fresh() -> str:
        return f"sub_fresh{world.lives:020}"

    def check(held: list[Held]) -> None:
        with world.alive() as house:
            world.require_opens(house, held)
            world.require_opens(house, given)
            with house.database.work(INES) as work:
                again = vault.put(
                    work, house.safe, b"words 0", classification=CLASS, subject=fresh()
                )
            world.require_opens(house, [again])

    die_everywhere(world, keep, check, least=12)


def test_dying_while_a_stream_is_kept(world: World) -> None:
    """A large content that died half-way is not there, and can be sent again."""
    pieces = [b"words" * 1_000] * 3

    def keep(house: Vaulted) -> Held:
        return vault.put_stream(
            house.safe, INES, iter(pieces), classification=CLASS, subject=world.subject()
        )

    def check(held: list[Held]) -> None:
        with world.alive() as house:
            world.require_opens(house, held)
            again = keep(house)
            with house.database.work(INES) as work:
                opening = vault.open(work, house.safe, again, reason=REASON)
            assert opening.read() == b"".join(pieces)

    die_everywhere(world, keep, check, least=12)


def test_dying_in_the_middle_of_a_rotation(world: World) -> None:
    """All keys are retired or none; what is kept opens; new content is kept; again it ends well."""

    def rotate(house: Vaulted) -> None:
        vault.rotate(house.safe, INES, reason=REASON)

    def check(held: list[Held]) -> None:
        with world.alive() as house:
            world.require_opens(house, held)
            with house.database.work(INES) as work:
                vault.put(work, house.safe, b"x", classification=CLASS, subject=world.subject())
            rotate(house)
            world.require_opens(house, held)

    die_everywhere(world, rotate, check, least=4)


def test_dying_in_the_middle_of_re_wrapping(world: World) -> None:
    """Each key is wrapped the old way or the new one; nothing is lost; the next run finishes."""

    def turn(house: Vaulted) -> None:
        vault.rewrap(house.safe, INES)

    def check(held: list[Held]) -> None:
        with world.alive() as house:
            world.require_opens(house, held)
            vault.rewrap(house.safe, INES)
            current = house.safe.keyring().current("vault")
            with house.database.look(INES) as work:
                assert wrapped_otherwise(work, current, "", 10) == []
            world.require_opens(house, held)
            vault.rotate(house.safe, INES, reason=REASON)

    world.prepare()
    with world.alive() as house:
        vault.rotate(house.safe, INES, reason=REASON)
    die_everywhere(world, turn, check, least=8)


def test_dying_in_the_middle_of_an_erasure(world: World) -> None:
    """All keys of the subject are destroyed with their record, or none; then it is finished."""
    asked: list[str] = []

    def erase(house: Vaulted) -> None:
        asked.clear()
        with house.database.work(INES) as work:
            subject = world.subject()
            vault.put(work, house.safe, b"y", classification="confidential", subject=subject)
            asked[:] = [vault.ask_shred(work, house.safe, subject=subject, reason=REASON).id]
        with house.database.work(INES) as work:
            vault.shred(work, house.safe, asked[0])

    def check(held: list[Held]) -> None:
        with world.alive() as house, house.database.look(INES) as work:
            live = live_kids_of(house)
            found = shred(work, asked[0]) if asked else None
            done = found is not None and found.state is ShredState.DONE
            assert bool(live) is not done, "some keys are destroyed and some are not"
        with world.alive() as house:
            if not done:
                world.require_opens(house, held)
                with house.database.work(INES) as work:
                    again = vault.ask_shred(
                        work, house.safe, subject=world.subject(), reason=REASON
                    )
                    vault.shred(work, house.safe, again.id)
            house.log.seal()
            for one in held:
                with house.database.work(INES) as work, pytest.raises(NotFoundError):
                    vault.open(work, house.safe, one, reason=REASON)
            last = asked[0] if done else again.id
            with house.database.look(INES) as work:
                assert certificate_problems(vault.certificate(house.safe, work, last)) == ()

    def live_kids_of(house: Vaulted) -> int:
        with house.database.work(INES) as work:
            return len(live_kids(work, world.subject()))

    die_everywhere(world, erase, check, least=10)


def test_dying_while_sweeping(world: World) -> None:
    """Only what nobody can open goes; the next sweep takes what was left over."""

    def sweep(house: Vaulted) -> None:
        vault.sweep(house.safe, INES)

    def erase_one() -> None:
        with world.alive() as house, house.database.work(INES) as work:
            subject = f"sub_gone{world.lives:020}"
            held = vault.put(work, house.safe, b"gone", classification=CLASS, subject=subject)
            asked = vault.ask_shred(work, house.safe, subject=subject, reason=REASON)
            vault.shred(work, house.safe, asked.id)
            assert key(work, held.kid)

    def check(held: list[Held]) -> None:
        with world.alive() as house:
            world.require_opens(house, held)
            sweep(house)
            world.require_opens(house, held)
            assert vault.status(house.safe, INES).objects == 3 * world.lives
        erase_one()

    erase_one()
    die_everywhere(world, sweep_after(world, erase_one, sweep), check, least=3)


def sweep_after(
    world: World, erase_one: Callable[[], None], sweep: Callable[[Vaulted], None]
) -> Callable[[Vaulted], None]:
    """Have something to sweep in each life."""

    def act(house: Vaulted) -> None:
        erase_one()
        sweep(house)

    assert world.lives == 0
    return act


def test_dying_while_a_token_is_made(world: World) -> None:
    """A token not acknowledged is whole or not there; the value gets the same one again."""

    def tokenise(house: Vaulted) -> str:
        with house.database.work(INES) as work:
            return vault.tokenise(
                work,
                house.safe,
                f"4111{world.lives:08}",
                type=TokenType.DIGITS,
                scope="billing",
                classification=CLASS,
                subject=world.subject(),
            ).text

    def check(_held: list[Held]) -> None:
        with world.alive() as house:
            text = tokenise(house)
            assert tokenise(house) == text
            with house.database.work(INES) as work:
                back = vault.restore(work, house.safe, text, scope="billing", reason=REASON)
            assert back.value() == f"4111{world.lives:08}"

    die_everywhere(world, tokenise, check, least=5)


def test_nothing_is_read_if_it_died_before_the_record(world: World) -> None:
    """A process that dies while it opens content has given out nothing unrecorded."""
    held = world.prepare()
    opened: list[vault.Opening] = []

    def look(house: Vaulted) -> None:
        with house.database.work(INES) as work:
            opened.append(vault.open(work, house.safe, held[0], reason=REASON))

    for number in range(4):
        opened.clear()
        died = world.die(Steps(number), look)
        if not died:
            break
        for one in opened:
            with pytest.raises((ConflictError, Crash)):
                one.read()
    world.require_sound()
