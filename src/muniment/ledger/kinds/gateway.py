"""What the gateway records of itself: files that said what it shall serve."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind


@kind("gateway.declared")
class Declared(Struct, frozen=True):
    """A file was read that declares systems and models, and this became of it.

    `outcome` is bootstrap (nobody could approve anything yet), unchanged, or proposed. `policy` is
    the version of the policy that was asked about; what is `left` differs, and a file changes
    nothing of its kind.
    """

    file: str
    outcome: str
    systems: tuple[str, ...]
    changes: tuple[str, ...]
    policy: int = 0
    left: tuple[str, ...] = ()


@kind("gateway.begun", subject=("system", "system"))
class Begun(Struct, frozen=True):
    """A person made the first system of an installation; nobody could approve it yet.

    `by` is form or file. What the machine did for them stands in the records beside this one.
    """

    system: str
    environment: str
    by: str
