"""AWS KMS: the contract on a fake of it, what an independent server says, and written exchanges."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from muniment.core.errors import (
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from muniment.plugins.sockets import Keyring
from muniment.testing import settings_for
from muniment.testing.key_services import Asked, FakeKms, Replay, Said, serving
from muniment.testing.keyrings import KeyringContract
from muniment.vault import Unlock, UnlockSource, open_keyring
from muniment.vault.keyrings.aws_kms import AwsKmsKeyring

TAPE = json.loads((Path(__file__).parents[2] / "data/vault/aws_kms.json").read_bytes())

SESSION = boto3.session.Session()  # it reads the service's model once


def client(url: str) -> Any:
    """Make a client of a local server that gives up at once."""
    return SESSION.client(
        "kms",
        region_name="eu-central-1",
        endpoint_url=url,
        aws_access_key_id="AKIATEST",
        aws_secret_access_key="for-tests",
        config=Config(retries={"total_max_attempts": 1}, proxies={}, connect_timeout=5),
    )


class TestContract(KeyringContract):
    """Every promise of the socket, kept by the KMS keyring over HTTP."""

    @pytest.fixture(autouse=True)
    def _services(self) -> Iterator[None]:
        with ExitStack() as self.services:
            yield

    def make_keyring(self) -> Keyring:
        """Give a keyring of a service that holds nothing."""
        self.fake = FakeKms()
        self.url = self.services.enter_context(serving(self.fake))
        return AwsKmsKeyring(client(self.url))

    def reopen(self, keyring: Keyring) -> Keyring:  # noqa: ARG002 there is one service
        """Speak to the same service anew."""
        return AwsKmsKeyring(client(self.url))

    def destroy(self, keyring: Keyring, key_id: str) -> None:  # noqa: ARG002 see above
        """Take the key out of the service, as a deletion does in the end."""
        del self.fake.keys[key_id], self.fake.states[key_id]


@contextmanager
def moto() -> Iterator[str]:
    """Run moto's KMS, which others wrote."""
    app = DomainDispatcherApplication(create_backend_app)
    listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def test_an_independent_server_agrees() -> None:
    """Against moto's KMS: wrap, unwrap, another context, rotation, deletion."""
    with moto() as url:
        kms = client(url)
        keyring = AwsKmsKeyring(kms)
        old = keyring.current("vault")
        assert keyring.current("vault") == old
        wrapped = keyring.wrap(old, b"data key", b"context")
        assert keyring.unwrap(old, wrapped, b"context") == b"data key"
        with pytest.raises(CorruptError):
            keyring.unwrap(old, wrapped, b"elsewhere")
        new = keyring.rotate("vault")
        assert AwsKmsKeyring(kms).current("vault") == new != old
        assert keyring.unwrap(old, wrapped, b"context") == b"data key"
        with pytest.raises(NotFoundError):
            keyring.wrap("0" * 8, b"data key", b"context")


def test_the_written_exchanges() -> None:
    """Requests carry what the service's model names, and its answers are read."""
    replay = Replay(TAPE)
    with serving(replay) as url:
        keyring = AwsKmsKeyring(client(url))
        key_id = keyring.current("vault")
        wrapped = keyring.wrap(key_id, b"data key", b"context")
        assert keyring.unwrap(key_id, wrapped, b"context") == b"data key"
        signer = keyring.current("log")
        assert keyring.sign(signer, b"head") == bytes(range(64))
        assert keyring.public_key(signer) == bytes(range(32))
        new = keyring.rotate("vault")
        for error in (CorruptError, CorruptError, NotFoundError, NotFoundError, UnavailableError):
            with pytest.raises(error):
                keyring.unwrap(key_id, wrapped, b"context")
        with pytest.raises(ForbiddenError, match="AccessDenied") as caught:
            keyring.current("vault")
    assert "Decrypt" in caught.value.remedy
    assert (replay.wrong, replay.done) == ([], len(TAPE))
    assert new != key_id


