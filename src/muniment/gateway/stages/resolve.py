"""Find what is called: the system, what serves it just now, and as whose data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from muniment import access
from muniment.access import Verdict
from muniment.core.actor import Actor
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.db import require_may_wait
from muniment.exchanges import Origin, SubjectSource
from muniment.gateway.dialects.base import write_json
from muniment.gateway.exchange import Asked, Call
from muniment.gateway.keeping import keeping_of
from muniment.gateway.means import CALL, Means
from muniment.gateway.plans import STANDS_SECONDS, Footing, Place, Plan

SYSTEM_HEADER: Final = "x-muniment-system"
ENVIRONMENT_HEADER: Final = "x-muniment-environment"
SUBJECT_HEADER: Final = "x-muniment-subject"
SUBJECT_TOKEN_HEADER: Final = "x-muniment-subject-token"  # noqa: S105 the name of a header
DEFAULT_ENVIRONMENT: Final = "production"
_EVERY: Final = 100
_LONGEST: Final = 80
_SHORT_BYTES: Final = 4_096
_REMEMBERED: Final = 256


def resolve(call: Call, means: Means) -> Call:
    """Say which system is called, what serves it, and whose data the call carries."""
    asked, received = call.asked, call.received
    if asked is None or call.actor is None:
        raise InvalidError("the call was not read", remedy="Send it again.")
    footing = _footing(call, means, call.actor)
    serving, actor = footing.serving, footing.actor
    subject, source = subject_of(received.headers, asked, means)
    named = means.subjects.name_of(call.actor, subject) if subject else ""
    origin = Origin(
        received.exchange,
        serving.system_id,
        footing.environment,
        actor.credential,
        received.surface,
        named,
        source,
    )
    digest = footing.whole or set_for(footing, named)
    plan = _plan(footing, (digest, received.surface, asked.model), means)
    return replace(
        call,
        actor=actor,
        origin=origin,
        serving=serving,
        contents=plan.contents,
        set_digest=digest,
        prompt=prompt_digest(asked),
        plan=plan,
    )


def _footing(call: Call, means: Means, came: Actor) -> Footing:
    """Give what is known of who calls from where; what may have moved is looked up again."""
    place: Place = (came.id, came.credential, *place_in(call.received.headers))
    now = means.database.clock.monotonic()
    standing = means.plans.standing(place, came, now)
    if standing is not None:
        return standing
    system, environment = place_of(call, means)
    serving = means.resolver.resolve(system, environment)
    known = means.standings.of(came, serving.system_id, environment)
    if not known.verdict.ok:
        raise _forbidden(known.verdict, came.id)
    grant = known.verdict.grant.id if known.verdict.grant else ""
    actor = Actor(came.kind, came.id, came.credential, grant)
    first = serving.shares[0]
    whole = first.set_digest if first.percent >= _EVERY else ""
    fresh = Footing(came, actor, environment, serving, known, now + STANDS_SECONDS, whole)
    return means.plans.renewed(place, fresh)


def place_in(headers: Mapping[str, str]) -> tuple[str, str]:
    """Give the system and the environment that headers name."""
    named = headers.get(SYSTEM_HEADER, "").strip()[:_LONGEST]
    where = headers.get(ENVIRONMENT_HEADER, "").strip()[:_LONGEST]
    return named, where


def set_for(footing: Footing, named: str) -> str:
    """Choose the set that serves a call, the same one for the same subject, else for a caller."""
    serving, actor = footing.serving, footing.actor
    return serving.chosen(_point(serving.system_id, named or actor.credential or actor.id))


def _plan(footing: Footing, named: tuple[str, str, str], means: Means) -> Plan:
    """Give what is known of a set that serves; what is stated of its system is looked up again."""
    now, found = means.database.clock.monotonic(), footing.plans.get(named)
    if found is not None and found.stands(now):
        return found
    contents = means.resolver.contents(footing.serving, named[0])
    if found is not None and found.contents == contents:
        found.until = now + STANDS_SECONDS
        return found
    made = Plan(0, footing.known, contents, keeping_of(contents), now + STANDS_SECONDS)
    return means.plans.plan(footing, named, made)


def subject_of(headers: Mapping[str, str], asked: Asked, means: Means) -> tuple[str, SubjectSource]:
    """Say whose data a call carries: by a signed token, else by what its caller asserts."""
    token = headers.get(SUBJECT_TOKEN_HEADER, "").strip()
    if token:
        require_may_wait()  # its issuer may have to be asked for keys
        signed = access.signed_subject(means.reception, token)
        if signed is None:
            raise InvalidError(
                "is no token of an issuer that is trusted here, or it has ended",
                field=SUBJECT_TOKEN_HEADER,
                remedy="Send one that holds, or name the subject without a proof.",
            )
        return signed, SubjectSource.SIGNED
    subject = headers.get(SUBJECT_HEADER, "").strip()[:200] or asked.user
    return subject, SubjectSource.ASSERTED if subject else SubjectSource.NONE


def brings_token(headers: Mapping[str, str]) -> bool:
    """Tell whether a call brings a token, so that an issuer may have to be asked."""
    secret = headers.get("authorization", "").partition(" ")[2] or headers.get("x-api-key", "")
    return SUBJECT_TOKEN_HEADER in headers or access.is_token(secret.strip())


def prompt_digest(asked: Asked) -> str:
    """Fingerprint the standing words of a prompt: system messages and tools, not what is asked."""
    tools = [each.definition for each in asked.tools] if asked.tools else ()
    raw = write_json((asked.instructions, tools))
    return _digest_again(raw) if len(raw) <= _SHORT_BYTES else _digest(raw)


def _digest(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


_digest_again: Final = lru_cache(_REMEMBERED)(_digest)


def place_of(call: Call, means: Means) -> tuple[str, str]:
    """Say which system and environment a request is for: what it says, else what its key says."""
    headers = call.received.headers
    limits = means.standings.scope_of(call.actor) if call.actor else None
    system = headers.get(SYSTEM_HEADER, "").strip() or (limits.place("system") if limits else "")
    environment = (
        headers.get(ENVIRONMENT_HEADER, "").strip()
        or (limits.place("environment") if limits else "")
        or DEFAULT_ENVIRONMENT
    )
    if not system:
        raise InvalidError(
            "it is not said which system calls",
            field=SYSTEM_HEADER,
            remedy=f"Use a key made for one system, or send the header {SYSTEM_HEADER}.",
        )
    return system[:_LONGEST], environment[:_LONGEST]


def _forbidden(verdict: Verdict, actor: str) -> ForbiddenError:
    return ForbiddenError(
        "you may not have models of this system called",
        subject=actor,
        remedy=verdict.remedy or f"Somebody who grants can give a role that carries {CALL}.",
        reasons=verdict.reasons,
    )


def _point(system: str, sticky: str) -> int:
    """Choose a point from 0 to 99 that is always the same for the same subject."""
    return int.from_bytes(hashlib.sha256(f"{system}\0{sticky}".encode()).digest()[:4]) % 100
