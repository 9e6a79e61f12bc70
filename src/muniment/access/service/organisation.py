"""What the organisation is called that runs this installation: shown above every page."""

from __future__ import annotations

from muniment.access import rules, store
from muniment.access.service.gate import change
from muniment.core.errors import ConflictError
from muniment.db import Work
from muniment.ledger import record
from muniment.ledger.kinds.access import OrganisationNamed


def organisation(work: Work) -> str:
    """Tell what the organisation is called; empty while nobody has said it."""
    return store.organisation(work)[0]


def name_organisation(work: Work, name: str, *, was: str | None = None) -> str:
    """Say what the organisation is called; `was` is the name that whoever says it has seen."""
    change(work, "access.name_organisation")
    called = rules.clean_name(name)
    known, version = store.organisation(work)
    if was is not None and was != known:
        raise ConflictError(
            f"somebody named it meanwhile: {known}",
            field="name",
            remedy="Look at the name, then write yours if it shall be another.",
        )
    if called == known:
        return called
    record(work, OrganisationNamed("own", version + 1))
    store.set_organisation(work, called, version)
    return called
