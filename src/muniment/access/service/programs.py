"""Programs that act under their own name; for each a person answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment.access import rules, store
from muniment.access.models import (
    Holder,
    HolderKind,
    PersonId,
    PersonState,
    Service,
    ServiceId,
    ServiceKind,
)
from muniment.access.service.gate import change, change_own
from muniment.access.service.grants import require_no_clash
from muniment.core.errors import ConflictError, ForbiddenError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import ServiceAdded, ServiceChanged

_MANAGE: Final = "access.manage_services"


def add_service(work: Work, kind: ServiceKind, name: str, owner_id: PersonId) -> Service:
    """Make a service for which a person answers; it holds nothing yet."""
    change(work, _MANAGE)
    _require_active(work, owner_id)
    service = Service(
        id=ServiceId(work.new_id("svc")),
        kind=ServiceKind(kind),
        name=rules.clean_name(name),
        owner_id=owner_id,
        active=True,
        created_at=work.now,
    )
    record(work, ServiceAdded(service.id, service.kind.value, owner_id))
    store.add_service(work, service)
    return service


def rename_service(
    work: Work, service_id: ServiceId, name: str, *, version: int | None = None
) -> Service:
    """Give a service another name; whoever answers for it may."""
    service = store.service(work, service_id)
    change_own(work, _MANAGE, own=service.owner_id == work.actor.id)
    service = _expected(store.service(work, service_id), version)
    changed = replace(service, name=rules.clean_name(name))
    return service if changed == service else _save(work, changed, "name")


def suspend_service(work: Work, service_id: ServiceId, *, version: int | None = None) -> Service:
    """Stop a service at once: its keys open nothing; whoever answers for it may."""
    service = store.service(work, service_id)
    change_own(work, _MANAGE, own=service.owner_id == work.actor.id)
    service = _expected(store.service(work, service_id), version)
    if not service.active:
        raise ConflictError("this service is suspended already", subject=service_id)
    return _save(work, replace(service, active=False), "active")


def reactivate_service(work: Work, service_id: ServiceId, *, version: int | None = None) -> Service:
    """Let a suspended service run again, if somebody answers for it."""
    change(work, _MANAGE)
    service = _expected(store.service(work, service_id), version)
    if service.active:
        raise ConflictError("this service is active already", subject=service_id)
    _require_active(work, service.owner_id)
    return _save(work, replace(service, active=True), "active")


def transfer_service(
    work: Work, service_id: ServiceId, owner_id: PersonId, *, version: int | None = None
) -> Service:
    """Let another person answer for a service; its rights then count as theirs."""
    change(work, _MANAGE)
    service = _expected(store.service(work, service_id), version)
    if work.actor.id == owner_id:
        raise ForbiddenError(
            "nobody gives services to themselves",
            subject=owner_id,
            remedy="Let another admin do it.",
        )
    if service.owner_id == owner_id:
        return service
    _require_active(work, owner_id)
    require_no_clash(work, Holder(HolderKind.SERVICE, service_id), [owner_id])
    return _save(work, replace(service, owner_id=owner_id), "owner")


def _save(work: Work, service: Service, field: str) -> Service:
    record(work, ServiceChanged(service.id, service.active, service.owner_id, (field,)))
    return store.save_service(work, service)


def _require_active(work: Work, owner_id: PersonId) -> None:
    owner = store.person(work, owner_id)
    if owner.state is not PersonState.ACTIVE:
        raise ConflictError(
            f"whoever answers for a service is active, and this person is {owner.state}",
            subject=owner_id,
            field="owner_id",
            remedy="Name somebody else.",
        )


def _expected(service: Service, version: int | None) -> Service:
    if version is not None and version != service.version:
        raise ConflictError(
            "somebody else changed this service meanwhile",
            subject=service.id,
            remedy="Read it again, then change it.",
        )
    return service
