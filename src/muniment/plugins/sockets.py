"""The ten sockets: what a plug-in of each kind promises, in sentences.

Our own plug-ins enter by the same doors as a stranger's, and both run the socket's contract suite
in `muniment.testing`. Values crossing a socket are plain (text, bytes, numbers, frozen dataclasses
from here or `core`), so a plug-in never needs to know a room, a table or a setting.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Protocol, runtime_checkable


@runtime_checkable
class Storage(Protocol):
    """Keeps bytes under names.

    Durable: when a write returns, the bytes survive power loss. Atomic: a reader sees all of an
    object or none of it. Names are ASCII, `/`-separated, without `.` or `..` parts.
    """

    def put_if_absent(self, name: str, chunks: Iterable[bytes]) -> bool:
        """Write an object unless one of that name exists; tell whether it was written."""
        ...

    def get(self, name: str) -> bytes:
        """Read a whole object, or raise `NotFoundError`."""
        ...

    def stream(self, name: str) -> Iterator[bytes]:
        """Read an object piece by piece, or raise `NotFoundError` before the first piece."""
        ...

    def exists(self, name: str) -> bool:
        """Tell whether there is such an object."""
        ...

    def delete(self, name: str, *, written_before: datetime) -> bool:
        """Remove an object older than the floor; a younger one is left; tell what happened."""
        ...

    def compare_and_swap(self, name: str, expected: bytes | None, replacement: bytes) -> bool:
        """Replace a small object only if it still holds `expected` (None: does not exist)."""
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """List names that begin so, in order."""
        ...


SIGNING_PURPOSES: Final = frozenset({"log", "witness"})


@runtime_checkable
class Keyring(Protocol):
    """Holds keys that never leave it: a local file, a cloud's key service, a hardware module.

    The same key id always means the same key; a destroyed key raises `NotFoundError` for ever.
    Keys for the purposes in `SIGNING_PURPOSES` sign, those for all others wrap.
    """

    def current(self, purpose: str) -> str:
        """Name the key now used for a purpose, making one if there is none."""
        ...

    def wrap(self, key_id: str, data_key: bytes, context: bytes) -> bytes:
        """Encrypt a data key, bound to its context."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes, context: bytes) -> bytes:
        """Decrypt a data key; a wrong context or altered bytes raise `CorruptError`."""
        ...

    def sign(self, key_id: str, message: bytes) -> bytes:
        """Sign with an Ed25519 key held under this id."""
        ...

    def public_key(self, key_id: str) -> bytes:
        """Give the 32 public bytes of a signing key."""
        ...

    def rotate(self, purpose: str) -> str:
        """Make a new current key for a purpose; the old one still unwraps."""
        ...


@runtime_checkable
class Signer(Protocol):
    """Signs checkpoints under one name."""

    @property
    def name(self) -> str:
        """The name that stands on the signature line; for a log, its origin."""
        ...

    @property
    def verifier_key(self) -> str:
        """The public half as a C2SP vkey."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a note's text; the same text may be signed again, never a rewritten head."""
        ...


