"""How the vault stands; and what nobody can use any more is removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muniment import vault
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ForbiddenError, UnavailableError
from muniment.ledger import Query, find
from muniment.testing.ledger import audit
from muniment.testing.vault import INES, OTHER, SUBJECT, Vaulted
from muniment.vault import TokenType


def fill(house: Vaulted) -> None:
    """Keep content and tokens of two subjects."""
    with house.database.work(INES) as work:
        for subject in (SUBJECT, OTHER):
            for name in ("internal", "confidential"):
                vault.put_many(
                    work, house.safe, [b"one", b"two"], classification=name, subject=subject
                )
            vault.tokenise(
                work,
                house.safe,
                "a value",
                type=TokenType.RANDOM,
                scope="billing",
                classification="internal",
                subject=subject,
                expires_at=work.now + timedelta(hours=1),
            )


def erase(house: Vaulted, subject: str = SUBJECT) -> None:
    """Erase a subject."""
    with house.database.work(INES) as work:
        asked = vault.ask_shred(work, house.safe, subject=subject, reason="they asked us to")
        vault.shred(work, house.safe, asked.id)


def test_an_empty_vault(vaulted: Vaulted) -> None:
    """Nothing is kept, nothing is due, and asking makes no key."""
    found = vault.status(vaulted.safe, INES)
    assert (found.groups, found.objects, found.tokens, found.shreds) == ((), 0, 0, ())
    assert (found.keyring_key, found.keyring_since, found.rotation_is_due) == ("", None, None)
    assert found.live_keys == 0


def test_what_is_kept_is_counted(vaulted: Vaulted) -> None:
    """Keys by class, period and state; contents, bytes and tokens that still open; erasures."""
    fill(vaulted)
    erase(vaulted)
    found = vault.status(vaulted.safe, INES)
    assert [(each.classification, each.current, each.destroyed) for each in found.groups] == [
        ("confidential", 1, 1),
        ("internal", 1, 1),
    ]
    assert (found.objects, found.tokens, found.live_keys) == (4, 1, 2)
    assert found.object_bytes > 4 * 80
    assert [each.subject for each in found.shreds] == [SUBJECT]
    assert found.rotation_is_due is False


def test_a_rotation_becomes_due_and_is_done(vaulted: Vaulted) -> None:
    """After its days it is due; after rotating it is not, though old keys want wrapping anew."""
    clock: Any = vaulted.database.clock
    fill(vaulted)
    clock.advance(91 * 86_400)
    assert vault.status(vaulted.safe, INES).rotation_is_due is True
    vault.rotate(vaulted.safe, INES, reason="it was due since a day")
    vaulted.log.seal()
    found = vault.status(vaulted.safe, INES)
    assert found.rotation_is_due is False
    assert found.keyring_since == clock.now()
    assert found.not_rewrapped == 4
    vault.rewrap(vaulted.safe, INES)
    assert vault.status(vaulted.safe, INES).not_rewrapped == 0


def test_a_keyring_that_does_not_answer_is_said_as_not_known(
    vaulted: Vaulted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the keyring would tell is left open; the rest is shown."""
    fill(vaulted)

    def deaf(_self: object) -> object:
        raise UnavailableError("no answer")

    monkeypatch.setattr(type(vaulted.safe), "keyring", deaf)
    found = vault.status(vaulted.safe, INES)
    assert (found.keyring_key, found.rotation_is_due) == ("", None)
    assert found.live_keys == 4


def test_the_status_needs_a_permission(vaulted: Vaulted) -> None:
    """Who relies on no grant is told nothing."""
    with pytest.raises(ForbiddenError):
        vault.status(vaulted.safe, Actor(ActorKind.SERVICE, "somebody"))


@pytest.mark.requirement("RET-06")
def test_sweeping_removes_what_nobody_can_use(vaulted: Vaulted) -> None:
    """Ciphertexts and tokens of destroyed keys go, and expired tokens; the rest stays; recorded."""
    clock: Any = vaulted.database.clock
    fill(vaulted)
    root = vaulted.log.settings.data.dir / "blobs"
    before = [each for each in root.rglob("*") if each.is_file() and "sha256" in each.parts]
    assert (len(before)) == 4
    erase(vaulted)
    done = vault.sweep(vaulted.safe, INES)
    assert (done.tokens, done.objects) == (1, 2)
    clock.advance(7_200)
    assert vault.sweep(vaulted.safe, INES).tokens == 1
    idle = vault.sweep(vaulted.safe, INES)
    assert (idle.tokens, idle.objects) == (0, 0)
    vaulted.log.seal()
    audit(vaulted.log)
    assert len(find(vaulted.log, Query("vault.swept")).rows) == 2
