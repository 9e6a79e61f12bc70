"""The bill of materials of a version set, in the two forms that tools read."""

from __future__ import annotations

from typing import Any, Final, Literal

from muniment import access
from muniment.core.errors import InvalidError, NotFoundError
from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import PartVersion, Run, RunSort, System
from muniment.registry.models.bills import Bill, Item
from muniment.registry.rules.bills import as_cyclonedx, as_spdx
from muniment.registry.rules.changes import in_order
from muniment.registry.service.artefacts import known_of, named_in
from muniment.registry.service.checking import versions_in
from muniment.registry.service.standing import place_of

BillForm = Literal["cyclonedx", "spdx"]
_ORGANISATION: Final = "the organisation that runs this installation"
_FORMS: Final = {"cyclonedx": as_cyclonedx, "spdx": as_spdx}


def bill_of(
    work: Work,
    id_or_key: str,
    form: str,
    *,
    version: str,
    set_digest: str = "",
    environment: str = "",
) -> dict[str, Any]:
    """Write the bill of a version set: the one that is named, or the one that serves."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    write = _FORMS.get(form)
    if write is None:
        raise InvalidError(
            f"{form[:40]!r} is no form of a bill", field="form", remedy="Say cyclonedx or spdx."
        )
    chosen = set_digest or _serving(work, system, environment)
    found = store.parts.version_set(work, chosen)
    if found.system_id != system.id:
        raise NotFoundError(f"{system.key} has no version set {chosen[:80]}", subject=system.id)
    runs = store.parts.runs(work, system.id)
    items = tuple(_item(work, each, runs) for each in versions_in(work, found))
    return write(Bill(system, found.digest, items, _ORGANISATION), version=version)


def _item(work: Work, version: PartVersion, runs: tuple[Run, ...]) -> Item:
    files = known_of(work, version.system_id, named_in(version.document))
    evaluation = next(
        (run for run in runs if run.sort is RunSort.EVALUATION and run.of == version.digest), None
    )
    return Item(version, files, evaluation)


def _serving(work: Work, system: System, environment: str) -> str:
    wanted = environment or in_order(system.profile.environments)[-1].name
    for each in store.serving.serving_now(work, system.id):
        if each.environment == wanted:
            return max(each.shares, key=lambda share: share.percent).set_digest
    raise NotFoundError(
        f"nothing of {system.key} serves {wanted}",
        subject=system.id,
        remedy="Name a version set with --set; a change tells the digest of its own.",
    )
