"""Hosts that tell, with their signature, what they run: trusted, heard, ended.

A heartbeat is evidence of what a host says of itself. It is kept beside what is declared, whatever
it says; whoever wrote it down is not asked whether it fits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from muniment import access, ledger
from muniment.access import EVERYTHING
from muniment.core.clock import stamp
from muniment.core.digest import digest_bytes
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.db import Work
from muniment.ledger.kinds.registry_hosts import HostEnded, HostHeard, HostTrusted
from muniment.registry import store
from muniment.registry.models import Heard, Heartbeat, Host
from muniment.registry.rules import observing as rules
from muniment.registry.rules import signing
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.standing import author_of, place_of, visible


def trust_host(
    work: Work, id_or_key: str, environment: str, name: str, public_key: str, *, reason: str
) -> Host:
    """Believe from now on what a host says it runs, if it signs with this key."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.trust", place_of(system.id))
    pem, fingerprint = signing.read_public_key(public_key)
    said = require_text(reason, "reason", longest=500, empty=False)
    called = require_text(name, "name", longest=100, empty=False)
    if system.profile.environment(environment) is None:
        raise InvalidError(
            f"{environment[:60]!r} is no environment of {system.key}",
            field="environment",
            remedy="Name one of its environments.",
        )
    for each in store.observing.hosts(work, system.id):
        if each.ended_at is None and (each.environment, each.name) == (environment, called):
            if each.fingerprint == fingerprint:
                return each
            raise ConflictError(
                f"{called} is trusted with another key",
                subject=each.id,
                field="name",
                remedy="End that one first; what it told stays.",
            )
    host = Host(
        id=work.new_id("hst"),
        system_id=system.id,
        environment=environment,
        name=called,
        fingerprint=fingerprint,
        public_key=pem,
        author=author_of(work),
        made_at=work.now,
    )
    store.observing.add_host(work, host)
    ledger.record(work, HostTrusted(system.id, host.id, environment, fingerprint, said))
    return host


def end_host(work: Work, host_id: str, *, reason: str) -> Host:
    """Believe a host no more; what it told before stays."""
    known = store.observing.hold_host(work, host_id)
    access.require(work, "registry.trust", place_of(known.system_id) if known else EVERYTHING)
    found = known or store.observing.host(work, host_id)
    said = require_text(reason, "reason", longest=500, empty=False)
    if not store.observing.end_host(work, host_id, work.now):
        raise ConflictError("this host is not believed any more already", subject=host_id)
    ledger.record(work, HostEnded(found.system_id, found.id, said))
    return store.observing.host(work, host_id)


def hosts(work: Work, system: str = "") -> tuple[Host, ...]:
    """List hosts there are and were, of systems that may be seen."""
    found = store.observing.hosts(work, store.systems.get(work, system).id if system else "")
    return visible(work, found, [each.system_id for each in found])


def hear_host(work: Work, given: Mapping[str, Any]) -> Heard:
    """Hear a heartbeat: if its host signed it just now, it is kept, whatever it says."""
    told, payload, proof = rules.read_heartbeat(given)
    known = store.observing.hold_host(work, told.host_id)
    if known is None:
        access.require(work, "registry.report")
    host = rules.require_believable(told, payload, proof, known, work.now)
    access.require(work, "registry.report", place_of(host.system_id))
    last = store.observing.last_heard(work, host.id)
    if last is not None and told.at <= last.ends_at:
        if told.set_digest == last.set_digest:
            return last
        raise ForbiddenError(
            "this heartbeat is not to be believed: the host told something newer already",
            subject=host.id,
            remedy="Send each heartbeat once, as it is made.",
        )
    if (
        last is not None
        and told.set_digest == last.set_digest
        and told.at < last.ends_at + (rules.BETWEEN)
    ):
        return last
    record = ledger.record(
        work,
        HostHeard(
            system_id=host.system_id,
            host_id=host.id,
            environment=host.environment,
            set_digest=told.set_digest,
            heartbeat_digest=digest_bytes(payload + proof),
            told_at=stamp(told.at),
            agrees=_agrees(work, host, told),
        ),
    )
    heard = Heard(host.id, 1, told.set_digest, told.at, told.at, 1, record, record)
    return store.observing.hear(work, last, heard)


def _agrees(work: Work, host: Host, told: Heartbeat) -> bool:
    return any(
        share.set_digest == told.set_digest
        for each in store.serving.serving_now(work, host.system_id)
        if each.environment == host.environment
        for share in each.shares
    )
