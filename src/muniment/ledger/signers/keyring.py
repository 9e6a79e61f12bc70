"""Signs checkpoints with a key that stays in a keyring."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.plugins.sockets import Keyring
from muniment.verify import Key, make_key


@dataclass(frozen=True, slots=True)
class KeyringSigner:
    """A log's Ed25519 key, used through the Keyring socket."""

    keyring: Keyring
    key_id: str
    origin: str

    @property
    def name(self) -> str:
        """The origin of the log."""
        return self.origin

    @property
    def key(self) -> Key:
        """The public half."""
        return make_key(self.origin, self.keyring.public_key(self.key_id))

    @property
    def verifier_key(self) -> str:
        """The public half as one line of text."""
        return self.key.vkey

    def sign(self, message: bytes) -> bytes:
        """Sign a note's text."""
        return self.keyring.sign(self.key_id, message)
