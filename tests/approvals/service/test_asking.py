"""Asking, changing what is asked, taking it back, and relying on the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from muniment import approvals
from muniment.approvals import Need, Rule, State, Timing
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, MunimentError
from tests.approvals.people import DOCUMENT, ROOT, Office

SUBJECT = ("system", "sys_1")


@pytest.mark.requirement("GOV-11", "CHG-15", "CHG-16", "LOG-11")
def test_a_yes_is_bound_to_exactly_what_was_asked(office: Office) -> None:
    """What was approved stands; the same thing with one part changed does not."""
    request = office.ask()
    office.person("bo", "releaser")
    assert office.answer("bo", request).state is State.APPROVED
    with office.database.look(ROOT) as work:
        found = approvals.standing(work, "registry.deploy", SUBJECT, DOCUMENT)
        assert found is not None
        assert found.closed_by == office.id("bo")
        changed = {**DOCUMENT, "share": 11}
        assert approvals.standing(work, "registry.deploy", SUBJECT, changed) is None
        assert approvals.standing(work, "registry.deploy", ("system", "sys_2"), DOCUMENT) is None
    (entry,) = office.recorded("approvals.asked")
    assert entry["body"]["digest"] == request.version.digest
    assert entry["actor"]["grant"].startswith("grt_")


def test_a_change_voids_what_was_said(office: Office) -> None:
    """Whoever approved the older version has not approved the newer; the record says so."""
    request = office.ask(rule=Rule((Need(2),)))
    for name in ("bo", "cy", "dee"):
        office.person(name, "releaser")
    office.answer("bo", request)
    again = office.ask(rule=Rule((Need(2),)), document={"model": "sha256:bb"})
    assert again.id == request.id
    assert again.version.number == 2
    (entry,) = office.recorded("approvals.revised")
    assert entry["body"]["void"] == 1
    assert office.answer("cy", request).state is State.OPEN
    assert office.answer("bo", request).state is State.APPROVED
    with office.by("bo") as work:
        assert [each.number for each in approvals.versions(work, request.id)] == [1, 2]


def test_what_is_shown_is_renewed_with_the_version(office: Office) -> None:
    """Title, checks and consequence come with the new document; the record holds their digest."""
    office.ask()
    again = office.ask(document={"model": "sha256:bb"}, title="Deploy credit-score 5")
    assert again.matter.title == "Deploy credit-score 5"
    (asked,) = office.recorded("approvals.asked")
    (revised,) = office.recorded("approvals.revised")
    assert revised["body"]["shown"] not in ("", asked["body"]["shown"])


def test_nobody_gets_a_weaker_rule_by_asking_again(office: Office) -> None:
    """Another rule, or another place, is another question; the open one goes back first."""
    request = office.ask(rule=Rule((Need(2),)))
    for needed, place in ((1, ""), (2, "staging")):
        with pytest.raises(ConflictError, match="asked already"):
            office.ask(rule=Rule((Need(needed),)), document={"model": "x"}, environment=place)
    with office.by("ada") as work:
        approvals.withdraw(work, request.id, reason="asked of too many")
    assert office.ask(rule=Rule((Need(1),))).id != request.id


def test_what_is_void_stays_void_when_a_change_is_undone(office: Office) -> None:
    """Back at the first document, its older yes does not count again."""
    two = Rule((Need(2),))
    request = office.ask(rule=two)
    for name in ("bo", "cy"):
        office.person(name, "releaser")
    office.answer("bo", request)
    office.ask(rule=two, document={"model": "sha256:bb"})
    with pytest.raises(ConflictError, match="earlier version"):
        office.ask(rule=two)
    with office.by("ada") as work:
        approvals.withdraw(work, request.id, reason="we stay with the first one")
    anew = office.ask(rule=two)
    assert office.answer("cy", anew).state is State.OPEN


def test_production_asks_for_a_second_factor(office: Office) -> None:
    """Whatever the rule says: for production nobody answers with a password alone."""
    request = office.ask(rule=Rule(), environment="production")
    assert request.rule.strong
    office.person("bo", "releaser", strong=False)
    with pytest.raises(ForbiddenError, match="cannot answer") as caught:
        office.answer("bo", request)
    assert "second factor" in str(caught.value.reasons)
    office.person("cy", "releaser")
    assert office.answer("cy", request).state is State.APPROVED


def test_asking_the_same_again_changes_nothing(office: Office) -> None:
    """The same question about the same thing is the request that stands."""
    assert office.ask() == office.ask()
    assert office.recorded("approvals.revised") == []


def test_a_yes_that_holds_once_is_used_once(office: Office) -> None:
    """A held call goes on once, for exactly what was approved, and never again."""
    request = office.ask(single_use=True)
    office.person("bo", "releaser")
    digest = request.version.digest
    with pytest.raises(ForbiddenError, match="not approved"), office.database.work(ROOT) as work:
        approvals.use(work, request.id, digest=digest, what="xch_1")
    office.answer("bo", request)
    with pytest.raises(ForbiddenError, match="not what"), office.database.work(ROOT) as work:
        approvals.use(work, request.id, digest="sha256:0", what="xch_1")
    with office.database.work(ROOT) as work:
        used = approvals.use(work, request.id, digest=digest, what="xch_1")
        assert used.state is State.USED
    with pytest.raises(ForbiddenError, match="used before"), office.database.work(ROOT) as work:
        approvals.use(work, request.id, digest=digest, what="xch_2")
    assert [each["body"]["use"] for each in office.recorded("approvals.used")] == ["xch_1"]


def test_each_held_call_is_a_question_of_its_own(office: Office) -> None:
    """Two calls about the same system wait for two answers."""
    assert office.ask(single_use=True).id != office.ask(single_use=True).id


def test_a_lasting_yes_is_not_used_up(office: Office) -> None:
    """A yes that holds until it changes cannot be spent by mistake."""
    request = office.ask()
    office.person("bo", "releaser")
    office.answer("bo", request)
    with pytest.raises(ConflictError, match="used up"), office.database.work(ROOT) as work:
        approvals.use(work, request.id, digest=request.version.digest, what="x")


def test_only_who_asked_takes_it_back(office: Office) -> None:
    """The author withdraws; a bystander may not; nobody answers it after."""
    request = office.ask()
    office.person("bo", "releaser")
    with pytest.raises(ForbiddenError), office.by("bo") as work:
        approvals.withdraw(work, request.id, reason="no need")
    with office.by("ada") as work:
        done = approvals.withdraw(work, request.id, reason="no need")
    assert done.state is State.WITHDRAWN
    with pytest.raises(ForbiddenError, match="cannot answer"):
        office.answer("bo", request)
    with pytest.raises(ConflictError, match="withdrawn"), office.by("ada") as work:
        approvals.revise(work, request.id, {"model": "sha256:cc"})


def test_a_remark_decides_nothing_and_does_not_stand_in_the_ledger(office: Office) -> None:
    """What people remark is kept beside the request; the ledger has a salted digest only."""
    request = office.ask()
    with office.by("ada") as work:
        approvals.comment(work, request.id, " Why 10 per cent? ")
    with office.by("ada") as work:
        same, said, remarks = approvals.get(work, request.id)
    assert same.state is State.OPEN
    assert said == ()
    assert [each.text for each in remarks] == ["Why 10 per cent?"]
    (entry,) = office.recorded("approvals.commented")
    assert "per cent" not in str(entry)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"rule": Rule(())}, "rule"),
        ({"rule": Rule((Need(0),))}, "rule"),
        ({"document": {"text": "x" * 300_000}}, "document"),
        ({"document": {"share": 0.5}}, ""),
        ({"document": {"text": "\ud800"}}, ""),
    ],
)
def test_questions_that_cannot_be_asked(office: Office, bad: dict[str, Any], field: str) -> None:
    """A rule that asks nobody, a book and what is no canonical JSON are refused by name."""
    with pytest.raises(InvalidError) as caught:
        office.ask(**bad)
    assert caught.value.field == field or not field
    assert office.recorded("approvals.asked") == []


def test_times_that_cannot_be(office: Office) -> None:
    """A request cannot end before it is asked, nor be passed up to nobody."""
    now = office.database.clock.now()
    for timing in (
        Timing(expires_at=now),
        Timing(escalates_at=now + timedelta(hours=1)),
    ):
        with pytest.raises(InvalidError):
            office.ask(timing=timing)


def test_whoever_may_not_ask_is_told_why(office: Office) -> None:
    """A person without a role over the system is refused, with the roles that would do."""
    office.person("eve")
    with pytest.raises(ForbiddenError) as caught:
        office.ask("eve")
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "x" * 501])
def test_reasons_that_say_nothing(office: Office, text: str) -> None:
    """An empty reason, a NUL and a book are no reason."""
    request = office.ask()
    with pytest.raises(MunimentError), office.by("ada") as work:
        approvals.withdraw(work, request.id, reason=text)
