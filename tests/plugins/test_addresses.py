"""Where keys may be sent: over TLS, or to this machine."""

from __future__ import annotations

import pytest

from muniment.core.errors import InvalidError
from muniment.plugins.addresses import require_safe_address


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("https://vault.example", "https://vault.example"),
        ("https://vault.example:8200/", "https://vault.example:8200"),
        ("http://127.0.0.1:8200", "http://127.0.0.1:8200"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://[::1]:8200", "http://[::1]:8200"),
        ("http://localhost:1", "http://localhost:1"),
    ],
)
def test_safe_addresses(url: str, given: str) -> None:
    """TLS to anywhere, plain HTTP to loopback; a slash at the end does not count."""
    assert require_safe_address(url, field="x") == given


@pytest.mark.parametrize(
    "url",
    [
        "http://vault.example",
        "http://localhost.example",
        "http://0.0.0.0:1",
        "http://[::2]",
        "//vault.example",
        "file:///etc/passwd",
        "https://",
        "https://u:p@h",
        "https://h?q",
        "https://h:99999",
        "https://[",
    ],
)
def test_unsafe_addresses(url: str) -> None:
    """What could be read on the way, or is no address of a service, is refused with its field."""
    with pytest.raises(InvalidError) as caught:
        require_safe_address(url, field="keyring.x")
    assert caught.value.field == "keyring.x"
    assert caught.value.remedy
