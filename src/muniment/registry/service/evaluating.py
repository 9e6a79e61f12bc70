"""Evaluations and second runs: asked outside, recorded and compared here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from muniment import access
from muniment.core.digest import digest_bytes
from muniment.core.errors import InvalidError, UnavailableError
from muniment.core.yaml_text import YamlError, read_yaml
from muniment.db import Work
from muniment.registry import store
from muniment.registry.models import (
    Compared,
    EvaluationSet,
    Repeatable,
    Reproduction,
    Results,
    Run,
    RunSort,
)
from muniment.registry.rules import evaluating as rules
from muniment.registry.rules import reproducing
from muniment.registry.service.parts import add_version, record_run
from muniment.registry.service.standing import place_of

_MOST_BYTES: Final = 64 * 1024 * 1024
_METRICS_BYTES: Final = 1024 * 1024


def read_evaluation_set(path: Path) -> EvaluationSet:
    """Read a test set from YAML or JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        value = json.loads(text) if path.suffix == ".json" else read_yaml(text).value
    except YamlError as error:
        raise InvalidError(
            f"{path.name}:{error.line}: {error.says}", field="file", remedy="Mend the file."
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidError(
            f"{path} cannot be read: {error}", field="file", remedy="Write YAML or JSON."
        ) from error
    return rules.read_set(value)


def record_evaluation(
    work: Work,
    id_or_key: str,
    of: str,
    found: EvaluationSet,
    outcome: Results,
    *,
    candidate: Mapping[str, str],
    repeat: Repeatable,
) -> Run:
    """Keep the test set as a version of a dataset, and what came of it as a run of exactly `of`."""
    system = store.systems.get(work, id_or_key)
    label = f"dataset/{found.name}"
    version = add_version(work, system.id, label, rules.set_document(found))
    part = {"part": label, "version": version.number, "digest": version.digest}
    document = rules.evaluation_document(
        found, outcome, part=part, candidate=candidate, repeat=repeat
    )
    return record_run(work, system.id, RunSort.EVALUATION, of, document)


def get_run(work: Work, run_id: str) -> Run:
    """Show a run."""
    run = store.parts.run(work, run_id)
    access.require(work, "registry.read", place_of(run.system_id))
    return run


def reproduce(run: Run, folder: Path, *, seconds: float) -> Reproduction:
    """Run what was recorded again in a folder, and tell how it differs.

    The command is as much a program as any: whoever starts this has read it.
    """
    repeat = reproducing.repeatable_of(run)
    before = [
        reproducing.compare_commit(repeat.commit, commit_of(folder)),
        *(
            reproducing.compare_file(name, digest, digest_of(folder, name))
            for name, digest in reproducing.files_of(run).items()
        ),
    ]
    stood = {name: _written_at(folder, name) for name in repeat.outputs}
    code = _run_again(repeat, folder, seconds)
    after = [
        reproducing.compare_end(code),
        *(
            reproducing.compare_output(
                name,
                digest,
                digest_of(folder, name),
                written=_written_at(folder, name) != stood[name],
            )
            for name, digest in repeat.outputs.items()
        ),
        *reproducing.compare_metrics(run.document.get("metrics"), _metrics(folder, run)),
    ]
    parts: tuple[Compared, ...] = (*before, *after)
    return reproducing.judged(run, parts)


def _written_at(folder: Path, name: str) -> tuple[int, int]:
    """Say when a file was last written, and which file it is; zeros if there is none."""
    try:
        found = (folder / name).stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_ino


def commit_of(folder: Path) -> str:
    """Say at which commit a folder stands, or nothing."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 the git of whoever runs this
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


def digest_of(folder: Path, name: str) -> str:
    """Fingerprint a file of a folder; what is not there, or lies outside, has none."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        inside = path.is_relative_to(root) and path.is_file()
        if not inside or path.stat().st_size > _MOST_BYTES:
            return ""
        return str(digest_bytes(path.read_bytes()))
    except (OSError, ValueError):
        return ""


def _run_again(repeat: Repeatable, folder: Path, seconds: float) -> int:
    try:
        done = subprocess.run(  # noqa: S603 whoever starts this was shown the command
            list(repeat.command), cwd=folder, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(
            f"the command took more than {seconds:g} seconds",
            field="seconds",
            remedy="Give it more time with --seconds.",
        ) from error
    except (OSError, ValueError) as error:
        raise UnavailableError(
            f"{repeat.command[0][:80]} cannot be run: {error}",
            field="command",
            remedy="Install what the run needs, then try again.",
        ) from error
    return done.returncode


def _metrics(folder: Path, run: Run) -> Any:  # noqa: ANN401 as the command wrote it
    """Read the metrics that the command wrote, if the run says where."""
    name = run.document.get("metrics_file")
    if not isinstance(name, str):
        return None
    root = folder.resolve()
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or path.stat().st_size > _METRICS_BYTES:
            return None
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return told.get("metrics", told) if isinstance(told, dict) else None
