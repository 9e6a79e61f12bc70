"""Keys held by a transit service: HashiCorp Vault, OpenBao and what speaks like them.

One transit key per purpose, `<prefix>-<purpose>`; rotating makes a new version of it. A key's id is
`name:version:birth`, where birth is a digest of the time the service says this version was made: a
key that was deleted and made anew has the same name and version but another birth, so its id never
means two keys. The unlock key of the settings is the token.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import ssl
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Self
from urllib.error import HTTPError, URLError

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

_TIMEOUT_SECONDS: Final = 20
_MOST_ANSWER_BYTES: Final = 1 << 20
_BIRTH_DIGITS: Final = 12
_ID: Final = re.compile(r"([A-Za-z0-9._-]{1,120}):([1-9][0-9]{0,8}):([0-9a-f]{12})\Z")
_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}\Z")
_GONE: Final = ("encryption key not found", "key not found", "disallowed by policy", "too old")
_ALTERED: Final = ("message authentication failed", "invalid ciphertext", "unable to decrypt")


@dataclass(frozen=True, slots=True)
class _KeyId:
    name: str
    version: int
    birth: str

    def __str__(self) -> str:
        return f"{self.name}:{self.version}:{self.birth}"


class VaultTransitKeyring:
    """Keys that never leave a transit service."""

    @classmethod
    def from_settings(cls, settings: Settings, unlock: bytes) -> Self:
        """Speak to the service that the settings name; the unlock key is the token."""
        keyring = settings.keyring
        return cls(
            keyring.transit_url,
            unlock.decode("ascii", "replace"),
            mount=keyring.transit_mount,
            prefix=keyring.prefix,
            namespace=keyring.transit_namespace,
            ca_file=settings.network.ca_file,
            proxy_url=settings.network.proxy_url,
        )

    def __init__(
        self,
        url: str,
        token: str,
        *,
        mount: str = "transit",
        prefix: str = "muniment",
        namespace: str = "",
        ca_file: Path | None = None,
        proxy_url: str = "",
    ) -> None:
        self._url = require_safe_address(url, field="keyring.transit_url")
        if not all(map(_NAME.match, mount.split("/"))):
            raise InvalidError("this is not a mount", field="keyring.transit_mount")
        if not _NAME.match(prefix):
            raise InvalidError("this is not a name", field="keyring.prefix")
        if not token.isascii() or not token.isprintable():
            raise InvalidError("the unlock key is no token", field="unlock.file")
        self._mount, self._prefix = mount, prefix
        self._headers = {"X-Vault-Token": token, "X-Vault-Request": "true"}
        if namespace:
            self._headers["X-Vault-Namespace"] = namespace
        self._opener = _opener(ca_file, proxy_url)

    def current(self, purpose: str) -> str:
        """Name the key now used for a purpose, making one if there is none."""
        name = self._name(purpose)
        found = self._look(name)
        if found is None:
            # Made twice at the same moment, it is one key all the same.
            kind = "ed25519" if purpose in SIGNING_PURPOSES else "aes256-gcm96"
            self._ask("POST", f"keys/{name}", {"type": kind})
            found = self._require(name)
        return str(_id_of(name, found, _latest(found)))

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:
        """Encrypt a data key, bound to its context."""
        key = self._same(key_id)
        asked = {
            "plaintext": _base64(data_key),
            "associated_data": _base64(context),
            "key_version": key.version,
        }
        answer = self._ask("POST", f"encrypt/{key.name}", asked)
        wrapped = str(answer["ciphertext"])
        if not wrapped.startswith(f"vault:v{key.version}:"):
            raise UnavailableError(
                "the transit service used another version of the key than it was asked to",
                subject=key_id,
                remedy="Look at the key's min_encryption_version.",
            )
        return wrapped.encode()

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt a data key; a wrong context or altered bytes are refused."""
        key = self._same(key_id)
        text = wrapped.decode("ascii", "replace")
        if not text.startswith(f"vault:v{key.version}:"):
            raise _altered(key_id)
        asked = {"ciphertext": text, "associated_data": _base64(context)}
        return _bytes(self._ask("POST", f"decrypt/{key.name}", asked)["plaintext"])

    def sign(self, key_id: str, message: bytes) -> bytes:
        """Sign with an Ed25519 key."""
        key = self._same(key_id)
        asked = {"input": _base64(message), "key_version": key.version}
        answer = self._ask("POST", f"sign/{key.name}", asked)
        return _bytes(str(answer["signature"]).rpartition(":")[2])

    def public_key(self, key_id: str) -> bytes:
        """Give the public half of a signing key."""
        key = self._parsed(key_id)
        version = self._version(key, key_id)
        if not isinstance(version, dict) or "public_key" not in version:
            raise InvalidError("this key does not sign", field="key_id")
        return _bytes(version["public_key"])

    def rotate(self, purpose: str) -> str:
        """Make a new current key for a purpose; older ones stay usable."""
        name = self._name(purpose)
        if self._look(name) is not None:
            self._ask("POST", f"keys/{name}/rotate", {})
        return self.current(purpose)

    def _name(self, purpose: str) -> str:
        if not _NAME.match(purpose):
            raise InvalidError("this is not a purpose", field="purpose")
        return f"{self._prefix}-{purpose}"

    def _parsed(self, key_id: str) -> _KeyId:
        match = _ID.match(key_id)
        if match is None:
            raise _gone(key_id)
        return _KeyId(match[1], int(match[2]), match[3])

    def _same(self, key_id: str) -> _KeyId:
        """See that the service still holds the very key this id was given to."""
        key = self._parsed(key_id)
        self._version(key, key_id)
        return key

    def _version(self, key: _KeyId, key_id: str) -> object:
        found = self._look(key.name)
        versions = found["keys"] if found else {}
        if not isinstance(versions, dict):
            raise _strange()
        if str(key.version) not in versions or _id_of(key.name, found, key.version) != key:
            raise _gone(key_id)
        return versions[str(key.version)]

    def _require(self, name: str) -> dict[str, Any]:
        found = self._look(name)
        if found is None:
            raise UnavailableError(
                f"the transit service did not make the key {name}",
                remedy="Allow create and update on this path in the token's policy.",
            )
        return found

    def _look(self, name: str) -> dict[str, Any] | None:
        try:
            return self._ask("GET", f"keys/{name}")
        except NotFoundError:
            return None

    def _ask(self, method: str, path: str, body: object | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 the address was checked
            f"{self._url}/v1/{self._mount}/{path}", data, self._headers, method=method
        )
        try:
            with self._opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                return _read(answer.read(_MOST_ANSWER_BYTES + 1))
        except HTTPError as error:
            with error:
                raise _told(path, error.code, error.read(_MOST_ANSWER_BYTES)) from None
        except (URLError, HTTPException, OSError) as error:
            raise UnavailableError(
                f"the transit service does not answer ({type(error).__name__})",
                subject=path,
                remedy="Check keyring.transit_url, the network and network.ca_file.",
            ) from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The token goes to the address that was set and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(ca_file: Path | None, proxy_url: str) -> urllib.request.OpenerDirector:
    trust = ssl.create_default_context()
    if ca_file is not None:
        try:
            trust.load_verify_locations(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise InvalidError(
                f"{ca_file} cannot be read as certificates",
                field="network.ca_file",
                remedy="Give a readable PEM file.",
            ) from error
    # An empty table and not none at all: none would make urllib ask the environment.
    proxies = {"http": proxy_url, "https": proxy_url} if proxy_url else {}
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPSHandler(context=trust),
        _NoRedirects(),
    )


