"""The signed head of the log, taken apart to be drawn and to stand under what is saved."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.ledger import Log
from muniment.verify import open_checkpoint


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature stands under a head."""

    name: str
    key_id: str
    is_log: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head of the log, taken apart."""

    origin: str
    size: int
    root: str
    signers: tuple[Signer, ...]

    @property
    def witnesses(self) -> int:
        """Count who else signed it."""
        return sum(not signer.is_log for signer in self.signers)


def open_head(log: Log) -> Head | None:
    """Take the published head apart; nothing when none is published yet."""
    published = log.tiles.published()
    return head_of(published) if published else None


def head_of(checkpoint: bytes) -> Head:
    """Take a checkpoint apart."""
    note, head = open_checkpoint(checkpoint)
    signers = tuple(
        Signer(one.name, one.key_id.hex(), one.name == head.origin) for one in note.signatures
    )
    return Head(head.origin, head.size, head.root.hex(), signers)
