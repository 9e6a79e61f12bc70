"""Drafts, peer review, publication, shadow and the way back."""

from __future__ import annotations

import threading

import pytest

from muniment import approvals, policy
from muniment.access import EVERYTHING
from muniment.approvals import Answer, State
from muniment.core.errors import (
    BlockedError,
    ConflictError,
    ForbiddenError,
    InvalidError,
    MunimentError,
    NotFoundError,
)
from muniment.policy import How, Source, Standing
from tests.policy.company import ALLOW, NEVER_SECRETS, NO_CARDS, Company, source
from tests.policy.judging import rule

ADMINS_ONLY = (
    '@id("product.admins") @reason("Admins manage access.") permit (principal in '
    'Muniment::Role::"admin", action == Muniment::Action::"change", resource);'
)


def standing(company: Company) -> Standing:
    """Say what is in force."""
    with company.by("bo") as work:
        return policy.standing(work)


@pytest.mark.requirement("POL-02")
def test_a_version_comes_into_force_on_the_yes_of_a_peer(company: Company) -> None:
    """Draft, ask, approve, publish: each is recorded, and then the version is in force."""
    version = company.draft(ALLOW)
    assert standing(company) == Standing()
    request = company.approve(version)
    change = company.publish(version)
    assert request.state is State.APPROVED
    assert (change.how, change.version, change.before) == (How.PUBLISHED, 1, 0)
    assert change.request_id == request.id
    assert standing(company) == Standing(1, 1, 0)
    (entry,) = company.recorded("policy.enforced")
    assert entry["id"] == change.record_id
    assert entry["body"]["bundle"] == version.bundle
    assert {"policy_head", "policy_changes"} <= set(entry["changes"])
    assert len(company.recorded("policy.drafted")) == 1
    assert len(company.recorded("policy.review_asked")) == 1


def test_without_a_yes_nothing_comes_into_force(company: Company) -> None:
    """An open question and a no are not a yes."""
    version = company.draft(ALLOW)
    with pytest.raises(ConflictError, match="nobody but its author"):
        company.publish(version)
    company.answer("bo", company.ask_for(version), Answer.DENY)
    with pytest.raises(ConflictError, match="nobody but its author"):
        company.publish(version)


def test_an_author_is_not_their_own_peer(company: Company) -> None:
    """Who wrote a version does not approve it, also when somebody else asks for the yes."""
    company.person("cora", "compliance", scope=EVERYTHING)
    version = company.draft(ALLOW, by="bo")
    request = company.ask_for(version, by="cora")
    assert request.author == company.id("bo")
    with pytest.raises(ForbiddenError, match="cannot answer"):
        company.answer("bo", request)
    company.answer("cora", request)
    company.publish(version)


def test_a_changed_document_is_another_matter(company: Company) -> None:
    """A yes to something else than what was drafted puts nothing in force."""
    version = company.draft(ALLOW)
    request = company.ask_for(version)
    with company.by("ada") as work:
        approvals.revise(work, request.id, {**request.matter.document, "bundle": "sha256:other"})
    company.answer("bo", request)
    with pytest.raises(ConflictError, match="nobody but its author"):
        company.publish(version)


