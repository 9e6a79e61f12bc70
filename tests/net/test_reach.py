"""Which addresses are reached: public ones, and what an operator allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.core.errors import ForbiddenError, InvalidError
from muniment.net import Reach

PLAIN = Reach()
TRYING = Reach(plain_loopback=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
    ],
)
def test_private_addresses_are_not_reached(address: str) -> None:
    """Nothing on this machine, in its network or beside it is reached, however it is written."""
    assert not PLAIN.allows(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are_reached(address: str) -> None:
    """What is public is reached."""
    assert PLAIN.allows(address)


def test_what_an_operator_allows() -> None:
    """A private network is reached if it was named, and nothing beside it."""
    reach = Reach.of(("10.20.0.0/16", "fd00:1::/64"), plain_loopback=False)
    allowed = ("10.20.3.4", "fd00:1::5", "10.21.0.1", "127.0.0.1", "169.254.169.254")
    assert [reach.allows(each) for each in allowed] == [True, True, False, False, False]
    with pytest.raises(InvalidError):
        Reach.of(("ten dot twenty",), plain_loopback=False)


def test_one_private_address_spoils_a_name() -> None:
    """A name that stands for a public and a private address is not reached at all."""
    assert PLAIN.require("x.example", ("1.1.1.1",)) == "1.1.1.1"
    with pytest.raises(ForbiddenError):
        PLAIN.require("x.example", ("1.1.1.1", "127.0.0.1"))
    with pytest.raises(ForbiddenError):
        PLAIN.require("x.example", ())


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/",
        "http://127.0.0.1/",
        "ftp://x.example/",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://user:pass@x.example/",
        "https://x.example/#part",
        "https://x.example:0/",
        "https://x.example:99999/",
        "https:///path",
        "https://x.example/\r\nx: y",
        "https://x.example\\@evil.example/",
        "https://é.example/",
        "https://x.example/ a",
        "https://" + "x" * 3_000,
        "",
    ],
)
def test_what_is_no_address(url: str) -> None:
    """Other schemes, users, private numbers and whatever could split a request are refused."""
    with pytest.raises((ForbiddenError, InvalidError)):
        PLAIN.target(url)


def test_an_address_taken_apart() -> None:
    """A good address gives host, port and path as they are asked for."""
    target = PLAIN.target("https://x.example:8443/a?b=c")
    assert (target.host, target.port, target.path, target.secure) == (
        "x.example",
        8443,
        "/a?b=c",
        True,
    )
    assert TRYING.target("http://localhost:9000").path == "/"


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    """Whatever somebody writes is an address with a host, or refused in words."""
    try:
        assert PLAIN.target(f"https://{text}").host
    except (ForbiddenError, InvalidError):
        return
