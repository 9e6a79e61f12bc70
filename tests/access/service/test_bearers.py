"""Tokens of programs, and names of their certificates: believed only as an admin said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muniment.access import (
    CLIENT_NAMES,
    Issuer,
    IssuerUse,
    Reception,
    ServiceId,
    ServiceKind,
    Trust,
    add_issuer,
    add_service,
    change_issuer,
    identify_client,
    identify_token,
    is_token,
    link_workload,
    signed_subject,
    suspend_service,
    unlink_workload,
)
from muniment.core.errors import InvalidError, NotFoundError
from muniment.testing import FixedClock, fresh_database, settings_for
from tests.access.issuing import Issuing, issuer_running
from tests.access.reception import ROOT, person_of, reception_in

CLAIMS = {"sub": "repo:acme/models:ref:refs/heads/main", "aud": "muniment", "repository": "acme"}


@pytest.fixture
def reception(tmp_path: Path, clock: FixedClock) -> Iterator[Reception]:
    """A reception that may reach this machine."""
    settings = settings_for(tmp_path / "data", **{"network.reach_plain_loopback": True})
    with fresh_database(settings, clock) as database:
        yield reception_in(tmp_path, database, settings)


@pytest.fixture
def issuing(clock: FixedClock) -> Iterator[Issuing]:
    """A platform that gives tokens to pipelines."""
    with issuer_running(clock) as running:
        running.claims = dict(CLAIMS)
        yield running


@pytest.fixture
def service(reception: Reception) -> ServiceId:
    """A pipeline for which Ines answers."""
    owner = person_of(reception)
    with reception.database.work(ROOT) as work:
        return add_service(work, ServiceKind.PIPELINE, "Release", owner.id).id


def trusted(reception: Reception, issuing: Issuing, **more: Any) -> Issuer:
    """Trust the platform to vouch for programs."""
    trust = Trust(audience="muniment", max_age_seconds=600, **more)
    with reception.database.work(ROOT) as work:
        return add_issuer(
            reception, work, name="CI", url=issuing.url, use=IssuerUse.WORKLOADS, trust=trust
        )


def linked(reception: Reception, issuing: Issuing, service: ServiceId, **more: Any) -> Issuer:
    """Trust it, and let the pipeline's name stand for the service."""
    issuer = trusted(reception, issuing, **more)
    with reception.database.work(ROOT) as work:
        link_workload(work, issuer.id, CLAIMS["sub"], service, {"repository": "acme"})
    return issuer


def test_a_token_stands_for_a_service(
    reception: Reception, issuing: Issuing, service: ServiceId, clock: FixedClock
) -> None:
    """A good token acts in the name of its service, and says through whom."""
    issuer = linked(reception, issuing, service)
    token = issuing.token(clock.now())
    assert is_token(token)
    actor = identify_token(reception, token)
    assert actor is not None
    assert (actor.id, actor.credential) == (service, f"token:{issuer.id}")
    assert identify_token(reception, token) == actor


def test_a_token_says_about_whom_it_speaks(
    reception: Reception, issuing: Issuing, clock: FixedClock
) -> None:
    """Its subject is believed when an issuer we trust signed it, though it opens nothing itself."""
    trusted(reception, issuing)
    token = issuing.token(clock.now(), sub="anna")
    assert signed_subject(reception, token) == "anna"
    assert identify_token(reception, token) is None
    for changes in ({"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}, {"sub": None}):
        assert signed_subject(reception, issuing.token(clock.now(), **changes)) is None
    head, body, _ = token.split(".")
    for forged in (f"{head}.{body}.AAAA", "a.b.c", "", "anna"):
        assert signed_subject(reception, forged) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another product"},
        {"aud": None},
        {"sub": "repo:acme/models:ref:refs/heads/evil"},
        {"repository": "evil"},
        {"repository": None},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"iat": 1},
        {"nbf": 4_000_000_000},
    ],
)
@pytest.mark.requirement("ACC-12")
def test_what_is_not_believed(
    reception: Reception,
    issuing: Issuing,
    service: ServiceId,
    clock: FixedClock,
    changes: dict[str, Any],
) -> None:
    """A token for others, of another name or branch, too old or too new opens nothing."""
    linked(reception, issuing, service)
    assert identify_token(reception, issuing.token(clock.now(), **changes)) is None


def test_an_old_token_that_still_lives(
    reception: Reception, issuing: Issuing, service: ServiceId, clock: FixedClock
) -> None:
    """However long a token says it lives, it is too old after the time that was allowed."""
    linked(reception, issuing, service)
    moment = int(clock.now().timestamp())
    token = issuing.token(clock.now(), exp=moment + 86_400)
    clock.advance(659)
    assert identify_token(reception, token) is not None
    clock.advance(2)
    assert identify_token(reception, token) is None


@pytest.mark.requirement("ACC-12", "ACC-20")
def test_token_replay(
    reception: Reception, issuing: Issuing, service: ServiceId, clock: FixedClock
) -> None:
    """Where tokens count once, one without a name, or the same again, opens nothing."""
    linked(reception, issuing, service, single_use=True)
    assert identify_token(reception, issuing.token(clock.now())) is None
    token = issuing.token(clock.now(), jti="1")
    assert identify_token(reception, token) is not None
    assert identify_token(reception, token) is None
    assert identify_token(reception, issuing.token(clock.now(), jti="2")) is not None


@pytest.mark.parametrize("stopped", ["issuer", "service", "link"])
def test_stopped_at_once(
    reception: Reception,
    issuing: Issuing,
    service: ServiceId,
    clock: FixedClock,
    stopped: str,
) -> None:
    """What an admin stops opens nothing from the next request on, whatever the token says."""
    issuer = linked(reception, issuing, service)
    token = issuing.token(clock.now())
    assert identify_token(reception, token) is not None
    with reception.database.work(ROOT) as work:
        if stopped == "issuer":
            change_issuer(reception, work, issuer, active=False)
        elif stopped == "service":
            suspend_service(work, service)
        else:
            unlink_workload(work, issuer.id, CLAIMS["sub"])
    assert identify_token(reception, token) is None


@pytest.mark.parametrize("token", ["", "a.b.c", "..", "x" * 20_000 + "..", "é.é.é", "a.b"])
def test_rubbish_opens_nothing(reception: Reception, token: str) -> None:
    """What is no token is not even asked about."""
    assert identify_token(reception, token) is None


def test_a_certificate_stands_for_a_service(reception: Reception, service: ServiceId) -> None:
    """The name of a client certificate stands for a service if an admin linked it."""
    name = "CN=release,O=Acme"
    assert identify_client(reception, name) is None
    with reception.database.work(ROOT) as work:
        link_workload(work, CLIENT_NAMES, name, service)
    actor = identify_client(reception, name)
    assert actor is not None
    assert actor.id == service
    for wrong in ("", "CN=other", "CN=release,O=Acme\n", "x" * 1_000):
        assert identify_client(reception, wrong) is None


def test_what_cannot_be_trusted(reception: Reception, issuing: Issuing) -> None:
    """An issuer for programs names an audience, and its names link to services that exist."""
    with pytest.raises(InvalidError), reception.database.work(ROOT) as work:
        add_issuer(reception, work, name="CI", url=issuing.url, use=IssuerUse.WORKLOADS)
    issuer = trusted(reception, issuing)
    with pytest.raises(NotFoundError), reception.database.work(ROOT) as work:
        link_workload(work, issuer.id, "x", ServiceId("svc_nobody"))
    with pytest.raises(InvalidError):
        trusted(reception, issuing)
