"""Addresses of versions and decisions that lead nowhere."""

from __future__ import annotations

import pytest

from tests.policy.office import PolicyOffice


@pytest.mark.parametrize(
    "path",
    [
        "/versions/x",
        "/versions/1/simulation?days=0",
        "/versions/1/simulation?days=x",
        "/edit?pack=x",
    ],
)
def test_bad_addresses_are_told(office: PolicyOffice, path: str) -> None:
    """Nonsense in an address is an error page, never a traceback."""
    assert office.page(path).status in {404, 422}
