"""What a repository declares is judged by policies, and told where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from muniment import policy
from muniment.core.yaml_text import read_yaml
from muniment.policy.rules.declaring import (
    declared_facts,
    judge_declaration,
    judge_prompts,
    judge_release,
    read_declaration,
    read_plan,
    release_facts,
    report_of,
)

ROOT = Path(__file__).parents[3]
WHOLE = """\
muniment: 1
system:
  id: support
  owner: jane@example.org
  purpose: Answers questions.
  data_classes: [pii]
  regions: [eu]
models:
  - {name: m-1, provider: example, region: eu}
prompts:
  - file: prompts/answer.md
tools:
  - {name: refund, effect: write, reversible: false}
"""
BASE = policy.require_right(policy.pack("soc2-baseline").sources)


@pytest.mark.requirement("POL-10")
def test_a_whole_declaration_passes() -> None:
    """What the baseline asks for is there, so nothing is found."""
    declared, written, problems = read_declaration(WHOLE, "muniment.yaml")
    assert declared is not None
    assert problems == []
    assert judge_declaration(BASE, declared, written, "muniment.yaml") == []
    facts = declared_facts(declared)
    assert facts.context["missing"] == ["autonomy", "eu_class", "name", "tier"]
    assert facts.context["providers"] == ["example"]


def test_what_is_missing_is_told_where_it_belongs() -> None:
    """A missing owner stands at the system, with the rule and the controls it serves."""
    text = WHOLE.replace("  owner: jane@example.org\n", "")
    declared, written, _ = read_declaration(text, "muniment.yaml")
    assert declared is not None
    (found,) = judge_declaration(BASE, declared, written, "muniment.yaml")
    assert (found.rule, found.line, found.level) == ("soc2.an-owner-is-named", 2, "error")
    assert "CC1.3" in found.controls


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("muniment: 1\nsystem: {id: a, colour: red}\n", 2, "colour"),
        ("muniment: 2\nsystem: {id: a}\n", 1, "muniment"),
        ("muniment: 1\nsystem: {id: A B}\n", 2, "system.id"),
        ("muniment: 1\n", 1, "system"),
        ("muniment: 1\nsystem: {id: a}\nmodels:\n  - name: x\n  - provider: y\n", 5, "name"),
        ("- a\n", 1, "object"),
        ("muniment: [\n", 2, ""),
        ("", 1, "object"),
    ],
)
def test_bad_declarations_are_told_with_their_places(text: str, line: int, says: str) -> None:
    """What cannot be read is an error with its line, and the whole is: could not tell."""
    declared, _, (problem,) = read_declaration(text, "muniment.yaml")
    assert declared is None
    assert problem.line == line
    assert says in problem.says
    assert report_of([problem], "", "", []).verdict == "could_not_tell"


def test_a_plan_is_judged() -> None:
    """A missing check and a lonely author stop a release; a good plan passes."""
    declared, _, _ = read_declaration(WHOLE, "muniment.yaml")
    assert declared is not None
    bad = "release:\n  checks: {evaluation: missing, red_team: failed}\n  approvers: 0\n"
    plan, written, _ = read_plan(bad, "plan.yaml")
    assert plan is not None
    found = judge_release(BASE, declared, plan.release, written, "plan.yaml")
    assert {each.rule for each in found} == {
        *("soc2.checks-are-done", "soc2.checks-pass", "soc2.somebody-else-looks")
    }
    facts = release_facts(declared, plan.release)
    assert (facts.context["missing"], facts.context["failed"]) == (["evaluation"], ["red_team"])
    good, written, _ = read_plan("release: {approvers: 1, independent: true}\n", "plan.yaml")
    assert good is not None
    assert judge_release(BASE, declared, good.release, written, "plan.yaml") == []


def test_without_a_permit_nothing_passes() -> None:
    """Policies that say nothing about declaring allow nothing, and that is told."""
    declared, written, _ = read_declaration(WHOLE, "muniment.yaml")
    empty, _ = policy.check([])
    assert declared is not None
    assert empty is not None
    (found,) = judge_declaration(empty, declared, written, "muniment.yaml")
    assert found.rule == "muniment.nothing-allows-it"


def test_prompts_are_there_and_as_pinned() -> None:
    """A prompt that is gone or another than the pinned one is an error at its line."""
    text = WHOLE.replace("- file: prompts/answer.md", f"- {{file: p.md, sha256: {'a' * 64}}}")
    declared, written, _ = read_declaration(text, "muniment.yaml")
    assert declared is not None
    (gone,) = judge_prompts(declared, {}, written, "muniment.yaml")
    (other,) = judge_prompts(declared, {"p.md": "b" * 64}, written, "muniment.yaml")
    assert judge_prompts(declared, {"p.md": "a" * 64}, written, "muniment.yaml") == []
    assert (gone.line, other.line) == (11, 11)
    assert "not in the repository" in gone.says
    assert "b" * 64 in other.remedy


def test_the_published_schema_is_the_real_one() -> None:
    """The schema in the package and in the docs is what the code reads by."""
    for place in ("docs/muniment.schema.json", "src/muniment/policy/rules/muniment.schema.json"):
        assert (ROOT / place).read_text() == policy.declaration_schema_text()
    published = json.loads(policy.declaration_schema_text())
    jsonschema.Draft202012Validator.check_schema(published)
    check = jsonschema.Draft202012Validator(published)
    assert list(check.iter_errors(read_yaml(WHOLE).value)) == []
    assert list(check.iter_errors({"muniment": 1, "system": {"id": "a", "colour": "red"}}))
