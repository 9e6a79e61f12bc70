"""What reaches a service that speaks OpenAI's protocol."""

from __future__ import annotations

from tests.gateway.providers.sent import sent

OPENAI = {"provider": "openai", "credential": "env:TEST_KEY"}


def test_the_secret_is_its_own_and_the_path_is_the_interfaces() -> None:
    """The model's credential is the bearer; headers of the interface travel, and no others."""
    headers = {"openai-organization": "org-1", "authorization": "Bearer caller", "cookie": "x"}
    hit = sent(OPENAI, "/chat/completions", headers)
    assert hit["path"] == "/v1/chat/completions"
    assert hit["headers"]["authorization"] == "Bearer upstream-secret"
    assert hit["headers"]["openai-organization"] == "org-1"
    assert "cookie" not in hit["headers"]


def test_without_a_credential_none_is_sent() -> None:
    """A service on this machine that asks for none is shown none."""
    hit = sent({"provider": "openai"}, "/embeddings", {"authorization": "Bearer caller"})
    assert "authorization" not in hit["headers"]
