"""A change of a detector is asked for with figures, approved by a peer, in force, and ends."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from muniment import approvals, detect, vault
from muniment.access import EVERYTHING
from muniment.approvals import Answer
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.detect import Allowed, Configuration, OpenTexts, ProposalState, Term, TermKind
from muniment.detect.service import proposing
from muniment.testing import FixedClock
from tests.approvals.people import ROOT
from tests.detect.company import ADDRESS, STRICT, TEXT, WHY, Company

ALLOWING = Configuration(allowed=(Allowed(ADDRESS),))


def state(company: Company, change_id: str) -> ProposalState:
    """Say how a change stands."""
    with company.by("ada") as work:
        return detect.state_of(work, detect.proposal(work, change_id))


def test_a_change_comes_into_force_on_the_yes_of_a_peer(company: Company) -> None:
    """Asked with figures, approved, applied: each is recorded, and only then it holds."""
    company.missed()
    asked = company.propose()
    assert company.in_force() == Configuration()
    assert state(company, asked.id) is ProposalState.WAITING
    assert (asked.before.cases.right, asked.after.cases.right) == (1, 1)
    assert {each.name for each in asked.after.sets} == {"values", "names", "signals"}
    assert all(each.wanted for each in asked.after.sets)
    request = company.say(asked)
    assert request.matter.document["figures"]["values"]["found"] > 0
    assert state(company, asked.id) is ProposalState.APPROVED
    made = company.apply(asked)
    assert (made.version, made.owner, made.after.right) == (1, "per_ines", 1)
    assert company.in_force() == STRICT
    assert company.in_force("sys_1") == STRICT
    assert state(company, asked.id) is ProposalState.IN_FORCE
    (told,) = company.recorded("detect.change_asked")
    assert told["body"]["document"] == request.version.digest
    assert told["body"]["after"] == asked.after.counts()
    (told,) = company.recorded("detect.change_applied")
    assert told["body"]["request_id"] == request.id
    assert "detect_applied" in told["changes"]
    assert len(company.recorded("detect.configured")) == 1
    with company.by("ada") as work:
        assert detect.scanner_for(work).configuration == STRICT
        (known,) = detect.history(work)
        assert known == made
        assert detect.proposals(work).rows[0].version == 1


def test_without_a_yes_nothing_comes_into_force(company: Company) -> None:
    """An open question and a no are not a yes."""
    asked = company.propose()
    with pytest.raises(ConflictError, match="nobody but its author"):
        company.apply(asked)
    company.say(asked, Answer.DENY)
    assert state(company, asked.id) is ProposalState.DENIED
    with pytest.raises(ConflictError, match="nobody but its author"):
        company.apply(asked)
    assert company.in_force() == Configuration()


def test_an_author_is_not_their_own_peer(company: Company) -> None:
    """Who asked does not approve, whatever roles they hold."""
    company.person("cora", "compliance", "security", scope=EVERYTHING)
    asked = company.propose(by="cora")
    with pytest.raises(ForbiddenError, match="cannot answer"):
        company.say(asked, by="cora")


def test_a_yes_to_another_document_is_none(company: Company) -> None:
    """The yes is bound to a digest: with another document the change stays out of force."""
    asked = company.propose()
    with company.by("ada") as work:
        request, _, _ = approvals.get(work, asked.request_id)
        approvals.revise(work, request.id, {**request.matter.document, "ends": "never"})
    company.say(asked)
    with pytest.raises(ConflictError, match="exactly this change"):
        company.apply(asked)


def test_a_change_that_looks_away_needs_an_end_and_ends_by_itself(
    company: Company, clock: FixedClock
) -> None:
    """An allow-list without an end is refused; with one it holds until then and no longer."""
    with pytest.raises(InvalidError) as told:
        company.propose(ALLOWING)
    assert (told.value.field, told.value.reasons) == ("expires_at", ("more texts are allowed",))
    ends = clock.now() + timedelta(days=20)
    asked = company.propose(ALLOWING, expires_at=ends)
    company.say(asked)
    company.apply(asked)
    assert company.in_force() == ALLOWING
    clock.advance(timedelta(days=21).total_seconds())
    with company.database.look(company.people["ada"]) as work:
        assert detect.in_force(work) == Configuration()
        assert detect.state_of(work, detect.proposal(work, asked.id)) is ProposalState.ENDED


def test_a_question_nobody_answers_lapses(company: Company, clock: FixedClock) -> None:
    """A change that has ended before anybody said yes is not put in force."""
    asked = company.propose(ALLOWING, expires_at=clock.now() + timedelta(hours=1))
    company.say(asked)
    clock.advance(timedelta(hours=2).total_seconds())
    with pytest.raises(InvalidError, match="would have ended"):
        company.apply(asked)
    assert state(company, asked.id) is ProposalState.LAPSED


def test_nothing_is_undone_unseen(company: Company) -> None:
    """Of two changes asked for on top of the same, the second is told to ask again."""
    first = company.propose(STRICT)
    second = company.propose(Configuration(threshold=0.3))
    company.say(first)
    company.say(second)
    company.apply(first)
    assert state(company, second.id) is ProposalState.OVERTAKEN
    with pytest.raises(ConflictError, match="has changed since"):
        company.apply(second)
    with pytest.raises(ConflictError, match="already"):
        company.apply(first)
    assert company.in_force() == STRICT


def test_two_at_once_do_not_both_hold(company: Company) -> None:
    """Two people put two changes in force at the same moment: one does, the other is refused."""
    company.person("eva", "security", scope=EVERYTHING)
    asked = [company.propose(STRICT), company.propose(Configuration(threshold=0.3))]
    for each in asked:
        company.say(each)
    done: list[str] = []
    wait = threading.Barrier(2)

    def act(name: str, change_id: str) -> None:
        wait.wait()
        try:
            with company.by(name) as work:
                detect.apply(work, change_id, OpenTexts())
            done.append("applied")
        except ConflictError:
            done.append("refused")

    pairs = zip(("ada", "eva"), asked, strict=True)
    threads = [threading.Thread(target=act, args=(name, each.id)) for name, each in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["applied", "refused"]
    assert len(company.recorded("detect.change_applied")) == 1


def test_what_was_reported_as_missed_is_never_missed_again(
    company: Company, clock: FixedClock
) -> None:
    """A change that would miss a reported case is refused, also if the case came after the yes."""
    ends = clock.now() + timedelta(days=1)
    early = company.propose(ALLOWING, expires_at=ends)
    company.say(early)
    company.missed()
    with pytest.raises(ForbiddenError) as told:
        company.propose(ALLOWING, expires_at=ends)
    assert "missed after: 1" in told.value.reasons
    with pytest.raises(ForbiddenError):
        company.apply(early)
    assert company.in_force() == Configuration()


def test_an_erased_case_is_never_a_pass(company: Company) -> None:
    """After its subject was erased a case could not be told, whatever the change would find."""
    whose = "sub_0a1b2c3d4e5f6a7b8c9d"
    company.missed(subject=whose)
    first = company.propose()
    assert ("cases", "met") in [each[:2] for each in detect.judged(first.before, first.after)]
    with company.database.work(ROOT) as work:
        asked = vault.ask_shred(work, company.safe, subject=whose, reason="they asked us to")
        vault.shred(work, company.safe, asked.id)
    second = company.propose(Configuration(threshold=0.3))
    assert (second.after.cases.unknown, second.after.cases.right) == (1, 0)
    verdicts = {name: verdict for name, verdict, _ in detect.judged(second.before, second.after)}
    assert verdicts["cases"] == "could_not_tell"
    company.say(first)
    assert company.apply(first).after.unknown == 1


def test_a_case_that_was_not_opened_could_not_be_told(company: Company) -> None:
    """What is reported after the texts were opened counts as unknown, not as right."""
    texts = company.texts()
    company.missed()
    with company.by("ada") as work:
        made = detect.propose(work, STRICT, texts, owner="per_ines", reason=WHY)
    assert (made.after.cases.unknown, made.after.cases.right) == (1, 0)


def test_a_term_that_fires_on_plain_text_shows_in_the_figures(company: Company) -> None:
    """The sets of the product tell before the yes that an own term is too wide."""
    term = Term("the", TermKind.BANNED, "the", "OUR_WORD")
    asked = company.propose(Configuration(terms=(term,)))
    before, after = asked.before.sets[-1], asked.after.sets[-1]
    assert after.name == "values"
    assert after.false > before.false + 5
    verdicts = {name: verdict for name, verdict, _ in detect.judged(asked.before, asked.after)}
    assert verdicts["values"] == "not_met"
    assert verdicts["cases"] == "could_not_tell"
    with company.by("bo") as work:
        request, _, _ = approvals.get(work, asked.request_id)
    assert any(each.verdict == "not_met" for each in request.matter.checks)


def test_systems_have_their_own_configuration(company: Company) -> None:
    """A system's own change counts for it alone; others keep the installation's."""
    company.change(STRICT, system="sys_1")
    assert company.in_force("sys_1") == STRICT
    assert company.in_force("sys_2") == Configuration()
    with company.by("ada") as work:
        assert detect.scanner_for(work, "sys_1").configuration == STRICT
        assert len(detect.proposals(work, system="sys_1").rows) == 1
        assert not detect.proposals(work, system="sys_2").rows


def test_others_see_the_changes_of_their_systems_only(company: Company) -> None:
    """Somebody of one system is refused another's change, and may not put any in force."""
    company.person("dan", "builder")
    mine, other = company.propose(system="sys_1"), company.propose(system="sys_2")
    with company.by("dan") as work:
        assert detect.proposal(work, mine.id).id == mine.id
        with pytest.raises(ForbiddenError):
            detect.proposal(work, other.id)
        with pytest.raises(ForbiddenError):
            detect.apply(work, mine.id, OpenTexts())
        with pytest.raises(ForbiddenError):
            detect.propose(work, STRICT, OpenTexts(), owner="per_ines", reason=WHY)
    with company.by("ada") as work, pytest.raises(NotFoundError):
        detect.proposal(work, "dch_nobody")


