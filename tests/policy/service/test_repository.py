"""A repository is checked as it lies on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment import policy
from tests.policy.judging import rule

GOOD = """\
muniment: 1
system:
  {id: a, owner: o@example.org, purpose: Helps., data_classes: [none]}
models: [{name: m}]
prompts: [{file: p.md}]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository that declares a whole system."""
    (tmp_path / "muniment.yaml").write_text(GOOD)
    (tmp_path / "p.md").write_text("Be kind.\n")
    return tmp_path


def test_a_good_repository_is_met(repository: Path) -> None:
    """Nothing is found, by the baseline that comes along."""
    report, bundle = policy.check_repository(repository)
    assert (report.verdict, report.findings, report.system) == ("met", (), "a")
    assert bundle is not None
    assert report.bundle == bundle.digest


def test_its_own_policies_count(repository: Path) -> None:
    """A folder `policies` of the repository is used; rules that are wrong are told by file."""
    own = repository / "policies"
    own.mkdir()
    (own / "a.cedar").write_text(rule("no", action="declare"))
    report, _ = policy.check_repository(repository)
    assert [each.rule for each in report.findings] == ["no"]
    (own / "a.cedar").write_text("permit (")
    report, bundle = policy.check_repository(repository)
    assert (report.verdict, bundle) == ("could_not_tell", None)
    assert report.findings[0].file == "policies/a.cedar"


def test_a_plan_is_looked_at_too(repository: Path) -> None:
    """A plan that cannot be read, and one that is not good, are told under its name."""
    plan = repository / "release.yaml"
    report, _ = policy.check_repository(repository, plan=plan)
    assert (report.verdict, report.findings[0].file) == ("could_not_tell", "release.yaml")
    plan.write_text("release: {approvers: 0}\n")
    report, _ = policy.check_repository(repository, plan=plan)
    assert (report.verdict, report.findings[0].rule) == ("not_met", "soc2.somebody-else-looks")
    assert report.looked_at == ("muniment.yaml", "release.yaml")


def test_without_a_declaration_nobody_can_tell(tmp_path: Path) -> None:
    """An empty repository is not met with silence, and neither is a folder of policies gone."""
    report, _ = policy.check_repository(tmp_path)
    assert report.verdict == "could_not_tell"
    report, _ = policy.check_repository(tmp_path, policies=tmp_path / "none")
    assert report.verdict == "could_not_tell"


def test_prompts_outside_are_not_read(repository: Path) -> None:
    """A path that leads out of the repository is a prompt that is not there."""
    (repository.parent / "out.md").write_text("secret")
    for file in ("../out.md", "/etc/passwd", "p\\0.md", "."):
        text = GOOD.replace("file: p.md", f'file: "{file}"')
        (repository / "muniment.yaml").write_text(text)
        report, _ = policy.check_repository(repository)
        assert report.verdict != "met"
