"""Draws the glossary from the terms that the console explains."""

from __future__ import annotations

from muniment.web.glossary import TERMS


def glossary_page() -> str:
    """Draw every word with its meaning, and where to read on."""
    lines = [
        "# Words",
        "",
        "What the words of this product mean, each in a sentence or two. The console explains them",
        "where they stand, and lists them at `/console/words`.",
        "",
        "Written from the code; do not edit.",
        "",
    ]
    for each in sorted(TERMS, key=lambda term: term.word.casefold()):
        more = f" [More]({each.doc})" if each.doc else ""
        lines += [f"**{each.word}**: {each.means}{more}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"
