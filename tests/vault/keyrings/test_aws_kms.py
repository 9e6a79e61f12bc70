"""AWS KMS: the contract on a fake of it, what an independent server says, and written exchanges."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

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

DATA = Path(__file__).parents[2] / "data/vault"
TAPE = json.loads((DATA / "aws_kms.json").read_bytes())
# Recorded from moto's server, over HTTP, by this file's `record`:
# python -c "from tests.vault.keyrings.test_aws_kms import record; record()"
RECORDED = json.loads((DATA / "aws_kms_moto.json").read_bytes())

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


def record() -> None:
    """Write down what moto's server and the keyring say to each other."""
    taken: list[dict[str, Any]] = []
    with moto() as url:

        def through(asked: Asked) -> Said:
            kept = ("X-Amz-Target", "Content-Type", "X-Amz-Date", "Authorization")
            request = urllib.request.Request(
                url + asked.path,
                asked.raw,
                {name: asked.headers[name] for name in kept},
                method=asked.method,
            )
            try:
                with urllib.request.urlopen(request) as answered:
                    status, data = answered.status, answered.read()
            except HTTPError as error:
                status, data = error.code, error.read()
            answer = json.loads(data) if data else None
            headers = {name: asked.headers[name] for name in kept[:2]}
            came = {"method": asked.method, "path": asked.path, "headers": headers}
            request_taken = {**came, "body": asked.body}
            taken.append({"request": request_taken, "status": status, "answer": answer})
            return status, answer

        with serving(through) as front:
            walk(AwsKmsKeyring(client(front)))
    (DATA / "aws_kms_moto.json").write_text(json.dumps(taken, indent=1) + "\n")


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


MODEL = SESSION.client(
    "kms", region_name="eu-central-1", aws_access_key_id="A", aws_secret_access_key="s"
).meta.service_model


@pytest.mark.parametrize("tape", [TAPE, RECORDED], ids=["written", "recorded"])
def test_every_exchange_is_one_that_the_service_describes(tape: list[dict[str, Any]]) -> None:
    """Operations, members, types and errors are those of AWS's own description of KMS."""
    for each in tape:
        request, answer = each["request"], each["answer"] or {}
        verb = request["headers"]["X-Amz-Target"].removeprefix("TrentService.")
        operation = MODEL.operation_model(verb)
        assert request["headers"]["Content-Type"] == f"application/x-amz-json-{version_of_json()}"
        require_shape(operation.input_shape, request["body"], is_asked=True)
        if each["status"] == 200 and operation.output_shape:
            require_shape(operation.output_shape, answer)
        elif each["status"] != 200:
            known = {shape.error_code for shape in operation.error_shapes}
            assert answer["__type"] in known | COMMON_ERRORS, (verb, answer)


# Errors that any service of AWS may give; no operation lists them for itself.
COMMON_ERRORS = {"AccessDeniedException", "ThrottlingException", "InvalidSignatureException"}


def version_of_json() -> str:
    """Say which JSON the service speaks, by its own description."""
    return str(MODEL.metadata["jsonVersion"])


def require_shape(shape: Any, value: Any, *, is_asked: bool = False) -> None:
    """Require that a value is of a described shape; bytes travel as base64, times as numbers."""
    if shape.type_name == "structure":
        assert set(value) <= set(shape.members), (shape.name, sorted(value))
        assert not is_asked or set(shape.required_members) <= set(value), shape.name
        for name, inner in value.items():
            if inner is None and not is_asked:
                continue  # so moto writes what is not there, and clients read it
            require_shape(shape.members[name], inner, is_asked=is_asked)
    elif shape.type_name == "list":
        for inner in value:
            require_shape(shape.member, inner, is_asked=is_asked)
    elif shape.type_name == "map":
        for inner in value.values():
            require_shape(shape.value, inner, is_asked=is_asked)
    elif shape.type_name == "blob":
        assert base64.b64decode(value, validate=True)
    else:
        kinds: dict[str, Any] = {
            "string": str,
            "boolean": bool,
            "timestamp": (int, float),
            "integer": int,
        }
        assert isinstance(value, kinds[shape.type_name]), (shape.name, value)
        assert not getattr(shape, "enum", None) or value in shape.enum, (shape.name, value)


def test_what_was_recorded_from_another_server_is_read_the_same_way() -> None:
    """Played back, moto's own answers give what the contract promises; `record` made them."""
    replay = Replay(RECORDED)
    with serving(replay) as url:
        walk(AwsKmsKeyring(client(url)))
    assert (replay.wrong, replay.done) == ([], len(RECORDED))


def walk(keyring: AwsKmsKeyring) -> None:
    """Do what the recorded exchanges were recorded of."""
    old = keyring.current("vault")
    wrapped = keyring.wrap(old, b"data key", b"context")
    assert keyring.unwrap(old, wrapped, b"context") == b"data key"
    with pytest.raises(CorruptError):
        keyring.unwrap(old, wrapped, b"elsewhere")
    assert keyring.rotate("vault") != old
    assert keyring.unwrap(old, wrapped, b"context") == b"data key"
    with pytest.raises(NotFoundError):
        keyring.wrap("00000000-0000-0000-0000-000000000000", b"data key", b"context")


def signature(secret: str, asked: Asked, signed: list[str], scope: str, at: str) -> str:
    """Compute a signature of version 4 by its specification, with nothing of botocore's."""
    lines = [asked.method, asked.path, ""]
    lines += [f"{name}:{asked.headers[name]}" for name in signed]
    text = "\n".join([*lines, "", ";".join(signed), hashlib.sha256(asked.raw).hexdigest()])
    digest = hashlib.sha256(text.encode()).hexdigest()
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{digest}"
    return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


def test_the_signature_of_awss_own_example() -> None:
    """The known answer `get-vanilla` of the test suite for signatures of version 4."""
    headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
    found = signature(
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        Asked("GET", "/", headers, None),
        ["host", "x-amz-date"],
        "20150830/us-east-1/service/aws4_request",
        "20150830T123600Z",
    )
    assert found == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"


def test_each_request_is_signed_over_its_body_and_its_target() -> None:
    """What arrives carries the signature that the specification gives for it."""
    fake = FakeKms()
    with serving(fake) as url:
        AwsKmsKeyring(client(url)).current("vault")
    assert len(fake.asked) == 4
    for asked in fake.asked:
        said = asked.headers["Authorization"]
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=AKIATEST/(\d{8}/eu-central-1/kms/aws4_request), "
            r"SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
            said,
        )
        assert found, said
        scope, signed, given = found.groups()
        assert {"host", "x-amz-date", "x-amz-target"} <= set(signed.split(";"))
        lower = replace(asked, headers={k.lower(): v for k, v in asked.headers.items()})
        at = lower.headers["x-amz-date"]
        assert given == signature("for-tests", lower, signed.split(";"), scope, at)


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
