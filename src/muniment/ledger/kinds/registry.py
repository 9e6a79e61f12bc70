"""What the registry records: systems, their parts, changes, and what served when."""

from __future__ import annotations

from msgspec import Struct

from muniment.ledger.kinds.base import kind

_SYSTEM = ("system", "system_id")
_CHANGE = ("change", "change_id")
_SYSTEMS = ("registry_systems", "registry_profiles")
_SUSPENDING = (*_SYSTEMS, "registry_standing", "registry_suspensions")
_SERVING = ("registry_deployments", "registry_shares", "registry_standing")


@kind("registry.system_registered", covers=_SYSTEMS, subject=_SYSTEM)
class SystemRegistered(Struct, frozen=True):
    """An AI system was made known, with an owner."""

    system_id: str
    key: str
    owner: str


@kind("registry.system_changed", covers=_SYSTEMS, subject=_SYSTEM)
class SystemChanged(Struct, frozen=True):
    """What is stated about a system changed; what is material asks for a new review."""

    system_id: str
    fields: tuple[str, ...]
    material: tuple[str, ...]


@kind("registry.owner_moved", covers=_SYSTEMS, subject=_SYSTEM)
class OwnerMoved(Struct, frozen=True):
    """Somebody else answers for a system now."""

    system_id: str
    old_owner: str
    owner: str
    reason: str


@kind("registry.owner_left", subject=_SYSTEM)
class OwnerLeft(Struct, frozen=True):
    """Who answered for a system has left; somebody else has to."""

    system_id: str
    person: str


@kind("registry.review_asked", covers=_SYSTEMS, subject=_SYSTEM)
class ReviewAsked(Struct, frozen=True):
    """A system went before those who approve it."""

    system_id: str
    request_id: str


@kind("registry.review_answered", covers=_SYSTEMS, subject=_SYSTEM)
class ReviewAnswered(Struct, frozen=True):
    """Those who were asked about a system have answered; a yes holds until a day."""

    system_id: str
    request_id: str
    answer: str
    holds_until: str


@kind("registry.went_live", covers=_SYSTEMS, subject=_SYSTEM)
class WentLive(Struct, frozen=True):
    """A system serves in production for the first time."""

    system_id: str


@kind("registry.suspended", covers=_SUSPENDING, subject=_SYSTEM)
class Suspended(Struct, frozen=True):
    """A system was stopped at once."""

    system_id: str
    reason: str


@kind("registry.resumed", covers=_SUSPENDING, subject=_SYSTEM)
class Resumed(Struct, frozen=True):
    """A stopped system goes on."""

    system_id: str
    reason: str


@kind("registry.retired", covers=(*_SUSPENDING, *_SERVING), subject=_SYSTEM)
class Retired(Struct, frozen=True):
    """A system is no more; what became of its data, models, access and records is kept."""

    system_id: str
    disposal_digest: str
    ended: int


@kind("registry.tier_followed", covers=_SYSTEMS, subject=_SYSTEM)
class TierFollowed(Struct, frozen=True):
    """The registry learned the tier that an assessment gave."""

    system_id: str
    tier: str
    holds_until: str


@kind(
    "registry.version_added",
    covers=("registry_parts", "registry_versions"),
    subject=_SYSTEM,
)
class VersionAdded(Struct, frozen=True):
    """A part of a system has a new version: a prompt, a model, a routing, a guardrail."""

    system_id: str
    part: str
    number: int
    digest: str
    ticket: str
    commit: str
    pull_request: str
    asserted: bool


@kind("registry.version_adopted", covers=("registry_adoptions",), subject=_SYSTEM)
class VersionAdopted(Struct, frozen=True):
    """A person answers from now on for a version that was written without a name."""

    system_id: str
    part: str
    number: int
    person: str
    reason: str


@kind("registry.run_recorded", covers=("registry_runs",), subject=_SYSTEM)
class RunRecorded(Struct, frozen=True):
    """A training or an evaluation took place, and what came of it."""

    system_id: str
    run_id: str
    sort: str
    about: str
    document_digest: str
    verdict: str


@kind("registry.fact_reported", covers=("registry_facts",), subject=_SYSTEM)
class FactReported(Struct, frozen=True):
    """Somebody reported the result of a check of exactly this digest."""

    system_id: str
    fact_id: str
    name: str
    about: str
    verdict: str


