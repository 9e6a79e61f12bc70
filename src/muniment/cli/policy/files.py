"""Policies as files: checked, tested and looked through, with no installation at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from muniment import policy
from muniment.cli.state import JsonOption, print_json, print_table
from muniment.policy import Analysis, Bundle, CaseReport, Problem

NOT_MET: Final = 1
COULD_NOT_TELL: Final = 3

FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of policies.")]


def check(folder: FolderArgument, *, as_json: JsonOption = False) -> None:
    """Read the policies of a folder; name everything that is wrong, with line and column."""
    given = policy.read_folder(folder)
    bundle, problems = policy.check(given.sources)
    if as_json:
        digest = "" if bundle is None else bundle.digest
        rules = 0 if bundle is None else len(bundle.rules)
        told = [_problem(each) for each in problems]
        print_json({"bundle": digest, "rules": rules, "problems": told})
    else:
        _tell(problems)
        if bundle is not None:
            typer.echo(f"{len(bundle.rules)} rules in {len(given.sources)} files are right.")
            typer.echo(bundle.digest)
    if problems:
        raise typer.Exit(NOT_MET)


def run_tests(
    folder: FolderArgument,
    least: Annotated[
        int, typer.Option("--coverage", help="Rules of a hundred that must speak.", min=0, max=100)
    ] = 0,
    *,
    as_json: JsonOption = False,
) -> None:
    """Run the tests beside policies, and name the rules that no test makes speak."""
    given = policy.read_folder(folder)
    bundle = _right(given.sources)
    cases, problems = policy.read_cases(given.cases)
    _tell(problems)
    report = policy.run_cases(bundle, cases)
    if as_json:
        print_json(_report(report))
    else:
        _print_report(report)
    if problems or report.failed or report.coverage < least:
        raise typer.Exit(NOT_MET)


def analyse(
    folder: FolderArgument,
    role: Annotated[str, typer.Option(help="Ask: can this role ever do …")] = "",
    action: Annotated[str, typer.Option(help="… this action?")] = "change",
    *,
    as_json: JsonOption = False,
) -> None:
    """Say what is probably not meant, or whether a role can ever do something."""
    bundle = _right(policy.read_folder(folder).sources)
    if role:
        _answer(bundle, role, action, as_json=as_json)
        return
    found = policy.analyse_bundle(bundle)
    if as_json:
        print_json(analysis_value(found))
    else:
        for flaw in found.flaws:
            typer.echo(f"{flaw.rule}: {flaw.kind}: {flaw.says}")
        typer.echo(analysis_sentence(found))
    if found.verdict != "met":
        raise typer.Exit(NOT_MET if found.flaws else COULD_NOT_TELL)


def analysis_sentence(found: Analysis) -> str:
    """Say in a sentence what trying the cases has shown."""
    tried = f"{found.cases:,} cases were tried" + (", which are all." if found.whole else ".")
    if found.flaws:
        return f"{len(found.flaws)} things are probably not meant; {tried}"
    return f"Nothing is amiss; {tried}" if found.whole else f"Nothing was found, but only {tried}"


def analysis_value(found: Analysis) -> dict[str, Any]:
    """Give an analysis as plain JSON."""
    return {
        "verdict": found.verdict,
        "cases": found.cases,
        "whole": found.whole,
        "flaws": [
            {"kind": each.kind, "rule": each.rule, "other": each.other, "says": each.says}
            for each in found.flaws
        ],
    }


def _answer(bundle: Bundle, role: str, action: str, *, as_json: bool) -> None:
    found = policy.can_ever_do(bundle, role, action)
    example = None if found.example is None else found.example.as_value()
    if as_json:
        print_json({"possible": found.possible, "cases": found.cases, "example": example})
    else:
        says = {"yes": "Yes", "no": "No", "could_not_tell": "Not found, but not all was tried"}
        typer.echo(f"{says[found.possible]}; {found.cases:,} cases were tried.")
        if example is not None:
            print_json(example)
    if found.possible == "could_not_tell":
        raise typer.Exit(COULD_NOT_TELL)


def _right(sources: tuple[policy.Source, ...]) -> Bundle:
    bundle, problems = policy.check(sources)
    _tell(problems)
    if bundle is None:
        raise typer.Exit(NOT_MET)
    return bundle


def _tell(problems: tuple[Problem, ...]) -> None:
    for each in problems:
        typer.echo(str(each), err=True)


def _problem(each: Problem) -> dict[str, Any]:
    return {
        "file": each.source,
        "line": each.line,
        "column": each.column,
        "rule": each.rule,
        "says": each.says,
        "remedy": each.remedy,
    }


def _report(report: CaseReport) -> dict[str, Any]:
    return {
        "cases": len(report.results),
        "coverage": report.coverage,
        "silent": list(report.silent),
        "failed": [
            {
                "name": each.case.name,
                "file": each.case.source,
                "line": each.case.line,
                "problems": list(each.problems),
            }
            for each in report.failed
        ],
    }


def _print_report(report: CaseReport) -> None:
    rows = [
        (f"{each.case.source}:{each.case.line}", each.case.name, "; ".join(each.problems))
        for each in report.failed
    ]
    if rows:
        print_table("Cases that did not come out", ("Where", "Case", "Why"), rows)
    passed = len(report.results) - len(report.failed)
    typer.echo(f"{passed} of {len(report.results)} cases passed.")
    typer.echo(f"{report.coverage} of 100 rules spoke in a case.")
    if report.silent:
        typer.echo(f"No case makes these speak: {', '.join(report.silent)}")
