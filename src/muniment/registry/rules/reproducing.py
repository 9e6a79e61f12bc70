"""Compares a run with how it came out the second time, thing by thing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any, Final

from muniment.core.errors import ConflictError
from muniment.registry.models import Compared, Repeatable, Reproduction, Run

_FILES: Final = ("datasets", "preprocessing", "environment_lock")
_NOTHING: Final = "The run does not tell it."


def repeatable_of(run: Run) -> Repeatable:
    """Read from a run what it takes to do it again; without a command it cannot be done."""
    document = run.document
    words = command_of(run)
    if not words:
        raise ConflictError(
            "this run does not tell its command",
            subject=run.id,
            field="command",
            remedy="Record runs with their command, outputs, commit, lock and seed.",
        )
    seed = document.get("seed")
    return Repeatable(
        command=words,
        commit=str(document.get("commit", "")),
        environment_lock=_lock(document.get("environment_lock")),
        seed=seed if type(seed) is int else None,
        outputs=outputs_of(run),
    )


def command_of(run: Run) -> tuple[str, ...]:
    """Give the words of a run's command, with its seed; a text is cut as a shell would cut it."""
    given = run.document.get("command")
    if isinstance(given, str):
        try:
            given = shlex.split(given)
        except ValueError:  # a quote that is not closed
            given = []
    words = given if isinstance(given, list) else []
    return tuple(str(each).replace("{seed}", str(run.document.get("seed"))) for each in words)


def outputs_of(run: Run) -> dict[str, str]:
    """Give the files that came out of a run with their digests, however they were written."""
    given = run.document.get("outputs")
    if isinstance(given, Mapping):
        return {str(name): str(digest) for name, digest in given.items()}
    return _with_digests(given)


def files_of(run: Run) -> dict[str, str]:
    """Name the files a run was made from, with the digest each had."""
    found: dict[str, str] = {}
    for name in _FILES:
        found |= _with_digests(run.document.get(name))
    return found


def compare_commit(recorded: str, now: str) -> Compared:
    """Compare the commit the run was made at with the one that stands now."""
    if not recorded:
        return Compared("commit", "could_not_tell", _NOTHING)
    if not now:
        return Compared("commit", "could_not_tell", "The folder is no repository that can be read.")
    if now.startswith(recorded) or recorded.startswith(now):
        return Compared("commit", "met", "It is the same.")
    return Compared("commit", "not_met", f"It was {recorded[:40]}, and is {now[:40]}.")


def compare_file(name: str, recorded: str, now: str) -> Compared:
    """Compare a file's digest with what it was; a file that is gone differs."""
    if not now:
        return Compared(name, "not_met", "It is not there.")
    if recorded == now:
        return Compared(name, "met", "It is the same.")
    return Compared(name, "not_met", f"It was {recorded[:19]}…, and is {now[:19]}….")


def compare_output(name: str, recorded: str, now: str, *, written: bool) -> Compared:
    """Compare what came out; a file that the command left as it was says nothing about it."""
    if now and not written:
        return Compared(name, "could_not_tell", "The command did not write it.")
    return compare_file(name, recorded, now)


def compare_metrics(recorded: object, now: object) -> tuple[Compared, ...]:
    """Compare each metric with what came out now."""
    if not isinstance(recorded, Mapping) or not isinstance(now, Mapping):
        return ()
    found = []
    for name in sorted(recorded):
        old, new = str(recorded[name]), now.get(name)
        if new is None:
            found.append(Compared(f"metric {name}", "could_not_tell", "It did not come out now."))
        elif old == str(new):
            found.append(Compared(f"metric {name}", "met", f"It is {old} again."))
        else:
            found.append(Compared(f"metric {name}", "not_met", f"It was {old}, and is {new}."))
    return tuple(found)


def compare_end(code: int) -> Compared:
    """Say how the command ended."""
    if code == 0:
        return Compared("command", "met", "It ended well.")
    return Compared("command", "not_met", f"It ended with {code}.")


def judged(run: Run, parts: tuple[Compared, ...]) -> Reproduction:
    """Put it together: one difference makes it differ; with nothing to compare nobody can tell."""
    differ = [each.name for each in parts if each.verdict == "not_met"]
    if differ:
        return Reproduction(run.id, "not_met", f"It differs in {', '.join(differ)}.", parts)
    came = [each for each in parts if each.verdict == "met" and each.name != "command"]
    unknown = [each.name for each in parts if each.verdict == "could_not_tell"]
    if not outputs_of(run) or not came:
        says = "The run names no outputs, so whether they are the same is not known."
        return Reproduction(run.id, "could_not_tell", says, parts)
    if unknown:
        says = f"What came out is the same; not known: {', '.join(unknown)}."
        return Reproduction(run.id, "could_not_tell", says, parts)
    return Reproduction(run.id, "met", "It came out the same.", parts)


def _with_digests(given: object) -> dict[str, str]:
    """Read one file with its digest, or a list of such."""
    return {
        str(each["file"]): str(each["digest"])
        for each in (given if isinstance(given, list) else [given])
        if isinstance(each, Mapping) and each.get("file") and each.get("digest")
    }


def _lock(given: Any) -> str:  # noqa: ANN401 as it was recorded
    return str(given.get("digest", "")) if isinstance(given, Mapping) else str(given or "")
