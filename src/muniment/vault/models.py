"""The nouns of the vault: what opens the keyring, data keys, content held, tokens, erasures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from muniment.core.errors import InvalidError


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


class KeyState(StrEnum):
    """Where a data key stands: used for new content, only for opening, or gone for ever."""

    CURRENT = "current"
    RETIRED = "retired"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key: which content it protects, and under which key of the keyring it is wrapped."""

    kid: str
    classification: str
    subject: str
    period: str
    version: int
    state: KeyState
    keyring_key: str
    wrapped: bytes | None = field(repr=False)
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What an entry says of content that is kept outside, encrypted."""

    kid: str
    commit: str
    ct_sha256: str
    ct_len: int

    def as_reference(self) -> dict[str, str | int]:
        """Give the form that stands in a ledger entry."""
        return {
            "kid": self.kid,
            "commit": self.commit,
            "ct_sha256": self.ct_sha256,
            "ct_len": self.ct_len,
        }

    @classmethod
    def from_reference(cls, given: Mapping[str, object]) -> Self:
        """Read the form that stands in a ledger entry."""
        kid, length = str(given.get("kid", "")), given.get("ct_len")
        commit, digest = str(given.get("commit", "")), str(given.get("ct_sha256", ""))
        if not kid or not _HEX.match(commit) or not _HEX.match(digest) or type(length) is not int:
            raise InvalidError(
                "this is no reference to content",
                field="content",
                remedy="Give kid, commit, ct_sha256 and ct_len as they stand in an entry.",
            )
        return cls(kid, commit, digest, length)


_HEX: Final = re.compile(r"[0-9a-f]{64}\Z")


class TokenType(StrEnum):
    """How a token looks."""

    RANDOM = "random"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Token:
    """What stands for a value, where, and until when; the text is what other systems see."""

    id: str
    text: str
    type: TokenType
    scope: str
    kid: str
    tweak: int
    sealed: bytes | None = field(repr=False)
    expires_at: datetime | None = None


class ShredState(StrEnum):
    """How far an erasure has come."""

    ASKED = "asked"
    APPROVED = "approved"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Shred:
    """An erasure: of whose content, asked by whom, and the records that prove each step."""

    id: str
    subject: str
    classification: str
    state: ShredState
    digest: str
    asked_by: str
    asked_at: datetime
    request: str
    approval: str = ""
    destruction: str = ""
    destroyed_at: datetime | None = None
    kids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The data keys of one classification and period, counted by their state."""

    classification: str
    period: str
    current: int
    retired: int
    destroyed: int
    oldest_at: datetime


@dataclass(frozen=True, slots=True)
class VaultStatus:
    """How the vault stands: its keys, what they protect, and how old the keyring's key is."""

    groups: tuple[KeyGroup, ...]
    keyring_key: str
    keyring_since: datetime | None
    not_rewrapped: int
    objects: int
    object_bytes: int
    tokens: int
    shreds: tuple[Shred, ...]
    rotate_days: int
    rotation_is_due: bool | None

    @property
    def live_keys(self) -> int:
        """Count the keys that still open something."""
        return sum(group.current + group.retired for group in self.groups)
