"""A transit service: the contract on a fake of it, written exchanges, and what goes nowhere."""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from muniment.core.errors import (
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from muniment.plugins.sockets import Keyring
from muniment.testing import settings_for
from muniment.testing.key_services import Asked, FakeTransit, Replay, Said, serving
from muniment.testing.keyrings import KeyringContract
from muniment.vault import Unlock, UnlockSource, open_keyring
from muniment.vault.keyrings.vault_transit import VaultTransitKeyring
from tests.server.certificates import self_signed

TOKEN = "hvs.a-token-for-tests"
TAPE = json.loads((Path(__file__).parents[2] / "data/vault/transit.json").read_bytes())


class TestContract(KeyringContract):
    """Every promise of the socket, kept by the transit keyring over HTTP."""

    @pytest.fixture(autouse=True)
    def _services(self) -> Iterator[None]:
        with ExitStack() as self.services:
            self.fakes: dict[str, FakeTransit] = {}
            yield

    def make_keyring(self) -> Keyring:
        """Give a keyring of a service that holds nothing."""
        fake = FakeTransit(TOKEN)
        url = self.services.enter_context(serving(fake))
        self.fakes[url] = fake
        return VaultTransitKeyring(url, TOKEN)

    def reopen(self, keyring: Keyring) -> Keyring:
        """Speak to the same service anew."""
        assert isinstance(keyring, VaultTransitKeyring)
        return VaultTransitKeyring(keyring._url, TOKEN)

    def destroy(self, keyring: Keyring, key_id: str) -> None:
        """Delete the whole key, so that a later one has the same name and version."""
        assert isinstance(keyring, VaultTransitKeyring)
        del self.fakes[keyring._url].keys[key_id.split(":", maxsplit=1)[0]]


def test_the_written_exchanges() -> None:
    """Requests are, byte for byte, what the service's pages describe, and its answers are read."""
    replay = Replay(TAPE)
    with serving(replay) as url:
        keyring = VaultTransitKeyring(url, TOKEN, mount="kms/eu", namespace="teams/risk")
        key_id = keyring.current("vault")
        wrapped = keyring.wrap(key_id, b"data key", b"context")
        assert keyring.unwrap(key_id, wrapped, b"context") == b"data key"
        with pytest.raises(CorruptError):
            keyring.unwrap(key_id, wrapped, b"elsewhere")
        new = keyring.rotate("vault")
        signer = keyring.current("log")
        assert keyring.sign(signer, b"head") == bytes(range(64))
        assert keyring.public_key(signer) == bytes(range(32))
        with pytest.raises(ForbiddenError):
            keyring.current("witness")
        with pytest.raises(UnavailableError, match="503"):
            keyring.current("witness")
    assert (replay.wrong, replay.done) == ([], len(TAPE))
    assert key_id.startswith("muniment-vault:1:")
    assert new.startswith("muniment-vault:2:")
    assert wrapped == b"vault:v1:c2VhbGVk"


DOCUMENTED = {
    "read": {
        "data": {
            "type": "aes256-gcm96",
            "deletion_allowed": False,
            "derived": False,
            "exportable": False,
            "allow_plaintext_backup": False,
            "keys": {"1": 1442851412},
            "min_decryption_version": 1,
            "min_encryption_version": 0,
            "name": "foo",
            "supports_encryption": True,
            "supports_decryption": True,
            "supports_derivation": True,
            "supports_signing": False,
            "imported": False,
        }
    },
    "encrypt": {"data": {"ciphertext": "vault:v1:XjsPWPjqPrBi1N2Ms2s1QM798YyFWnO4TR4lsFA="}},
    "decrypt": {"data": {"plaintext": "dGhlIHF1aWNrIGJyb3duIGZveAo="}},
}


def test_the_documented_answers_are_understood() -> None:
    """The sample answers of the service's own pages, where no newest version is named, are read."""
    asked: list[Asked] = []

    def service(one: Asked) -> Said:
        asked.append(one)
        verb = "read" if one.method == "GET" else one.path.split("/")[3]
        return 200, DOCUMENTED[verb]

    with serving(service) as url:
        keyring = VaultTransitKeyring(url, TOKEN)
        key_id = keyring.current("vault")
        wrapped = keyring.wrap(key_id, b"the quick brown fox\n", b"context")
        assert keyring.unwrap(key_id, wrapped, b"context") == b"the quick brown fox\n"
    assert key_id.startswith("muniment-vault:1:")
    assert wrapped == b"vault:v1:XjsPWPjqPrBi1N2Ms2s1QM798YyFWnO4TR4lsFA="
    encrypting, decrypting = (one for one in asked if one.method == "POST")
    assert encrypting.path == "/v1/transit/encrypt/muniment-vault"
    assert encrypting.body["plaintext"] == "dGhlIHF1aWNrIGJyb3duIGZveAo="
    assert decrypting.path == "/v1/transit/decrypt/muniment-vault"
    assert decrypting.body["ciphertext"] == wrapped.decode()
    assert {one.headers["X-Vault-Token"] for one in asked} == {TOKEN}


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://vault.example:8200", "could be read"),
        ("http://10.0.0.7:8200", "could be read"),
        ("http://127.0.0.1.example", "could be read"),
        ("ftp://vault.example", "not the address"),
        ("", "not the address"),
        ("https://me:secret@vault.example", "not the address"),
        ("https://vault.example?x=1", "not the address"),
        ("https://[::1", "not the address"),
        ("https://vault.example:port", "not the address"),
    ],
)
def test_an_address_that_would_show_the_token_is_refused(url: str, why: str) -> None:
    """Plain HTTP goes to this machine only; what is no address is told with its field."""
    with pytest.raises(InvalidError, match=why) as caught:
        VaultTransitKeyring(url, TOKEN)
    assert caught.value.field == "keyring.transit_url"
    assert "secret" not in str(caught.value)


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """TLS is verified; a private authority counts once it is named in the settings."""
    cert, key = self_signed(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    with serving(FakeTransit(TOKEN), tls) as url:
        with pytest.raises(UnavailableError) as caught:
            VaultTransitKeyring(url, TOKEN).current("vault")
        assert isinstance(caught.value.__cause__, OSError)
        keyring = VaultTransitKeyring(url, TOKEN, ca_file=cert)
        key_id = keyring.current("vault")
        assert keyring.unwrap(key_id, keyring.wrap(key_id, b"k", b"c"), b"c") == b"k"


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    """The setting is named."""
    (tmp_path / "ca.pem").write_text("hello")
    for path in (tmp_path / "ca.pem", tmp_path / "missing.pem"):
        with pytest.raises(InvalidError) as caught:
            VaultTransitKeyring("https://vault.example", TOKEN, ca_file=path)
        assert caught.value.field == "network.ca_file"


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, None, UnavailableError),
        (200, [], UnavailableError),
        (200, {"data": []}, UnavailableError),
        (200, {"data": {"keys": {}}}, UnavailableError),
        (200, {"data": {"keys": [], "latest_version": "x"}}, UnavailableError),
        (302, None, UnavailableError),
        (429, {"errors": []}, UnavailableError),
        (500, {"errors": ["internal"]}, UnavailableError),
        (403, {"errors": ["permission denied"]}, ForbiddenError),
    ],
)
def test_strange_answers_are_told_as_such(status: int, answer: Any, error: type[Exception]) -> None:
    """Whatever comes back, it is one of our errors, without the token."""

    def service(_asked: Asked) -> Said:
        return status, answer

    with serving(service) as url, pytest.raises(error) as caught:
        VaultTransitKeyring(url, TOKEN).current("vault")
    assert TOKEN not in str(caught.value)


