"""What reaches a service that speaks Anthropic's protocol."""

from __future__ import annotations

from tests.gateway.providers.sent import sent

ANTHROPIC = {"provider": "anthropic", "credential": "env:TEST_KEY"}


def test_the_secret_is_its_own_and_a_version_is_said() -> None:
    """The key goes as x-api-key, with a version where the caller says none."""
    hit = sent(ANTHROPIC, "/messages", {"x-api-key": "caller"})
    assert hit["path"] == "/v1/messages"
    assert hit["headers"]["x-api-key"] == "upstream-secret"
    assert hit["headers"]["anthropic-version"] == "2023-06-01"


def test_versions_and_betas_of_the_caller_travel() -> None:
    """What the interface lets a caller say of it is passed on."""
    told = {"anthropic-version": "2024-01-01", "anthropic-beta": "tools-9"}
    hit = sent(ANTHROPIC, "/messages", told)
    assert hit["headers"]["anthropic-version"] == "2024-01-01"
    assert hit["headers"]["anthropic-beta"] == "tools-9"
