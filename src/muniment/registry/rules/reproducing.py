"""Compares a run with how it came out the second time, thing by thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from muniment.core.errors import ConflictError
from muniment.registry.models import Compared, Repeatable, Reproduction, Run

_FILES: Final = ("datasets", "preprocessing")
_NOTHING: Final = "The run does not tell it."


def repeatable_of(run: Run) -> Repeatable:
    """Read from a run what it takes to do it again; without a command it cannot be done."""
    document = run.document
    command = document.get("command")
    words = [str(each) for each in command] if isinstance(command, list) else []
    if not words:
        raise ConflictError(
            "this run does not tell its command",
            subject=run.id,
            field="command",
            remedy="Record runs with their command, outputs, commit, lock and seed.",
        )
    outputs = document.get("outputs")
    seed = document.get("seed")
    return Repeatable(
        command=tuple(each.replace("{seed}", str(seed)) for each in words),
        commit=str(document.get("commit", "")),
        environment_lock=_lock(document.get("environment_lock")),
        seed=seed if type(seed) is int else None,
        outputs={str(name): str(digest) for name, digest in outputs.items()}
        if isinstance(outputs, Mapping)
        else {},
    )


def files_of(run: Run) -> dict[str, str]:
    """Name the files a run was made from, with the digest each had."""
    found: dict[str, str] = {}
    for name in _FILES:
        given = run.document.get(name)
        for each in given if isinstance(given, list) else [given]:
            if isinstance(each, Mapping) and each.get("file") and each.get("digest"):
                found[str(each["file"])] = str(each["digest"])
    lock = run.document.get("environment_lock")
    if isinstance(lock, Mapping) and lock.get("file") and lock.get("digest"):
        found[str(lock["file"])] = str(lock["digest"])
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
    outputs = run.document.get("outputs")
    if not outputs or not came:
        says = "The run names no outputs, so whether they are the same is not known."
        return Reproduction(run.id, "could_not_tell", says, parts)
    if unknown:
        says = f"What came out is the same; not known: {', '.join(unknown)}."
        return Reproduction(run.id, "could_not_tell", says, parts)
    return Reproduction(run.id, "met", "It came out the same.", parts)


def _lock(given: Any) -> str:  # noqa: ANN401 as it was recorded
    return str(given.get("digest", "")) if isinstance(given, Mapping) else str(given or "")
