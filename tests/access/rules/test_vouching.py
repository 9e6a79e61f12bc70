"""What an issuer says of people is believed as far as an admin said, and no further."""

from __future__ import annotations

from dataclasses import replace

import pytest

from muniment.access import Claims, GroupRole, Issuer, IssuerUse, Scope, Trust
from muniment.access.rules.vouching import (
    in_domains,
    is_strong,
    may_link_by_email,
    read_claims,
    require_issuer,
    roles_of,
)
from muniment.core.errors import InvalidError
from muniment.testing.clock import START

GOOD = Issuer(
    "iss_1",
    "D",
    "https://id.example",
    IssuerUse.PEOPLE,
    "us",
    Trust(),
    active=True,
    created_at=START,
)


def test_claims_of_every_shape() -> None:
    """Claims of a wrong shape count as absent, never as something else."""
    odd = {"sub": "1", "email": 7, "groups": {"a": 1}, "email_verified": "yes", "amr": "mfa"}
    read = read_claims(odd, Trust())
    assert (read.email, read.groups, read.email_verified, read.methods) == ("", (), False, ())
    assert read_claims({"sub": "1", "groups": "one"}, Trust()).groups == ("one",)
    assert is_strong(replace(read, methods=("otp",)), Trust())
    assert not is_strong(replace(read, methods=("pwd",)), Trust())


def test_an_address_as_a_name() -> None:
    """An address says who somebody is only verified, trusted, and in the right domain."""
    claims = Claims("1", "ines@Example.org", email_verified=True)
    trust = Trust(trust_email=True, email_domains=("example.org",))
    assert may_link_by_email(claims, trust)
    assert not may_link_by_email(replace(claims, email_verified=False), trust)
    assert not may_link_by_email(claims, Trust())
    assert not in_domains("ines@example.org.evil.example", trust)
    assert not in_domains("example.org", Trust(email_domains=("example.com",)))


def test_roles_of_groups() -> None:
    """Each group gives its roles over its scope, and others give nothing."""
    place = Scope.of(system="sys_1")
    mapping = (GroupRole("a", "owner", place), GroupRole("b", "auditor"))
    assert roles_of(["a", "x"], mapping) == {("owner", place)}


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, url="ldap://x"),
        replace(GOOD, client_id=""),
        replace(GOOD, trust=Trust(algorithms=())),
        replace(GOOD, trust=Trust(algorithms=("HS256",))),
        replace(GOOD, trust=Trust(algorithms=("none",))),
        replace(GOOD, use=IssuerUse.WORKLOADS),
    ],
)
def test_what_could_not_be_trusted(bad: Issuer) -> None:
    """Shared secrets, no algorithm, no audience: such an issuer is refused."""
    assert require_issuer(GOOD) == GOOD
    with pytest.raises(InvalidError):
        require_issuer(bad)
