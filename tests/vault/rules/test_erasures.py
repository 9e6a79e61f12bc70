"""Who may agree to an erasure, and a certificate that contradicts itself in no place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.approvals.models import matter_digest
from muniment.core.errors import InvalidError
from muniment.ledger.kinds.approvals import Decided
from muniment.ledger.kinds.base import kind_of
from muniment.vault.rules.erasures import (
    Exhibit,
    approval_problem,
    certificate_problems,
    horizon,
    keys_digest,
    make_certificate,
    needs_second_person,
    require_kids,
    scope_digest,
)

SUBJECT, CLASS, SHRED = "sub_0a1b2c3d4e5f6a7b8c9d", "restricted", "shr_1"
DIGEST = scope_digest(SHRED, SUBJECT, CLASS)
KIDS = ("vk_b", "vk_a")


def entry(kind: str, record_id: str, who: str, body: dict[str, Any], at: str) -> dict[str, Any]:
    """Write an entry as far as it matters here."""
    actor = {"kind": "person", "id": who}
    return {"kind": kind, "id": record_id, "actor": actor, "body": body, "at": at}


def entries() -> dict[str, dict[str, Any]]:
    """Give the three entries of a lawful erasure."""
    asked = {"shred": SHRED, "subject": SUBJECT, "classification": CLASS, "digest": DIGEST}
    decided = {"shred": SHRED, "request": "rec_1", "digest": DIGEST, "decision": "approved"}
    done = {
        "shred": SHRED,
        "subject": SUBJECT,
        "classification": CLASS,
        "keys": 2,
        "keys_digest": keys_digest(KIDS),
        "request": "rec_1",
        "approval": "rec_2",
        "memory_until": "2026-11-26T10:05:00Z",
        "backups_until": "2026-12-31T10:00:00Z",
    }
    return {
        "request": entry(
            "vault.shred_asked", "rec_1", "ines", asked, "2026-11-26T09:00:00.000000Z"
        ),
        "approval": entry(
            "vault.shred_approved", "rec_2", "omar", decided, "2026-11-26T09:30:00.000000Z"
        ),
        "destruction": entry(
            "vault.shredded", "rec_3", "ines", done, "2026-11-26T10:00:00.000000Z"
        ),
    }


def written(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Write the certificate of these entries, and read it back."""
    exhibits = [Exhibit(role, json.dumps(one).encode(), b"proof") for role, one in found.items()]
    read: dict[str, Any] = json.loads(make_certificate(exhibits, KIDS, "log.example+00+key"))
    return read


def problems(certificate: object) -> tuple[str, ...]:
    """Look for contradictions."""
    return certificate_problems(json.dumps(certificate).encode())


def test_a_lawful_certificate_contradicts_itself_nowhere() -> None:
    """It says when what was destroyed, who asked and agreed, and until when backups may have it."""
    certificate = written(entries())
    assert problems(certificate) == ()
    said = " ".join(certificate["says"])
    for word in ("2 keys", SUBJECT, "person ines asked", "person omar agreed", "2026-12-31"):
        assert word in said
    assert certificate["keys"] == sorted(KIDS)
    assert certificate["log"] == {"origin": "log.example", "vkey": "log.example+00+key"}


def test_one_without_a_second_person_says_so() -> None:
    """Where no rule asked for a decision, the certificate says that nobody had to agree."""
    found = entries()
    del found["approval"]
    found["destruction"]["body"]["approval"] = ""
    certificate = written(found)
    assert problems(certificate) == ()
    assert "No second person had to agree" in " ".join(certificate["says"])


def changed(certificate: dict[str, Any], role: str, **changes: Any) -> dict[str, Any]:
    """Change what the body of one entry in a certificate says."""
    for one in certificate["entries"]:
        if one["role"] == role:
            value = json.loads(one["entry"])
            value["body"] |= changes
            one["entry"] = json.dumps(value)
    return certificate


@pytest.mark.parametrize(
    ("role", "changes", "told"),
    [
        ("request", {"shred": "shr_2"}, "another request"),
        ("request", {"subject": "sub_other"}, "not what was asked for"),
        ("approval", {"digest": "sha256:" + "0" * 64}, "something else"),
        ("approval", {"decision": "denied"}, "denied"),
        ("destruction", {"keys": 1}, "not the keys"),
        ("destruction", {"approval": "rec_9"}, "is missing"),
        ("destruction", {"backups_until": "2020-01-01T00:00:00Z"}, "not what the entry says"),
    ],
)
def test_entries_that_do_not_fit_are_told(role: str, changes: dict[str, Any], told: str) -> None:
    """An entry of another erasure, another decision, another count: each is named."""
    found = problems(changed(written(entries()), role, **changes))
    assert any(told in each for each in found), found


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("keys", ["vk_a"], "not the keys"),
        ("says", ["All is well."], "sentences"),
        ("destroyed_at", "2020-01-01T00:00:00.000000Z", "not what the entry says"),
        ("kind", "muniment.certificate/9", "no certificate"),
    ],
)
def test_words_that_the_entries_do_not_say_are_told(name: str, value: object, told: str) -> None:
    """Whoever edits the certificate around its entries is found out."""
    found = problems(written(entries()) | {name: value})
    assert any(told in each for each in found), found


