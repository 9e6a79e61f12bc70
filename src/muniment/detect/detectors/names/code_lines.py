"""Refuses what only a line of code makes look like a name: types, constants, registers, keys.

The guards look at one name and what touches it; this looks at the kind of line it stands in, and at
where in it. In a statement a name may stand in quotes or in a remark, and nowhere else.
"""

from __future__ import annotations

import re
from typing import Final

from muniment.detect.detectors.names.code_numbers import is_no_address
from muniment.detect.detectors.names.code_statements import (
    in_quotes,
    in_remark,
    in_statement,
    in_trailing_remark,
    is_prose,
    line_of,
)
from muniment.detect.detectors.names.code_terms import Candidate, is_of_logs, is_of_programs
from muniment.detect.detectors.names.firms import END_OF_FIRMS

_HINT: Final = re.compile(r"[=(){}\[\]<>*&\\/#|_\t\"'`]")
_END_OF_STATEMENT: Final = re.compile(r";(?! [a-z])")
"""A line without any of these is no code, unless the word itself is written like it."""

_QUOTES: Final = frozenset("\"'`")
_LETTERS: Final = re.compile(r"[A-Z](?: [A-Z])+")
_NUMBERED: Final = re.compile(r"[A-Z]{1,2}\d{1,2}")
_BEFORE_NUMBERED: Final = frozenset("(,[{<-|=")

# Words as `allPoolsMu`, `GLfloat` and `MachinePointerInfo`; those that leave no doubt; and two as
# `FcPublic FcBool`.
_TYPE_WORD: Final = re.compile(
    r"(?<![^\s,])(?:[a-df-hj-z][a-z]*[A-Z]\w*|(?:[A-Z][a-z0-9]+){3,}|[A-Z][a-z]+[A-Z]{2,}"
    r"|[A-Z]{1,4}(?:u?int|enum|float|double|bool|char|byte|short|string|void|size|handle)\w*"
    r"|[A-Z]{2,}[a-z]+[A-Z]\w*|[A-Z]\w*_\w*)(?![^\s,])"
)
_SURE_TYPE: Final = re.compile(r"(?<![^\s,])[a-df-hj-z][a-z]+[A-Z][a-z]+[A-Z]\w*(?![^\s,])")
_TWO_TYPES: Final = re.compile(
    r"(?:(?!Mc|Mac|De|Di|La|Le|Van|Fitz|Du|St)[A-Z][a-z]+[A-Z][a-z]\w*(?: |\Z)){2}"
)
_TYPE_BEHIND: Final = re.compile(
    r" {1,2}(?:int|void|const|struct|unsigned|char|bool|size_t|enum)\b| \*[a-z]\w*[A-Z_,);]"
)
_TYPE_BEFORE: Final = re.compile(
    r"\b(?:unsigned|const|struct|enum|typename|explicit|[A-Z]{2,}[a-z]\w*[A-Z]\w*) [*&]{0,2}\Z"
)
_TYPE_LINE: Final = re.compile(
    r"[A-Z_]{5,} (?:[a-z]\w*|[A-Z]\w*[a-z]\w*) \**\Z| {20,}\Z|\t{4,}[^\n]*\Z"
)
_EITHER: Final = re.compile(r"\w \|{1,2} \Z|[A-Z]\w* [&*]{1,2}\Z|\{\w+: \Z")
_EITHER_ENDS, _POINTERS = frozenset(("| ", ": ")), frozenset("&*")
_FIELD: Final = re.compile(r"\t+\w+(?: {2,}|\t+)[*\[\]]*|type ")
_FIELD_BEGINS: Final = frozenset("\tt")
_FIELD_FIRST: Final = frozenset(("  ", " [", " *"))
_SHORT_FIELD: Final = re.compile(r"\t+[a-z]\w{0,2} \*?")
_GENERIC: Final = re.compile(r"[a-z]\w{0,3} [A-Z]")
_ROW: Final = re.compile(r"(?:[A-Z]{2,}, ){2}\Z")
_MEMBER_OF: Final = re.compile(r"(?:\)|[a-z]\d{1,3})\.\Z")
_SAME_KEY: Final = re.compile(r"[\"']?(\w+)[\"']?: +\Z")
_TAGGED: Final = re.compile(r"\\[a-z]+ \Z")
_INDENT: Final = re.compile(r"\t+|\s*[A-Z_\d]+:\s+[\"']|(?: {4})+")
_INSIDE: Final = re.compile(r"(?:\t| {2})[^\n]*[\[({,:=]\s*[\"'`]\Z|(?:\t| {4})\s*[\"'`]\Z")
_JSON: Final = re.compile(r"[\"'][\w .-]+[\"']: ?[\"']\Z")
_BEGINS: Final = re.compile(r"[=(:,\[] ?[bru]?(?:\"{1,3}|'{1,3})\Z")
_VERB: Final = re.compile(r"(?:Set|Skip|Max|Push|Yield|Store|Save|Mark|Get|Pop)")
_VERB_BEHIND: Final = re.compile(r" (?:the|an|all|to|of|this|if|each|up|that|any)\b")