def test_the_context_does_not_stand_in_the_services_trail() -> None:
    """KMS writes the context into its trail, so it is given a digest of it only."""
    fake = FakeKms()
    with serving(fake) as url:
        keyring = AwsKmsKeyring(client(url))
        keyring.wrap(keyring.current("vault"), b"data key", b'{"subject":"sub_secret"}')
    assert "sub_secret" not in str([each.body for each in fake.asked])


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("PendingDeletion", NotFoundError),
        ("Disabled", UnavailableError),
        ("PendingImport", UnavailableError),
    ],
)
def test_a_key_that_is_going_is_gone(state: str, error: type[Exception]) -> None:
    """A key scheduled for deletion counts as gone; a disabled one may come back, and is not."""
    fake = FakeKms()
    with serving(fake) as url:
        keyring = AwsKmsKeyring(client(url))
        key_id = keyring.current("vault")
        wrapped = keyring.wrap(key_id, b"k", b"c")
        fake.states[key_id] = state
        with pytest.raises(error):
            keyring.unwrap(key_id, wrapped, b"c")


def test_a_slower_process_takes_the_faster_ones_key() -> None:
    """If the alias was made meanwhile, its key is the current one."""
    fake = FakeKms()

    def service(asked: Asked) -> Said:
        if asked.headers["X-Amz-Target"].endswith("CreateAlias") and not fake.aliases:
            _, made = fake(Asked("POST", "/", {"X-Amz-Target": "TrentService.CreateKey"}, SPEC))
            fake.aliases["alias/muniment-vault"] = made["KeyMetadata"]["KeyId"]
        return fake(asked)

    with serving(service) as url:
        found = AwsKmsKeyring(client(url)).current("vault")
    assert found == fake.aliases["alias/muniment-vault"]


SPEC = {"KeySpec": "SYMMETRIC_DEFAULT"}


def test_nobody_there() -> None:
    """A service that does not listen is told with what to check."""
    with serving(FakeKms()) as url:
        pass
    with pytest.raises(UnavailableError, match="does not answer") as caught:
        AwsKmsKeyring(client(url)).current("vault")
    assert "aws_region" in caught.value.remedy


def test_a_key_that_is_not_ed25519_is_refused() -> None:
    """A signing key of another kind, put behind the alias by hand, is told."""
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    data = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    answer = {"PublicKey": base64.b64encode(data).decode()}
    with (
        serving(Replay([{"request": {}, "status": 200, "answer": answer}])) as url,
        pytest.raises(InvalidError, match="not Ed25519"),
    ):
        AwsKmsKeyring(client(url)).public_key("k")


@pytest.mark.parametrize("name", ["", "a/b", "ä", "a" * 61, "a b"])
def test_names_are_plain(name: str) -> None:
    """A purpose or a prefix that is no plain name is refused before anybody is asked."""
    with pytest.raises(InvalidError):
        AwsKmsKeyring(None, prefix=name)
    with pytest.raises(InvalidError):
        AwsKmsKeyring(None).current(name)


def test_it_is_loaded_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name it; its credentials are the machine's own; a bad address is refused."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "for-tests")
    unlock = Unlock(UnlockSource.FILE, "there", b"not used at all")
    named = {"unlock.keyring": "aws_kms"}
    with serving(FakeKms()) as url:
        settings = settings_for(tmp_path, **named, **{"keyring.aws_endpoint_url": url})
        keyring = open_keyring(settings, unlock)
        assert isinstance(keyring, AwsKmsKeyring)
        assert keyring.current("vault") == keyring.current("vault")
    plain = {"keyring.aws_endpoint_url": "http://kms.example"}
    with pytest.raises(InvalidError, match="could be read"):
        open_keyring(settings_for(tmp_path, **named, **plain), unlock)
    wrong = {"keyring.aws_region": "not a region"}
    with pytest.raises(InvalidError, match="cannot be used"):
        open_keyring(settings_for(tmp_path, **named, **wrong), unlock)
