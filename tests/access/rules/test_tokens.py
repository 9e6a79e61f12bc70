"""Tokens: any text is judged, and only an allowed algorithm is ever looked at."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access.rules.tokens import (
    has_key,
    matches_hash,
    read_header,
    unverified_issuer,
    verified_claims,
)
from muniment.core.errors import InvalidError
from muniment.testing import FixedClock
from tests.access.issuing import Issuing, public_jwk


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    """Whatever is sent is refused in words, never with a crash."""
    for token in (text, f"{text}.{text}.{text}"):
        unverified_issuer(token)
        with contextlib.suppress(InvalidError):
            read_header(token, ("RS256",))


def test_only_allowed_algorithms() -> None:
    """A good token is refused by who does not allow its algorithm."""
    token = Issuing(url="https://x").token(FixedClock().now(), sub="a")
    assert read_header(token, ("RS256",)) == ("RS256", "one")
    with pytest.raises(InvalidError):
        read_header(token, ("ES256",))
    assert unverified_issuer(token) == "https://x"


def test_keys_of_another_kind_do_not_count() -> None:
    """A key for another use, algorithm or kind could not have signed."""
    jwk = public_jwk("one")
    assert has_key([jwk], "one", "RS256")
    for wrong in ({"use": "enc"}, {"alg": "PS256"}, {"kty": "oct"}, {"kid": "other"}):
        assert not has_key([{**jwk, **wrong}], "one", "RS256")
    token = Issuing(url="https://x").token(FixedClock().now(), sub="a")
    assert verified_claims(token, [jwk], "", "RS256")["sub"] == "a"
    for keys in ([], [public_jwk("two") | {"kid": "one"}], [{**jwk, "n": "AQAB"}]):
        with pytest.raises(InvalidError):
            verified_claims(token, keys, "one", "RS256")


def test_the_access_token_that_was_meant() -> None:
    """The vector of OpenID Connect Core, appendix A.3 in its hash, and a wrong one."""
    claims = {"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}
    assert matches_hash(claims, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", "RS256")
    assert not matches_hash(claims, "another", "RS256")
    assert matches_hash({}, "any", "RS256")
