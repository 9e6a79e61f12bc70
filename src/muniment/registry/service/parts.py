"""Parts and their versions, and the runs and facts about exactly them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from muniment import access, ledger
from muniment.core.digest import digest_value, parse_digest
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from muniment.core.page import Page
from muniment.db import Work
from muniment.ledger.kinds.registry import (
    FactReported,
    RunRecorded,
    VersionAdded,
    VersionAdopted,
)
from muniment.registry import store
from muniment.registry.models import (
    Fact,
    Origin,
    Part,
    PartVersion,
    Run,
    RunSort,
    System,
    SystemState,
    Verdict,
)
from muniment.registry.models.parts import version_digest
from muniment.registry.rules import parts as rules
from muniment.registry.rules.profiles import require_text
from muniment.registry.service.standing import (
    author_of,
    is_by_itself,
    is_person,
    place_of,
    visible,
)

_MOST_NAMED: Final = 50
REPORTED: Final = ("policy_check", "artefact_signature", "artefact_scan")


def add_version(
    work: Work,
    id_or_key: str,
    label: str,
    document: Mapping[str, Any],
    *,
    origin: Origin = Origin(),  # noqa: B008 a frozen value
    asserted: bool = False,
    answered_by: str = "",
) -> PartVersion:
    """Write a version of a part; the same content again is the version there is.

    What a part of the product writes by itself has the author who answers for it, if one is named.
    """
    system = _writable(work, id_or_key)
    kind, name = rules.read_label(label)
    content = rules.require_document(kind, document)
    digest = version_digest(kind, content)
    part = store.parts.part(work, system.id, kind, name) or Part("", system.id, kind, name, 0)
    if part.id and (known := store.parts.version_of(work, part.id, digest)):
        return known
    if not part.id:
        fresh = Part(work.new_id("prt"), system.id, kind, name, 0)
        part = store.parts.add_part(work, fresh)
    version = PartVersion(
        id=work.new_id("ver"),
        part_id=part.id,
        system_id=system.id,
        kind=kind,
        name=name,
        number=part.latest + 1,
        digest=digest,
        document=content,
        author=answered_by if answered_by and is_by_itself(work) else author_of(work),
        made_at=work.now,
        origin=_origin(origin),
        asserted=asserted,
    )
    store.parts.add_version(work, part, version)
    ledger.record(
        work,
        VersionAdded(
            system_id=system.id,
            part=version.label,
            number=version.number,
            digest=digest,
            ticket=version.origin.ticket,
            commit=version.origin.commit,
            pull_request=version.origin.pull_request,
            asserted=asserted,
        ),
    )
    return version


def adopt_version(work: Work, id_or_key: str, label: str, number: int, *, reason: str) -> str:
    """Answer for a version that the command line wrote without a name, as a person; give who does.

    Whoever answers for it is from then on like its author, and does not approve it.
    """
    system = _writable(work, id_or_key)
    version = version_at(work, system.id, label, number)
    said = require_text(reason, "reason", longest=500, empty=False)
    person = author_of(work)
    if not is_person(person):
        raise ForbiddenError(
            "only a person answers for a version",
            subject=version.id,
            remedy="Say who you are: --as YOU@EXAMPLE.ORG.",
        )
    if is_person(version.author):
        raise ConflictError(
            f"{label} {number} has an author",
            subject=version.id,
            remedy="Whoever wrote it answers for it.",
        )
    if not store.adopting.adopt(work, version.id, person, said, work.now):
        raise ConflictError(
            f"somebody answers for {label} {number} already",
            subject=version.id,
            remedy="See the page of the part.",
        )
    ledger.record(work, VersionAdopted(system.id, version.label, version.number, person, said))
    return person


def adopters_of(work: Work, versions: Iterable[PartVersion]) -> dict[str, str]:
    """Say which persons answer for versions that were written without a name, by version id."""
    return store.adopting.adopters(work, [each.id for each in versions])


def record_run(
    work: Work, id_or_key: str, sort: RunSort, of: str, document: Mapping[str, Any]
) -> Run:
    """Record a training or an evaluation of exactly this digest; it is judged by what it says."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.report", place_of(system.id))
    about = parse_digest(of, field="of")
    content = rules.require_run(sort, document)
    verdict, says = rules.judge_run(sort, content)
    run_id = work.new_id("run")
    record = ledger.record(
        work,
        RunRecorded(
            system_id=system.id,
            run_id=run_id,
            sort=sort.value,
            about=about,
            document_digest=digest_value(content),
            verdict=verdict,
        ),
    )
    run = Run(
        id=run_id,
        system_id=system.id,
        sort=sort,
        of=about,
        document=content,
        verdict=verdict,
        says=says,
        author=author_of(work),
        made_at=work.now,
        record_id=record,
    )
    store.parts.add_run(work, run)
    return run