def test_the_token_does_not_follow_a_redirect() -> None:
    """Another address is not asked, whatever the service says."""
    seen: list[Asked] = []

    def elsewhere(asked: Asked) -> Said:
        seen.append(asked)
        return 200, {}

    class Redirecting(FakeTransit):
        def __call__(self, asked: Asked) -> Said:
            return 307, {"to": asked.path}

    with (
        serving(elsewhere),
        serving(Redirecting(TOKEN)) as url,
        pytest.raises(UnavailableError, match="307"),
    ):
        VaultTransitKeyring(url, TOKEN).current("vault")
    assert seen == []


def test_nobody_there() -> None:
    """A service that does not listen is told with what to check."""
    with serving(FakeTransit(TOKEN)) as url:
        pass
    with pytest.raises(UnavailableError, match="does not answer") as caught:
        VaultTransitKeyring(url, TOKEN).current("vault")
    assert "transit_url" in caught.value.remedy


def test_a_version_that_was_trimmed_is_gone() -> None:
    """Versions the operator removed raise NotFoundError; later ones work."""
    fake = FakeTransit(TOKEN)
    with serving(fake) as url:
        keyring = VaultTransitKeyring(url, TOKEN)
        old, new = keyring.current("vault"), keyring.rotate("vault")
        wrapped = keyring.wrap(old, b"k", b"c")
        del fake.keys["muniment-vault"][1]
        with pytest.raises(NotFoundError):
            keyring.unwrap(old, wrapped, b"c")
        assert keyring.unwrap(new, keyring.wrap(new, b"k", b"c"), b"c") == b"k"


