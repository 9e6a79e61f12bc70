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
# Words of programming languages as they are written; `chan` and `elif` are also names of people.
_KEYWORDS_TEXT = """
var const goto func struct enum typename typedef nullptr bool boolean sizeof endif ifdef ifndef
namespace argv argc stdin stdout stderr uintptr uint uint8 uint16 uint32 uint64 int8 int16 int32
int64 float32 float64 char elem elems malloc printf errno constexpr noexcept impl fn regexp async
await instanceof typeof undefined fallthrough versa
"""
# What stands in texts about computers as a name would, and names nobody, no firm and no place: in
# capitals, and however it is written.
_SHORT_TEXT = """
HTTP HTTPS HTML CSS JSON YAML TOML XML SQL CSV PDF SVG PNG JPEG GIF ASCII ANSI UTF POSIX BSD AIX GNU
ELF COFF LLVM GCC JVM JIT CPU GPU ROM SSD USB PCI BIOS UEFI API ABI SDK CLI GUI ORM URL URI UUID
GUID TTY UID GID RGB SHA AES RSA HMAC SSL TLS TCP UDP DNS DHCP SSH FTP SMTP IMAP LDAP VPN WAN RPC
SOAP WSGI ASGI CGI AST LHS RHS EOF EOL CRLF SIMD FPU MMU IRQ DMA RISC CISC IPC NUL NaN NaT
"""
_TECHNICAL_TEXT = """
unicode unix linux perl fortran cobol telnet emacs regex bool boolean elem iterator dict tuple enum
cartesian gaussian jacobian urls apis uids gids oauth ipv4 ipv6 whitespace endian library
redistributions
"""
_KEYWORDS, _SHORT = frozenset(_KEYWORDS_TEXT.split()), frozenset(_SHORT_TEXT.split())
_TECHNICAL = frozenset(_TECHNICAL_TEXT.split())
# `&Attrs`, `case '-r`, and a letter or a number of its own beside another: `R,E`.
_SIGNS = re.compile(r"(?:^| )[&*]+\w|[\"'][-,]|\b\w,\w\b|\+\+|\.\w*[a-z]{3}[A-Z]")
_HEX = re.compile(r"(?=.*[A-F])[0-9A-F]{4}(?: [0-9A-F]{4})*")
_HUMPED_FIRST = re.compile(r"[A-Z]{3,}[a-z]{2,}\w* ")
_MEASURE = re.compile(r"[A-Z]-(?:[a-z]\w*|\d|[A-Z])|[A-Z], [A-Z]|(?:[A-Z]\.)+[A-Z]{1,2}")
_WITHOUT_DIGITS = frozenset(("PERSON", "LOCATION"))
_VARIABLE = re.compile(r"[a-z]\d+[A-Z]|IPv\d")
_MANY_HUMPS = re.compile(
    r"(?:[A-Z][a-z0-9]+){3,}|[A-Z]{2,}[a-z]+[A-Z]\w*"
    r"|[A-Z]{2,4}(?:u?int|enum|float|double|bool|char|byte|short|string|void|size)\w*"
)
# A letter and a digit as in `Src2Ty`, `IPv4` and `Line0`; in postal codes they are capitals.
_DIGIT_INSIDE = re.compile(r"[a-z]\d(?!(?:st|nd|rd|th)\b)")
_LICENCES = re.compile(r"GNU(?: C)?(?: Library)?|(?:GNU )?(?:Lesser )?General Public(?: License)?")
_LICENCES_BEGIN = frozenset("GL")
_HEADER = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*){2,}|X-[A-Z][A-Za-z-]*")
_TINY = re.compile(r"[a-z]{1,3}")
_SURE_PLACE, _SURE_SMALL = 0.8, 0.75


def is_titled(value: str) -> bool:
    """Tell whether each word has one capital, its first letter, and there are letters alone."""
    return value.istitle() and not value.isupper() and value.replace(" ", "").isalpha()


def is_technical(value: str, kind: str, *, known: bool) -> bool:
    """Tell of a titled value what `is_of_code` would: few things of code are written so."""
    if " " not in value:
        return value.lower() in _TECHNICAL
    apart = "  " in value and (kind == "STREET_ADDRESS" or not known)
    return apart or _LICENCES.fullmatch(value) is not None


def is_of_code(value: str, kind: str, score: float, *, known: bool) -> bool:
    """Tell whether a value is no name by the way it is written; `known` words are of a list."""
    if _is_of_lines(value) or _is_of_language(value, kind, known=known):
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


def _is_of_lines(value: str) -> bool:
    """Tell whether a value is what is left of a form, a text in quotes or an import."""
    form = "-" in value or "eE" in value or "0x" in value
    if form and _OF_FORMS.fullmatch(value) is not None:
        return True
    line = "." in value or "import" in value or "'" in value or '"' in value
    return line and _OF_LINES.search(value) is not None


def _is_of_language(value: str, kind: str, *, known: bool) -> bool:
    """Tell whether a value has a word of a language, or of the licences that stand in all code."""
    several = " " in value
    if (value in _KEYWORDS) if not several else not _KEYWORDS.isdisjoint(value.split(" ")):
        return True
    if value[:1] in _LICENCES_BEGIN and _LICENCES.fullmatch(value) is not None:
        return True
    if several and not known and _HUMPED_FIRST.match(value) is not None:
        return True
    letters = value.replace(" ", "") if several else value
    if letters.isalpha():
        return not several and _is_of_machines(value, known=known)
    return (not letters.isalnum() and _SIGNS.search(value) is not None) or _is_measure(
        value, kind, known=known
    )


def _is_measure(value: str, kind: str, *, known: bool) -> bool:
    """Tell whether what is not of letters alone is a number, a variable, a measure or a header."""
    if kind == "STREET_ADDRESS":
        return (_HEX.fullmatch(value) or _VARIABLE.search(value)) is not None
    if kind == "PERSON" and _MEASURE.fullmatch(value) is not None:
        return True
    if kind in _WITHOUT_DIGITS:
        return _DIGIT_INSIDE.search(value) is not None
    return kind == "ORGANIZATION" and not known and _HEADER.fullmatch(value) is not None


def _is_of_machines(word: str, *, known: bool) -> bool:
    """Tell whether one word is a technical one, or put together as `globalTop` and `ValBigInt`."""
    if word in _SHORT or word.lower() in _TECHNICAL:
        return True
    if known or word.islower():
        return False
    if word[0].islower():
        return word[0] not in "ei" or not word[1:2].isupper()  # `eBay` and `iRobot` are firms
    return _MANY_HUMPS.fullmatch(word) is not None


def _is_humped(value: str, kind: str, score: float) -> bool:
    """Tell whether a word that no list knows is a class, or a constant that seems a place."""
    constant = kind == "LOCATION" and value.isupper() and score < _SURE_PLACE
    return constant or _HUMPS.search(value) is not None
