"""What an installation needs of what stands around it: a clock, a certificate, people, providers.

Nobody is called to find out: what cannot be told from here is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from cryptography import x509

from muniment import access, exchanges, jobs, ledger, registry
from muniment.core.actor import system_actor
from muniment.core.clock import parse_stamp
from muniment.db import Work
from muniment.jobs import JobState
from muniment.ledger import Query
from muniment.registry import PartKind, PartVersion, VersionQuery
from muniment.server.health import Verdict
from muniment.server.house import House

Answer = tuple[Verdict, str]

_ACTOR: Final = system_actor("doctor")
_BEHIND: Final = timedelta(seconds=5)
_SOON: Final = timedelta(days=14)
_LATELY: Final = timedelta(hours=1)
_MOST_MODELS: Final = 200
_SERVER: Final = "serve"  # a command has an environment of its own
_WITHIN: Final = frozenset({"echo", "scripted", "fixed"})


def clock(house: House) -> Answer:
    """Look whether the clock runs on from the newest record."""
    rows = ledger.find(house.log, Query(), limit=1).rows
    if not rows:
        return Verdict.COULD_NOT_TELL, "nothing is sealed yet to hold the clock against"
    now, newest = house.clock.now(), parse_stamp(rows[0].at)
    if now + _BEHIND < newest:
        return Verdict.NOT_MET, (
            f"the clock is {newest - now} behind the newest record. Set it, for example with "
            "timedatectl set-ntp true, before anything else is recorded"
        )
    return Verdict.MET, "it runs on from the newest record; whether it is right, a witness tells"


def certificate(house: House) -> Answer:
    """Look how long the certificate holds."""
    path = house.settings.server.tls_cert
    if path is None:
        return Verdict.MET, "none is used here; a proxy or this machine alone is in front"
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except ValueError:
        return Verdict.NOT_MET, f"{path} holds no certificate. Give the chain in PEM"
    left = ends - house.clock.now()
    said = f"it ends {ends:%d %b %Y, %H:%M} UTC"
    if left <= timedelta(0):
        return Verdict.NOT_MET, f"{said}, which is past. Renew it and restart"
    if left < _SOON:
        return Verdict.NOT_MET, f"{said}, in {left.days} days. Renew it and restart"
    return Verdict.MET, said


def admins(house: House) -> Answer:
    """Look whether somebody manages access."""
    with house.database.look(_ACTOR) as work:
        if access.is_founded(work):
            return Verdict.MET, "somebody manages access"
    return Verdict.COULD_NOT_TELL, (
        "nobody manages access yet. Open the link that a start prints, or make one with "
        "muniment access first-link"
    )


def parked(house: House) -> Answer:
    """Look whether background work waits for a person."""
    with house.database.look(_ACTOR) as work:
        counts = jobs.counts(work)
    many = counts[JobState.PARKED]
    if many:
        return Verdict.NOT_MET, (
            f"{many:,} parked after failing again and again. See muniment jobs list --state "
            "parked, mend the cause, then muniment jobs unpark JOB"
        )
    return Verdict.MET, f"{counts[JobState.QUEUED]:,} queued, none parked"


def _is_server(house: House) -> bool:
    """Tell whether this process answers calls, also as one of several."""
    return house.log.producer.partition(".")[0] == _SERVER


def providers(house: House) -> Answer:
    """Look whether what models need is there, and how their calls ended lately."""
    with house.database.look(_ACTOR) as work:
        models = list(_newest_models(work))
        lately = exchanges.counted(work, work.now - _LATELY).counts
    missing = sorted(set(_missing(house, models)))
    if missing:
        verdict = Verdict.NOT_MET if _is_server(house) else Verdict.COULD_NOT_TELL
        return verdict, (
            f"{'; '.join(missing[:3])}. Put the variable into the server's environment, and it "
            "with its host into gateway.credentials"
        )
    failed, answered = lately.get("failed", 0), lately.get("answered", 0)
    if failed > answered:
        return Verdict.NOT_MET, (
            f"{failed:,} calls failed in the last hour and {answered:,} were answered. See "
            "muniment exchange list --state failed"
        )
    outside = {each.document.get("provider") for each in models} - _WITHIN
    if not outside:
        return Verdict.MET, "no model needs anybody outside"
    if answered:
        return Verdict.MET, f"{answered:,} calls answered in the last hour"
    return Verdict.COULD_NOT_TELL, "no call was answered in the last hour; nobody is asked to test"


def _newest_models(work: Work) -> Iterator[PartVersion]:
    """Give the newest version of each model."""
    query = VersionQuery(kind=PartKind.MODEL)
    seen = set()
    for each in registry.find_versions(work, query, limit=_MOST_MODELS).rows:
        if (each.system_id, each.name) not in seen:
            seen.add((each.system_id, each.name))
            yield each


def _missing(house: House, models: list[PartVersion]) -> Iterator[str]:
    for each in models:
        scheme, _, name = str(each.document.get("credential", "")).partition(":")
        if scheme == "env" and name not in house.loaded.credentials:
            yield f"{each.label} needs {name}, which this process was not given"
