"""Opening a decision and answering it: one person, one exact version, never in bulk."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from muniment import approvals
from muniment.access import Scope
from muniment.approvals import Answer, Need, Rule, State, rule_for_tier
from muniment.core.actor import Actor, ActorKind
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, MunimentError
from tests.approvals.people import DOCUMENT, ROOT, Office


def test_what_was_shown_how_and_how_long_is_recorded(office: Office) -> None:
    """An answer carries the digest shown, the sign-in, the roles relied on and the seconds open."""
    request = office.ask()
    office.person("bo", "releaser")
    shown = office.open("bo", request)
    office.later(37)
    with office.by("bo") as work:
        approvals.decide(
            work, request.id, Answer.APPROVE, digest=shown.version.digest, reason="tests are green"
        )
    (opened,) = office.recorded("approvals.opened")
    (decided,) = office.recorded("approvals.decided")
    assert opened["body"]["digest"] == decided["body"]["digest"] == shown.version.digest
    assert decided["body"]["signed_in"] == opened["body"]["signed_in"] == "passkey"
    assert decided["body"]["seconds"] == 37
    assert decided["body"]["roles"] == ["releaser"]
    assert decided["body"]["reason"] == "tests are green"
    assert decided["actor"]["id"] == office.id("bo")


def test_nobody_says_yes_to_what_they_have_not_opened(office: Office) -> None:
    """An answer without an opening, or to another digest than the current one, is refused."""
    request = office.ask()
    office.person("bo", "releaser")
    with pytest.raises(ForbiddenError, match="not opened"), office.by("bo") as work:
        approvals.decide(
            work, request.id, Answer.APPROVE, digest=request.version.digest, reason="x"
        )
    office.open("bo", request)
    office.ask(document={"model": "sha256:bb"})
    with pytest.raises(ConflictError, match="changed since"), office.by("bo") as work:
        approvals.decide(
            work, request.id, Answer.APPROVE, digest=request.version.digest, reason="x"
        )


def test_an_author_does_not_approve(office: Office) -> None:
    """Whoever asked is told why they cannot answer, and what it needs."""
    office.person("ada", "builder", "owner")
    request = office.ask("ada")
    with pytest.raises(ForbiddenError) as caught:
        office.answer("ada", request)
    assert "does not approve it" in caught.value.reasons[0]
    assert caught.value.remedy


def test_production_needs_a_second_factor(office: Office) -> None:
    """Where the rule asks for it, a password alone answers nothing."""
    request = office.ask(rule=Rule(strong=True))
    office.person("weak", "releaser", strong=False)
    office.person("bo", "releaser")
    with pytest.raises(ForbiddenError) as caught:
        office.answer("weak", request)
    assert caught.value.reasons == ("it needs a sign-in with a second factor",)
    assert office.answer("bo", request).state is State.APPROVED


def test_a_program_never_says_yes(office: Office) -> None:
    """Neither the product, nor a service, nor a person's key answers as a person."""
    request = office.ask()
    bo = office.person("bo", "releaser")
    keyed = Actor(ActorKind.PERSON, bo.id, "key_0000")
    for actor in (ROOT, keyed):
        with pytest.raises(ForbiddenError), office.database.work(actor) as work:
            approvals.decide(
                work, request.id, Answer.APPROVE, digest=request.version.digest, reason="x"
            )
    assert office.recorded("approvals.decided") == []


def test_a_rule_settles_as_a_rule(office: Office) -> None:
    """What a rule decides stands in the record as a rule's, under no person's name."""
    request = office.ask()
    with office.database.work(ROOT) as work:
        done = approvals.settle(
            work,
            request.id,
            approve=False,
            digest=request.version.digest,
            rule="registry.frozen",
            reason="no releases in December",
        )
    assert done.state is State.DENIED
    (entry,) = office.recorded("approvals.settled_by_rule")
    assert entry["body"]["rule"] == "registry.frozen"
    assert entry["actor"]["kind"] == "system"
    with pytest.raises(ForbiddenError, match="only a rule"), office.by("ada") as work:
        approvals.settle(work, request.id, approve=True, digest="", rule="r", reason="x")


