"""Who comes with this key: from memory, within a second of every change, and one opaque answer."""

from __future__ import annotations

import logging

import pytest

from muniment import access
from muniment.access import Holder, HolderKind, KeyBook, Refusal, ServiceKind
from muniment.access.rules import write_key
from muniment.core.errors import UnauthenticatedError, UnavailableError
from muniment.settings import Settings
from muniment.testing import fresh_database
from tests.access.company import Company


@pytest.fixture
def refused() -> list[tuple[Refusal, str]]:
    """What a book was told to tell of refusals."""
    return []


@pytest.fixture
def book(company: Company, refused: list[tuple[Refusal, str]]) -> KeyBook:
    """A book of keys as a process has it."""
    return KeyBook(company.database, refused=lambda why, key_id: refused.append((why, key_id)))


def key_of(company: Company, name: str) -> access.FreshKey:
    """Make a key for a service somebody answers for."""
    with company.work() as work:
        service = access.add_service(work, ServiceKind.AGENT, "agent", company.people[name])
        return access.issue_key(work, Holder(HolderKind.SERVICE, service.id), "x")


def test_a_change_is_seen_by_every_process_within_a_second(
    company: Company, settings: Settings, book: KeyBook
) -> None:
    """Revoked, suspended, parted with: whatever ends a key ends it in other processes too."""
    with fresh_database(settings, company.clock) as elsewhere:
        other = KeyBook(elsewhere)
        keys = [key_of(company, name) for name in ("ana", "bob", "cora")]
        for each in keys:
            assert other.identify(each.secret) == book.identify(each.secret)
        with company.work() as work:
            access.revoke_key(work, keys[0].key.id)
            access.suspend(work, company.people["bob"])
            access.leave(work, company.people["cora"])
        company.clock.advance(0.5)
        for each in keys:
            for known in (other, book):
                assert known.working(each.secret) is None
                with pytest.raises(UnauthenticatedError):
                    known.identify(each.secret)
        with company.work() as work:
            access.reactivate(work, company.people["bob"])
        company.clock.advance(0.5)
        assert other.identify(keys[1].secret).id == keys[1].key.holder.id


def test_a_key_just_made_opens_at_once(company: Company, book: KeyBook) -> None:
    """Nobody waits for half a second with a new key in hand."""
    book.identify(key_of(company, "ana").secret)
    fresh = key_of(company, "ana")
    assert book.identify(fresh.secret).credential == fresh.key.id


def test_memory_answers_between_two_looks(
    company: Company, book: KeyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known key needs no question to the database; when a look fails, nothing is let in."""
    fresh = key_of(company, "ana")
    assert book.identify(fresh.secret) == book.working(fresh.secret)

    def fail(*_arguments: object) -> None:
        raise UnavailableError("the database does not answer")

    for way in ("look", "glance"):
        monkeypatch.setattr(type(company.database), way, fail)
    assert book.identify(fresh.secret).credential == fresh.key.id
    company.clock.advance(0.5)
    for ask in (book.identify, book.working):
        with pytest.raises(UnavailableError):
            ask(fresh.secret)


def test_the_world_learns_nothing_and_our_log_everything(
    company: Company,
    book: KeyBook,
    refused: list[tuple[Refusal, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Malformed, unknown, expired, revoked, and whose holder may nothing: one answer outside."""
    revoked, expired, holder = (key_of(company, name) for name in ("ana", "bob", "cora"))
    unknown = write_key(HolderKind.SERVICE, 7)
    with company.work() as work:
        access.revoke_key(work, revoked.key.id)
        access.suspend(work, company.people["cora"])
    company.clock.advance(367 * 86_400)
    with company.work() as work:
        access.reactivate(work, company.people["cora"])
        later = access.issue_key(work, holder.key.holder, "later")
        access.suspend(work, company.people["cora"])
    asked = {
        "malformed": ("mun_svc_nonsense", ""),
        "unknown": (unknown, ""),
        "expired": (expired.secret, expired.key.id),
        "revoked": (revoked.secret, revoked.key.id),
        "holder": (later.secret, later.key.id),
    }
    answers = set()
    with caplog.at_level(logging.INFO):
        for presented, _ in asked.values():
            with pytest.raises(UnauthenticatedError) as caught:
                book.identify(presented)
            answers.add((str(caught.value), caught.value.reasons, caught.value.subject))
            with pytest.raises(UnauthenticatedError) as direct:
                access.identify_key(company.database, presented)
            assert str(direct.value) == str(caught.value)
    assert len(answers) == 1
    assert refused == [(Refusal(why), key_id) for why, (_, key_id) in asked.items()]
    assert {record.__dict__["reason"] for record in caplog.records} == set(asked)
    assert all(presented not in caplog.text for presented, _ in asked.values())


@pytest.mark.parametrize(
    "presented", ["", "x", "é" * 47, "mun_svc_" + "0" * 4_000, "\ud800", "a\0"]
)
def test_whatever_is_presented_is_answered(book: KeyBook, presented: str) -> None:
    """Nothing that can be sent as a key breaks anything."""
    with pytest.raises(UnauthenticatedError):
        book.identify(presented)


def test_use_is_noted_once_a_minute_without_a_record(company: Company, book: KeyBook) -> None:
    """When a key was last used is written together, at most once a minute, and never backwards."""
    fresh = key_of(company, "ana")
    records = len(company.recorded())
    for _ in range(5):
        book.identify(fresh.secret)
        company.clock.advance(10)
    with company.look() as work:
        assert access.key_of(work, fresh.key.id).last_used_at is None
    company.clock.advance(20)
    book.identify(fresh.secret)
    with company.look() as work:
        noted = access.key_of(work, fresh.key.id).last_used_at
    assert noted is not None
    assert book.write_uses() == 1
    assert book.write_uses() == 0
    company.clock.set_back(3_600)
    book.identify(fresh.secret)
    book.write_uses()
    with company.look() as work:
        after = access.key_of(work, fresh.key.id).last_used_at
    assert after is not None
    assert after >= noted
    assert len(company.recorded()) == records


def test_a_use_that_cannot_be_written_refuses_nobody(
    company: Company, book: KeyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is busy writing keeps no good key out, and the use is written later."""
    fresh = key_of(company, "ana")
    book.identify(fresh.secret)
    company.clock.advance(60)

    def fail(*_arguments: object) -> None:
        raise UnavailableError("the database is busy writing")

    with monkeypatch.context() as patched:
        patched.setattr(type(company.database), "work", fail)
        assert book.identify(fresh.secret).credential == fresh.key.id
    assert book.write_uses() == 1
