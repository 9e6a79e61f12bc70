"""Counts names in lines as programs log them, in the formats that are met most; none stands there.

The lines are in `log_lines.txt`. Numbers, addresses and times are drawn anew for each, so that no
line comes twice.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.report import Report
from muniment.detect.detectors.names import Names

LOGS: Final = "names in logs"
_LINES: Final = Path(__file__).with_name("log_lines.txt")
_GAP: Final = re.compile(r"\{(ip|day|month|clock|stamp|n|hex|host|path)\}")
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]
_HOSTS: Final = ["web-1", "db02", "worker-7f9c", "ip-10-0-3-17", "gateway", "build-agent-3"]
_PATHS: Final = [
    "/",
    "/api/v1/orders",
    "/static/app.js",
    "/login",
    "/search?q=blue+shoes&page=2",
    "/metrics",
]


def measure(report: Report, kilobytes: int) -> None:
    """Count the names that are found where none is, in each format and in all of them."""
    names, found, size = Names(), 0, 0.0
    for name, text in logs(kilobytes).items():
        told, held = len(names.scan(text)), len(text) / 1_024
        report.add(f"  {LOGS} {name}", told / held, "/KB", f"{told} in {held:,.0f} KB")
        found, size = found + told, size + held
    report.add(LOGS, found / size, "/KB", f"{found} in {size:,.0f} KB, all of them false")


def logs(kilobytes: int, seed: int = 7) -> Mapping[str, str]:
    """Give about so many kilobytes of each format, by its name."""
    told = {}
    for name, lines in formats().items():
        chance, text, size = random.Random(f"{seed} {name}"), [], 0
        while size < kilobytes * 1_024:
            text.append(_filled(chance.choice(lines), chance))
            size += len(text[-1]) + 1
        told[name] = "\n".join(text)
    return told


def formats() -> Mapping[str, list[str]]:
    """Read the lines of each format; some are several lines that belong together."""
    told: dict[str, list[str]] = {}
    name = ""
    for line in _LINES.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and "{" not in line:
            name = line[1:-1]
            told[name] = []
        elif line.startswith(" | "):
            told[name][-1] += f"\n{line[3:]}"
        elif line and not line.startswith("#"):
            told[name].append(line)
    return told


def _filled(line: str, chance: random.Random) -> str:
    return _GAP.sub(lambda gap: _DRAWN[gap[1]](chance), line)


def _clock(chance: random.Random) -> str:
    return ":".join(f"{chance.randrange(most):02}" for most in (24, 60, 60))


_DRAWN: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "ip": lambda chance: ".".join(str(chance.randrange(1, 255)) for _ in range(4)),
    "day": lambda chance: f"{chance.randrange(1, 29):02}",
    "month": lambda chance: chance.choice(_MONTHS),
    "clock": _clock,
    "stamp": lambda chance: (
        f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02} {_clock(chance)}"
    ),
    "n": lambda chance: str(chance.randrange(10 ** chance.randrange(1, 6))),
    "hex": lambda chance: f"{chance.getrandbits(40):010x}",
    "host": lambda chance: chance.choice(_HOSTS),
    "path": lambda chance: chance.choice(_PATHS),
}