def test_a_changed_yes_is_a_yes_to_the_change(office: Office) -> None:
    """Whoever approves with a change approves the changed version, which then stands."""
    request = office.ask()
    office.person("bo", "releaser")
    done = office.answer("bo", request, Answer.APPROVE_WITH_CHANGE, change={**DOCUMENT, "share": 5})
    assert done.state is State.APPROVED
    assert done.matter.document["share"] == 5
    with office.database.look(ROOT) as work:
        subject = ("system", "sys_1")
        assert approvals.standing(work, "registry.deploy", subject, DOCUMENT) is None
        changed = {**DOCUMENT, "share": 5}
        assert approvals.standing(work, "registry.deploy", subject, changed) is not None


def test_a_change_that_needs_another(office: Office) -> None:
    """Where the rule asks for it, whoever changed it needs somebody else to approve the change."""
    request = office.ask(rule=Rule(change_needs_another=True))
    office.person("bo", "releaser")
    office.person("cy", "releaser")
    changed = office.answer("bo", request, Answer.APPROVE_WITH_CHANGE, change={"model": "b"})
    assert changed.state is State.OPEN
    assert office.answer("cy", changed).state is State.APPROVED


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (Answer.APPROVE_WITH_CHANGE, None),
        (Answer.APPROVE_WITH_CHANGE, DOCUMENT),
        (Answer.APPROVE, {"model": "b"}),
    ],
)
def test_changes_that_are_none(office: Office, answer: Answer, change: dict[str, Any]) -> None:
    """A change that is missing, the same as before, or beside a plain yes is refused."""
    request = office.ask()
    office.person("bo", "releaser")
    with pytest.raises(InvalidError) as caught:
        office.answer("bo", request, answer, change=change)
    assert caught.value.field == "change"


def test_a_no_closes_it(office: Office) -> None:
    """One no ends the question, though others have said yes."""
    request = office.ask(rule=Rule((Need(2),)))
    office.person("bo", "releaser")
    office.person("cy", "releaser")
    office.answer("bo", request)
    assert office.answer("cy", request, Answer.DENY).state is State.DENIED


def test_an_override_is_a_counted_exception(office: Office) -> None:
    """Whoever may override replaces all needs, alone; it is counted as an exception."""
    request = office.ask(rule=rule_for_tier("high"))
    office.person("sec", "security")
    office.person("bo", "releaser")
    with pytest.raises(ForbiddenError):
        office.answer("bo", request, Answer.OVERRIDE)
    done = office.answer("sec", request, Answer.OVERRIDE, reason="outage, see ticket 7")
    assert done.state is State.APPROVED
    (entry,) = office.recorded("approvals.overridden")
    assert entry["body"]["reason"] == "outage, see ticket 7"
    assert office.recorded("approvals.decided") == []
    now = office.database.clock.now()
    office.later(1)
    with office.database.look(ROOT) as work:
        counted = approvals.overrides(work, now.replace(year=2000), work.now)
    assert [each.person for each in counted] == [office.id("sec")]


def test_a_high_tier_needs_both_duties(office: Office) -> None:
    """A release of a high tier waits for a releaser and for compliance, and says who is missing."""
    request = office.ask(rule=rule_for_tier("high"))
    office.person("bo", "releaser")
    office.person("co", "compliance")
    office.answer("bo", request)
    (entry,) = office.recorded("approvals.decided")
    assert entry["body"]["missing"] == ["one person with the role compliance"]
    assert office.answer("co", request).state is State.APPROVED


def test_a_role_elsewhere_does_not_count(office: Office) -> None:
    """A releaser of another system has no say here."""
    request = office.ask()
    office.person("far", "releaser", scope=Scope.of(system="sys_2"))
    with pytest.raises(ForbiddenError):
        office.answer("far", request)


def test_two_who_answer_at_once(office: Office) -> None:
    """Of two answers at the same moment both are kept or one is told to look again, never lost."""
    request = office.ask(rule=Rule((Need(2),)))
    for name in ("bo", "cy"):
        office.person(name, "releaser")
        office.open(name, request)
    errors: list[MunimentError] = []

    def answer(name: str) -> None:
        try:
            with office.by(name) as work:
                approvals.decide(
                    work, request.id, Answer.APPROVE, digest=request.version.digest, reason="ok"
                )
        except MunimentError as error:
            errors.append(error)

    threads = [threading.Thread(target=answer, args=(name,)) for name in ("bo", "cy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(error, ConflictError) for error in errors)
    with office.database.look(ROOT) as work:
        now, votes, _ = approvals.get(work, request.id)
    assert len(votes) == 2 - len(errors)
    assert (now.state is State.APPROVED) == (len(votes) == 2)
