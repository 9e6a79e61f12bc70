"""Keys held by AWS KMS, or by a server that speaks its protocol.

One KMS key per turn of a purpose, found by the alias `alias/<prefix>-<purpose>`; rotating makes a
new key and moves the alias. What is wrapped is bound to a digest of its context, because KMS writes
the context into its own trail. Credentials are the machine's own role. Imported only when named: it
needs boto3.
"""

from __future__ import annotations

import hashlib
import re
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from muniment.blobs.s3_client import trust_bundle
from muniment.core.errors import (
    CorruptError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from muniment.plugins.addresses import require_safe_address
from muniment.plugins.sockets import SIGNING_PURPOSES
from muniment.settings import Settings

_ATTEMPTS: Final = 4
_CONNECT_SECONDS: Final = 5
_READ_SECONDS: Final = 20
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,60}\Z")
_KEY_ID: Final = re.compile(r"[A-Za-z0-9-]{1,100}\Z")
_ALTERED: Final = ("InvalidCiphertextException", "IncorrectKeyException")
_DENIED: Final = (
    "AccessDeniedException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
)
_PENDING: Final = ("PendingDeletion", "PendingReplicaDeletion")
_PERMISSIONS: Final = (
    "Allow kms:CreateKey, CreateAlias, UpdateAlias, DescribeKey, Encrypt, Decrypt, Sign and "
    "GetPublicKey to the role of this machine."
)


class AwsKmsKeyring:
    """Keys that never leave the key management service of AWS."""

    @classmethod
    def from_settings(cls, settings: Settings, unlock: bytes) -> Self:
        """Speak to the service that the settings name; the machine's own role opens it."""
        del unlock
        keyring = settings.keyring
        return cls(
            _client(settings),
            prefix=keyring.prefix,
        )

    def __init__(self, client: Any, *, prefix: str = "muniment") -> None:  # noqa: ANN401 boto3 makes its classes while it runs
        if not _NAME.match(prefix):
            raise InvalidError("this is not a name", field="keyring.prefix")
        self._client, self._prefix = client, prefix

    def current(self, purpose: str) -> str:
        """Name the key now used for a purpose, making one if there is none."""
        alias = self._alias(purpose)
        found = self._behind(alias)
        return found or self._first(purpose, alias)

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:
        """Encrypt a data key, bound to its context."""
        with self._told(_known(key_id)):
            answer = self._client.encrypt(
                KeyId=key_id, Plaintext=data_key, EncryptionContext=_context(context)
            )
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt a data key; a wrong context or altered bytes are refused."""
        if not wrapped:
            raise _altered(key_id)
        with self._told(_known(key_id)):
            answer = self._client.decrypt(
                KeyId=key_id, CiphertextBlob=wrapped, EncryptionContext=_context(context)
            )
        return bytes(answer["Plaintext"])

    def sign(self, key_id: str, message: bytes) -> bytes:
        """Sign with an Ed25519 key."""
        with self._told(_known(key_id)):
            answer = self._client.sign(
                KeyId=key_id,
                Message=message,
                MessageType="RAW",
                SigningAlgorithm="ED25519_SHA_512",
            )
        return bytes(answer["Signature"])

    def public_key(self, key_id: str) -> bytes:
        """Give the public half of a signing key."""
        with self._told(_known(key_id)):
            answer = self._client.get_public_key(KeyId=key_id)
        public = load_der_public_key(bytes(answer["PublicKey"]))
        if not isinstance(public, Ed25519PublicKey):
            raise InvalidError("this key is not Ed25519", field="key_id")
        return public.public_bytes_raw()

    def rotate(self, purpose: str) -> str:
        """Make a new current key for a purpose; older ones stay usable."""
        alias = self._alias(purpose)
        if self._behind(alias) is None:
            return self._first(purpose, alias)
        # Die here and the new key serves nobody: the alias still names the old one.
        key_id = self._make(purpose)
        with self._told(alias):
            self._client.update_alias(AliasName=alias, TargetKeyId=key_id)
        return key_id

    def _first(self, purpose: str, alias: str) -> str:
        key_id = self._make(purpose)
        with self._told(alias):
            try:
                self._client.create_alias(AliasName=alias, TargetKeyId=key_id)
            except ClientError as error:
                if _code(error) != "AlreadyExistsException":
                    raise
        return self._behind(alias) or key_id  # another process may have been faster

    def _make(self, purpose: str) -> str:
        signs = purpose in SIGNING_PURPOSES
        with self._told(purpose):
            answer = self._client.create_key(
                KeySpec="ECC_NIST_EDWARDS25519" if signs else "SYMMETRIC_DEFAULT",
                KeyUsage="SIGN_VERIFY" if signs else "ENCRYPT_DECRYPT",
                Description=f"{self._prefix}: {purpose}",
            )
        return str(answer["KeyMetadata"]["KeyId"])

    def _behind(self, alias: str) -> str | None:
        try:
            with self._told(alias):
                answer = self._client.describe_key(KeyId=alias)
        except NotFoundError:
            return None
        return str(answer["KeyMetadata"]["KeyId"])

    def _alias(self, purpose: str) -> str:
        if not _NAME.match(purpose):
            raise InvalidError("this is not a purpose", field="purpose")
        return f"alias/{self._prefix}-{purpose}"

    @contextmanager
    def _told(self, subject: str) -> Iterator[None]:
        """Turn the service's errors into the family a person can act on."""
        try:
            yield
        except ClientError as error:
            raise self._meaning(subject, error) from error
        except BotoCoreError as error:
            raise UnavailableError(
                f"KMS does not answer ({type(error).__name__})",
                subject=subject,
                remedy="Check the network, keyring.aws_region and the role of this machine.",
            ) from error

    def _meaning(self, subject: str, error: ClientError) -> Exception:
        code = _code(error)
        if code == "NotFoundException" or (
            code == "KMSInvalidStateException" and self._is_going(subject)
        ):
            return _gone(subject)
        if code in _ALTERED:
            return _altered(subject)
        if code in _DENIED:
            return ForbiddenError(f"KMS refuses ({code})", subject=subject, remedy=_PERMISSIONS)
        return UnavailableError(
            f"KMS answers {code}", subject=subject, remedy="Look at the key in KMS; enable it."
        )

    def _is_going(self, key_id: str) -> bool:
        """Tell whether a key is scheduled for deletion, which we treat as gone."""
        try:
            state = self._client.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"]
        except (ClientError, BotoCoreError):
            return False
        return state in _PENDING