def report(work: Work, id_or_key: str, name: str, about: str, verdict: Verdict, says: str) -> Fact:
    """Report the result of a check that was made elsewhere, of exactly this digest."""
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.report", place_of(system.id))
    if name not in REPORTED:
        raise InvalidError(
            f"{name[:60]!r} is not reported from outside",
            field="name",
            remedy=f"Reported are {', '.join(REPORTED)}.",
        )
    if verdict not in ("met", "not_met", "could_not_tell"):
        raise InvalidError(
            "is not an answer", field="verdict", remedy="Say met, not_met or could_not_tell."
        )
    fact = Fact(
        id=work.new_id("fct"),
        system_id=system.id,
        about=parse_digest(about, field="about"),
        name=name,
        verdict=verdict,
        says=require_text(says, "says", longest=400, empty=False),
        author=author_of(work),
        at=work.now,
    )
    store.parts.add_fact(work, fact)
    ledger.record(work, FactReported(system.id, fact.id, name, fact.about, verdict))
    return fact


def parts_of(work: Work, id_or_key: str) -> tuple[Part, ...]:
    """List the parts of a system by kind and name."""
    return store.parts.parts_of(work, _readable(work, id_or_key).id)


def versions_of(
    work: Work, id_or_key: str, label: str = "", *, limit: int = 50, cursor: str | None = None
) -> Page[PartVersion]:
    """List the versions of a system or of one of its parts, the newest first."""
    system = _readable(work, id_or_key)
    part_id = _part(work, system, label).id if label else ""
    query = store.VersionQuery(system_id=system.id, part_id=part_id)
    return store.parts.versions(work, query, limit=limit, cursor=cursor)


def find_parts(work: Work, text: str, *, limit: int = 5) -> tuple[Part, ...]:
    """Find a few parts by name, with or without their kind, among systems that may be seen."""
    kind, _, name = text.rpartition("/")
    rows = store.parts.parts_named(work, name, limit=_MOST_NAMED)
    fitting = [each for each in rows if kind in ("", each.kind.value)]
    return visible(work, fitting, [each.system_id for each in fitting])[:limit]


def find_versions(
    work: Work, query: store.VersionQuery, *, limit: int = 50, cursor: str | None = None
) -> Page[PartVersion]:
    """List versions of every system that may be seen, the newest first."""
    page = store.parts.versions(work, query, limit=limit, cursor=cursor)
    return Page(visible(work, page.rows, [each.system_id for each in page.rows]), page.next_cursor)


def version_at(work: Work, id_or_key: str, label: str, number: int) -> PartVersion:
    """Show a version of a part."""
    system = _readable(work, id_or_key)
    return store.parts.version_numbered(work, _part(work, system, label).id, number)


def diff(work: Work, id_or_key: str, label: str, old: int, new: int) -> tuple[str, ...]:
    """Tell what one version of a part changes in another, line by line."""
    before = version_at(work, id_or_key, label, old).document if old else None
    return rules.readable_diff(before, version_at(work, id_or_key, label, new).document)


def runs_of(work: Work, id_or_key: str, *, of: str = "") -> tuple[Run, ...]:
    """List the runs of a system, the newest first."""
    return store.parts.runs(work, _readable(work, id_or_key).id, of=of)


def remove_version(work: Work, id_or_key: str, label: str, number: int) -> None:
    """Refuse to remove a version: what served or was approved is kept."""
    system = _in_hand(work, id_or_key)
    version = store.parts.version_numbered(work, _part(work, system, label).id, number)
    raise ConflictError(
        f"version {number} of {label} is on record and is not removed",
        subject=version.id,
        remedy="Write a newer version and promote it; the older one stays to be shown.",
    )


def _readable(work: Work, id_or_key: str) -> System:
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.read", place_of(system.id))
    return system


def _in_hand(work: Work, id_or_key: str) -> System:
    system = store.systems.get(work, id_or_key)
    access.require(work, "registry.write", place_of(system.id))
    return system


def _writable(work: Work, id_or_key: str) -> System:
    system = _in_hand(work, id_or_key)
    if system.state is SystemState.RETIRED:
        raise ConflictError(
            f"{system.key} is retired", subject=system.id, remedy="Register a new system."
        )
    return system


def _part(work: Work, system: System, label: str) -> Part:
    kind, name = rules.read_label(label)
    found = store.parts.part(work, system.id, kind, name)
    if found is None:
        raise NotFoundError(
            f"{system.key} has no part {label[:110]}",
            subject=system.id,
            field="part",
            remedy=f"See `muniment registry show {system.key}`.",
        )
    return found


def _origin(given: Origin) -> Origin:
    return Origin(
        require_text(given.ticket, "ticket", longest=100),
        require_text(given.commit, "commit", longest=100),
        require_text(given.pull_request, "pull_request", longest=200),
    )
