"""What the registry records of hosts that tell, with their signature, what they run."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_SYSTEM = ("system", "system_id")


@kind("registry.host_trusted", covers=("registry_hosts",), subject=_SYSTEM)
class HostTrusted(Struct, frozen=True):
    """From now on heartbeats that this key signs tell what a host of a system runs."""

    system_id: str
    host_id: str
    environment: str
    fingerprint: str
    reason: str


@kind("registry.host_ended", covers=("registry_hosts",), subject=_SYSTEM)
class HostEnded(Struct, frozen=True):
    """Heartbeats of a host are not believed any more."""

    system_id: str
    host_id: str
    reason: str


@kind("registry.host_heard", covers=("registry_heard",), subject=_SYSTEM)
class HostHeard(Struct, frozen=True):
    """A host said, with its signature, that it runs exactly this set, as declared or not."""

    system_id: str
    host_id: str
    environment: str
    set_digest: str
    heartbeat_digest: str
    told_at: str
    agrees: bool
