"""One decision from the question to the proof: link, change, escalation, override, offline."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from muniment import access, approvals, ledger, vault
from muniment.access import Scope
from muniment.approvals import Answer, Matter, Request, Rule, State, Timing, rule_for_tier
from muniment.approvals.service import run_due
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.ledger import Query
from muniment.server import House
from muniment.server.app import make_app
from muniment.verify import main as verify
from tests.server.asking import ask, house_in
from tests.server.people import MACHINE, Somebody, found_admin, person_with

SYSTEM = Scope.of(system="sys_credit")


def ask_for(house: House, who: Somebody, document: dict[str, object], rule: Rule) -> Request:
    """Ask for a release."""
    matter = Matter(
        kind="registry.deploy",
        subject=("system", "sys_credit"),
        title="Deploy credit-score 4",
        document=document,
        consequence="Credit decisions are made by version 4.",
        scope={"system": "sys_credit"},
    )
    timing = Timing(escalates_at=house.clock.now() + timedelta(seconds=1))
    with house.database.work(who.actor) as work:
        return approvals.ask(work, matter, rule, timing=timing if rule.escalate_to else Timing())


@pytest.mark.requirement("GOV-11", "CHG-01", "CHG-15", "CHG-16", "LOG-11", "IOG-06")
def test_from_the_question_to_the_proof(tmp_path: Path) -> None:
    """Every step of a decision is found in the ledger, and the log verifies offline."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        app = make_app(house)
        found_admin(house)
        ada = person_with(house, "builder", SYSTEM, name="Ada Builder")
        bo = person_with(house, "releaser", SYSTEM, name="Bo Releaser")
        sec = person_with(house, "security", SYSTEM, name="Sec Urity")
        rule = rule_for_tier("high")
        request = ask_for(house, ada, {"model": "sha256:aa"}, rule)

        # Bo comes by a link, which decides nothing, sees the page, and says yes.
        mac = approvals.mac_of(house.reception.keyring())
        with house.database.work(MACHINE) as work:
            secret = approvals.make_link(work, request.id, bo.id, mac=mac)
        came = ask(app, f"/console/approvals/link/{secret}", headers=bo.headers)
        assert came.headers["location"] == f"/console/approvals/{request.id}"
        assert ask(app, came.headers["location"], headers=bo.headers).status == 200
        answer(house, bo, request, Answer.APPROVE)

        # Ada changes what she asks: Bo's yes is void, and an answer to the old digest is refused.
        changed = ask_for(house, ada, {"model": "sha256:bb"}, rule)
        assert changed.id == request.id
        with pytest.raises(ConflictError, match="changed since"):
            answer(house, bo, request, Answer.DENY, digest=request.version.digest)

        # Nobody of compliance is there: it is passed up; security overrides, and is counted.
        wait_for_escalation(house)
        with pytest.raises(ForbiddenError):
            answer(house, ada, changed, Answer.APPROVE)
        done = answer(house, sec, changed, Answer.OVERRIDE, reason="outage 7, agreed by phone")
        assert done.state is State.APPROVED

        kinds = recorded(house, request.id)
        for kind in ("asked", "linked", "link_followed", "opened", "decided", "revised"):
            assert f"approvals.{kind}" in kinds
        assert kinds.count("approvals.escalated") == 1
        assert kinds.count("approvals.overridden") == 1
        vkey = house.log.status().vkey
    (tmp_path / "vkey").write_text(vkey)
    assert verify([str(tmp_path / "data" / "log"), "--key-file", str(tmp_path / "vkey")]) == 0


@pytest.mark.requirement("GOV-11", "LOG-11")
def test_an_erasure_is_agreed_to_in_the_room_of_approvals(tmp_path: Path) -> None:
    """A yes there, to exactly this, lets the vault destroy the keys; all three are proved."""
    with house_in(tmp_path / "data") as house:
        house.safe.begin()
        found_admin(house)
        sec = person_with(house, "security", name="Sec Urity")
        cora = person_with(house, "compliance", name="Cora Lindqvist")
        subject = "sub_0a1b2c3d4e5f6a7b8c9d"
        with house.database.work(sec.actor) as work:
            vault.put(work, house.safe, b"words", classification="restricted", subject=subject)
            erasure = vault.ask_shred(
                work, house.safe, subject=subject, reason="they asked us to erase it"
            )
            document = {"shred": erasure.id, "subject": subject, "classification": ""}
            matter = Matter(
                kind="vault.shred",
                subject=("erasure", erasure.id),
                title="Erase a subject",
                document=document,
                consequence="Nobody can read what was kept of this subject, for ever.",
            )
            request = approvals.ask(work, matter, Rule())
        assert request.version.digest == erasure.digest
        with pytest.raises(ForbiddenError, match="second person"):
            destroyed(house, sec, erasure.id)
        answer(house, cora, request, Answer.APPROVE)
        house.log.seal()
        query = Query(subject=request.id, kind="approvals.decided")
        (decided,) = ledger.find(house.log, query, limit=2).rows
        done = destroyed(house, sec, erasure.id, approval=decided.id)
        house.log.seal()
        with house.database.look(sec.actor) as work:
            written = vault.certificate(house.safe, work, done.id)
        vkey = house.log.status().vkey
    assert vault.certificate_problems(written) == ()
    roles = [one["role"] for one in json.loads(written)["entries"]]
    assert roles == ["approval", "destruction", "request"]
    (tmp_path / "vkey").write_text(vkey)
    (tmp_path / "erased.certificate.json").write_bytes(written)
    said = [str(tmp_path / "erased.certificate.json"), "--key-file", str(tmp_path / "vkey")]
    assert verify(said) == 0


def destroyed(house: House, who: Somebody, erasure: str, *, approval: str = "") -> vault.Shred:
    """Destroy the keys as somebody."""
    with house.database.work(who.actor) as work:
        return vault.shred(work, house.safe, erasure, approval=approval)


def wait_for_escalation(house: House) -> None:
    """Run the chore until the request was passed up."""
    for _ in range(100):
        with house.database.work(MACHINE) as work:
            if run_due(work):
                return
        time.sleep(0.1)
    pytest.fail("it was never passed up")


def answer(
    house: House,
    who: Somebody,
    request: Request,
    given: Answer,
    *,
    digest: str = "",
    reason: str = "looked at it",
) -> Request:
    """Open a request as somebody and answer it."""
    found = access.identify_session(house.database, who.secret)
    assert found is not None
    actor = found[1]
    with house.database.work(actor) as work:
        shown = approvals.open_request(work, request.id)
    with house.database.work(actor) as work:
        return approvals.decide(
            work, request.id, given, digest=digest or shown.version.digest, reason=reason
        )


def recorded(house: House, subject: str) -> list[str]:
    """Seal what was recorded, and list the kinds of entries about a subject."""
    house.log.seal()
    page = ledger.find(house.log, Query(subject=subject, oldest_first=True), limit=200)
    return [row.kind for row in page.rows]
