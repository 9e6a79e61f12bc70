"""Policy files: who is trusted, and how many witnesses are enough."""

from __future__ import annotations

import pytest

from muniment.verify import FormatError, parse_policy
from tests.verify.log_maker import policy_text, signer, witness

LOG = signer().key.vkey
W = [witness(f"w.example/{i}").key.vkey for i in range(6)]
NESTED = f"""# two holders
log {LOG} https://log.example/
 witness X1 {W[0]} https://x1.example/
witness\tX2   {W[1]}

witness X3 {W[2]}
group X 2 X1 X2 X3
witness Y1 {W[3]}
witness Y2 {W[4]}
group Y any Y1 Y2
group both all X Y
quorum both
"""


@pytest.mark.parametrize(
    ("cosigned", "is_met"),
    [
        ("", False),
        ("X1 X2", False),
        ("X1 Y1", False),
        ("X1 X2 Y2", True),
        ("X2 X3 Y1", True),
        ("X1 X2 X3 Y1 Y2", True),
        ("Y1 Y2", False),
        ("X1 X2 stranger", False),
    ],
)
def test_nested_groups_count_as_written(cosigned: str, *, is_met: bool) -> None:
    """Two of X and one of Y are asked for, and nothing less is enough."""
    policy = parse_policy(NESTED.encode())
    assert policy.is_met(cosigned.split()) is is_met
    assert policy.logs == (signer().key,)
    assert policy.urls[LOG] == "https://log.example/"
    assert policy.urls["X1"] == "https://x1.example/"


def test_a_quorum_of_none_is_always_met() -> None:
    """A policy may ask for nobody, in words."""
    assert parse_policy(b"quorum none\n").is_met([])


def test_a_quorum_may_be_one_witness() -> None:
    """A single witness may be the whole quorum."""
    policy = parse_policy(f"witness A {W[0]}\nquorum A\n".encode())
    assert policy.is_met(["A"])
    assert not policy.is_met([])


def test_names_are_opaque_bytes() -> None:
    """A name that is not UTF-8 is a name all the same."""
    policy = parse_policy(b"witness \xe9 " + W[0].encode() + b"\nquorum \xe9\n")
    assert policy.is_met(list(policy.witnesses))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum line"),
        (f"log {LOG}\n", "no quorum line"),
        ("quorum none\nquorum none\n", "line 2"),
        ("quorum A\n", "before it is defined"),
        (f"quorum A\nwitness A {W[0]}\n", "line 1"),
        (f"witness A {W[0]}\nwitness A {W[1]}\nquorum A\n", "taken"),
        (f"witness none {W[0]}\nquorum none\n", "taken"),
        (f"witness A {W[0]}\nwitness B {W[0]}\nquorum A\n", "listed twice"),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "listed twice"),
        (f"witness A {LOG}\nquorum A\n", "not a key for this role"),
        (f"log {W[0]}\nquorum none\n", "not a key for this role"),
        (f"witness A {W[0]}\ngroup G any A B\nquorum G\n", "not defined yet"),
        (f"witness A {W[0]}\ngroup G any A A\nquorum G\n", "already in a group"),
        (f"witness A {W[0]}\ngroup G any A\ngroup H any A\nquorum G\n", "already in a group"),
        (f"witness A {W[0]}\ngroup G 2 A\nquorum G\n", "between 1 and 1"),
        (f"witness A {W[0]}\ngroup G 0 A\nquorum G\n", "between 1 and 1"),
        (f"witness A {W[0]}\ngroup G 01 A\nquorum G\n", "plain decimal"),
        (f"witness A {W[0]}\ngroup G any\nquorum none\n", "group line"),
        ("group G any none\nquorum G\n", "not defined yet"),
        ("group G any G\nquorum G\n", "not defined yet"),
        ("witness A\nquorum none\n", "witness line"),
        ("log\nquorum none\n", "log line"),
        ("quorum\n", "not a policy line"),
        ("quorum none extra\n", "not a policy line"),
        ("trust everyone\nquorum none\n", "not a policy line"),
        ("quorum none\r\n", "control character"),
        ("# fine\x07\nquorum none\n", "control character"),
        (f"log {LOG} http://\x01\nquorum none\n", "control character"),
    ],
)
def test_a_policy_that_is_not_one_is_refused_by_line(text: str, said: str) -> None:
    """What the specification forbids is refused with the reason."""
    with pytest.raises(FormatError, match=said):
        parse_policy(text.encode())


def test_a_key_name_that_is_no_text_is_refused() -> None:
    """The name inside a key is UTF-8, also where the policy's own names need not be."""
    with pytest.raises(FormatError, match="policy line 1"):
        parse_policy(b"log a\xe9" + LOG.encode() + b"\nquorum none\n")


def test_the_policies_of_our_own_tests_are_policies() -> None:
    """The helper that other tests use writes what this reader reads."""
    policy = parse_policy(policy_text(signer(), {"A": witness("a"), "B": witness("b")}))
    assert policy.is_met(["A", "B"])
    assert not policy.is_met(["A"])
