"""What was looked at before a peer is asked: tests, what is not meant, what would have changed."""

from __future__ import annotations

from datetime import timedelta

from muniment import access
from muniment.approvals import Check
from muniment.db import Work
from muniment.policy.models import Bundle, ThreeAnswers
from muniment.policy.rules import read_cases, run_cases
from muniment.policy.service.bundles import load, require_version
from muniment.policy.service.deciding import simulate_version
from muniment.policy.service.files import Folder
from muniment.policy.service.gate import AREA
from muniment.policy.service.reading import analyse_bundle

_BACK = timedelta(days=7)
_MOST_TRIED = 2_000


def checks_of(work: Work, number: int, folder: Folder | None = None) -> tuple[Check, ...]:
    """Look a version over, as its peer shall see it."""
    access.require(work, "policy.read", AREA)
    bundle = load(work, require_version(work, number).bundle)
    return (_tested(bundle, folder), _analysed(bundle), _tried(work, number))


def _tested(bundle: Bundle, folder: Folder | None) -> Check:
    if folder is None or not folder.cases:
        return Check("tests", "could_not_tell", "no tests were given")
    cases, problems = read_cases(folder.cases)
    report = run_cases(bundle, cases)
    bad = len(problems) + len(report.failed)
    verdict: ThreeAnswers = "not_met" if bad else "met"
    says = f"{len(report.results) - len(report.failed)} of {len(report.results)} cases passed"
    return Check("tests", verdict, f"{says}; {report.coverage} of 100 rules spoke in one")


def _analysed(bundle: Bundle) -> Check:
    found = analyse_bundle(bundle)
    told = "; ".join(f"{each.rule}: {each.says}" for each in found.flaws[:5])
    return Check("analysis", found.verdict, told or f"nothing amiss in {found.cases:,} cases")


def _tried(work: Work, number: int) -> Check:
    if not access.may(work, work.actor, "policy.simulate", AREA).ok:
        return Check("last week", "could_not_tell", "whoever asks may not look at past decisions")
    found = simulate_version(work, number, work.now - _BACK, work.now, most=_MOST_TRIED)
    if not found.tried:
        return Check("last week", "could_not_tell", "no decision was kept last week")
    says = f"{found.changed:,} of {found.tried:,} decisions would have come out otherwise"
    return Check("last week", "met" if not found.changed else "not_met", says)
