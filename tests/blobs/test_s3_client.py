"""How we speak to S3: limits, trust, proxies and silence about secrets; no server is needed."""

import gc
from pathlib import Path

import pytest

from muniment.blobs.s3 import S3Storage
from muniment.core.errors import InvalidError, UnavailableError
from muniment.settings import Secret

_ACCESS = Secret("AKIAEXAMPLE")
_SECRET = Secret("wJalrXUtnFEMI-never-shown")
_NOBODY = "http://127.0.0.1:9"


def test_an_unreachable_server_is_told() -> None:
    """Where nobody listens the caller is told what to check."""
    storage = S3Storage("bucket", endpoint_url=_NOBODY, access_key=_ACCESS, secret_key=_SECRET)
    with pytest.raises(UnavailableError, match=r"EndpointConnectionError.*s3_endpoint_url"):
        storage.get("a")


def test_a_proxy_is_used_and_its_password_not_told() -> None:
    """Requests go to the proxy of the settings; its password stands in no message."""
    storage = S3Storage(
        "bucket",
        proxy_url="http://user:proxy-password@127.0.0.1:9",
        access_key=_ACCESS,
        secret_key=_SECRET,
    )
    with pytest.raises(UnavailableError, match="ProxyConnectionError") as caught:
        storage.exists("a")
    assert "proxy-password" not in str(caught.value)


def test_nothing_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxy, address and trust of the environment do not reach the client."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/ca.pem")
    client = S3Storage("bucket", access_key=_ACCESS, secret_key=_SECRET)._client
    assert client.meta.config.proxies == {}
    assert client.meta.endpoint_url == "https://s3.amazonaws.com"
    assert client._endpoint.http_session._verify is True


def test_a_private_authority_is_added_to_trust(tmp_path: Path) -> None:
    """The authority of the settings is trusted beside the usual ones, for as long as needed."""
    authority = tmp_path / "ca.pem"
    authority.write_text("-----BEGIN CERTIFICATE-----\nours\n", encoding="ascii")
    storage = S3Storage("bucket", ca_file=authority, access_key=_ACCESS, secret_key=_SECRET)
    bundle = Path(storage._client._endpoint.http_session._verify)
    trusted = bundle.read_text(encoding="utf-8")
    assert trusted.endswith(authority.read_text(encoding="ascii"))
    assert trusted.count("BEGIN CERTIFICATE") > 50
    del storage
    gc.collect()
    assert not bundle.exists(), "the joined file goes with the storage"


def test_an_unreadable_authority_is_refused(tmp_path: Path) -> None:
    """A certificate file that cannot be read is refused by its setting's name."""
    with pytest.raises(InvalidError, match=r"network\.ca_file: .* cannot be read"):
        S3Storage("bucket", ca_file=tmp_path / "missing.pem")


def test_half_a_key_is_refused() -> None:
    """A key without its secret half is refused as settings, not as a failing server."""
    with pytest.raises(InvalidError, match="both keys"):
        S3Storage("bucket", access_key=_ACCESS)


def test_a_bad_address_is_refused() -> None:
    """An endpoint that is no address is refused by its setting's name."""
    with pytest.raises(InvalidError, match=r"s3_endpoint_url"):
        S3Storage("bucket", endpoint_url="not an address", access_key=_ACCESS, secret_key=_SECRET)
