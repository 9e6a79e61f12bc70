"""Checks a repository: reads its declaration, its plan and its prompts, and lets policies judge."""

from __future__ import annotations

from pathlib import Path

from muniment.core.digest import digest_bytes
from muniment.core.errors import InvalidError, NotFoundError
from muniment.policy.models import Bundle, CheckReport, Declaration, Finding
from muniment.policy.rules.declaring import (
    DECLARATION,
    UNREADABLE,
    judge_declaration,
    judge_prompts,
    judge_release,
    read_declaration,
    read_plan,
    report_of,
)
from muniment.policy.service.bundles import check
from muniment.policy.service.files import read_folder
from muniment.policy.service.packs import pack

DEFAULT_PACK = "soc2-baseline"
_MOST_PROMPT_BYTES = 4 * 1024 * 1024


def check_repository(
    folder: Path, *, policies: Path | None = None, plan: Path | None = None
) -> tuple[CheckReport, Bundle | None]:
    """Judge what a repository declares, and perhaps plans to release.

    Without a folder of policies, `policies/` of the repository counts, else the SOC 2 baseline.
    """
    looked_at = [DECLARATION, *([] if plan is None else [_name(folder, plan)])]
    bundle, findings = _policies(folder, policies)
    text, unread = _text(folder / DECLARATION, DECLARATION)
    findings += unread
    if bundle is None or text is None:
        return report_of(findings, "", bundle.digest if bundle else "", looked_at), bundle
    declared, written, problems = read_declaration(text, DECLARATION)
    findings += problems
    if declared is not None:
        findings += judge_declaration(bundle, declared, written, DECLARATION)
        findings += judge_prompts(declared, _digests(folder, declared), written, DECLARATION)
    if plan is not None:
        findings += _plan(bundle, declared, plan, _name(folder, plan))
    system = declared.system.id if declared else ""
    return report_of(findings, system, bundle.digest, looked_at), bundle


def _policies(folder: Path, given: Path | None) -> tuple[Bundle | None, list[Finding]]:
    own = folder / "policies"
    if given is None and not own.is_dir():
        sources = pack(DEFAULT_PACK).sources
    else:
        try:
            sources = read_folder(given or own).sources
        except (InvalidError, NotFoundError) as error:
            where = _name(folder, given or own)
            return None, [Finding(UNREADABLE, "error", error.message, where, remedy=error.remedy)]
    bundle, problems = check(sources)
    prefix = "" if given is None and not own.is_dir() else f"{_name(folder, given or own)}/"
    return bundle, [
        Finding(
            UNREADABLE,
            "error",
            each.says,
            f"{prefix}{each.source}",
            each.line,
            each.column,
            each.remedy,
        )
        for each in problems
    ]


def _plan(bundle: Bundle, declared: Declaration | None, plan: Path, name: str) -> list[Finding]:
    text, findings = _text(plan, name)
    if text is None:
        return findings
    planned, written, problems = read_plan(text, name)
    findings += problems
    if planned is not None and declared is not None:
        findings += judge_release(bundle, declared, planned.release, written, name)
    return findings


def _text(path: Path, name: str) -> tuple[str | None, list[Finding]]:
    try:
        return path.read_text(encoding="utf-8-sig"), []
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        remedy = "docs/policy.md shows one to begin with."
        says = f"it cannot be read: {why}"
        return None, [Finding(UNREADABLE, "error", says, name, remedy=remedy)]


def _digests(folder: Path, declared: Declaration) -> dict[str, str]:
    """Fingerprint the prompts that are there; nothing outside the repository is read."""
    found = {}
    root = folder.resolve()
    for each in declared.prompts:
        try:
            path = (root / each.file).resolve()
            inside = path.is_relative_to(root) and path.is_file()
            if inside and path.stat().st_size <= _MOST_PROMPT_BYTES:
                found[each.file] = digest_bytes(path.read_bytes()).removeprefix("sha256:")
        except (OSError, ValueError):
            continue  # it is told as a prompt that is not there
    return found


def _name(folder: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.as_posix()
