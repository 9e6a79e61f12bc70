"""Who may do what, looked over: a review, an emergency, an exception, rights in other systems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from muniment import access, approvals, registry
from muniment.access import Answer, Finding, IssuerUse, LineSort, PersonId, Scope, Trust
from muniment.demo.scenes.people import ADMIN, DOMAIN
from muniment.demo.stage import Stage
from muniment.demo.story import Event, Scale

_OUTSIDE: Final = (
    "account,what,person\nomar,maintainer,omar@{0}\nraj,admin,raj@{0}\nold-ci,admin,\n"
)


def scene(scale: Scale) -> Iterator[Event]:
    """Review the access of all, break the glass once, and let somebody stand in."""
    yield Event(38.2, _bring_in)
    yield Event(40.3, _open)
    yield Event(43.3, _answer_all)
    yield Event(45.3, _close)
    yield Event(57.9, _break)
    yield Event(58.5, _look_over)
    yield Event(63.5, _except)
    yield Event(66.4, _rotate)
    yield Event(72.2, _delegate)
    yield Event(75.1, _trust_pipeline)
    yield Event(76.3, _save_view)
    yield Event(scale.days - 13.4, _open_second)
    yield Event(scale.days - 3.8, _break_again)


def _bring_in(stage: Stage) -> None:
    with stage.by("sven") as work:
        access.import_outside(work, "git.brightwater-demo.example", _OUTSIDE.format(DOMAIN))


def _open(stage: Stage) -> None:
    with stage.by("cora") as work:
        opened = access.open_review(
            work,
            "Access, second quarter",
            _reviewers(stage),
            due_at=work.now + timedelta(days=14),
        )
    stage.kept["review"] = opened.id


def _reviewers(stage: Stage) -> tuple[PersonId, ...]:
    return tuple(stage.people[name] for name in ("omar", "lena", "tom", "sven"))


def _answer_all(stage: Stage) -> None:
    taken = 0
    for name in ("omar", "lena", "tom", "sven"):
        actor = stage.actor(name)
        with stage.house.database.look(actor) as work:
            page = access.review_lines(work, stage.kept["review"], mine=True, limit=200)
        for line in page.rows:
            if line.answer is not None:
                continue
            gone = line.entitlement.sort is LineSort.GRANT and taken == 0 and _is_spare(stage, line)
            taken += gone
            with stage.by(name) as work:
                access.answer(
                    work,
                    line.id,
                    Answer.REVOKE if gone else Answer.KEEP,
                    reason="No longer needed." if gone else "Still needed for the work.",
                    seconds=20 + stage.dice(line.id, 90),
                )


def _is_spare(stage: Stage, line: access.Line) -> bool:
    return line.entitlement.person_id == stage.people["ana"]


def _close(stage: Stage) -> None:
    with stage.by("cora") as work:
        access.verify_answers(work, stage.kept["review"])
    with stage.by("cora") as work:
        access.close_review(work, stage.kept["review"])


def _break(stage: Stage) -> None:
    with stage.by("otto") as work:
        _, emergency = access.break_glass(
            work,
            "security",
            reason="The gateway refuses everything and nobody of security answers the phone.",
            lasting=timedelta(hours=2),
        )
    stage.kept["emergency"] = emergency.id


def _look_over(stage: Stage) -> None:
    with stage.by("cora") as work:
        words = "He stopped one rule that was wrong, and nothing else."
        access.review_emergency(work, stage.kept["emergency"], Finding.JUSTIFIED, words=words)


def _break_again(stage: Stage) -> None:
    """Break the glass once more; this time nobody has looked it over yet."""
    with stage.by("otto") as work:
        access.break_glass(
            work,
            "owner",
            reason="The support assistant must stop and its owner is on a plane.",
            scope=Scope.of(system=stage.kept["support-assistant"]),
            lasting=timedelta(hours=1),
        )


def _except(stage: Stage) -> None:
    with stage.by("cora") as work:
        access.except_duty(
            work,
            stage.people["raj"],
            "builder",
            "operator",
            reason="Otto is on leave for two weeks and Raj watches the agent.",
            ends_at=work.now + timedelta(days=14),
            scope=Scope.of(system=stage.kept["code-agent"]),
        )


def _rotate(stage: Stage) -> None:
    with stage.house.database.look(stage.actor(ADMIN)) as work:
        held = access.keys(work).rows
    with stage.by("lena") as work:
        mine = next(each for each in held if each.holder.id == stage.kept["credit-score service"])
        fresh = access.rotate_key(work, mine.id)
    stage.kept["credit-score key"] = fresh.secret


def _delegate(stage: Stage) -> None:
    with stage.by("rita") as work:
        approvals.delegate(
            work,
            stage.people["cora"],
            reason="On leave until Monday.",
            ends_at=work.now + timedelta(days=30),
        )


def _trust_pipeline(stage: Stage) -> None:
    """Trust who vouches for the programs of the build; nobody of the story signs in that way."""
    with stage.by(ADMIN) as work:
        access.add_issuer(
            stage.house.reception,
            work,
            name="Build pipeline",
            url="https://ci.brightwater-demo.invalid",
            use=IssuerUse.WORKLOADS,
            trust=Trust(audience="muniment"),
        )


def _save_view(stage: Stage) -> None:
    with stage.by("omar") as work:
        registry.save_view(work, "changes", "Waiting", {"state": "waiting"}, shared=True)


def _open_second(stage: Stage) -> None:
    with stage.by("cora") as work:
        access.open_review(
            work,
            "Rights in other systems",
            _reviewers(stage),
            due_at=work.now + timedelta(days=7),
            sorts=frozenset({LineSort.OUTSIDE, LineSort.KEY}),
        )
