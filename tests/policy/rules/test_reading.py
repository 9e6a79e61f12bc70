"""Reading policy files: all problems at once, each with its place and its remedy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.policy import Remedy, RemedyKind, Source, read_bundle
from muniment.policy.rules.reading import MAX_FILE_BYTES
from tests.policy.judging import ALLOW, bundle, rule, schema


def wrong(text: str, name: str = "p.cedar") -> list[str]:
    """Read a file that is wrong, and give its problems as people see them."""
    found, problems = read_bundle([Source(name, text)], schema())
    assert found is None
    return [str(each) for each in problems]


HEAD = '@id("a") @reason("r")\n'


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (HEAD + "permit (principal, action, resource) when { 1 + };", "2:49", "unexpected token"),
        (HEAD + "permit (principal, action, resource", "2:36", "unexpected end"),
        (HEAD + "forbidd (principal, action, resource);", "2:1", "invalid policy effect"),
        (HEAD + 'permit (principal, action, resource) when { "abc };', "2:45", "invalid token"),
        (HEAD + "permit (principal == ?principal, action, resource);", "1:1", "template"),
        (
            HEAD + 'permit (principal, action == Muniment::Action::"call",\n resource) when '
            '{ context.txt.types.contains("a") };',
            "3:27",
            "`txt`",
        ),
        (
            HEAD
            + 'permit (principal, action == Muniment::Action::"call", resource is Muniment::Tol);',
            "2:",
            "Tol",
        ),
        (HEAD + 'permit (principal, action == Muniment::Action::"fly", resource);', "2:", "fly"),
        ("permit (principal, action, resource);", "1:1", "no @id"),
        ('@id("a") permit (principal, action, resource);', "1:1", "no @reason"),
        ('@id("A b") @reason("r") permit (principal, action, resource);', "1:2", "not an id"),
        ('@id("a") @id("b") @reason("r") permit (principal, action, resource);', "1:", "duplicate"),
        (HEAD + '@remedy("mask") permit (principal, action, resource);', "2:2", "no remedy"),
        (HEAD + '@remedy("fly") forbid (principal, action, resource);', "2:2", "not a remedy"),
        (HEAD + '@remedy("hold") forbid (principal, action, resource);', "2:2", "where to"),
    ],
)
def test_what_is_wrong_and_where(text: str, where: str, says: str) -> None:
    """A mistake is told with file, line and column, what is wrong and what to do."""
    problems = wrong(text)
    assert any(f"p.cedar:{where}" in each and says in each for each in problems), problems


def test_all_problems_of_all_files_are_told_at_once() -> None:
    """Nobody mends one mistake to be told the next."""
    sources = [
        Source("b.cedar", "permit (principal, action, resource) when { };"),
        Source("a.cedar", ALLOW + "\n" + rule("x", when="context.nothing") + "\npermit ;"),
    ]
    found, problems = read_bundle(sources, schema())
    assert found is None
    assert [each.source for each in problems] == ["a.cedar", "a.cedar", "b.cedar"]


def test_an_id_stands_once() -> None:
    """Two rules under one id are both named, for a decision names rules by their ids."""
    problems = wrong(ALLOW + "\n" + rule("allow"))
    assert len(problems) == 2
    assert all("another rule has this id" in each for each in problems)


def test_a_file_that_is_too_large() -> None:
    """A ten-megabyte file is refused at once, with the bound."""
    problems = wrong("// " + "x" * (10 * MAX_FILE_BYTES))
    assert f"{MAX_FILE_BYTES:,}" in problems[0]


def test_what_a_rule_says_of_itself_is_kept() -> None:
    """Id, reason, controls, remedy, file, line and scope of a rule are read."""
    text = (
        "// a remark; with a semicolon\n\n"
        '@id("data.cards") @control("C1.1, P4.1") @reason("Cards stay inside; always.")\n'
        '@remedy("route:restricted")\n'
        'forbid (principal, action in [Muniment::Action::"call", Muniment::Action::"answer"],\n'
        "  resource is Muniment::Model) when { context.text.inspected };"
    )
    found, problems = read_bundle([Source("f.cedar", text)], schema())
    assert problems == ()
    assert found is not None
    (read,) = found.rules
    assert (read.id, read.effect, read.line) == ("data.cards", "forbid", 3)
    assert read.controls == ("C1.1", "P4.1")
    assert read.reason == "Cards stay inside; always."
    assert read.remedy == Remedy(RemedyKind.ROUTE, "restricted")
    assert read.may_touch("answer", "Model")
    assert not read.may_touch("answer", "Tool")
    assert not read.may_touch("use_tool", "Model")


def test_the_digest_names_exactly_the_files() -> None:
    """The order files are given in does not matter; every letter of them does."""
    one, two = Source("a.cedar", ALLOW), Source("b.cedar", rule("x"))
    first, _ = read_bundle([one, two], schema())
    second, _ = read_bundle([two, one], schema())
    third, _ = read_bundle([one, Source("b.cedar", rule("x") + " ")], schema())
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.digest == second.digest != third.digest


def test_no_files_are_an_empty_bundle() -> None:
    """Nothing is a bundle too: it allows nothing."""
    assert bundle().rules == ()


@given(st.text(max_size=200))
def test_any_text_is_rules_or_problems(text: str) -> None:
    """Whatever stands in a file, reading ends with rules or with problems inside the file."""
    found, problems = read_bundle([Source("any.cedar", text)], schema())
    assert (found is None) == bool(problems)
    for each in problems:
        assert 1 <= each.line <= text.count("\n") + 1
        assert each.column >= 1