@runtime_checkable
class Witness(Protocol):
    """Confirms that it saw a checkpoint and that it only ever grew."""

    @property
    def name(self) -> str:
        """The name its verifier key carries."""
        ...

    def cosign(self, old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
        """Give cosignature lines, or raise `ConflictError` naming the size it knows."""
        ...


class Delivery(StrEnum):
    """How a notice fared."""

    DELIVERED = "delivered"
    TRY_LATER = "try_later"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Message:
    """A notice ready to send: words without content, the facts for programs, and a link.

    `to` is the whole address of the channel and may hold secrets; `secrets` sign, the newest first.
    """

    id: str
    to: str = field(repr=False)
    title: str
    body: str
    link: str
    severity: Literal["info", "look", "urgent"]
    facts: tuple[Mapping[str, str], ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Outside(Protocol):
    """What a notifier is given to reach the outside: careful, and judged by the settings."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send bytes to an address and give the status of the answer, or raise why not."""
        ...

    def require(self, url: str) -> None:
        """Refuse an address that may never be reached."""
        ...

    def require_host(self, host: str, port: int) -> None:
        """Refuse a host that leads to a place that may not be reached."""
        ...

    def now(self) -> datetime:
        """Give the time of day in UTC."""
        ...


@runtime_checkable
class Notifier(Protocol):
    """Carries a message to people; it may be sent again after a crash, always under the same id.

    A reason never holds an address or a secret. Where the channel can, it shows an id once.
    """

    def require(self, to: str) -> None:
        """Refuse an address it could never send to, with `InvalidError` or `ForbiddenError`."""
        ...

    def send(self, message: Message) -> tuple[Delivery, str]:
        """Send it; give how it fared and why."""
        ...


class Found(Protocol):
    """What every finding tells, ours and a stranger's: the place and the type, never the value.

    `why` is anything whose `str` gives the reason. The `Finding` below keeps to it, and so do the
    findings of the room `detect`: there is one world of findings.
    """

    @property
    def type(self) -> str:
        """The type of the value, such as EMAIL_ADDRESS."""
        ...

    @property
    def family(self) -> str:
        """The family of the type, such as pii."""
        ...

    @property
    def start(self) -> int:
        """The first character of it in the text that was given."""
        ...

    @property
    def end(self) -> int:
        """The character after its last."""
        ...

    @property
    def score(self) -> float:
        """How sure the detector is, from 0 to 1."""
        ...

    @property
    def why(self) -> object:
        """The reason; its `str` is a sentence or a short word."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found in a text; it points at the place and never carries the value."""

    type: str
    family: str
    start: int
    end: int
    score: float
    why: str


@runtime_checkable
class Detector(Protocol):
    """Finds things in text. Same text and build, same findings; an error is never a clean text."""

    @property
    def build(self) -> str:
        """Version and configuration digest that stand in the record beside each verdict."""
        ...

    def scan(self, text: str) -> Sequence[Found]:
        """Find everything it knows, with character offsets into the given text."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A measured number with what it means."""

    value: float
    low: float
    high: float
    verdict: Literal["met", "not_met", "could_not_tell"]
    says: str


@runtime_checkable
class Metric(Protocol):
    """Compares two samples; too little data gives *could not tell*, never an alarm."""

    def measure(self, reference: Sequence[float], current: Sequence[float]) -> Reading:
        """Give the number and how to read it."""
        ...


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence: a record or a reason why there is none."""

    verdict: Literal["met", "not_met", "could_not_tell"]
    says: str
    facts: Mapping[str, str]


@runtime_checkable
class Collector(Protocol):
    """Gathers evidence; what cannot be read is *could not tell* with the reason, never empty."""

    def collect(self, since: datetime, until: datetime) -> Iterable[Item]:
        """Gather what a period holds."""
        ...


Ask = Callable[[str], bytes]
"""Gets what stands at an address of one's own place, with the credential that was set for it."""


@dataclass(frozen=True, slots=True)
class Right:
    """A right in another system: whose account there, to what, and if known whose it is here."""

    account: str
    what: str
    person: str = ""


@runtime_checkable
class Feed(Protocol):
    """Tells every right of one place elsewhere: all of them or an error, for what is missing ends.

    It is made from the words that stand in the feeds file beside its place, and an `Ask`.
    """

    def rights(self) -> Iterable[Right]:
        """Tell all rights of the place as they are now."""
        ...


@runtime_checkable
class Provider(Protocol):
    """Speaks to one kind of model service; it adds the credential and hides it in errors."""

    async def send(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request and wait for its answer's head."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A provider's answer: its head, and its body as it arrives."""

    status: int
    headers: Mapping[str, str]
    body: AsyncIterator[bytes]


GROUPS: Final[Mapping[str, type]] = {
    "muniment.providers": Provider,
    "muniment.detectors": Detector,
    "muniment.metrics": Metric,
    "muniment.collectors": Collector,
    "muniment.feeds": Feed,
    "muniment.notifiers": Notifier,
    "muniment.storage": Storage,
    "muniment.keyrings": Keyring,
    "muniment.witnesses": Witness,
    "muniment.signers": Signer,
}
