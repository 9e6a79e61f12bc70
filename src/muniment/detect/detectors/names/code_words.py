"""Tells what is written like a name and is of code: a class, a range of letters, a hex number."""

from __future__ import annotations

import re

# Humps as in `FormatParagraph` and `testInsert`; `McDonald`, `LaToya` and `DiCaprio` are people.
_HUMPS = re.compile(r"[A-Z]?[a-z]{3,}[A-Z]|[A-Z]{3,}[a-z]{2,}")
# What is left of `[A-Za-z0-9]` and `[eE]`, and a number in hex.
_OF_FORMS = re.compile(r"(?:^|.*\W)(?:z?A-Z|A?-?Za-z|a-z|eE|0x[0-9A-Fa-f]+)(?:$|\W|[0-9a]).*")
# `subprocess.PIPE`, `operator import`, and what is left of `"Franck", "Albert"` and of `b'S`.
_OF_LINES = re.compile(r"(?<!\w)[a-z_]\w*\.[A-Z]|\bimport\Z|[\"'], [\"']|\A[bru][\"']")
_WORD = re.compile(r"[^\W\d_]{3}")
# Words of programming languages, which are no names wherever they stand.
_KEYWORDS = frozenset(
    (
        *("var", "const", "chan", "goto", "func", "struct", "enum", "typename", "typedef", "elif"),
        *("nullptr", "bool", "boolean", "sizeof", "endif", "ifdef", "ifndef", "namespace", "argv"),
        *("argc", "stdin", "stdout", "stderr", "uintptr", "uint", "uint8", "uint16", "uint32"),
        *("uint64", "int8", "int16", "int32", "int64", "float32", "float64", "char", "elem"),
        *("elems", "malloc", "printf", "errno", "constexpr", "noexcept", "lambda", "impl", "fn"),
        *("regex", "regexp", "async", "await", "instanceof", "typeof", "undefined", "redistributions"),
    )
)
# `&Attrs`, `case '-r`, and a letter or a number of its own beside another: `R,E`.
_SIGNS = re.compile(r"(?:^| )&+\w|[\"']-|\b\w,\w\b")
# A letter and a digit as in `Src2Ty`, `IPv4` and `Line0`; those of postal codes are capitals.
_DIGIT_INSIDE = re.compile(r"[a-z]\d(?!(?:st|nd|rd|th)\b)")
_LICENCES = re.compile(r"GNU(?: C)?(?: Library)?|(?:GNU )?(?:Lesser )?General Public(?: License)?")
_HEADER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*){2,}|X-[A-Z][A-Za-z-]*")
_TINY = re.compile(r"[a-z]{1,3}")
_SURE_PLACE, _SURE_SMALL = 0.8, 0.75


def is_of_code(value: str, kind: str, score: float, *, known: bool) -> bool:
    """Tell whether a value is no name by the way it is written; `known` words are of a list."""
    plain = value.replace(" ", "").isalpha() and "eE" not in value and "import" not in value
    if not plain and (_OF_FORMS.fullmatch(value) or _OF_LINES.search(value)) is not None:
        return True
    if _is_of_language(value, kind, known=known):
        return True
    if kind == "LOCATION" and value.islower() and " " not in value and score < _SURE_SMALL:
        return True
    if "  " in value and (kind == "STREET_ADDRESS" or not known):
        return True
    if kind == "STREET_ADDRESS":
        return ", " in value and _WORD.search(value) is None
    if kind == "NRP":
        return _TINY.fullmatch(value) is not None
    single = not known and kind in {"PERSON", "LOCATION"} and " " not in value
    return single and _is_humped(value, kind, score)


def _is_of_language(value: str, kind: str, *, known: bool) -> bool:
    """Tell whether a value has a word of a language, or of the licences that stand in all code."""
    if not _KEYWORDS.isdisjoint(value.lower().split(" ")):
        return True
    if _LICENCES.fullmatch(value) is not None:
        return True
    if value.replace(" ", "").isalpha():
        single = " " not in value and not known
        return single and value[0].islower() and not value.islower()  # `globalTop`
    if _SIGNS.search(value) is not None:
        return True
    if kind in {"PERSON", "LOCATION", "STREET_ADDRESS"} and _DIGIT_INSIDE.search(value):
        return True
    return kind == "ORGANIZATION" and not known and _HEADER.fullmatch(value) is not None


def _is_humped(value: str, kind: str, score: float) -> bool:
    """Tell whether a word that no list knows is a class, or a constant that seems a place."""
    constant = kind == "LOCATION" and value.isupper() and score < _SURE_PLACE
    return constant or _HUMPS.search(value) is not None
