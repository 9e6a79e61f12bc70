"""What every benchmark shares: the facts of the machine, a table, and its section of the page.

Each benchmark owns the part of `docs/benchmarks.md` between two markers and leaves the rest alone.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "benchmarks.md"
_SOAKS: Final = Path("docs", "soak")
_MENU: Final = "zensical.toml"
_SOAKS_IN_MENU: Final = '{ "Runs under load" = [\n'
_OPENING: Final = """# Benchmarks

Measured by `make bench-…`, which writes its own section here. Machines are noisy and disks differ:
compare the ratios, which come from one run on one machine, rather than the rates.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured."""

    what: str
    value: float
    unit: str
    note: str = ""

    @property
    def figure(self) -> str:
        """Write the value so that a person can compare it."""
        if self.value >= 100:
            return f"{self.value:,.0f} {self.unit}"
        return f"{self.value:.3g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a part is to reach, and by which row that is seen; `beside` is the same done plainly."""

    what: str
    row: str
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""

    def line(self, rows: Mapping[str, Row]) -> str:
        """Write a line of the table: reach, measured, whether it is met, and the ratio.

        What was not measured in this run is neither met nor missed.
        """
        bound = self.at_least if self.at_least is not None else self.at_most or 0.0
        if self.row not in rows:
            sign = "≤" if self.at_least is None else "≥"
            return f"| {self.what} | {sign} {bound:,.3g} | | could not tell | not measured |"
        found = rows[self.row]
        sign, is_met = ("≥", found.value >= bound)
        if self.at_least is None:
            sign, is_met = ("≤", found.value <= bound)
        reach = f"{sign} {Row('', bound, found.unit).figure}"
        ratio = ""
        if self.beside and rows[self.beside].value:
            ratio = f"{found.value / rows[self.beside].value:.2f} of {self.beside}"
        answer = "met" if is_met else "not met"
        return f"| {self.what} | {reach} | {found.figure} | {answer} | {ratio} |"


@dataclass(slots=True)
class Report:
    """What a benchmark found: its rows, and what they mean beside each other."""

    name: str
    title: str
    rows: list[Row] = field(default_factory=list)
    ratios: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)

    def add(self, what: str, value: float, unit: str, note: str = "") -> float:
        """Note what was measured and show it at once; give the value back."""
        row = Row(what, value, unit, note)
        self.rows.append(row)
        print(f"  {row.what:<62} {row.figure:>18}  {row.note}", flush=True)
        return value

    def compare(self, ours: str, theirs: str) -> None:
        """Note the ratio of two rows, if both were measured."""
        found = {row.what: row.value for row in self.rows}
        if ours in found and found.get(theirs):
            said = f"{ours} ÷ {theirs}: {found[ours] / found[theirs]:.2f}"
            self.ratios.append(said)
            print(f"  {said}", flush=True)

    def judge(self, goals: Sequence[Goal]) -> None:
        """Hold what was measured against what is to be reached, and show it."""
        rows = {row.what: row for row in self.rows}
        head = [
            "| What | Reach | Measured | | Beside it, in the same run |",
            "|---|--:|--:|---|---|",
        ]
        self.goals = head + [goal.line(rows) for goal in goals]
        print("", *self.goals, sep="\n", flush=True)

    def as_markdown(self) -> str:
        """Write the section of the page."""
        lines = [f"## {self.title}", "", *(f"- {each}" for each in self.facts), ""]
        lines += [*self.goals, "", "Every row that was measured:", ""] if self.goals else []
        lines += ["| What | Measured | |", "|---|--:|---|"]
        lines += [f"| {row.what} | {row.figure} | {row.note} |" for row in self.rows]
        lines += ["", *(f"- {each}" for each in self.ratios)]
        return "\n".join(lines).rstrip() + "\n"

    def write(self, page: Path = PAGE) -> None:
        """Put the section into the page, in place of its older one."""
        text = page.read_text(encoding="utf-8") if page.exists() else _OPENING
        begin, end = f"<!-- {self.name}: begin -->", f"<!-- {self.name}: end -->"
        section = f"{begin}\n{self.as_markdown()}{end}"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        if pattern.search(text):
            text = pattern.sub(lambda _: section, text)
        else:
            text = f"{text.rstrip()}\n\n{section}\n"
        page.write_text(text, encoding="utf-8")


def machine_facts(*more: str) -> list[str]:
    """Say when and on what was measured."""
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    programs = (f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}", *more)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}"
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return [f"{day}, {_processor()}, {machine}, load {load}", ", ".join(programs)]


def quantile(values: Sequence[float], part: float) -> float:
    """Give the value that this part of all values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def keep_soak(name: str, text: str, root: Path = ROOT) -> Path:
    """Keep the report of a run under load as a page, and lead the menu to it."""
    page = root / _SOAKS / f"{name}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    menu = root / _MENU
    told, entry = menu.read_text(encoding="utf-8"), f'"soak/{name}.md",\n'
    if entry not in told:
        added = told.replace(_SOAKS_IN_MENU, f"{_SOAKS_IN_MENU}      {entry}", 1)
        menu.write_text(added, encoding="utf-8")
    return page
