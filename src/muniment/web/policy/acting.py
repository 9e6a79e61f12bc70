"""What can be done with a version: ask a peer, publish, shadow, go back."""

from __future__ import annotations

from typing import Final

from starlette.routing import Route

from muniment import policy
from muniment.access import Scope
from muniment.db import Work
from muniment.policy import Version
from muniment.web.acts import Act, Field, Outcome, Sheet, Typed
from muniment.web.cells import Cell
from muniment.web.policy.listing import ADDRESS, AREA
from muniment.web.policy.showing import number_of
from muniment.web.undoing import Done

_WITHIN: Final = Scope.of(console="policy")
_MOST: Final = 100
_REASON: Final = Field("reason", "Why", kind="textarea", hint="It stands in the record.")


def routes() -> list[Route]:
    """List what can be done."""
    return [
        *END_SHADOW.routes(),
        *ROLLBACK.routes(),
        *REVIEW.routes(),
        *PUBLISH.routes(),
        *SHADOW.routes(),
    ]


def _facts(version: Version) -> tuple[tuple[str, Cell], ...]:
    return (
        ("Why it was written", Cell(version.reason)),
        ("Exactly", Cell(version.bundle, kind="code")),
    )


def _sheet(
    work: Work,
    typed: Typed,
    *,
    title: str,
    lede: str,
    button: str,
    consequences: tuple[str, ...],
    asks: bool = True,
) -> Sheet:
    number = number_of(typed)
    shown = policy.show(work, number)
    now = policy.standing(work)
    seen = Field("revision", "Revision", kind="hidden", value=f"{now.revision}")
    here = f"{ADDRESS}/versions/{number}"
    return Sheet(
        title=title.format(number=number),
        lede=lede,
        button=button,
        fields=(_REASON, seen) if asks else (),
        consequences=consequences,
        facts=_facts(shown.version),
        back=here,
        crumbs=(("Policy", ADDRESS), (f"Version {number}", here)),
    )


def _revision(typed: Typed) -> int | None:
    text = typed.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _ask(work: Work, typed: Typed) -> Outcome:
    number = number_of(typed)
    asked = policy.ask_for_review(work, number, checks=policy.checks_of(work, number))
    return f"/console/approvals/{asked.id}"


def _publish(work: Work, typed: Typed) -> Outcome:
    reason, revision = typed.get("reason", ""), _revision(typed)
    policy.publish(work, number_of(typed), reason=reason, revision=revision)
    return ADDRESS


def _shadow(work: Work, typed: Typed) -> Outcome:
    policy.shadow(work, number_of(typed), reason=typed.get("reason", ""))
    return ADDRESS


def _end_shadow(work: Work, typed: Typed) -> Outcome:
    ended = policy.standing(work).shadow
    policy.end_shadow(work, reason=typed.get("reason", ""))
    if not ended:
        return ADDRESS
    says = f"Version {ended} is in shadow no more."
    return Done(ADDRESS, says, f"{ADDRESS}/versions/{ended}/shadow", "Judge it in shadow again")


def _held_before(work: Work, now: int | None) -> tuple[tuple[str, str], ...]:
    """List the versions that were in force before, the last one first."""
    held = (policy.How.PUBLISHED, policy.How.BOOTSTRAP, policy.How.ROLLED_BACK)
    found = [
        each.version
        for each in policy.history(work, limit=_MOST)
        if each.how in held and each.version != now
    ]
    return tuple((f"{each}", f"Version {each}") for each in dict.fromkeys(found))


def _back_sheet(work: Work, typed: Typed) -> Sheet:
    now = policy.standing(work)
    seen = Field("revision", "Revision", kind="hidden", value=f"{now.revision}")
    to = Field(
        "number",
        "Version",
        kind="select",
        options=(("", "The one before this"), *_held_before(work, now.enforced)),
        hint="Those that were in force before.",
        value=typed.get("version", ""),
        required=False,
    )
    return Sheet(
        title="Go back",
        lede="An earlier version holds again at once. It was approved when it came into force.",
        button="Go back",
        fields=(to, _REASON, seen),
        consequences=(
            f"Version {now.enforced} is no longer in force." if now.enforced else "Nothing holds.",
            "Every process follows within a second.",
        ),
        tone="stop",
        crumbs=(("Policy", ADDRESS),),
    )


def _back(work: Work, typed: Typed) -> Outcome:
    number = number_of(typed) if typed.get("number") else None
    reason, revision = typed.get("reason", ""), _revision(typed)
    policy.roll_back(work, number, reason=reason, revision=revision)
    return ADDRESS


def _end_sheet(work: Work, _typed: Typed) -> Sheet:
    now = policy.standing(work)
    return Sheet(
        title="End the shadow",
        lede=f"Version {now.shadow} is in shadow." if now.shadow else "No version is in shadow.",
        button="End the shadow",
        fields=(_REASON,),
        crumbs=(("Policy", ADDRESS),),
    )


REVIEW: Final = Act(
    AREA,
    "versions/{number}/review",
    "Ask a peer for a yes to a version.",
    "policy.propose",
    lambda work, typed: _sheet(
        work,
        typed,
        title="Ask a peer about version {number}",
        lede="Somebody other than its author reads exactly this version and says yes or no.",
        button="Ask",
        consequences=("It appears in the inbox of whoever may answer.", "Nothing changes yet."),
        asks=False,
    ),
    _ask,
    _WITHIN,
)
PUBLISH: Final = Act(
    AREA,
    "versions/{number}/publish",
    "Put an approved version in force.",
    "policy.publish",
    lambda work, typed: _sheet(
        work,
        typed,
        title="Put version {number} in force",
        lede="It must have the yes of a peer to exactly this.",
        button="Put in force",
        consequences=("It holds for every system within a second.", "You can go back at once."),
    ),
    _publish,
    _WITHIN,
)
SHADOW: Final = Act(
    AREA,
    "versions/{number}/shadow",
    "Judge a version beside the one in force.",
    "policy.propose",
    lambda work, typed: _sheet(
        work,
        typed,
        title="Judge version {number} in shadow",
        lede="It is judged beside the one in force, and what it says is kept.",
        button="Judge it in shadow",
        consequences=("It decides nothing.", "It never counts as in force."),
    ),
    _shadow,
    _WITHIN,
)
END_SHADOW: Final = Act(
    AREA,
    "shadow/end",
    "Stop judging a version in shadow.",
    "policy.propose",
    _end_sheet,
    _end_shadow,
    _WITHIN,
)
ROLLBACK: Final = Act(
    AREA,
    "rollback",
    "Go back at once to a version that was in force.",
    "policy.publish",
    _back_sheet,
    _back,
    _WITHIN,
)
