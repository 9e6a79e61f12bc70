"""Erasing: two people, destroyed keys, a log that still verifies, and a certificate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from muniment import vault
from muniment.core.actor import Actor, ActorKind, system_actor
from muniment.core.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from muniment.testing.ledger import audit, sealed_entries
from muniment.testing.vault import INES, OMAR, OTHER, SUBJECT, Vaulted
from muniment.vault import Held, Shred, ShredState, TokenType, certificate_problems
from muniment.verify import MET, Trust, parse_vkey, verify_proof

REASON = "the person asked to be erased"


def keep(house: Vaulted, classification: str = "internal", subject: str = SUBJECT) -> Held:
    """Keep some content."""
    with house.database.work(INES) as work:
        return vault.put(work, house.safe, b"words", classification=classification, subject=subject)


def ask(house: Vaulted, actor: Actor = INES, classification: str = "") -> Shred:
    """Ask for the erasure of the subject."""
    with house.database.work(actor) as work:
        return vault.ask_shred(
            work, house.safe, subject=SUBJECT, reason=REASON, classification=classification
        )


def approve(house: Vaulted, asked: Shred, actor: Actor = OMAR) -> Shred:
    """Agree to it."""
    with house.database.work(actor) as work:
        return vault.approve_shred(work, asked.id, reason="checked the request and the law")


def destroy(house: Vaulted, asked: Shred, actor: Actor = INES, approval: str = "") -> Shred:
    """Carry it out."""
    with house.database.work(actor) as work:
        return vault.shred(work, house.safe, asked.id, approval=approval)


def certify(house: Vaulted, shred_id: str) -> bytes:
    """Write the certificate."""
    with house.database.look(INES) as work:
        return vault.certificate(house.safe, work, shred_id)


def opens(house: Vaulted, held: Held) -> bool:
    """Tell whether content can be opened."""
    with house.database.work(INES) as work:
        try:
            vault.open(work, house.safe, held, reason="to see whether it opens")
        except NotFoundError as error:
            return "destroyed" not in error.message
    return True


@pytest.mark.requirement("RET-08", "RET-06")
def test_an_erasure_from_request_to_certificate(vaulted: Vaulted) -> None:
    """Asked, agreed, destroyed: nobody opens it, others do, the log verifies, the proofs hold."""
    gone, other = [keep(vaulted, "restricted"), keep(vaulted)], keep(vaulted, subject=OTHER)
    asked = ask(vaulted)
    approve(vaulted, asked)
    vaulted.log.seal()
    done = destroy(vaulted, asked)
    assert (done.state, len(done.kids)) == (ShredState.DONE, 2)
    assert [opens(vaulted, each) for each in (*gone, other)] == [False, False, True]
    vaulted.log.seal()
    audit(vaulted.log)
    data = certify(vaulted, asked.id)
    assert certificate_problems(data) == ()
    found = json.loads(data)
    trust = Trust(tuple(map(parse_vkey, vaulted.log.vkeys())))
    roles = set()
    for one in found["entries"]:
        roles.add(one["role"])
        report = verify_proof(one["proof"].encode(), trust, entry=one["entry"].encode())
        assert report.answer == MET, report.as_text()
    assert roles == {"request", "approval", "destruction"}
    assert set(found["keys"]) == {each.kid for each in gone}
    assert found["erasure"]["backups_until"] > found["destroyed_at"]
    assert "per_omar agreed" in " ".join(found["says"])


def test_the_destroyed_rows_stand_in_the_log(vaulted: Vaulted) -> None:
    """The entry holds the digest of each key's row as it is now: without material."""
    held = keep(vaulted)
    asked = ask(vaulted)
    destroy(vaulted, asked)
    vaulted.log.seal()
    entries = list(sealed_entries(vaulted.log.tiles.root, vaulted.log.size()))
    entry = next(one for one in entries if one["kind"] == "vault.shredded")
    assert held.kid in entry["changes"]["vault_keys"]  # type: ignore[index]
    with vaulted.database.look(INES) as work:
        row = vault.service.keys.store.key(work, held.kid)  # type: ignore[attr-defined]
    assert (row.wrapped, row.state.value) == (None, "destroyed")


def test_what_needs_two_people_is_not_destroyed_by_one(vaulted: Vaulted) -> None:
    """Without a decision, with one's own, and with one not sealed yet, the keys stay."""
    held = keep(vaulted, "restricted")
    asked = ask(vaulted)
    with pytest.raises(ForbiddenError, match="second person"):
        destroy(vaulted, asked)
    with pytest.raises(ForbiddenError, match="cannot be the one"):
        approve(vaulted, asked, INES)
    with pytest.raises(ForbiddenError, match="only a person"):
        approve(vaulted, asked, system_actor("cli"))
    assert opens(vaulted, held)
    agreed = approve(vaulted, asked)
    with pytest.raises(NotFoundError, match="no sealed entry"):
        destroy(vaulted, asked, approval=agreed.approval)
    vaulted.log.seal()
    destroy(vaulted, asked, approval=agreed.approval)
    assert not opens(vaulted, held)


