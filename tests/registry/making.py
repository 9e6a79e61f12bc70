"""Systems, changes and intervals for tests, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from muniment.registry import (
    Cause,
    Change,
    ChangeSort,
    ChangeState,
    Deployment,
    Profile,
    Share,
    Step,
    System,
    SystemState,
)

AT = datetime(2026, 11, 20, 14, 27, tzinfo=UTC)
OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def a_system(state: SystemState = SystemState.APPROVED, *, approver: str = "") -> System:
    """Make a system."""
    profile = Profile("Credit score", "Score loans.", "per_olga", change_approver=approver)
    return System("sys_1", "credit-score", profile, state, AT, AT)


def a_change(
    state: ChangeState = ChangeState.APPROVED,
    *,
    reached: tuple[str, ...] = (),
    sort: ChangeSort = ChangeSort.NORMAL,
    base: str = OLD,
) -> Change:
    """Make a change from an old set to a new one."""
    steps = [each.split(":") for each in reached]
    return Change(
        id="chg_1",
        system_id="sys_1",
        title="Say hello",
        reason="as asked",
        author="per_ben",
        sort=sort,
        set_digest=NEW,
        base={"production": base},
        state=state,
        made_at=AT,
        updated_at=AT,
        reached=tuple(Step(name, int(percent)) for name, percent in steps),
    )


def an_interval(
    *shares: tuple[str, int],
    environment: str = "production",
    hours: tuple[int, int | None] = (0, None),
) -> Deployment:
    """Make an interval from one hour to another."""
    first, last = hours
    return Deployment(
        id=f"dep_{first}",
        system_id="sys_1",
        environment=environment,
        shares=tuple(Share(each, percent, f"chg_{each[-1]}") for each, percent in shares),
        starts_at=AT + timedelta(hours=first),
        recorded_at=AT + timedelta(hours=first),
        cause=Cause.PROMOTION,
        ends_at=None if last is None else AT + timedelta(hours=last),
    )
