"""What opens the keyring of an installation, and what that protects."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class UnlockSource(StrEnum):
    """Where the unlock key came from."""

    FILE = "file"
    COMMAND = "command"
    PROMPT = "prompt"
    GENERATED = "generated"

    @property
    def protects(self) -> str:
        """Say plainly what an unlock key from here protects."""
        return _PROTECTS[self]

    @property
    def says(self) -> str:
        """Say in a sentence's part how the keys are opened and what that protects."""
        return f"unlocked by {_WORDS[self]}, which protects {self.protects}"


_WORDS = {
    UnlockSource.FILE: "the unlock file",
    UnlockSource.COMMAND: "the unlock command",
    UnlockSource.PROMPT: "a passphrase typed at the start",
    UnlockSource.GENERATED: "a key that Muniment made for itself on this host",
}
_PROTECTS = {
    UnlockSource.FILE: "the keys, from whoever cannot read the unlock file",
    UnlockSource.COMMAND: "the keys, from whoever cannot run the unlock command with its rights",
    UnlockSource.PROMPT: "the keys, from whoever does not know the passphrase",
    UnlockSource.GENERATED: "copies of the data, not this host",
}


@dataclass(frozen=True, slots=True)
class Unlock:
    """The secret that opens the keyring; it never shows itself."""

    source: UnlockSource
    where: str
    secret: bytes = field(repr=False)

    @property
    def protects(self) -> str:
        """Say plainly what it protects."""
        return self.source.protects
