"""What happens once before a process of the house begins to work."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from muniment.core.actor import system_actor
from muniment.db.migrate import require_current
from muniment.ledger import record
from muniment.ledger.kinds import Started
from muniment.server.house import House


@cache
def build_digest() -> str:
    """Fingerprint the code that runs, so that a record says exactly which build wrote it."""
    root = Path(__file__).parent.parent
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{whole.hexdigest()}"


def record_start(house: House, role: str) -> None:
    """Record that this process started: what it is, with which plug-ins and settings."""
    require_current(house.database)
    house.log.begin()
    with house.database.work(system_actor(role)) as work:
        record(
            work,
            Started(
                version=house.version,
                build=house.build,
                settings=house.settings.digest(),
                plugins=tuple(
                    f"{each.group}:{each.name} {each.distribution} {each.version}"
                    for each in house.plugins
                ),
                role=role,
            ),
        )
