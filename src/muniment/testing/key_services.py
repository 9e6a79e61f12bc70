"""Key services of the outside world, faked on this machine: a transit engine, and a KMS.

Real HTTP on a loopback port, real AES-GCM and Ed25519; only what Muniment's keyrings ask for. They
answer as the services' own pages say, errors included. `Replay` answers with written exchanges.
"""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a service sees it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    raw: bytes = b""


Said = tuple[int, Any]
Service = Callable[[Asked], Said]


@contextmanager
def serving(service: Service, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run a service on a free port of this machine, behind TLS if asked for; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            body = json.loads(raw or b"null")
            asked = Asked(self.command, self.path, dict(self.headers), body, raw)
            status, said = service(asked)
            data = b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = answer  # noqa: N815 the names the library calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        listening.socket = tls.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.server_port}"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


@dataclass
class FakeTransit:
    """A transit engine mounted at `transit`, which knows one token."""

    token: str
    keys: dict[str, dict[int, tuple[bytes, str]]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    births: int = 0
    asked: list[Asked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        """Answer one request."""
        with self._lock:
            self.asked.append(asked)
            if asked.headers.get("X-Vault-Token") != self.token:
                return 403, {"errors": ["permission denied"]}
            verb, _, name = asked.path.removeprefix("/v1/transit/").partition("/")
            if verb == "keys":
                return self._keys(asked, name)
            if name not in self.keys:
                return 400, {"errors": ["encryption key not found"]}
            return {"encrypt": self._encrypt, "decrypt": self._decrypt, "sign": self._sign}[verb](
                name, asked.body
            )

    def _keys(self, asked: Asked, path: str) -> Said:
        name, _, verb = path.partition("/")
        if asked.method == "GET":
            if name not in self.keys:
                return 404, {"errors": []}
            versions = {str(version): self._shown(name, version) for version in self.keys[name]}
            latest = max(self.keys[name])
            data = {"name": name, "type": self.kinds[name], "latest_version": latest}
            return 200, {"data": data | {"keys": versions}}
        if verb == "rotate" or name not in self.keys:
            self.kinds.setdefault(name, (asked.body or {}).get("type", "aes256-gcm96"))
            held = self.keys.setdefault(name, {})
            self.births += 1
            birth = f"2026-11-26T10:00:{self.births:02}.000000001Z"
            held[max(held, default=0) + 1] = (secrets.token_bytes(32), birth)
        return 200, {"data": {"name": name}}

    def _shown(self, name: str, version: int) -> object:
        secret, birth = self.keys[name][version]
        if self.kinds[name] != "ed25519":
            return int(birth[17:19]) + 1_764_151_200
        public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
        shown = {"creation_time": birth, "name": "ed25519"}
        return shown | {"public_key": base64.b64encode(public).decode()}

    def _encrypt(self, name: str, body: Mapping[str, Any]) -> Said:
        version = int(body.get("key_version") or max(self.keys[name]))
        secret, _ = self.keys[name][version]
        nonce, context = secrets.token_bytes(_NONCE_BYTES), _bytes(body["associated_data"])
        sealed = nonce + AESGCM(secret).encrypt(nonce, _bytes(body["plaintext"]), context)
        text = base64.b64encode(sealed).decode()
        return 200, {"data": {"ciphertext": f"vault:v{version}:{text}", "key_version": version}}

    def _decrypt(self, name: str, body: Mapping[str, Any]) -> Said:
        version, _, text = body["ciphertext"].removeprefix("vault:v").partition(":")
        if int(version) not in self.keys[name]:
            return 400, {"errors": ["ciphertext version is disallowed by policy (too old)"]}
        secret, _ = self.keys[name][int(version)]
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError:
            return 400, {"errors": ["invalid ciphertext: could not decode base64"]}
        if len(sealed) < _NONCE_BYTES:
            return 400, {"errors": ["invalid ciphertext length"]}
        nonce, context = sealed[:_NONCE_BYTES], _bytes(body["associated_data"])
        try:
            plain = AESGCM(secret).decrypt(nonce, sealed[_NONCE_BYTES:], context)
        except InvalidTag:
            return 500, {"errors": ["1 error occurred:\n\t* cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(plain).decode()}}

    def _sign(self, name: str, body: Mapping[str, Any]) -> Said:
        version = int(body.get("key_version") or max(self.keys[name]))
        private = Ed25519PrivateKey.from_private_bytes(self.keys[name][version][0])
        text = base64.b64encode(private.sign(_bytes(body["input"]))).decode()
        return 200, {"data": {"signature": f"vault:v{version}:{text}", "key_version": version}}


@dataclass
class FakeKms:
    """A KMS that speaks its JSON protocol."""

    keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        """Answer one request."""
        with self._lock:
            self.asked.append(asked)
            verb = asked.headers.get("X-Amz-Target", "").removeprefix("TrentService.")
            return getattr(self, f"_{verb.lower()}", self._unknown)(asked.body)

    def _unknown(self, body: Mapping[str, Any]) -> Said:
        del body
        return 400, {"__type": "UnknownOperationException"}

    def _createkey(self, body: Mapping[str, Any]) -> Said:
        key_id = f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-4abc-8abc-{secrets.token_hex(6)}"
        self.keys[key_id] = (body["KeySpec"], secrets.token_bytes(32))
        self.states[key_id] = "Enabled"
        return 200, {"KeyMetadata": {"KeyId": key_id, "KeyState": "Enabled"}}

    def _createalias(self, body: Mapping[str, Any]) -> Said:
        if body["AliasName"] in self.aliases:
            return 400, {"__type": "AlreadyExistsException", "message": "it exists"}
        return self._updatealias(body)

    def _updatealias(self, body: Mapping[str, Any]) -> Said:
        self.aliases[body["AliasName"]] = body["TargetKeyId"]
        return 200, {}

    def _describekey(self, body: Mapping[str, Any]) -> Said:
        key_id = self.aliases.get(body["KeyId"], body["KeyId"])
        if key_id not in self.keys:
            return 400, {"__type": "NotFoundException", "message": "no such key"}
        return 200, {"KeyMetadata": {"KeyId": key_id, "KeyState": self.states[key_id]}}

    def _trouble(self, body: Mapping[str, Any]) -> Said | None:
        state = self.states.get(body["KeyId"])
        if state is None:
            return 400, {"__type": "NotFoundException", "message": "no such key"}
        if state == "Disabled":
            return 400, {"__type": "DisabledException", "message": "it is disabled"}
        if state != "Enabled":
            return 400, {"__type": "KMSInvalidStateException", "message": f"it is {state}"}
        return None

    def _encrypt(self, body: Mapping[str, Any]) -> Said:
        if trouble := self._trouble(body):
            return trouble
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = AESGCM(self.keys[body["KeyId"]][1])
        sealed = nonce + cipher.encrypt(nonce, _bytes(body["Plaintext"]), _context(body))
        return 200, {"CiphertextBlob": base64.b64encode(sealed).decode()}

    def _decrypt(self, body: Mapping[str, Any]) -> Said:
        if trouble := self._trouble(body):
            return trouble
        sealed = _bytes(body["CiphertextBlob"])
        cipher = AESGCM(self.keys[body["KeyId"]][1])
        try:
            plain = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _context(body))
        except (InvalidTag, ValueError):
            return 400, {"__type": "InvalidCiphertextException"}
        return 200, {"Plaintext": base64.b64encode(plain).decode()}

    def _sign(self, body: Mapping[str, Any]) -> Said:
        if trouble := self._trouble(body):
            return trouble
        private = Ed25519PrivateKey.from_private_bytes(self.keys[body["KeyId"]][1])
        signed = private.sign(_bytes(body["Message"]))
        return 200, {"Signature": base64.b64encode(signed).decode()}

    def _getpublickey(self, body: Mapping[str, Any]) -> Said:
        if trouble := self._trouble(body):
            return trouble
        public = Ed25519PrivateKey.from_private_bytes(self.keys[body["KeyId"]][1]).public_key()
        data = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return 200, {"PublicKey": base64.b64encode(data).decode()}


@dataclass
class Replay:
    """Answers with written exchanges, one after the other, and minds what was asked for."""

    exchanges: Sequence[Mapping[str, Any]]
    wrong: list[str] = field(default_factory=list)
    done: int = 0

    def __call__(self, asked: Asked) -> Said:
        """Give the next written answer, if this is the request it was written for."""
        if self.done == len(self.exchanges):
            self.wrong.append(f"nobody foresaw {asked.method} {asked.path}")
            return 500, {"errors": ["the tape is over"]}
        written = self.exchanges[self.done]
        self.done += 1
        request = written["request"]
        headers = {name: asked.headers.get(name) for name in request.get("headers", {})}
        came = {"method": asked.method, "path": asked.path, "headers": headers, "body": asked.body}
        for name, value in request.items():
            if came[name] != value:
                self.wrong.append(f"{name}: {came[name]!r} came, {value!r} was written")
        return int(written["status"]), written.get("answer")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _context(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body.get("EncryptionContext", {}), sort_keys=True).encode()
