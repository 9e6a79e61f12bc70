"""The first system, made by the person who set an installation up."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import gateway, ledger, policy, registry
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.registry import SystemState
from tests.server.asking import house_in
from tests.server.people import found_admin, person_with

DECLARED = """\
muniment: 1
system:
  id: credit-score
  name: Credit score
  purpose: Scores applications.
  owner: ada@example.org
models:
  - name: scorer
    provider: openai
    version: gpt-4.1-2025-04-14
"""


def test_an_admin_makes_the_first_and_only_the_first(tmp_path: Path) -> None:
    """It serves in development, in its maker's name; others may not, and nobody may twice."""
    with house_in(tmp_path / "data") as house:
        house.log.begin()
        ada, pat = found_admin(house), person_with(house, "builder")
        with pytest.raises(ForbiddenError), house.database.work(pat.actor) as work:
            gateway.begin_first(work, "desk", "Desk", "Answers.")
        with house.database.work(ada.actor) as work:
            assert gateway.is_first(work)
            system = gateway.begin_first(work, "desk", "Desk", "Answers.")
            assert work.actor == ada.actor or work.actor.id == ada.id
        assert (system.profile.owner, system.key) == (ada.id, "desk")
        with house.database.look(ada.actor) as work:
            assert not gateway.is_first(work)
            assert policy.is_ruled(work)
            (caller,) = gateway.callers_of(work, ada.id)
            assert registry.get_system(work, "desk").state is SystemState.APPROVED
            assert gateway.callers_of(work, pat.id) == ()
        assert (caller.environment, caller.model, caller.service.name) == (
            *("development", "echo", "desk"),
        )
        for again in (
            lambda work: gateway.begin_first(work, "second", "Second", "None."),
            lambda work: gateway.plan_first(work, registry.read_desired_text(DECLARED)),
        ):
            with (
                pytest.raises(ConflictError, match="already"),
                house.database.work(ada.actor) as work,
            ):
                again(work)
        house.log.seal()
        (row,) = ledger.find(house.log, ledger.Query("gateway.begun")).rows
        assert ledger.entry(house.log, row.index).actor["id"] == ada.id


def test_a_file_comes_in_as_it_was_shown_or_not_at_all(tmp_path: Path) -> None:
    """What the file wants to serve is drafted; another plan than the one shown does nothing."""
    with house_in(tmp_path / "data") as house:
        ada = found_admin(house)
        desired = registry.read_desired_text(DECLARED)
        with house.database.look(ada.actor) as work:
            plan = gateway.plan_first(work, desired)
        with pytest.raises(ConflictError, match="plan"), house.database.work(ada.actor) as work:
            gateway.begin_from_file(work, desired, expected="sha256:00")
        with house.database.work(ada.actor) as work:
            done = gateway.begin_from_file(work, desired, expected=str(plan.digest))
        assert done.change is not None
        with house.database.look(ada.actor) as work:
            (caller,) = gateway.callers_of(work, ada.id)
            assert caller.system.key == "credit-score"
        with pytest.raises(InvalidError, match="did not come with it"):
            registry.read_desired_text(DECLARED + "prompts:\n  - {file: main.txt}\n")


def test_a_system_without_a_place_to_try_is_refused_whole(tmp_path: Path) -> None:
    """Nothing begins in production; then nothing at all was made."""
    only = "  environments:\n    - name: production\n      stage: production\n"
    text = DECLARED.replace("models:", f"{only}models:")
    with house_in(tmp_path / "data") as house:
        ada = found_admin(house)
        desired = registry.read_desired_text(text)
        with house.database.look(ada.actor) as work:
            plan = gateway.plan_first(work, desired)
        with (
            pytest.raises(InvalidError, match="production"),
            house.database.work(ada.actor) as work,
        ):
            gateway.begin_from_file(work, desired, expected=str(plan.digest))
        with house.database.look(ada.actor) as work:
            assert gateway.is_first(work)
