"""An issuer's description is read exactly, and written back so that it reads the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.access import (
    ALGORITHMS,
    GroupRole,
    Issuer,
    IssuerUse,
    Scope,
    Trust,
    read_description,
    write_description,
)
from muniment.core.errors import InvalidError

WHOLE = """
name = "CI"
url = "https://ci.example"
use = "workloads"
audience = "us"
algorithms = ["ES256"]
single_use = true
group_roles = [{ group = "a", role = "owner", scope = { system = "sys_1" } }]
"""
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20)


def test_a_description_is_read() -> None:
    """Each word of a file counts; what is left out is as the guide says."""
    told = read_description(WHOLE)
    assert (told.name, told.use, told.trust.single_use) == ("CI", IssuerUse.WORKLOADS, True)
    assert told.trust.group_roles[0].scope == Scope.of(system="sys_1")
    assert told.trust.scopes == ("openid", "email", "profile")


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        'nane = "typo"',
        "name = 7",
        'name = "a\\u0000b"',
        'use = "everybody"',
        "use = 1",
        "just_in_time = 1",
        "max_age_seconds = true",
        'algorithms = "RS256"',
        "algorithms = [1]",
        'group_roles = "a"',
        'group_roles = ["a"]',
        'group_roles = [{ group = "a" }]',
        'group_roles = [{ group = "a", role = "b", scope = "x" }]',
        'group_roles = [{ group = "a", role = "b", scope = { planet = "x" } }]',
        "a = " + "[" * 50_000,
        "#" * 100_001,
    ],
)
def test_what_is_written_wrong(text: str) -> None:
    """A typing error or a wrong type is refused, never overlooked."""
    with pytest.raises(InvalidError):
        read_description(text)


@given(
    name=TEXTS.filter(str.isprintable).filter(bool),
    domains=st.lists(TEXTS, max_size=3),
    algorithms=st.lists(st.sampled_from(ALGORITHMS), min_size=1, unique=True),
    groups=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["", "sys_1", 'a"b'])), max_size=3),
    strong=st.booleans(),
    age=st.integers(1, 10**6),
)
def test_what_is_written_reads_the_same(
    name: str,
    domains: list[str],
    algorithms: list[str],
    groups: list[tuple[str, str, str]],
    strong: bool,  # noqa: FBT001 given by hypothesis
    age: int,
) -> None:
    """Whatever is believed of an issuer, the words shown for it give it back."""
    trust = Trust(
        algorithms=tuple(algorithms),
        email_domains=tuple(domains),
        group_roles=tuple(
            GroupRole(group, role, Scope.of(system=place) if place else Scope.of())
            for group, role, place in groups
        ),
        strong=strong,
        max_age_seconds=age,
    )
    issuer = Issuer(
        id="iss_1",
        name=name,
        url="https://id.example",
        use=IssuerUse.PEOPLE,
        client_id="us",
        trust=trust,
        active=True,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    told = read_description(write_description(issuer))
    assert (told.name, told.url, told.use, told.client_id, told.trust) == (
        name,
        issuer.url,
        issuer.use,
        issuer.client_id,
        trust,
    )


def test_the_guides_describe_what_can_be_read() -> None:
    """Each description in the guides is read as it stands, for its provider."""
    guide = (Path(__file__).parents[3] / "docs/access.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(name = .*?)```", guide, re.DOTALL)
    told = [read_description(each) for each in blocks]
    assert [each.name for each in told] == ["Okta", "Entra ID", "Google", "Keycloak"]
    for each in told:
        assert each.client_id
        assert each.url.startswith("https://")
        assert set(each.trust.algorithms) <= set(ALGORITHMS)
