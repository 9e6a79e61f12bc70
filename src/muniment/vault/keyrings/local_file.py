"""The keyring of the embedded default: one encrypted file.

Each key is sealed by AES-256-GCM under a key derived (scrypt) from the unlock secret and bound to
its id; one more seal covers the whole file, so that no part of it can be changed, swapped or left
out. The file is replaced as a whole (written, synced, renamed), so a crash leaves the old or the
new one. Opening it with another unlock secret is refused before anything is written.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from muniment.core.errors import CorruptError, InvalidError, NotFoundError, UnavailableError
from muniment.settings import Settings

KEYRING_FILE: Final = Path("keys") / "keyring.json"
_VERSION: Final = 1
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_SCRYPT: Final = {"n": 1 << 15, "r": 8, "p": 1}
_MOST_MEMORY_BYTES: Final = 1 << 28
_PROOF: Final = b"muniment keyring"
_SHAPE: Final[dict[str, type]] = {
    "v": int,
    "scrypt": dict,
    "salt": str,
    "proof": str,
    "keys": dict,
    "current": dict,
    "seal": str,
}
SIGNING: Final = "sign"


class LocalFileKeyring:
    """Keys in one encrypted file on this host."""

    @classmethod
    def from_settings(cls, settings: Settings, unlock: bytes) -> Self:
        """Open the keyring file in the data folder."""
        return cls(settings.data.dir / KEYRING_FILE, unlock)

    def __init__(self, path: Path, unlock: bytes) -> None:
        self._path = path
        with self._locked():
            content = self._read()
            if content is None:
                content = self._begin(unlock)
            self._salt = content["salt"]
            self._sealer = AESGCM(_derive(unlock, _bytes(content["salt"]), content["scrypt"]))
            try:
                self._open(content["proof"], b"proof")
            except CorruptError as error:
                raise InvalidError(
                    f"the unlock key does not open {path}",
                    field="unlock.file",
                    remedy="Give the key this installation was started with; see docs/ledger.md.",
                ) from error
            self._require_sealed(content)

    def current(self, purpose: str) -> str:
        """Name the key now used for a purpose, making one if there is none."""
        found = self._content()["current"].get(purpose)
        return found if isinstance(found, str) else self._make(purpose, only_if_none=True)

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:
        """Encrypt a data key, bound to its context."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._key(key_id)).encrypt(nonce, data_key, context)

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt a data key; a wrong context or altered bytes are refused."""
        nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return AESGCM(self._key(key_id)).decrypt(nonce, sealed, context)
        except (InvalidTag, ValueError) as error:
            raise CorruptError(
                f"a data key wrapped by {key_id} was altered or belongs elsewhere", subject=key_id
            ) from error

    def sign(self, key_id: str, message: bytes) -> bytes:
        """Sign with an Ed25519 key."""
        return Ed25519PrivateKey.from_private_bytes(self._key(key_id)).sign(message)

    def public_key(self, key_id: str) -> bytes:
        """Give the public half of a signing key."""
        private = Ed25519PrivateKey.from_private_bytes(self._key(key_id))
        return private.public_key().public_bytes_raw()

    def rotate(self, purpose: str) -> str:
        """Make a new current key for a purpose; older ones stay usable."""
        return self._make(purpose)

    def _make(self, purpose: str, *, only_if_none: bool = False) -> str:
        with self._locked():
            content = self._content()
            made = content["current"].get(purpose)
            if only_if_none and isinstance(made, str):
                return made  # another process was faster
            key_id = f"{purpose}-{len(content['keys']) + 1}-{secrets.token_hex(4)}"
            secret = secrets.token_bytes(_KEY_BYTES)
            content["keys"][key_id] = self._seal(secret, key_id.encode())
            content["current"][purpose] = key_id
            self._write_sealed(content)
        return key_id

    def _key(self, key_id: str) -> bytes:
        sealed = self._content()["keys"].get(key_id)
        if not isinstance(sealed, str):
            raise NotFoundError(
                f"the keyring holds no key {key_id}",
                subject=key_id,
                remedy="If it is lost, follow “A lost key” in docs/ledger.md.",
            )
        return self._open(sealed, key_id.encode())

    def _seal(self, secret: bytes, name: bytes) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return base64.b64encode(nonce + self._sealer.encrypt(nonce, secret, name)).decode()

    def _open(self, sealed: str, name: bytes) -> bytes:
        raw = _bytes(sealed)
        try:
            return self._sealer.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], name)
        except (InvalidTag, ValueError) as error:
            raise CorruptError(
                f"{self._path} was altered: its {_named(name)} does not open",
                subject=str(self._path),
                remedy="Restore the file from a backup.",
            ) from error

    def _begin(self, unlock: bytes) -> dict[str, Any]:
        salt = secrets.token_bytes(16)
        self._sealer = AESGCM(_derive(unlock, salt, _SCRYPT))
        content = {
            "v": _VERSION,
            "scrypt": _SCRYPT,
            "salt": base64.b64encode(salt).decode(),
            "proof": self._seal(_PROOF, b"proof"),
            "keys": {},
            "current": {},
        }
        self._write_sealed(content)
        return content

    def _content(self) -> dict[str, Any]:
        content = self._read()
        if content is None:
            raise NotFoundError(
                f"{self._path} is gone",
                remedy="Restore it, or follow “A lost key” in docs/ledger.md.",
            )
        if content["salt"] != self._salt:
            raise UnavailableError(
                f"{self._path} was replaced by another keyring since this process began",
                subject=str(self._path),
                remedy="Restart this process.",
            )
        self._require_sealed(content)
        return content

    def _require_sealed(self, content: dict[str, Any]) -> None:
        self._open(content["seal"], _whole(content))

    def _write_sealed(self, content: dict[str, Any]) -> None:
        content["seal"] = self._seal(_PROOF, _whole(content))
        self._write(content)

    def _read(self) -> dict[str, Any] | None:
        try:
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UnavailableError(
                f"{self._path} cannot be read: {error.strerror}", remedy="Mend its permissions."
            ) from error
        except (ValueError, RecursionError) as error:
            raise self._altered("is not a keyring file") from error
        if not isinstance(content, dict) or content.get("v") != _VERSION:
            raise self._altered(f"is not a keyring of version {_VERSION}")
        if content.keys() != _SHAPE.keys() or any(
            type(content[name]) is not kind for name, kind in _SHAPE.items()
        ):
            raise self._altered("does not have the parts of a keyring file")
        if not _is_affordable(content["scrypt"]):
            raise self._altered("asks for a derivation that is none of ours")
        return content

    def _altered(self, what: str) -> CorruptError:
        return CorruptError(
            f"{self._path} {what}",
            subject=str(self._path),
            remedy="Restore the file from a backup.",
        )

    def _write(self, content: dict[str, Any]) -> None:
        fresh = self._path.with_suffix(".new")
        try:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(content, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise UnavailableError(
                f"{self._path} cannot be written: {error.strerror}",
                remedy="Free some space or mend its permissions; the old file is untouched.",
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnavailableError(
                f"{self._path.parent} cannot be written: {error.strerror}",
                remedy="Mend its permissions.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _derive(unlock: bytes, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, **cost).derive(unlock)


def _is_affordable(cost: dict[str, Any]) -> bool:
    """Tell whether a derivation can be carried out: a planted cost must not eat the memory."""
    if cost.keys() != _SCRYPT.keys() or any(type(each) is not int for each in cost.values()):
        return False
    n, r, p = (int(cost[name]) for name in ("n", "r", "p"))
    whole = n > 1 and r > 0 and p > 0 and n & (n - 1) == 0
    return whole and n * r * p * 128 <= _MOST_MEMORY_BYTES


def _whole(content: dict[str, Any]) -> bytes:
    """Write everything but the seal, for the seal to cover."""
    rest = {name: value for name, value in content.items() if name != "seal"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()


def _named(name: bytes) -> str:
    return name.decode() if len(name) < 80 else "seal"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise CorruptError(
            "the keyring file holds something that is not base64",
            remedy="Restore the file from a backup.",
        ) from error
