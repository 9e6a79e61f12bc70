"""`muniment check`: judges what a repository declares, in CI, with no installation at hand."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from muniment import __version__, policy
from muniment.core.errors import UnavailableError
from muniment.policy import CheckReport

EXIT_CODES = {"met": 0, "not_met": 1, "could_not_tell": 3}


class Form(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


def check_repository(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The repository.")] = Path(),
    policies: Annotated[
        Path | None, typer.Option(help="Folder of policies; else FOLDER/policies, else SOC 2.")
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="Plan of a release, YAML or JSON.")] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.TEXT,
    output: Annotated[Path | None, typer.Option(help="Write it here; a summary is shown.")] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of muniment.yaml.")
    ] = False,
) -> None:
    """Judge muniment.yaml and a plan of release by policies: 0 met, 1 not met, 3 cannot tell."""
    if schema:
        typer.echo(policy.declaration_schema_text(), nl=False)
        return
    report, bundle = policy.check_repository(folder, policies=policies, plan=plan)
    text = {
        Form.TEXT: lambda: policy.as_text(report),
        Form.JSON: lambda: policy.as_json(report),
        Form.SARIF: lambda: policy.as_sarif(report, bundle, version=__version__),
        Form.JUNIT: lambda: policy.as_junit(report),
    }[form]()
    if output is None:
        typer.echo(text, nl=False)
    else:
        _write(output, text)
        _summary(report)
    raise typer.Exit(EXIT_CODES[report.verdict])


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnavailableError(
            f"{output} cannot be written: {error.strerror}", field="output", remedy="Name another."
        ) from error


def _summary(report: CheckReport) -> None:
    typer.echo(policy.as_text(report), nl=False)