@pytest.mark.parametrize(
    ("owner", "reason", "system", "field"),
    [
        ("", WHY, "", "owner"),
        ("per_ines", "no", "", "reason"),
        ("a\nb", WHY, "", "owner"),
        ("per_ines", WHY, "s" * 81, "system"),
    ],
)
def test_a_change_without_owner_or_reason_is_refused(
    company: Company, owner: str, reason: str, system: str, field: str
) -> None:
    """Somebody answers for each change and says why."""
    with company.by("ada") as work, pytest.raises(InvalidError) as told:
        detect.propose(work, STRICT, OpenTexts(), owner=owner, reason=reason, system=system)
    assert told.value.field == field


def test_what_holds_already_is_no_change(company: Company) -> None:
    """Nobody is asked about nothing."""
    with pytest.raises(ConflictError, match="in force"):
        company.propose(Configuration())


def test_approvers_see_digests_and_not_the_texts(company: Company, clock: FixedClock) -> None:
    """The document a yes is bound to holds no allowed text; the page of the change shows it."""
    asked = company.propose(ALLOWING, expires_at=clock.now() + timedelta(days=1))
    with company.by("bo") as work:
        request, _, _ = approvals.get(work, asked.request_id)
        seen = detect.proposal(work, asked.id)
    assert ADDRESS not in str(request.matter.document)
    assert request.matter.document["allowed"]["count"] == 1
    assert request.matter.kind == proposing.MATTER
    lines = detect.differences(seen.previous, seen.configuration)
    assert lines == ((f"allowed of any type: {ADDRESS}", "", "yes"),)
    assert TEXT.count(ADDRESS) == 1