def _client(settings: Settings) -> Any:  # noqa: ANN401 see above
    keyring, network = settings.keyring, settings.network
    if keyring.aws_endpoint_url:
        require_safe_address(keyring.aws_endpoint_url, field="keyring.aws_endpoint_url")
    bundle = trust_bundle(network.ca_file) if network.ca_file else None
    proxy = network.proxy_url
    try:
        client = boto3.session.Session().client(
            "kms",
            region_name=keyring.aws_region,
            endpoint_url=keyring.aws_endpoint_url or None,
            verify=str(bundle) if bundle else True,
            config=Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
                # {} and not None: None would make botocore ask the environment.
                proxies={"http": proxy, "https": proxy} if proxy else {},
                ignore_configured_endpoint_urls=True,
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise InvalidError(
            f"the settings of KMS cannot be used ({type(error).__name__})",
            field="keyring",
            remedy="Check keyring.aws_region and keyring.aws_endpoint_url.",
        ) from error
    if bundle:
        weakref.finalize(client, bundle.unlink, missing_ok=True)
    return client


def _known(key_id: str) -> str:
    if not _KEY_ID.match(key_id):
        raise _gone(key_id)
    return key_id


def _context(context: bytes) -> dict[str, str]:
    return {"muniment": hashlib.sha256(context).hexdigest()}


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "an unknown error"))


def _gone(key_id: str) -> NotFoundError:
    return NotFoundError(
        f"KMS holds no key {key_id[:100]}",
        subject=key_id[:100],
        remedy="If it is lost, follow “A lost keyring” in docs/vault.md.",
    )


def _altered(key_id: str) -> CorruptError:
    return CorruptError(
        f"a data key wrapped by {key_id} was altered or belongs elsewhere", subject=key_id
    )
