"""Bundles as they are kept: read from files, found again by their digest."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from muniment.core.errors import CorruptError, InvalidError, NotFoundError
from muniment.db import Work
from muniment.policy import store
from muniment.policy.models import Bundle, Problem, Source, Version, bundle_digest
from muniment.policy.rules import read_bundle

MAX_BUNDLE_BYTES: Final = 4 * 1024 * 1024
_MOST_TOLD: Final = 50


@cache
def published_schema() -> str:
    """Give the schema that policies are written against, as it is published."""
    place = files("muniment.policy.rules").joinpath("schema.cedarschema")
    return place.read_text(encoding="utf-8")


def check(sources: Iterable[Source]) -> tuple[Bundle | None, tuple[Problem, ...]]:
    """Read policy files; give the rules, or every problem with its line and column."""
    given = tuple(sources)
    size = sum(len(each.text.encode("utf-8", "replace")) for each in given)
    if size > MAX_BUNDLE_BYTES:
        says = f"the files have {size:,} bytes together."
        return None, (Problem(given[0].name, 1, 1, says, f"{MAX_BUNDLE_BYTES:,} at most."),)
    names = [each.name for each in given]
    for each in given:
        if not each.name.endswith(".cedar") or not each.name.isprintable() or len(each.name) > 200:
            says = "a policy file is called something.cedar."
            return None, (Problem(each.name[:200] or "?", 1, 1, says, "Give it such a name."),)
        if names.count(each.name) > 1:
            says = "two files have this name."
            return None, (Problem(each.name, 1, 1, says, "Give each a name of its own."),)
        if (half := _half_surrogate(each.text)) is not None:
            says = "half of a surrogate pair is not text."
            return None, (Problem(each.name, half, 1, says, "Save the file as UTF-8."),)
    return read_bundle(given, published_schema())


def require_right(sources: Iterable[Source]) -> Bundle:
    """Read policy files, or refuse them with everything that is wrong."""
    bundle, problems = check(sources)
    if bundle is None or problems:
        raise InvalidError(
            "these policies cannot be used",
            field="policies",
            reasons=tuple(str(each) for each in problems[:_MOST_TOLD]),
            remedy="Mend what is named; `muniment policy check FOLDER` says the same.",
        )
    return bundle


def load(work: Work, digest: str) -> Bundle:
    """Find a bundle by its digest; one that was altered is refused."""
    found = store.bundle_files(work, digest)
    if found is None:
        raise NotFoundError(
            "no policies of this digest are kept here", subject=digest, remedy="Check the digest."
        )
    sources, schema = found
    bundle: Bundle | None = None
    problems: tuple[Problem, ...] = ()
    if bundle_digest(sources, schema) == digest:
        bundle, problems = read_bundle(sources, schema, validated=True)
    if bundle is None:
        why = str(problems[0]) if problems else "they were altered"
        raise CorruptError(
            f"the policies kept under this digest cannot be used: {why}",
            subject=digest,
            remedy="Restore the table policy_bundles from a backup.",
        )
    return bundle


def require_version(work: Work, number: int) -> Version:
    """Find a version, or say that there is none."""
    found = store.version(work, number)
    if found is None:
        raise NotFoundError(
            f"there is no version {number} of the policy",
            subject=str(number),
            remedy="List them: `muniment policy list`.",
        )
    return found


def bundle_of(work: Work, number: int) -> Bundle | None:
    """Load the bundle of a version; version zero is none."""
    return load(work, require_version(work, number).bundle) if number else None


def _half_surrogate(text: str) -> int | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return text.count("\n", 0, error.start) + 1
    return None