@kind("registry.change_drafted", covers=("registry_changes", "registry_sets"), subject=_CHANGE)
class ChangeDrafted(Struct, frozen=True):
    """A change to exactly this version set was written."""

    change_id: str
    system_id: str
    set_digest: str
    sort: str
    author: str


@kind("registry.change_checked", covers=("registry_changes",), subject=_CHANGE)
class ChangeChecked(Struct, frozen=True):
    """A change was looked at; how many checks are met, not met, and could not be told."""

    change_id: str
    met: tuple[str, ...]
    not_met: tuple[str, ...]
    could_not_tell: tuple[str, ...]


@kind("registry.change_asked", covers=("registry_changes",), subject=_CHANGE)
class ChangeAsked(Struct, frozen=True):
    """A change went before those who approve it."""

    change_id: str
    system_id: str
    request_id: str
    set_digest: str


@kind("registry.change_answered", covers=("registry_changes",), subject=_CHANGE)
class ChangeAnswered(Struct, frozen=True):
    """Those who were asked about a change have answered."""

    change_id: str
    request_id: str
    answer: str


@kind("registry.change_withdrawn", covers=("registry_changes",), subject=_CHANGE)
class ChangeWithdrawn(Struct, frozen=True):
    """The author took a change back."""

    change_id: str
    reason: str


@kind(
    "registry.deployed",
    covers=("registry_changes", *_SERVING),
    subject=("deployment", "deployment_id"),
)
class Deployed(Struct, frozen=True):
    """From now on exactly these sets share the traffic of an environment, in per cent."""

    deployment_id: str
    system_id: str
    environment: str
    shares: tuple[tuple[str, int], ...]
    change_id: str
    request_id: str
    cause: str
    before: str


@kind(
    "registry.bootstrapped",
    covers=("registry_sets", *_SERVING),
    subject=("deployment", "deployment_id"),
)
class Bootstrapped(Struct, frozen=True):
    """On an installation where nobody could approve anything yet, a file said what serves."""

    deployment_id: str
    system_id: str
    environment: str
    set_digest: str
    file: str
    reason: str


@kind(
    "registry.rolled_back",
    covers=("registry_changes", *_SERVING),
    subject=("deployment", "deployment_id"),
)
class RolledBack(Struct, frozen=True):
    """An environment went back to a set that had served it whole before."""

    deployment_id: str
    system_id: str
    environment: str
    set_digest: str
    from_set: str
    change_id: str
    before: str
    reason: str


@kind(
    "registry.serving_corrected",
    covers=_SERVING,
    subject=("deployment", "deployment_id"),
)
class ServingCorrected(Struct, frozen=True):
    """We know better what served in a past time; what we knew before stays."""

    deployment_id: str
    system_id: str
    environment: str
    pieces: tuple[str, ...]
    starts_at: str
    ends_at: str
    reason: str


@kind("registry.frozen", covers=("registry_freezes",), subject=("freeze", "freeze_id"))
class Frozen(Struct, frozen=True):
    """For a time nothing new is released."""

    freeze_id: str
    system_id: str
    environment: str
    starts_at: str
    ends_at: str
    reason: str


@kind("registry.freeze_lifted", covers=("registry_freezes",), subject=("freeze", "freeze_id"))
class FreezeLifted(Struct, frozen=True):
    """A freeze ended before its time."""

    freeze_id: str
    reason: str


@kind("registry.sheet_imported")
class SheetImported(Struct, frozen=True):
    """Every row of a sheet was brought in; what it tells of the past is asserted."""

    sheet: str
    rows: int
    digest: str
    reason: str


@kind(
    "registry.history_asserted",
    covers=("registry_deployments", "registry_shares", "registry_sets"),
    subject=("deployment", "deployment_id"),
)
class HistoryAsserted(Struct, frozen=True):
    """Somebody asserts what served in a past time of which nothing was known."""

    deployment_id: str
    system_id: str
    environment: str
    set_digest: str
    starts_at: str
    ends_at: str


@kind("registry.view_saved", covers=("registry_views",), subject=("view", "view_id"))
class ViewSaved(Struct, frozen=True):
    """A view of a list was saved under a name."""

    view_id: str
    place: str
    shared: bool


@kind("registry.view_removed", covers=("registry_views",), subject=("view", "view_id"))
class ViewRemoved(Struct, frozen=True):
    """A saved view of a list was removed."""

    view_id: str