def test_two_publishers_at_once_do_not_undo_each_other(company: Company) -> None:
    """Of two versions drafted from the same one, the second is told to draft again."""
    first, second = company.draft(ALLOW), company.draft(ALLOW, NO_CARDS)
    company.approve(first)
    company.approve(second)
    done: list[str] = []
    wait = threading.Barrier(2)

    def act(number: int) -> None:
        wait.wait()
        try:
            with company.by("bo") as work:
                policy.publish(work, number, reason="at once")
            done.append("published")
        except ConflictError:
            done.append("refused")

    threads = [threading.Thread(target=act, args=(each.number,)) for each in (first, second)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(done) == ["published", "refused"]
    assert len(company.recorded("policy.enforced")) == 1
    assert standing(company).revision == 1


def test_who_saw_another_revision_is_refused(company: Company) -> None:
    """Publishing names what one saw in force; if that changed, one looks again."""
    version = company.draft(ALLOW)
    company.approve(version)
    with company.by("bo") as work, pytest.raises(ConflictError, match="changed meanwhile"):
        policy.publish(work, version.number, reason="late", revision=7)


def test_going_back_is_at_once_and_recorded(company: Company) -> None:
    """The version before is back without a new yes; it had one, and the record says which."""
    first = company.enforce(ALLOW)
    company.enforce(ALLOW, NO_CARDS)
    with company.by("bo") as work:
        change = policy.roll_back(work, reason="too many masks")
    assert (change.how, change.version, change.before) == (How.ROLLED_BACK, first.number, 2)
    assert change.request_id == company.recorded("policy.enforced")[0]["body"]["request_id"]
    assert company.recorded("policy.enforced")[-1]["body"]["how"] == "rolled_back"


def test_nobody_goes_back_to_what_never_was(company: Company) -> None:
    """Only what was in force can be gone back to, and only if there is an earlier one."""
    company.enforce(ALLOW)
    version = company.draft(ALLOW, NO_CARDS)
    with company.by("bo") as work, pytest.raises(ConflictError, match="never in force"):
        policy.roll_back(work, version.number, reason="a short way")
    with company.by("bo") as work, pytest.raises(ConflictError, match="no earlier version"):
        policy.roll_back(work, reason="back")
    with company.by("bo") as work, pytest.raises(ConflictError, match="already"):
        policy.roll_back(work, 1, reason="back")


def test_a_shadow_decides_nothing_and_ends_by_being_published(company: Company) -> None:
    """In shadow, a version is judged beside the one in force; publishing it ends the shadow."""
    company.enforce(ALLOW)
    version = company.draft(ALLOW, NEVER_SECRETS)
    with company.by("ada") as work:
        policy.shadow(work, version.number, reason="to see")
    assert standing(company) == Standing(2, 1, 2)
    with company.by("ada") as work, pytest.raises(ConflictError, match="in shadow already"):
        policy.shadow(work, version.number, reason="to see")
    company.approve(version)
    company.publish(version)
    assert standing(company) == Standing(3, 2, 0)
    with company.by("ada") as work, pytest.raises(ConflictError, match="no version is in shadow"):
        policy.end_shadow(work, reason="done")
    with company.by("ada") as work:
        policy.shadow(work, 1, reason="to see")
    with company.by("ada") as work:
        policy.end_shadow(work, reason="seen")
    assert standing(company) == Standing(5, 2, 0)


def test_who_may_not_is_refused(company: Company) -> None:
    """A builder writes no policy, and who proposes does not publish."""
    company.person("olga", "owner", scope=EVERYTHING)
    company.person("bob", "builder", scope=EVERYTHING)
    with pytest.raises(ForbiddenError):
        company.draft(ALLOW, by="bob")
    version = company.draft(ALLOW, by="olga")
    company.approve(version)
    with pytest.raises(ForbiddenError):
        company.publish(version, by="olga")


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("permit (principal, action", "unexpected"),
        (rule("a", when="context.colour == 1"), "colour"),
        (rule("a", remedy="scold"), "not a remedy"),
        ("//" + "x" * (10 * 1024 * 1024), "10,485,762 bytes"),
        ("permit (principal, action, resource);", "no @id"),
    ],
)
def test_what_cannot_be_used_is_not_kept(company: Company, rules: str, says: str) -> None:
    """Bad grammar, unknown facts, unknown remedies and 10 MB are told, and nothing is drafted."""
    with company.by("ada") as work, pytest.raises(InvalidError) as refused:
        policy.draft(work, source(rules), reason="bad")
    assert says in str(refused.value)
    assert company.recorded("policy.drafted") == []


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501, "a\0b"])
def test_a_reason_is_a_sentence(company: Company, reason: str) -> None:
    """Nothing, a book and control characters are no reason."""
    with company.by("ada") as work, pytest.raises(InvalidError, match="reason"):
        policy.draft(work, source(ALLOW), reason=reason)


def test_files_have_names_of_their_own(company: Company) -> None:
    """A file of another kind, two of one name and half a letter are refused."""
    for given in (
        [Source("rules.txt", ALLOW)],
        [Source("a.cedar", ALLOW), Source("a.cedar", NO_CARDS)],
        [Source("a.cedar", "// \ud800\n")],
    ):
        with company.by("ada") as work, pytest.raises(InvalidError):
            policy.draft(work, given, reason="bad")


def test_unknown_versions_are_told(company: Company) -> None:
    """Every verb says that there is no such version."""
    with company.by("bo") as work:
        for verb in (policy.publish, policy.roll_back, policy.shadow):
            with pytest.raises(NotFoundError, match="no version 9"):
                verb(work, 9, reason="which")


def test_policies_that_shut_everybody_out_are_refused(company: Company) -> None:
    """Rules about the product that let nobody change policies again say what to add."""
    version = company.draft(ALLOW, ADMINS_ONLY)
    with pytest.raises(InvalidError) as refused:
        company.ask_for(version)
    assert "no security and no compliance could ever change policy again" in str(refused.value)
    way_out = refused.value.remedy.removeprefix("Add: ")
    mended = company.draft(ALLOW, ADMINS_ONLY, way_out)
    company.approve(mended)
    company.publish(mended)


def test_the_policy_in_force_governs_policies_too(company: Company) -> None:
    """Whom the policy in force keeps from changing policies is stopped; the way back stays open."""
    company.enforce(ALLOW)
    only_security = (
        '@id("product.security") @reason("Security writes policies.") permit (principal in '
        'Muniment::Role::"security", action == Muniment::Action::"change", '
        'resource == Muniment::Area::"policy");'
    )
    company.enforce(ALLOW, ADMINS_ONLY, only_security)
    with pytest.raises(BlockedError, match="does not let you"):
        company.draft(ALLOW, by="bo")
    company.draft(ALLOW, by="ada")
    with company.by("bo") as work:
        policy.roll_back(work, reason="compliance must write too")
    company.draft(ALLOW, by="bo")


def test_a_failure_half_way_leaves_nothing(company: Company) -> None:
    """A publication whose unit of work fails has not happened in any part."""
    version = company.draft(ALLOW)
    company.approve(version)
    with pytest.raises(MunimentError, match="the power went"):
        publish_and_fall(company, version.number)
    assert standing(company) == Standing()
    company.publish(version)


def publish_and_fall(company: Company, number: int) -> None:
    """Publish in a unit of work that does not come to its end."""
    with company.by("bo") as work:
        policy.publish(work, number, reason="now")
        raise MunimentError("the power went")
