"""Tells whether a name stands in a line of code, from its beginning to just behind the name.

What comes later does not count: a stream has not seen it yet. Most lines have no sign of code, so
each sign is looked for before the expression that says what is around it.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(
    r"\s*(?:#|//|/\*|@\w[\w.]*(?:\(|\s*\Z)|>>>|\.\.\.|[rbuf]?(?:\"{3}|'{3}))|\s+\*"
)
_CODE_BEGINS = re.compile(
    r"\s*(?:def|class|import|from \S+ import|return|raise|assert|elif|else:|except)\b"
    r"(?! (?:\w+ )?(?:to|from|of|in|on|at|by|for|the|a|an|and|with|my|your|his|her|our|their)\b)"
)
_IMPORT = re.compile(r"\s*from [a-z_.][\w.]* import ")
_QUOTES = ('"""', "'''")
_BEGINNINGS = (
    *("#", "//", "/*", "@", ">>>", "...", "*", "def", "class", "import", "from ", "return"),
    *("raise", "assert", "elif", "else:", "except"),
    *(prefix + quotes for quotes in _QUOTES for prefix in ("", "r", "b", "u", "f")),
)
"""One of these is where a line begins as a comment, or with a word of a language."""

_FIRST_LETTERS = frozenset(each[0] for each in _BEGINNINGS)
_CODE_ENDS = re.compile(
    r"\{\s*\Z|^\s*(?:(?:private|public|protected|static|final|const|let|var|new|use|using|package"
    r"|return|struct|typedef|namespace|delete|throw|extern|export|mod|pub) \S.*|\S+ \S+);\s*\Z"
)
_PROSE = re.compile(
    r"(?<![\w.(])[a-z\u00df-\u00ff]{1,24}(?: [a-z\u00df-\u00ff]{1,24}){2}(?![\w.(=])"
)
_ADDRESSES = ("@", "://", "www.")
_SIGNS = tuple(
    (sign, re.compile(around).search)
    for sign, around in (
        ("=", r"=(?:(?<=[:=!<>]=)|(?<=\w =))"),
        ("(", r"\((?:(?<=[\w!]\()|\*\w|typename )"),
        ("_", r"_(?<=\w_)\w"),
        ("<", r"<(?:-|typename )"),
        (">", r">(?<=->)"),
        ("|", r"\|\| "),
        ("&", r"&& "),
        (":", r"::"),
        ("case ", r"case (?<=\bcase )[\"'\w.-]+:"),
        (" #", r"\S[ \t]{2,}#\s"),
        ("\t#", r"\S(?:[ \t]{2,}|\t)#\s"),
        ("/", r"//(?:(?<=[;,{})\]|&]//)|(?<=[;,{})\]|&] //))\s"),
        ("{", r"\{[A-Z]\w*: \w"),
        ("unsigned ", r"unsigned (?<=\bunsigned )(?:int|long|char|short)\b"),
        ("void ", r"^(?:\w+ )?void (?:\w*[a-z][A-Z_]|[A-Z]{3,}\b)"),
    )
)
"""What a sign of code has around it; one letter is soonest found."""

_HUMP_AT_END = re.compile(r"\b[a-z]+[A-Z]\w*\Z")
_CODE_DOTS = re.compile(r"\.(?<=\w\.)[A-Za-z_]\w+\.[A-Za-z_]\w")
_BEHIND = re.compile(r"[^\s\w]* ?[^\s\w]*")
_LINE = 200
_BEYOND = 60


def in_code(text: str, start: int, end: int) -> bool:
    """Tell whether what stands there is in a line that looks like code."""
    least = start - _LINE if start > _LINE else 0
    first = text.rfind("\n", least, start) + 1 or least
    if end + 1 < len(text) and text[end] == " " and text[end + 1].isalnum():
        return _is_code(text[first : end + 1])
    behind = _BEHIND.match(text, end, end + _BEYOND)
    return _is_code(text[first : behind.end() if behind is not None else end])


def _is_code(line: str) -> bool:
    """Tell whether a line is written like code; most have no sign of it and are not read twice."""
    if "@" in line or ("/" in line and "://" in line) or "www." in line:
        line = _without_addresses(line)
    begin = line.lstrip()
    begins = begin[:1] in _FIRST_LETTERS and begin.startswith(_BEGINNINGS)
    if begins and (_COMMENT.match(line) is not None or _IMPORT.match(line) is not None):
        return True
    ends = line.rstrip()[-1:] in {";", "{"} and _CODE_ENDS.search(line) is not None
    if (ends or (begins and _CODE_BEGINS.match(line) is not None)) and _PROSE.search(line) is None:
        return True
    return (_may_have_signs(line) and _has_signs(line)) or (
        line.count(".") > 1 and _CODE_DOTS.search(line) is not None
    )


def _without_addresses(line: str) -> str:
    """Leave mail addresses and those of the web out: their dots and signs are not of code."""
    for sign in _ADDRESSES:
        at = line.find(sign)
        while at >= 0:
            first, behind = line.rfind(" ", 0, at) + 1, line.find(" ", at)
            last = behind if behind >= 0 else len(line)
            if "." in line[first:last]:
                line = line[:first] + line[last + 1 :] if behind >= 0 else line[: max(0, first - 1)]
                at = line.find(sign, first)
            else:
                at = line.find(sign, last)
    return line


def _may_have_signs(line: str) -> bool:
    """Tell at little cost that most lines have none of the signs of code."""
    return (
        "(" in line
        or "=" in line
        or "_" in line
        or "<" in line
        or "{" in line
        or "#" in line
        or (":" in line and ("::" in line or "case " in line))
        or (">" in line and "->" in line)
        or ("/" in line and "//" in line)
        or ("|" in line and "|| " in line)
        or ("&" in line and "&& " in line)
        or "unsigned " in line
        or "void " in line
    )


def _has_signs(line: str) -> bool:
    for sign, search in _SIGNS:
        if sign in line and search(line) is not None:
            return True
    return " (" in line and _calls(line)


def _calls(line: str) -> bool:
    """Tell whether a word as `globalTop` stands before a bracket, with a blank between."""
    before = line.split(" (")[:-1]
    return any(_HUMP_AT_END.search(part.rpartition(" ")[2]) is not None for part in before)
