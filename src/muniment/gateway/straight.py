"""The straight way through the first stages, for a call like those that came before it.

From `identify` on it finds all that the stages remember of such calls (see `plans`), under their
own conditions, and makes the call once. It decides nothing: what is not remembered, is unusual or
goes wrong is left to the stages, which begin where it gives the call back, and which say what is
wrong. A test holds that a call becomes the same on both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from muniment import access, detect
from muniment.access import KeyBook
from muniment.core.actor import Actor
from muniment.db import MustWaitError
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
from muniment.gateway.plans import Decided, Ready, kinds_in, remember
from muniment.gateway.residency import CLASSES_HEADER, REGION_HEADER
from muniment.gateway.stages.decide import (
    costs_of,
    measured_of,
    require_offered,
    rounded_tokens,
)
from muniment.gateway.stages.reside import LONGEST_BOUNDS
from muniment.gateway.stages.resolve import (
    SUBJECT_HEADER,
    SUBJECT_TOKEN_HEADER,
    place_in,
    prompt_digest,
    set_for,
    subject_of,
)

Anew = Callable[[Call, Means], object]
_BEARER: Final = "Bearer "
_MORE: Final = frozenset({SUBJECT_HEADER, REGION_HEADER, CLASSES_HEADER})


class Way(Struct, frozen=True):
    """A call as far as the straight way led, and the stage that is next."""

    call: Call
    stage: str


def straight(call: Call, means: Means, anew: Anew | None = None) -> Way | None:
    """Lead a call as far as all is known of calls like it; nothing where that is no way at all.

    What is no longer young enough, `anew` finds out, if it is given: the stage whose work it is.
    """
    received, took, clock = call.received, call.took, means.database.clock
    headers, monotonic = received.headers, clock.monotonic
    try:
        shown = headers.shown if type(headers) is Headers else None
        if shown is None:
            shown = shown_in(headers)
        began = monotonic()
        means.turned_away.write_if_due()
        actor = means.keybook.working_as(shown.key, clock.now()) if shown.key else None
        if actor is None:
            return None
        came = monotonic()
        took["identify"] = round((came - began) * 1_000_000)
        received.body = body = read_object(received.raw)
        asked = BY_SURFACE[received.surface].read(body)
        now = monotonic()
        took["receive"] = round((now - came) * 1_000_000)
        ready = None if asked.results else _ready(call, (asked, actor), shown, means, anew)
        if ready is not None:
            return _looked(call, asked, ready, means, now)
    except FAULTS:
        return None  # the stages say what is wrong, and where
    return Way(replace(call, asked=asked, actor=actor, body=body), "resolve")


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
    return Shown(
        KeyBook.digest_of(key) if key else "", named, where, _MORE.isdisjoint(headers.keys())
    )


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


def _ready(
    call: Call, who: tuple[Asked, Actor], shown: Shown, means: Means, anew: Anew | None
) -> Ready | None:
    """Give what is remembered up to the limits, if all of it counts still."""
    (asked, actor), received, monotonic = who, call.received, means.database.clock.monotonic
    pulse, known = means.book.pulse(), means.plans.ready
    if asked.tools or asked.user or not shown.plain:
        return _gathered(received, asked, actor, shown, means, monotonic())
    key = (shown.key, shown.system, shown.environment, received.surface, asked.model)
    ready = known.get(key)
    if ready is not None and ready.stands(actor, monotonic(), pulse):
        return ready
    if ready is not None and anew is not None:
        try:
            anew(replace(call, asked=asked, actor=actor, body=received.body), means)
        except MustWaitError:
            return None  # the stage waits where it may
        if ready.stands(actor, monotonic(), pulse):
            return ready
    ready = _gathered(received, asked, actor, shown, means, monotonic())
    if ready is not None:
        ready.is_kept = True
        remember(known, key, ready)
    return ready


def _gathered(
    received: Received, asked: Asked, actor: Actor, shown: Shown, means: Means, now: float
) -> Ready | None:
    """Gather what is remembered, each under what it depends on."""
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
    return Ready(actor, footing, plan, limited, digest, named, source)


def _looked(call: Call, asked: Asked, ready: Ready, means: Means, began: float) -> Way:
    """Look at the words, and give the call with what is decided where as much was found before."""
    footing, plan, limited, took = ready.footing, ready.plan, ready.limited, call.took
    received, prompt, serving = call.received, prompt_digest(asked), footing.serving
    monotonic = means.database.clock.monotonic
    origin, now = _origin(received, ready), monotonic()
    took["resolve"], took["route"], took["limit"] = round((now - began) * 1_000_000), 0, 0
    looked = detect.look(means.scanners.of(serving.system_id), asked.content)
    seen = monotonic()
    took["inspect"] = round((seen - now) * 1_000_000)
    left_out, decided = _decided(received, asked, ready, looked, means)
    if decided is None:
        routes, stage = limited.routes, "reside"
        named: tuple[Named, ...] = ()
        judged = _seen(looked)
    else:
        routes, one = decided.routes, decided.named or decided.named_by(means.decisions)
        named, judged = (one,), decided.note(looked, looked.build, one)
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
            origin,
            serving,
            plan.contents,
            ready.set_digest,
            routes,
            left_out,
            None,
            "",
            "",
            None,
            limited.limits,
            None,
            looked,
            named,
            judged,
            received.body,
            prompt,
            (),
            False,
            b"",
            took,
            None,
            plan,
            ready if ready.is_kept else None,
        ),
        stage,
    )


def _seen(looked: Looked) -> Judgement:
    inspected = Inspected.WHOLE if looked.inspected else Inspected.PART
    return Judgement(inspected, looked.build, counted(looked.findings))


def _origin(received: Received, ready: Ready) -> Origin:
    footing = ready.footing
    return Origin(
        received.exchange,
        footing.serving.system_id,
        footing.environment,
        footing.actor.credential,
        received.surface,
        ready.subject,
        ready.source,
    )


def _decided(
    received: Received, asked: Asked, ready: Ready, looked: Looked, means: Means
) -> tuple[tuple[str, ...], Decided | None]:
    """Give what is remembered of borders and of rules for a call in which as much was found."""
    findings, size, judge = looked.findings, len(received.raw), means.judge
    kinds = kinds_in(findings) if findings else None
    which = (rounded_tokens(asked, size), looked.inspected, kinds)
    known = ready.decided.get(which)
    if known is not None and known[1].held is judge.holds() and known[1].minute == means.now():
        return known
    plans, headers, limited = means.plans, received.headers, ready.limited
    left_out = limited.left_out
    region, classes = headers.get(REGION_HEADER, ""), headers.get(CLASSES_HEADER, "")
    if len(region) + len(classes) > LONGEST_BOUNDS:
        return left_out, None
    number = ready.plan.number
    resided = plans.resided.get((number, region, classes, kinds))
    if resided is None or resided.given is not limited.routes:
        return left_out, None
    routes = resided.routes
    costs = limited.costs if routes is limited.routes else None
    is_same = costs is not None and not ready.subject  # for all of this length
    if costs is None:
        costs = tuple(costs_of(routes, size, asked, means))
    measured = measured_of(asked, size, ready.subject, means, costs)
    found = plans.decided.get((number, looked.inspected, kinds, *measured))
    if found is None or not found.holds(judge.holds(), means.now(), routes):
        return left_out, None
    if asked.tools:
        require_offered(asked, ready.plan.contents)
    if resided.left_out:
        left_out = (*left_out, *resided.left_out)
    if is_same:
        remember(ready.decided, which, (left_out, found))
    return left_out, found