def _read(data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data or b"{}")
        found = answer.get("data") or {}
    except (ValueError, AttributeError, RecursionError) as error:
        raise _strange() from error
    if not isinstance(found, dict):
        raise _strange()
    return _Answer(found)


class _Answer(dict[str, Any]):
    """An answer of the service; what is missing in it is told as such."""

    def __missing__(self, key: str) -> object:
        raise _strange()


def _latest(found: Mapping[str, Any]) -> int:
    """Give the newest version; a service that does not name it lists all of them."""
    if "latest_version" in found:
        return _number(found["latest_version"])
    versions = found["keys"]
    numbers = [int(each) for each in versions if each.isdecimal()] if versions else []
    return _number(max(numbers, default=0))


def _number(given: object) -> int:
    if type(given) is not int or given < 1:
        raise _strange()
    return given


def _strange() -> UnavailableError:
    return UnavailableError(
        "the transit service gave an answer that is none",
        remedy="Check that keyring.transit_url and keyring.transit_mount name a transit engine.",
    )


def _told(path: str, status: int, body: bytes) -> Exception:
    said = body.decode("utf-8", "replace").lower()
    verb, _, name = path.partition("/")
    if status == 404 or any(word in said for word in _GONE):
        return _gone(name)
    # A failed authentication comes as 400 or, from many releases, as 500.
    if verb == "decrypt" and any(word in said for word in _ALTERED):
        return _altered(name)
    if status in (401, 403):
        return ForbiddenError(
            "the transit service refuses the token",
            subject=path,
            remedy="Give a token whose policy allows this path; the unlock key is the token.",
        )
    return UnavailableError(
        f"the transit service answers {status}",
        subject=path,
        remedy="Look at the service's own log; perhaps it is sealed.",
    )


def _id_of(name: str, found: Mapping[str, Any] | None, version: int) -> _KeyId:
    versions = (found or {}).get("keys")
    made = versions.get(str(version)) if isinstance(versions, dict) else None
    birth = made.get("creation_time") if isinstance(made, dict) else made
    digest = hashlib.sha256(json.dumps(birth).encode()).hexdigest()
    return _KeyId(name, version, digest[:_BIRTH_DIGITS])


def _gone(key_id: str) -> NotFoundError:
    return NotFoundError(
        f"the transit service holds no key {key_id[:80]}",
        subject=key_id[:80],
        remedy="If it is lost, follow “A lost keyring” in docs/vault.md.",
    )


def _altered(key_id: str) -> CorruptError:
    return CorruptError(
        f"a data key wrapped by {key_id} was altered or belongs elsewhere", subject=key_id
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError as error:
        raise _strange() from error