def test_a_service_that_uses_another_version_is_refused() -> None:
    """If the service encrypts under another version than asked, nothing is kept under it."""

    class Forward(FakeTransit):
        def __call__(self, asked: Asked) -> Said:
            if "encrypt" in asked.path:
                return 200, {"data": {"ciphertext": "vault:v9:AAAA"}}
            return super().__call__(asked)

    with serving(Forward(TOKEN)) as url:
        keyring = VaultTransitKeyring(url, TOKEN)
        with pytest.raises(UnavailableError, match="another version"):
            keyring.wrap(keyring.current("vault"), b"k", b"c")


def test_a_wrapping_key_does_not_sign() -> None:
    """It has no public half, and that is said."""
    with serving(FakeTransit(TOKEN)) as url:
        keyring = VaultTransitKeyring(url, TOKEN)
        with pytest.raises(InvalidError, match="does not sign"):
            keyring.public_key(keyring.current("vault"))


@pytest.mark.parametrize("name", ["../keys", "", "a/b", "ä", "a" * 61])
def test_names_cannot_lead_elsewhere(name: str) -> None:
    """A purpose, a prefix or a mount that is no plain name is refused."""
    with pytest.raises(InvalidError):
        VaultTransitKeyring("https://vault.example", TOKEN, prefix=name)
    with pytest.raises(InvalidError):
        VaultTransitKeyring("https://vault.example", TOKEN).current(name)
    with pytest.raises(InvalidError):
        VaultTransitKeyring("https://vault.example", TOKEN, mount=f"a/{name}/..//")


def test_a_token_that_cannot_be_a_header_is_refused() -> None:
    """A line end in the unlock key does not become a second header."""
    with pytest.raises(InvalidError) as caught:
        VaultTransitKeyring("https://vault.example", "a\r\nX-Other: b")
    assert caught.value.field == "unlock.file"


def test_it_is_loaded_by_its_name(tmp_path: Path) -> None:
    """The settings name it, and the unlock key is its token."""
    with serving(FakeTransit(TOKEN)) as url:
        settings = settings_for(
            tmp_path, **{"unlock.keyring": "vault_transit", "keyring.transit_url": url}
        )
        keyring = open_keyring(settings, Unlock(UnlockSource.FILE, "there", TOKEN.encode()))
        assert isinstance(keyring, VaultTransitKeyring)
        key_id = keyring.current("log")
        assert base64.b64encode(keyring.public_key(key_id))
