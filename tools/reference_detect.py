"""Draws a page for each family of what the detector finds, from the data sheets in the code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from muniment import detect
from muniment.detect import Family, Sheet

_SAYS: Final[Mapping[Family, tuple[str, str]]] = {
    Family.PII: ("Personal data", "Values that point at a person."),
    Family.PHI: ("Health data", "Values that tell of somebody's health or its insurance."),
    Family.FINANCIAL: ("Financial data", "Values by which money moves or is taxed."),
    Family.SECRETS: ("Secrets", "Values that open something: keys, tokens, passwords."),
    Family.NAMES: ("Names", "People, organisations and places, found by a tagger."),
    Family.NETWORK: ("Network data", "Addresses of machines."),
    Family.OWN: ("The organisation's own terms", "Lists and patterns of the installation."),
    Family.SAFETY: ("Signals", "Words that try to steer a model, harmful content, canaries."),
}


def family_pages() -> dict[str, Callable[[], str]]:
    """Give for each family the name of its page and what draws it."""
    return {f"../detect/{each.value}.md": partial(family_page, each) for each in Family}


def family_page(family: Family) -> str:
    """Draw the page of a family."""
    title, says = _SAYS[family]
    found = sorted(
        (each for each in detect.sheets() if each.family is family), key=lambda each: each.type
    )
    lines = [
        f"# {title}",
        "",
        f"{says} Policies call this family `{family.value}`. The page is drawn from the data",
        "sheets in the code by `make docs-reference`; [detect.md](../detect.md) explains the rest.",
        "",
    ]
    if not found:
        lines += [_no_sheets(family), ""]
    for sheet in found:
        lines += _sheet(sheet)
    return "\n".join(lines).rstrip("\n") + "\n"


def _sheet(sheet: Sheet) -> list[str]:
    lines = [f"## {sheet.type}", "", f"{sheet.title}.", ""]
    lines += [f"- **Finds:** {sheet.finds}", f"- **Limits:** {sheet.limits}"]
    if sheet.examples:
        lines.append(f"- **Found, for example:** {_listed(sheet.examples)}")
    if sheet.near_misses:
        lines.append(f"- **Not found:** {_listed(sheet.near_misses)}")
    return [*lines, f"- **Measured:** {sheet.measured}", f"- **Serves:** {sheet.control}", ""]


def _no_sheets(family: Family) -> str:
    if family is Family.OWN:
        return "Types are those of your configuration; `muniment detect propose` changes them."
    return "No detector of this family comes along in this version."


def _listed(texts: tuple[str, ...]) -> str:
    return ", ".join(_code(each) for each in texts)


def _code(text: str) -> str:
    """Write a text as code on one line, with more backticks than it holds."""
    plain = text.replace("\n", "⏎")
    fence = "``" if "`" in plain else "`"
    return f"{fence}{plain}{fence}"
