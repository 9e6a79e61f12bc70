"""An issuer that tests can bend: real HTTP on this machine, real keys, tokens as one asks for.

It checks PKCE and takes each code once, as the standard wants; what it signs, with which algorithm
and key, is for the test to say.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_RSA: Final = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
_EC: Final = ec.generate_private_key(ec.SECP256R1())


@dataclass
class Issuing:
    """What an issuer publishes and gives out."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=lambda: ["one"])
    signing: str = "one"
    changes: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)

    def authorize(self, departure: str) -> dict[str, str]:
        """Be the person at the issuer: agree, and give what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(departure).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, at: datetime, **changes: Any) -> str:
        """Sign a token that is good for a minute, but for what is changed."""
        moment = int(at.timestamp())
        plain = {"iss": self.url, "iat": moment, "exp": moment + 60}
        claims = {**plain, **self.claims, **changes}
        kept = {name: value for name, value in claims.items() if value is not None}
        headers = {"kid": self.signing}
        if self.signing.startswith("ec"):
            return jwt.encode(kept, _EC, "ES256", headers)
        return jwt.encode(kept, private_key(self.signing), "RS256", headers)

    def exchange(self, form: dict[str, str], at: datetime) -> dict[str, Any] | None:
        """Change a code for tokens, once, for who holds the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = challenge == asked["code_challenge"] and asked["code_challenge_method"] == "S256"
        if not same or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        extra = {"aud": asked["client_id"], "nonce": asked["nonce"], **self.changes}
        return {
            "id_token": self.token(at, **extra),
            "access_token": "access",
            "token_type": "Bearer",
        }


def private_key(name: str) -> rsa.RSAPrivateKey:
    """Give one of the issuer's keys."""
    return _RSA[0] if name == "one" else _RSA[1]


def public_jwk(name: str) -> dict[str, Any]:
    """Write the public half of a key as an issuer publishes it."""
    if name.startswith("ec"):
        found = jwt.algorithms.ECAlgorithm.to_jwk(_EC.public_key(), as_dict=True)
        return {**found, "kid": name, "use": "sig"}
    public = private_key(name).public_key()
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(public, as_dict=True), "kid": name, "use": "sig"}


@contextmanager
def issuer_running(clock: Any) -> Iterator[Issuing]:
    """Run an issuer on this machine."""
    issuing = Issuing()

    class Handler(BaseHTTPRequestHandler):
        """Answers as an OpenID provider does."""

        def do_GET(self) -> None:
            """Publish."""
            issuing.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._answer(_discovery(issuing))
            elif self.path == "/jwks":
                self._answer({"keys": [public_jwk(name) for name in issuing.keys]})
            elif self.path == "/userinfo":
                self._answer(issuing.userinfo)
            elif self.path == "/redirect":
                self.send_response(302)
                self.send_header("location", f"{issuing.url}/jwks")
                self.end_headers()
            elif self.path == "/huge":
                self._answer({"keys": ["x" * 1024] * 2048})
            else:
                self._answer({}, 404)

        def do_POST(self) -> None:
            """Change a code for tokens."""
            issuing.asked.append(self.path)
            length = int(self.headers.get("content-length", "0"))
            read = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in read.items()}
            told = issuing.exchange(form, clock.now())
            self._answer(told or {"error": "invalid_grant"}, 200 if told else 400)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

        def _answer(self, told: object, status: int = 200) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    issuing.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield issuing
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _discovery(issuing: Issuing) -> dict[str, Any]:
    return {
        "issuer": issuing.url,
        "authorization_endpoint": f"{issuing.url}/authorize",
        "token_endpoint": f"{issuing.url}/token",
        "jwks_uri": f"{issuing.url}/jwks",
        "end_session_endpoint": f"{issuing.url}/logout",
        **issuing.discovery,
    }
