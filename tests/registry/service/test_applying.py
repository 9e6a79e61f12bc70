"""A repository's file becomes what the registry says, all or nothing, and never what serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import registry
from muniment.core.errors import ConflictError, ForbiddenError, InvalidError
from muniment.registry import ChangeQuery, ChangeState, Desired, PlannedSort
from tests.registry.together import at_once
from tests.registry.yard import Yard, serving

FILE = """\
muniment: 1
system:
  id: credit-score
  name: Credit score
  owner: olga@example.org
  purpose: Score applications for small loans.
  tier: low
  change_approver: rita@example.org
  alert_reviewer: otto@example.org
  environments: [{name: production, stage: production}]
models:
  - {name: big, provider: acme, version: "1"}
prompts:
  - file: prompts/main.md
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that declares a system."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "main.md").write_text("Be kind.\n")
    (tmp_path / "muniment.yaml").write_text(FILE)
    return tmp_path


def planned(yard: Yard, desired: Desired) -> list[PlannedSort]:
    """Say what would be done."""
    with yard.looking() as work:
        return [each.sort for each in registry.plan(work, desired).steps]


@pytest.mark.requirement("CHG-05", "INV-02")
def test_a_file_is_applied_once_and_drift_is_seen(yard: Yard, repository: Path) -> None:
    """Register, write and draft; again nothing; what serves moves by a yes; then it is at rest."""
    yard.raise_up()
    (repository / "muniment.yaml").write_text(FILE.replace("credit-score", "other-score"))
    desired = registry.read_desired(repository)
    assert planned(yard, desired) == [
        PlannedSort.REGISTER,
        PlannedSort.WRITE,
        PlannedSort.WRITE,
        PlannedSort.DRAFT,
    ]
    with yard.by("olga") as work:
        made = registry.apply(work, desired, reason="first", title="First")
    assert made.change is not None
    assert made.change.state is ChangeState.DRAFT
    assert made.change.author == yard.id("olga")
    with yard.looking() as work:
        again = registry.plan(work, desired)
        assert serving(work, made.system) == []
    assert again.steps == ()
    assert again.drifted
    assert made.change.id in again.waiting[0]
    with yard.by("olga") as work:
        same = registry.apply(work, desired, reason="again")
    assert same.change is None


@pytest.mark.parametrize("key", ["credit-score", "other-score"])
def test_two_who_apply_at_once_draft_one_change(yard: Yard, repository: Path, key: str) -> None:
    """Of a known system and of a new one: the second waits, finds it done, and does nothing."""
    yard.raise_up()
    (repository / "muniment.yaml").write_text(FILE.replace("credit-score", key))
    desired = registry.read_desired(repository)
    with yard.looking() as work:
        expected = registry.plan(work, desired).digest

    def apply() -> bool:
        with yard.by("olga") as work:
            made = registry.apply(work, desired, reason="r", expected=expected)
        return made.change is not None

    assert sorted(map(str, at_once(apply, apply))) == ["False", "True"]
    with yard.looking() as work:
        assert len(registry.find_changes(work, ChangeQuery()).rows) == 1


@pytest.mark.slow
def test_what_serves_waits_for_a_yes_and_is_then_as_declared(yard: Yard, repository: Path) -> None:
    """A released declaration has no drift; another prompt is a step, and another owner too."""
    yard.approved()
    desired = registry.read_desired(repository)
    with yard.by("ben") as work, pytest.raises(ForbiddenError):
        registry.apply(work, _with(desired, purpose="All of it."), reason="no")
    with yard.by("ben") as work:
        made = registry.apply(work, desired, reason="r")
        assert made.change is not None
        asked = registry.ask(work, made.change.id)
    yard.say_yes("rita", asked.request_id)
    yard.promoted(asked)
    with yard.looking() as work:
        assert not registry.plan(work, desired).drifted
    (repository / "prompts" / "main.md").write_text("Be exact.\n")
    changed = _with(registry.read_desired(repository), owner="cora@example.org")
    with yard.looking() as work:
        found = registry.plan(work, changed)
    assert [each.sort for each in found.steps] == [
        PlannedSort.HAND_OVER,
        PlannedSort.WRITE,
        PlannedSort.DRAFT,
    ]
    assert "+  Be exact." in found.steps[1].lines
    with yard.by("olga") as work:
        done = registry.apply(work, changed, reason="r", expected=found.digest)
    assert done.system.profile.owner == yard.id("cora")


def test_a_plan_that_is_no_longer_true_does_nothing(yard: Yard, repository: Path) -> None:
    """Somebody wrote the prompt in between; nothing is half applied."""
    yard.approved()
    desired = _with(registry.read_desired(repository), purpose="Score everything.")
    with yard.looking() as work:
        found = registry.plan(work, desired)
    yard.version(text="Be kind.\n")
    with pytest.raises(ConflictError, match="moved"), yard.by("olga") as work:
        registry.apply(work, desired, reason="r", expected=found.digest)
    bad = Desired(desired.key, desired.stated, {**desired.parts, "routing/main": {}}, desired.lists)
    with pytest.raises(InvalidError), yard.by("olga") as work:
        registry.apply(work, bad, reason="r")
    with yard.looking() as work:
        assert registry.get_system(work, "credit-score").profile.purpose != "Score everything."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FILE.replace("prompts/main.md", "../secret"), "outside"),
        (FILE.replace("prompts/main.md", "prompts/none.md"), "cannot be read"),
        (FILE.replace("main.md", f"main.md\n    sha256: {'a' * 64}"), "pinned"),
        (FILE.replace("tier: low", "tier: none"), "tier"),
        ("muniment: 2", "muniment"),
    ],
)
def test_a_file_that_cannot_be_meant_is_told(repository: Path, text: str, says: str) -> None:
    """A way out of the repository, a file not there or not as pinned, and no declaration."""
    (repository / "muniment.yaml").write_text(text)
    with pytest.raises(InvalidError, match=says):
        registry.read_desired(repository)
    with pytest.raises(InvalidError, match="cannot be read"):
        registry.read_desired(repository / "none.yaml")


def _with(desired: Desired, **stated: object) -> Desired:
    return Desired(desired.key, {**desired.stated, **stated}, desired.parts, desired.lists)
