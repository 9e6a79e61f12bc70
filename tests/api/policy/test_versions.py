"""Versions of the policy by JSON: what is refused."""

from __future__ import annotations

import pytest

from tests.api.policy.test_policy import WHY, files
from tests.policy.judging import ALLOW
from tests.policy.office import PolicyOffice


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", "/versions/9", None, 404),
        ("GET", "/versions/x", None, 422),
        ("GET", "/versions/9/diff", None, 404),
        ("GET", "/versions/1/diff?base=-1", None, 422),
        ("GET", "/at?at=2999-01-01T00:00:00Z", None, 422),
        ("POST", "/versions", {"files": files("permit ("), "reason": "r"}, 422),
        ("POST", "/versions", {"files": files(ALLOW), "reason": "r", "colour": 1}, 422),
        ("POST", "/versions/9/shadow", WHY, 404),
        ("POST", "/versions/1/shadow", {"reason": ""}, 422),
    ],
)
def test_what_is_refused(
    office: PolicyOffice, method: str, path: str, given: object, status: int
) -> None:
    """What is not there, not valid or not asked for is refused with its status."""
    assert office.api(method, path, given).status == status