def is_of_code_line(text: str, each: Candidate) -> bool:
    """Tell whether something is no name for the line it stands in, or for how code writes it."""
    start, end = each.start, each.end
    value = text[start:end]
    if each.type == "STREET_ADDRESS":
        return is_no_address(text, value, start, end)
    if is_of_programs(text, each, value) or is_of_logs(text, each, value):
        return True
    first = line_of(text, start)
    is_plain = each.known or value.istitle() or value.islower()
    if is_plain and not _has_hint(text[first : end + 2]):
        return False
    before = text[first:start]
    return (
        _is_part_of_code(text, each, value, before)
        or (not each.known and _is_constant(text, each, value, before))
        or _is_out_of_place(text, each, value, before)
    )


def _has_hint(line: str) -> bool:
    """Tell whether a line has any sign that stands in code; two blanks are one as well."""
    return (
        _HINT.search(line) is not None
        or "  " in line
        or (";" in line and _END_OF_STATEMENT.search(line) is not None)
    )


def _is_part_of_code(text: str, each: Candidate, value: str, before: str) -> bool:
    """Tell whether what stands beside a name, or how it is written, leaves no doubt."""
    last, behind = before[-1:], text[each.end : each.end + 2]
    if behind[:1] == ";" and last in _QUOTES and behind[1:] in _QUOTES:
        return True
    if behind[:1] == "]" and last == "[" and text[each.end + 1 : each.end + 2].isalnum():
        return True
    if not each.single:
        return (_LETTERS.fullmatch(value) or _SURE_TYPE.search(value)) is not None
    if _VERB.fullmatch(value) is not None and _VERB_BEHIND.match(text, each.end) is not None:
        return True
    if last == ".":
        return _MEMBER_OF.search(before) is not None
    return last == " " and f"{value}:" in before.replace('"', "") and _is_same(value, before)


def _is_same(value: str, before: str) -> bool:
    """Tell whether a key stands before a value that is written like it: `"Thai": Thai`."""
    key = _SAME_KEY.search(before)
    return key is not None and key[1] == value


def _is_out_of_place(text: str, each: Candidate, value: str, before: str) -> bool:
    """Tell whether a line is a statement, and this stands neither in quotes nor in a remark."""
    behind = text[each.end : each.end + 2]
    trailing = in_trailing_remark(before)
    if not trailing and (not in_statement(before + value + behind) or is_prose(before)):
        return False
    alone = each.single or not each.known or each.type == "JOB_TITLE" or not value.istitle()
    if not trailing and in_quotes(before):
        quoted = before[-1:] in _QUOTES and behind[:1] in _QUOTES
        return alone and not (each.known and quoted)
    return alone or not in_remark(before)


def _is_constant(text: str, each: Candidate, value: str, before: str) -> bool:
    """Tell whether words that no list knows are a constant, a type, or a key."""
    if not each.single:
        return value.rpartition(" ")[2] not in END_OF_FIRMS and bool(
            (
                _TYPE_WORD.search(value)
                or _TWO_TYPES.fullmatch(value)
                or _GENERIC.fullmatch(value)
                or (before[-2:] == ", " and _ROW.search(before))
            )
            or (not value.istitle() and _is_behind_type(before))
        )
    behind = text[each.end : each.end + 2]
    is_numbered = _NUMBERED.fullmatch(value) is not None
    if before[-1:] in _QUOTES and behind[:1] in _QUOTES:
        return behind[1:] == ":" or (
            each.type != "PERSON"
            and (is_numbered or not value.istitle())
            and _INSIDE.match(before) is not None
            and _JSON.search(before) is None
        )
    begins = before[-1:] in _QUOTES and behind[:1] == " "
    if begins and each.type != "PERSON" and _BEGINS.search(before) is not None:
        return behind[1:].islower()
    if _is_field(before, behind):
        return True
    if is_numbered:
        return before[-1:] in _BEFORE_NUMBERED
    return not value.istitle() and _is_type(text, each, before, behind)


def _is_field(before: str, behind: str) -> bool:
    """Tell whether a word is a field of a record or its type, the first of a record, or tagged."""
    last = before[-1:]
    if last == "{":
        return behind[:1] == ","
    if last == "\t":
        return behind in _FIELD_FIRST and not before.strip("\t")
    if "\\" in before and _TAGGED.search(before) is not None:
        return True
    return before[:1] in _FIELD_BEGINS and (
        _FIELD.fullmatch(before) is not None
        or (behind[:1] in {"", "\n"} and _SHORT_FIELD.fullmatch(before) is not None)
    )


def _is_type(text: str, each: Candidate, before: str, behind: str) -> bool:
    """Tell whether a word with humps, or of capitals, is a type, an operand, or one of a list."""
    last = before[-1:]
    return (
        (not before.strip() and _TYPE_BEHIND.match(text, each.end) is not None)
        or _is_behind_type(before)
        or (
            behind[:1] != "*"
            and (before[-2:] in _EITHER_ENDS or last in _POINTERS)
            and _EITHER.search(before) is not None
        )
        or (behind == " |" and last in {" ", "\t", "{"} and "|" not in before[:2])
        or (behind.strip() in {"", ","} and _INDENT.fullmatch(before) is not None)
    )


def _is_behind_type(before: str) -> bool:
    """Tell whether a type stands right before a word, or the line begins as where types stand."""
    word = before.rstrip("*&")
    if word[-1:] == " " and _TYPE_BEFORE.search(before, before.rfind(" ", 0, len(word) - 1) + 1):
        return True
    return _TYPE_LINE.match(before) is not None
