"""Tests beside policies: what passes, what does not and why, and which rules never spoke."""

from __future__ import annotations

import pytest

from muniment.policy import CaseFile, read_cases, run_cases
from tests.policy.judging import ALLOW, bundle, rule

RULES = bundle(
    ALLOW,
    rule("cards", when='context.text.types.contains("CARD")', remedy="mask"),
    rule("never", when="context.tokens < 0"),
)


def cases(text: str) -> CaseFile:
    """Make a file of cases."""
    return CaseFile("cases.yaml", "cases:\n" + text)


def test_cases_pass_and_rules_are_covered() -> None:
    """Each case is decided by the rules; a rule that no case makes speak is named."""
    found, problems = read_cases(
        [
            cases(
                "  - {name: plain, action: call, expect: allow, remedies: [], by: [allow]}\n"
                "  - name: card\n    action: call\n    context: {text: {types: [CARD]}}\n"
                "    expect: cure\n    remedies: [mask]\n    by: [cards]\n"
            )
        ]
    )
    assert problems == ()
    report = run_cases(RULES, found)
    assert report.failed == ()
    assert (report.covered, report.silent, report.coverage) == (("allow", "cards"), ("never",), 66)
    assert found[1].line == 3


def test_what_did_not_come_out_says_why() -> None:
    """Another effect, other remedies and a silent rule are each told."""
    found, _ = read_cases(
        [
            cases(
                "  - {name: a, action: call, expect: deny, remedies: [redact], by: [never]}\n"
                "  - {name: b, action: call, context: {tokens: x}, expect: allow}\n"
            )
        ]
    )
    first, second = run_cases(RULES, found).failed
    assert first.problems == (
        "it is allow, not deny: allow",
        "the remedies are none, not redact",
        "never does not speak",
    )
    assert any("could not be judged" in each for each in second.problems)
    assert run_cases(bundle(), ()).coverage == 100


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("  - 5\n", "2:5", "set of fields"),
        ("  - {name: a, action: call, expect: maybe}\n", "2:29", "no outcome"),
        ("  - {name: a, action: fly, expect: allow}\n", "2:15", "not an action"),
        ("  - {name: a, action: call, expect: allow, colour: red}\n", "2:44", "not a field"),
        ("  - {action: call, expect: allow}\n", "2:5", "name is missing"),
        ("  - {name: a, action: call, expect: allow, by: x}\n", "2:44", "list of words"),
        ("  - {name: a, action: call, expect: allow, context: 1}\n", "2:44", "set of fields"),
        ("  - {name: a, name: b}\n", "2:15", "twice"),
        ("more: 1\n", "1:1", "and nothing else"),
    ],
)
def test_bad_cases_are_told_with_their_places(text: str, where: str, says: str) -> None:
    """A case that cannot be read is a problem with line and column, never a passed case."""
    found, (problem,) = read_cases([cases(text)])
    assert found == ()
    assert str(problem).startswith(f"cases.yaml:{where}:")
    assert says in problem.says
