"""Tells lines of code from prose by how they begin, and by what only stands in code."""

from __future__ import annotations

import re
from typing import Final

_BACK: Final = 96
"""How far back a line is read: a stream that reads on has no more of it."""

_STATEMENT: Final = re.compile(
    r"\s*(?:typedef |template ?<|extern [A-Z\"]|inline [a-z]+ |func[ (]|nonlocal |package \w+\s*\Z"
    r"|#(?:define|include|ifdef|ifndef|undef|elif|if (?:defined|!))|(?:struct|enum) \w+ |const \w"
    r"|static [A-Z]\w*[a-z][A-Z]\w* |for \((?:const|auto|int|let|var) |for \w+(?:, ?\w+)* in [(\[]"
    r"|var \w+ [*\[A-Z]|case [*]|type \w+ (?:struct|interface|func|map|\*)|function \w+ ?\("
    r"|type [A-Z]\w* [A-Z]\w*\s*\Z|(?:\w+ = )?(?:await|yield(?: from)?) |-{5}(?:BEGIN|END) "
    r"|export (?:const|default|async) |(?:public|private|protected|virtual|static|final|abstract)"
    r" (?:static|final|class|void|int|bool|const)\b)"
)
# What stands in code alone, by a sign that is looked for first: most lines have none.
_SIGNS: Final = tuple(
    (sign, re.compile(form).search)
    for sign, form in (
        ("_", r"(?:[=:]|\|) ?_[A-Za-z]\w*[A-Za-z0-9]\b(?!_)"),
        ("const ", r"\bconst [\w:]"),
        ("0x", r"\b0x[0-9A-Fa-f]{2}"),
        ("{{", r"\{\{[-. $]"),
        ("&&", r"&&"),
        ("=>", r"\) => |=> [({]"),
        (");", r"\);"),
        ("operator", r"\boperator[=<>+*/\[(&|!-]"),
        ("<", r"<(?<=\w<)[A-Z]\w*[<,>]"),
        ("[", r"\[(?<=\w\[)[A-Za-z_]\w*[\[,]"),
        ("==", r"\w [!=]== ?\w"),
        ("->", r"->(?<=\w->)\w"),
        ("::", r"::(?<=\w::)\w"),
        (":=", r":=(?<=\w :=) \w"),
        ("\t", r"^\t+(?:case|return|if|var) "),
    )
)
_CALL: Final = re.compile(r"\w\(\)|[a-z]_\w+\(|\b[a-z]+[A-Z]\w*\(")
# Two parameters with their types: `GLenum mode, GLsizei count`.
_MORE: Final = re.compile(r", (?:[A-Z]{2}|un|int|bo|co)")
_PARAMETERS: Final = re.compile(
    r"\b[A-Z]{2,}[a-z]\w+ [&*]?\w+, (?:[A-Z]{2,}[a-z]\w+|[A-Z]{2,}|(?:un|int|bo|co)\w+) "
)
_TRAILING: Final = re.compile(r"\S[ \t]{2,}(?://|#)[ \t]|(?:^|[\s;,(])/\*")
_PROSE: Final = re.compile(
    r"(?<![\w.(])(?!for \w+ in [(\[])"
    r"[a-z\u00df-\u00ff]{1,24}(?: [a-z\u00df-\u00ff]{1,24}){2}(?![\w.(=])"
)
_REMARK: Final = re.compile(r"(?:^|\s)(?:#|//+|/?\*+|--|;+)(?=\s|$)|//|/\*")
_QUOTE: Final = re.compile(r"[\"`\u201c\u201d]|(?<!\w)'|'(?!\w)")


def line_of(text: str, start: int) -> int:
    """Give where a line begins, or how far back it is read."""
    least = start - _BACK if start > _BACK else 0
    return max(least, text.rfind("\n", least, start) + 1)


def in_statement(line: str) -> bool:
    """Tell whether a line is a statement of a program, or has what only these have."""
    if _STATEMENT.match(line) is not None:
        return True
    for sign, search in _SIGNS:
        if sign in line and search(line) is not None:
            return True
    if ", " in line and _MORE.search(line) is not None and _PARAMETERS.search(line) is not None:
        return True
    return "(" in line and _has_call(line)


def _has_call(line: str) -> bool:
    """Tell whether a function is called; most brackets have no word right before them."""
    at = line.find("(")
    while at >= 0:
        before = line[at - 1 : at]
        if before.isalnum() or before == "_":
            return _CALL.search(line) is not None
        at = line.find("(", at + 1)
    return False


def in_trailing_remark(before: str) -> bool:
    """Tell whether a remark has begun behind code: `count += 1  # ...`, `GC /* ...`."""
    return ("//" in before or "#" in before or "/*" in before) and _TRAILING.search(
        before
    ) is not None


def in_remark(before: str) -> bool:
    """Tell whether a remark has begun."""
    return _REMARK.search(before) is not None


def in_quotes(before: str) -> bool:
    """Tell whether a quotation has begun and not ended."""
    mark = ""
    for each in _QUOTE.finditer(before):
        if not mark:
            mark = each[0]
        elif each[0] == mark:
            mark = ""
    return bool(mark)


def is_prose(before: str) -> bool:
    """Tell whether three plain words follow each other, as they seldom do in code."""
    return _PROSE.search(before) is not None
