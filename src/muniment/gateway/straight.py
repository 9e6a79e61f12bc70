"""The straight way through the first stages, for a call like those that came before it.

From `identify` on it finds all that the stages remember of such calls (see `plans`), under their
own conditions, and makes the call once. It decides nothing: what is not remembered, is unusual or
goes wrong is left to the stages, which begin where it gives the call back, and which say what is
wrong. A test holds that a call becomes the same on both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from muniment import access, detect
from muniment.access import KeyBook
from muniment.core.actor import Actor
from muniment.detect import Looked
from muniment.exchanges import Inspected, Judgement, Origin, SubjectSource
from muniment.gateway.decisions import Named
from muniment.gateway.dialects import BY_SURFACE
from muniment.gateway.dialects.base import read_object
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Asked, Call, Headers, Received, Shown
from muniment.gateway.facts import counted
from muniment.gateway.holding import APPROVAL_HEADER
from muniment.gateway.means import Means
from muniment.gateway.plans import Decided, Footing, Limited, Plan, Resided, kinds_in
from muniment.gateway.residency import CLASSES_HEADER, REGION_HEADER
from muniment.gateway.stages.decide import costs_of, measured_of, require_offered
from muniment.gateway.stages.reside import LONGEST_BOUNDS
from muniment.gateway.stages.resolve import (
    SUBJECT_HEADER,
    SUBJECT_TOKEN_HEADER,
    place_in,
    prompt_digest,
    set_for,
    subject_of,
)

_BEARER: Final = "Bearer "


class Way(Struct, frozen=True):
    """A call as far as the straight way led, and the stage that is next."""

    call: Call
    stage: str


class _Known(Struct, frozen=True):
    """What is remembered of a call before anything of it was looked at."""

    footing: Footing
    plan: Plan
    limited: Limited
    origin: Origin
    set_digest: str


def straight(call: Call, means: Means) -> Way | None:
    """Lead a call as far as all is known of calls like it; nothing where that is no way at all."""
    try:
        return _led(call, means)
    except FAULTS:
        return None  # the stages say what is wrong, and where


def _led(call: Call, means: Means) -> Way | None:
    received, took, clock = call.received, call.took, means.database.clock
    headers, monotonic = received.headers, clock.monotonic
    shown, began = shown_in(headers), monotonic()
    means.turned_away.write_if_due()
    actor = means.keybook.working_as(shown.key, clock.now()) if shown.key else None
    if actor is None:
        return None
    came = monotonic()
    took["identify"] = round((came - began) * 1_000_000)
    surface, raw = received.surface, received.raw
    body = read_object(raw)
    asked = BY_SURFACE[surface].read(body)
    given = Received(
        received.exchange, surface, headers, received.address, raw, body, received.began
    )
    now = monotonic()
    took["receive"] = round((now - came) * 1_000_000)
    known = None if asked.results else _known(given, asked, actor, shown, means, now)
    if known is None:
        return Way(replace(call, received=given, asked=asked, actor=actor, body=body), "resolve")
    return _looked(call, given, asked, known, means, now)


def shown_in(headers: Mapping[str, str]) -> Shown:
    """Give what headers say of who calls; of those that come again it is read once."""
    if type(headers) is not Headers:
        return _read(headers)
    shown = headers.shown
    if shown is None:
        shown = headers.shown = _read(headers)
    return shown


def _read(headers: Mapping[str, str]) -> Shown:
    named, where = place_in(headers)
    key = _key(headers)
    return Shown(KeyBook.digest_of(key) if key else "", named, where)


def _key(headers: Mapping[str, str]) -> str:
    """Give the key that is shown, where nothing else has to be looked into."""
    if SUBJECT_TOKEN_HEADER in headers or APPROVAL_HEADER in headers:
        return ""
    shown = headers.get("authorization", "")
    if not shown:
        shown = headers.get("x-api-key", "").strip()
    elif "x-api-key" in headers or not shown.startswith(_BEARER):
        return ""
    else:
        shown = shown[len(_BEARER) :].strip()
    return "" if access.is_token(shown) else shown


def _known(
    received: Received, asked: Asked, actor: Actor, shown: Shown, means: Means, now: float
) -> _Known | None:
    """Give what is remembered up to the limits, if all of it counts still."""
    plans, headers = means.plans, received.headers
    place = (actor.id, actor.credential, shown.system, shown.environment)
    footing = plans.standing(place, actor, now)
    if footing is None:
        return None
    named, source = "", SubjectSource.NONE
    if asked.user or SUBJECT_HEADER in headers:
        subject, source = subject_of(headers, asked, means)
        named = means.subjects.name_of(actor, subject) if subject else ""
    digest = footing.whole or set_for(footing, named)
    plan = footing.plans.get((digest, received.surface, asked.model))
    if plan is None or plan.routes is None or not plan.stands(now):
        return None
    key = (plan.number, *[each.name for each in asked.tools]) if asked.tools else (plan.number,)
    limited = plans.limited.get(key)
    if limited is None or limited.pulse != means.book.pulse() or limited.given is not plan.routes:
        return None
    origin = Origin(
        received.exchange,
        footing.serving.system_id,
        footing.environment,
        footing.actor.credential,
        received.surface,
        named,
        source,
    )
    return _Known(footing, plan, limited, origin, digest)


def _looked(
    call: Call, received: Received, asked: Asked, known: _Known, means: Means, began: float
) -> Way:
    """Look at the words, and give the call with what is decided where as much was found before."""
    footing, plan, limited, took = known.footing, known.plan, known.limited, call.took
    prompt, monotonic = prompt_digest(asked), means.database.clock.monotonic
    now = monotonic()
    took["resolve"], took["route"], took["limit"] = round((now - began) * 1_000_000), 0, 0
    looked = detect.look(means.scanners.of(known.origin.system), asked.content)
    seen = monotonic()
    took["inspect"] = round((seen - now) * 1_000_000)
    resided, decided = _decided(received, asked, known, looked, means)
    if resided is None or decided is None:
        routes, left_out, stage = limited.routes, limited.left_out, "reside"
        inspected = Inspected.WHOLE if looked.inspected else Inspected.PART
        decisions: tuple[Named, ...] = ()
        judged = Judgement(inspected, looked.build, counted(looked.findings))
    else:
        routes, left_out = decided.routes, (*limited.left_out, *resided.left_out)
        named = means.decisions.named(decided.judged)
        decisions, judged = (named,), decided.note(looked, looked.build, named)
        took["reside"], took["decide"] = 0, round((monotonic() - seen) * 1_000_000)
        stage = "hold" if decided.waits else "protect"
        if not decided.waits:  # what there is nothing to do for takes no time
            took["hold"] = 0
            if not decided.changes:
                took["protect"], stage = 0, "intend"
    return Way(
        Call(
            received,
            asked,
            footing.actor,
            None,
            known.origin,
            footing.serving,
            plan.contents,
            known.set_digest,
            routes,
            left_out,
            None,
            "",
            "",
            None,
            limited.limits,
            None,
            looked,
            decisions,
            judged,
            received.body,
            prompt,
            (),
            False,
            b"",
            took,
            None,
            plan,
        ),
        stage,
    )


def _decided(
    received: Received, asked: Asked, known: _Known, looked: Looked, means: Means
) -> tuple[Resided | None, Decided | None]:
    """Give what is remembered of borders and of rules for a call in which as much was found."""
    plans, headers, limited = means.plans, received.headers, known.limited
    findings, size = looked.findings, len(received.raw)
    number, kinds = known.plan.number, kinds_in(findings) if findings else None
    region, classes = headers.get(REGION_HEADER, ""), headers.get(CLASSES_HEADER, "")
    if len(region) + len(classes) > LONGEST_BOUNDS:
        return None, None
    resided = plans.resided.get((number, region, classes, kinds))
    if resided is None or resided.given is not limited.routes:
        return None, None
    routes = resided.routes
    costs = limited.costs if routes is limited.routes else None
    if costs is None:
        costs = tuple(costs_of(routes, size, asked, means))
    measured = measured_of(asked, size, known.origin.subject, means, costs)
    found = plans.decided.get((number, looked.inspected, kinds, *measured))
    if found is None or not found.holds(means.judge.holds(), means.now(), routes):
        return resided, None
    if asked.tools:
        require_offered(asked, known.plan.contents)
    return resided, found
