"""`muniment evaluate`: asks a candidate every case of a test set, and records what came of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from muniment import registry
from muniment.cli.registry.words import AsOption, act
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json
from muniment.core.errors import InvalidError
from muniment.db import Work
from muniment.registry import Candidate, EvaluationSet, Repeatable, Results, Run

EXIT_CODES = {"met": 0, "not_met": 1, "could_not_tell": 3}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(  # noqa: PLR0913, PLR0917 each option is a part of the evaluation
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(metavar="TESTSET", help="Test set, YAML or JSON.")],
    change: Annotated[str, typer.Option(help="The change whose set is evaluated.")] = "",
    system: Annotated[str, typer.Option(help="Or the system,")] = "",
    of: Annotated[str, typer.Option("--of", help="and the digest it is about.")] = "",
    url: Annotated[str, typer.Option(help="The candidate: address of its API, as …/v1.")] = "",
    model: Annotated[str, typer.Option(help="Which model to ask there.")] = "",
    key_file: Annotated[Path | None, typer.Option(help="File with the key for it.")] = None,
    command: Annotated[str, typer.Option(help="Or a command: input in, answer out.")] = "",
    call: Annotated[str, typer.Option(help="Or a function, as module:function.")] = "",
    seed: Annotated[int | None, typer.Option(help="Seed, if the candidate takes one.")] = None,
    lock: Annotated[Path | None, typer.Option(help="Lock file of the environment.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write every result here.")] = None,
    record: Annotated[bool, typer.Option(help="Keep it as a run in the registry.")] = True,
    as_json: JsonOption = False,
    who: AsOption = "",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Evaluate a candidate: 0 the thresholds are met, 1 they are not, 3 could not tell."""
    found = registry.read_evaluation_set(cases)
    candidate = _candidate(url, model, key_file, command, call, seed)
    if record:
        _require_about(change, system, of)
    outcome = registry.run_set(found, candidate.ask)
    text = registry.results_text(found, outcome)
    if output is not None:
        _write(output, text)
    if not record:
        verdict, says = registry.verdict_of(found, outcome)
        typer.echo(_summary(found, outcome))
        typer.echo(f"{verdict.replace('_', ' ')}: {says}")
        raise typer.Exit(EXIT_CODES[verdict])
    repeat = _repeat(cases, output, lock, seed, candidate)

    def keep(work: Work) -> Run:
        about = registry.get_change(work, change) if change else None
        return registry.record_evaluation(
            work,
            about.system_id if about is not None else system,
            about.set_digest if about is not None else of,
            found,
            outcome,
            candidate=candidate.named,
            repeat=repeat,
        )

    run = act(context, config, data, who, keep)
    if as_json:
        print_json(_told(run, outcome))
    else:
        typer.echo(_summary(found, outcome))
        typer.echo(f"{run.id}: {run.verdict.replace('_', ' ')}: {run.says}")
    raise typer.Exit(EXIT_CODES[run.verdict])


def _candidate(
    url: str, model: str, key_file: Path | None, command: str, call: str, seed: int | None
) -> Candidate:
    if sum(map(bool, (url, command, call))) != 1:
        raise InvalidError(
            "name one candidate", field="url", remedy="Use --url, --command or --call."
        )
    if command:
        return registry.CommandCandidate(_words(command), Path())
    if call:
        return registry.function_candidate(call, Path())
    if not model:
        raise InvalidError("which model is not said", field="model", remedy="Use --model.")
    return registry.EndpointCandidate(url, model, _key(key_file), seed)


def _words(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise InvalidError(
            f"is no command: {error}", field="command", remedy="Close the quotes."
        ) from error
    if not words:
        raise InvalidError("is empty", field="command", remedy="Write a command.")
    return words


def _key(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError) as error:
        raise InvalidError(
            f"{path} cannot be read", field="key_file", remedy="Name a file with the key alone."
        ) from error


def _require_about(change: str, system: str, of: str) -> None:
    if bool(change) == bool(system and of):
        raise InvalidError(
            "what is evaluated is not said",
            field="change",
            remedy="Use --change, or --system with --of, or --no-record.",
        )


def _repeat(
    cases: Path, output: Path | None, lock: Path | None, seed: int | None, candidate: Candidate
) -> Repeatable:
    """Say how to run it again; with an output there is something to compare."""
    here = Path()
    outputs = {str(output): registry.digest_of(here, str(output))} if output is not None else {}
    words = [] if output is None else ["muniment", *_again(sys.argv[1:], cases)]
    is_endpoint = candidate.named.get("sort") == "endpoint"
    return Repeatable(
        command=tuple(words),
        commit=registry.commit_of(here),
        environment_lock=registry.digest_of(here, str(lock)) if lock is not None else "",
        seed=seed if is_endpoint or seed is not None else None,
        outputs={name: digest for name, digest in outputs.items() if digest},
    )


def _again(words: list[str], cases: Path) -> list[str]:
    """Write the command without who records and where; the second time nothing is recorded."""
    dropped = {"--change", "--system", "--of", "--as", "--config", "--data"}
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in dropped:
            skip = True
        elif word.partition("=")[0] not in dropped and word not in ("--json", "--record"):
            kept.append(word)
    return [*(kept or ["evaluate", str(cases)]), "--no-record"]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidError(
            f"{path} cannot be written: {error.strerror}", field="output", remedy="Name another."
        ) from error


def _summary(found: EvaluationSet, outcome: Results) -> str:
    passed = sum(each.passed is True for each in outcome.results)
    failed = [each.id for each in outcome.results if each.passed is False]
    unknown = [f"{each.id} ({each.says})" for each in outcome.results if each.passed is None]
    lines = [f"{found.name}: {passed} of {len(outcome.results)} cases pass."]
    if failed:
        lines.append(f"Not met: {', '.join(failed[:20])}")
    if unknown:
        lines.append(f"Could not tell: {', '.join(unknown[:20])}")
    return "\n".join(lines)


def _told(run: Run, outcome: Results) -> dict[str, Any]:
    return {
        "run": run.id,
        "verdict": run.verdict,
        "says": run.says,
        "results": [
            {"case": each.id, "passed": each.passed, "says": each.says} for each in outcome.results
        ],
    }
