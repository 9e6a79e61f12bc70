"""Tests that stand beside policies: the facts of a case, what shall come of it, and what did."""

from __future__ import annotations

from dataclasses import dataclass

from muniment.policy.models.judging import Decision, Effect, Facts


@dataclass(frozen=True, slots=True)
class Case:
    """One test: on these facts the rules shall decide so, with these remedies, by these rules.

    Remedies and rules that are not named are not asked for; an empty list asks for none.
    """

    name: str
    facts: Facts
    expect: Effect
    remedies: tuple[str, ...] | None = None
    by: tuple[str, ...] | None = None
    source: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case, and what is wrong with it; nothing means that it passed."""

    case: Case
    decision: Decision
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Tell whether it came out as it shall."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What came of all cases, and which rules no case made speak."""

    results: tuple[CaseResult, ...]
    covered: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """List the cases that did not come out as they shall."""
        return tuple(each for each in self.results if not each.passed)

    @property
    def coverage(self) -> int:
        """Say how many of a hundred rules spoke in some case."""
        every = len(self.covered) + len(self.silent)
        return 100 * len(self.covered) // every if every else 100


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of cases: its name within the folder, and its text."""

    name: str
    text: str