def test_a_decision_after_which_nobody_asked_is_told() -> None:
    """The order of times and the kinds of entries must be those of an erasure."""
    found = entries()
    found["destruction"]["at"] = "2026-11-26T08:00:00.000000Z"
    assert any("before it was asked" in each for each in problems(written(found)))
    found = entries()
    found["request"]["kind"] = "vault.opened"
    assert any("other kinds" in each for each in problems(written(found)))


def test_the_same_role_twice_is_no_certificate() -> None:
    """Two entries in one role would let a reader look at one and a checker at the other."""
    certificate = written(entries())
    certificate["entries"].append(certificate["entries"][0])
    assert problems(certificate) == ("this is no certificate of an erasure",)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_no_certificate_is_told_so(value: object) -> None:
    """Any JSON, and bytes that are none, give an answer and never another error."""
    assert problems(value) == ("this is no certificate of an erasure",)
    assert certificate_problems(b"\xff{") == ("this is no certificate of an erasure",)
    kind = "muniment.certificate/1"
    assert problems({"kind": kind, "entries": value, "keys": value}) != ()


@pytest.mark.parametrize(
    ("who", "changes", "told"),
    [
        ("omar", {}, ""),
        ("ines", {}, "whoever asked"),
        ("omar", {"digest": "other"}, "something else"),
        ("omar", {"decision": "approve"}, "'approve'"),
        ("omar", {"decision": None}, "None"),
    ],
)
def test_who_may_agree(who: str, changes: dict[str, Any], told: str) -> None:
    """A second person, about exactly this, with a plain yes."""
    found = entries()
    body = found["approval"]["body"] | changes
    decision = entry("vault.shred_approved", "rec_2", who, body, "2026-11-26T09:30:00.000000Z")
    problem = approval_problem(found["request"], decision)
    assert (told in problem) if told else problem == ""


@pytest.mark.parametrize(
    ("who", "changes", "told"),
    [
        ("omar", {}, ""),
        ("omar", {"acts_for": "per_nora"}, ""),
        ("ines", {}, "whoever asked"),
        ("omar", {"acts_for": "ines"}, "whoever asked"),
        ("omar", {"digest": "other"}, "something else"),
        ("omar", {"answer": "deny", "state": "denied"}, "'deny'"),
        ("omar", {"answer": "approve_with_change"}, "approve_with_change"),
        ("omar", {"state": "open"}, "'open'"),
        ("omar", {"answer": None}, "None"),
    ],
)
def test_a_decision_of_the_room_of_approvals(who: str, changes: dict[str, Any], told: str) -> None:
    """The yes that closed the question counts; a yes among others still missing does not."""
    found = entries()
    asker = found["request"]["actor"]["id"]
    changes = {name: asker if each == "ines" else each for name, each in changes.items()}
    decided = Decided(
        request_id="apr_1",
        vote_id="vot_1",
        answer="approve",
        digest=DIGEST,
        person="per_omar",
        acts_for="",
        roles=("security",),
        signed_in="passkey",
        seconds=12,
        reason="checked",
        state="approved",
        missing=(),
    )
    body = kind_of(decided).body_of(decided) | changes
    decision = entry("approvals.decided", "rec_2", who, body, "2026-11-26T09:30:00.000000Z")
    problem = approval_problem(found["request"], decision)
    assert (told in problem) if told else problem == ""


def test_its_digest_is_that_of_a_matter() -> None:
    """Whoever asks the room of approvals about it asks about the same digest."""
    document = {"shred": SHRED, "subject": SUBJECT, "classification": CLASS}
    assert scope_digest(SHRED, SUBJECT, CLASS) == matter_digest(
        "vault.shred", ("erasure", SHRED), document
    )


def test_neither_a_service_nor_another_kind_agrees() -> None:
    """A decision taken by a rule never counts as a person's, nor does any other record."""
    found = entries()
    found["approval"]["actor"]["kind"] = "service"
    assert "a person must" in approval_problem(found["request"], found["approval"])
    assert "no decision" in approval_problem(found["request"], found["destruction"])


def test_the_rule_looks_at_every_class() -> None:
    """One class that needs two people is enough."""
    assert needs_second_person(["internal", "restricted"], ["restricted"])
    assert not needs_second_person(["internal"], ["restricted"])
    assert not needs_second_person(["restricted"], [])


def test_an_erasure_of_nothing_is_refused() -> None:
    """With no key to destroy there is nothing to certify."""
    assert require_kids(2) == 2
    with pytest.raises(InvalidError, match="nothing is kept"):
        require_kids(0)


def test_the_horizon_is_a_time_people_can_read() -> None:
    """Days are added to the moment, in UTC."""
    assert horizon("2026-11-26T10:00:00.123456Z", 35 * 86_400) == "2026-12-31T10:00:00Z"