def test_a_decision_about_something_else_destroys_nothing(vaulted: Vaulted) -> None:
    """The record of another decision, or of no decision at all, is refused with the reason."""
    keep(vaulted, "restricted")
    asked, other = ask(vaulted), ask(vaulted, classification="restricted")
    elsewhere = approve(vaulted, other)
    vaulted.log.seal()
    for wrong, why in ((elsewhere.approval, "something else"), (asked.request, "no decision")):
        with pytest.raises(ForbiddenError) as caught:
            destroy(vaulted, asked, approval=wrong)
        assert why in caught.value.reasons[0]


def test_one_classification_alone(vaulted: Vaulted) -> None:
    """An erasure of one class leaves the others; both have their certificates' numbers right."""
    kept, gone = keep(vaulted, "internal"), keep(vaulted, "confidential")
    asked = ask(vaulted, classification="confidential")
    assert destroy(vaulted, asked).kids == (gone.kid,)
    assert [opens(vaulted, kept), opens(vaulted, gone)] == [True, False]
    vaulted.log.seal()
    assert certificate_problems(certify(vaulted, asked.id)) == ()


def test_an_erasure_happens_once(vaulted: Vaulted) -> None:
    """A second try, a late approval, and a request for nothing are told as what they are."""
    keep(vaulted)
    asked = ask(vaulted)
    destroy(vaulted, asked)
    with pytest.raises(ConflictError, match="already"):
        destroy(vaulted, asked)
    with pytest.raises(ConflictError, match="already"):
        approve(vaulted, asked)
    with pytest.raises(InvalidError, match="nothing is kept"):
        ask(vaulted)
    with pytest.raises(NotFoundError):
        destroy(vaulted, replace(asked, id="shr_none"))


def test_content_kept_after_an_erasure_has_new_keys(vaulted: Vaulted) -> None:
    """A subject who comes back is kept under keys of their own; what was erased stays erased."""
    before = keep(vaulted)
    destroy(vaulted, ask(vaulted))
    after = keep(vaulted)
    assert after.kid != before.kid
    assert [opens(vaulted, before), opens(vaulted, after)] == [False, True]


def test_tokens_of_the_subject_go_too(vaulted: Vaulted) -> None:
    """Neither a random nor a digits token of an erased subject is restored."""
    with vaulted.database.work(INES) as work:
        tokens = [
            vault.tokenise(
                work,
                vaulted.safe,
                "4111111111111111",
                type=kind,
                scope="billing",
                classification="internal",
                subject=SUBJECT,
            )
            for kind in TokenType
        ]
    destroy(vaulted, ask(vaulted))
    for token in tokens:
        with vaulted.database.work(INES) as work, pytest.raises(NotFoundError, match="destroyed"):
            vault.restore(work, vaulted.safe, token.text, scope="billing", reason=REASON)


def test_another_process_does_not_use_a_destroyed_key(vaulted: Vaulted) -> None:
    """A process that remembers the key opens and keeps nothing under it any more."""
    held = keep(vaulted)
    assert opens(vaulted, held)
    remembered = vaulted.safe.remembered
    secret = remembered.get(held.kid)
    assert secret
    destroy(vaulted, ask(vaulted))
    remembered.put(held.kid, secret)  # as the memory of a process that was not told
    assert not opens(vaulted, held)
    assert remembered.get(held.kid) is None
    assert keep(vaulted).kid != held.kid


@pytest.mark.parametrize("kind", [ActorKind.PERSON, ActorKind.SERVICE])
def test_each_step_needs_its_permission(vaulted: Vaulted, kind: ActorKind) -> None:
    """Who relies on no grant can neither ask, agree, destroy, nor have a certificate."""
    keep(vaulted)
    asked = ask(vaulted)
    nobody = Actor(kind, "somebody")
    calls: list[Callable[[], object]] = [
        lambda: ask(vaulted, nobody),
        lambda: approve(vaulted, asked, nobody),
        lambda: destroy(vaulted, asked, nobody),
    ]
    for call in calls:
        with pytest.raises(ForbiddenError):
            call()
    with vaulted.database.look(nobody) as work, pytest.raises(ForbiddenError):
        vault.certificate(vaulted.safe, work, asked.id)


def test_there_is_no_certificate_before_the_end(vaulted: Vaulted) -> None:
    """A request alone, an unknown erasure, and one not sealed yet have no certificate."""
    keep(vaulted)
    asked = ask(vaulted)
    for wanted in (asked.id, "shr_none"):
        with pytest.raises(NotFoundError):
            certify(vaulted, wanted)
    destroy(vaulted, asked)
    with pytest.raises(NotFoundError, match="sealed"):
        certify(vaulted, asked.id)
