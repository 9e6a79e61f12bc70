"""Refuses what only looks like a name, and mends where a name begins and ends.

The tagger sees nine words; these rules see the line. They exist because code, logs and forms are
not prose: `AUTH`, `maxsize` and `Point2D` are written like names and are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from muniment.detect.detectors.names.code_words import is_of_code, is_technical, is_titled
from muniment.detect.detectors.names.firms import TRADE_BEHIND
from muniment.detect.detectors.names.lines import in_code
from muniment.detect.detectors.names.ordinary import is_ordinary
from muniment.detect.models import Finding

_CODE_BEFORE = frozenset("_\\@$~`/|}")
_BLANK, _BLANK_OR_COLON = frozenset(("", " ", "\t", "\n")), frozenset(" \t:")
_CODE_AFTER = frozenset("_\\@[({=")
_OPERATORS, _SIGNS = frozenset("<>&|"), frozenset("+-*/%!~^")
_MARKS = _OPERATORS | _SIGNS
_FIELD_GOES_ON = frozenset(" \t*[|&^+-/=uif")
# A type behind a field, or what is assigned to it: `Port     uint16`, `TCIOFLUSH   = 0x3`.
_FIELD = re.compile(
    r"[ \t]{1,16}(?:\*|\[\d*\])*(?:u?int(?:8|16|32|64|ptr)|float(?:32|64))\b"
    r"|[ \t]{0,40}[|&^+\-*/]?=[ =]"
    r"|[ \t]{2,16}(?:\*|\[\d*\])*(?:string|bool|byte|error|int|rune)\b|:(?:[ \t]{2}| [\"'`\[{(])"
)
_HEX_NUMBER = re.compile(r"(?=.*\d)(?=.*[A-F])[0-9A-F]{4}")
_INDENT, _DEEPEST = re.compile(r"(?:^|\n)\t+\Z"), 24
_NOT_IN_NAMES = frozenset("<>{}[]=\\;|`")
_LAST_HUMP = re.compile(r"[A-Za-z]*(?:[a-z]|[A-Z]{2})([A-Z][a-z]+)\d*")
_HUMPS_OF_CODE_TEXT = """
Reader Writer Error Exception Handler Jar Decoder Encoder Factory Manager Base Mixin Type Spec Test
Service Client Server Object Class Node List Map Set Parser Builder Config Context Event Field File
Filter Impl Info Item Iterator Key Listener Loader Lock Model Module Option Path Policy Pool Proxy
Queue Request Response Result Session State Stream String Record Status Index Size Count Mode Flag
Code Attr Ref Ptr Arg Param Kind Buffer Entry Header Format Label Callback Method Function Scope
Vector Array Tuple Int Bool Table Task Thread Token Util Value Var View Warning Worker
"""
_HUMPS_OF_CODE = frozenset(_HUMPS_OF_CODE_TEXT.split())
_QUOTES = frozenset("\"'\u2018\u2019\u201c\u201d>;,")
_POSTAL = re.compile(r"(\d{4,5}(?:-\d{3,4})?|\d{4} [A-Z]{2}) ([A-Z\u00c0-\u00de][^\W\d_]{2,})")
_ONE_WORD_ADDRESS = re.compile(
    r"\d{4,5}(?:-\d{3,4})?|[^\W\d_]{5,}(?:stra\u00dfe|strasse|gasse|weg)"
)
_PARTICLE_WORDS = ("von", "van", "vom", "bin", "ibn", "zu", "ter", "ten")
_PARTICLES = re.compile(
    rf" (?:{'|'.join(_PARTICLE_WORDS)})(?: (?:der|den|de|het))?"
    r" [A-Z\u00c0-\u00de][^\W\d_]+(?:[-'][^\W\d_]+)?"
)
_PARTICLES_BEGIN = tuple(f" {word} " for word in _PARTICLE_WORDS)
_LAST_WORD = re.compile(r"[\s:;,]+([^\W\d_]+)\Z")
_FIRST_WORD = re.compile(r"(?:di|da|de|a|in|im|en|em|te|zu) (?=[A-Z\u00c0-\u00de])")
_TITLES_TEXT = """
Mr Mrs Ms Miss Mx Dr Prof Professor Sir Dame Lord Lady Pope Captain Capt Col Colonel Gen General Sgt
Sergeant Lt Lieutenant Major Judge Justice Senator Sen Rep Gov Governor Mayor President Chancellor
Minister Father Sister Brother Uncle Aunt Nurse Coach Rev Bishop Herr Frau Herrn Zeuge Zeugin
Familie Onkel Tante Monsieur Madame Mme Mlle Maître Señor Señora Sr Sra Senhor Senhora Signor
Signora Sig Dott Avv Ing Meneer Mevrouw Dhr Mevr
"""
_TITLES = frozenset(_TITLES_TEXT.split())
_SMALL_FIRST = re.compile(
    r"(?:(?:di|de|du|des|del|della|da|do|dos|das|der|die|das|den|dem|la|le|les|el|los|las|of|the|and"
    r"|at|in|und|et|y|e|van|het|een|a|an|to|for)(?: |\Z))+"
)
_FOUR_DIGITS = re.compile(r"\d{4}")
_TWO_LETTERS = re.compile(r" ([A-Z]{2})(?= [A-Z\u00c0-\u00de][a-z])")
_TWO_CAPITALS = re.compile(r" [A-Z]{2}")
# The rest of a number with two ends or a letter, behind the number and before it: `12-14`, `12/A`.
_NUMBER_GOES_ON = re.compile(r"(?:[-\u2013/]\d{1,4}[A-Za-z]?|/[A-Za-z])(?![\w/-])")
_NUMBER_BEGAN = re.compile(r"(?<![\w/-])\d{1,5}[A-Za-z]?[-\u2013/]\Z")
_LONGEST_NUMBER = 8
_BETWEEN_NAMES = frozenset(
    (" ", "-", " de ", " da ", " do ", " di ", " du ", " dos ", " das ", " del ", " le ", " el ")
)
_MOST_BETWEEN = max(map(len, _BETWEEN_NAMES))
_NAMED = frozenset({"PERSON", "ORGANIZATION", "LOCATION"})
_DOTTED = re.compile(r"[a-z_]\.(?!(?:com|org|net|io|ai|co|de|fr|uk)\b)[a-z]")
# Each word has one capital, or is one letter with a dot; `goto L2` and `LATIN LETTER` are not so.
_ALL_CAPITAL = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_]*[^\WA-Z\d_].*|[A-Z]\.?[ .].*")
_TINY, _MOST_OF_TINY = re.compile(r"[a-z]{1,3}(?: and| or)?"), 7
_SURE_TITLE, _SURE_SMALL, _SURE_PLACE = 0.75, 0.97, 0.84
_ENDS_SENTENCE = frozenset({"", "\n", ".", "!", "?"})
_NO_TITLES = frozenset(
    (
        *("network", "program", "programme", "payroll", "qa", "it", "hr", "office", "sales"),
        *("data", "team", "project", "product", "business", "lab", "service", "customer", "night"),
        *("support", "security", "research", "account", "accounts", "test", "system", "systems"),
        *("software", "web", "quality", "risk", "customer care", "senior", "junior", "chief"),
        *("staff", "head", "lead", "general", "shift"),
    )
)
"""Parts of titles that alone are none."""

_BIG = re.compile(r"[A-Z\u00c0-\u00de]")


def may_stand(
    text: str,
    kind: str,
    start: int,
    end: int,
    score: float,
    *,
    known: bool,
    single: bool,
    coded: bool = True,
) -> bool:
    """Tell whether a name may stand where it is; what refuses most, and at least cost, is first.

    A list has one of its words where it is known. A line that is one of code refuses it, unless
    that is not to be `coded`.
    """
    value = text[start:end]
    if is_ordinary(text, kind, start, end, score):
        return False
    if kind == "STREET_ADDRESS":
        return (
            _is_address(value)
            and not _is_refused(text, value, kind, start, end, score, known=known)
            and not _is_among_numbers(text, start, end)
            and not (coded and _is_doubtful_address(value) and in_code(text, start, end))
        )
    if single and kind == "LOCATION" and score < _SURE_PLACE:
        before = text[start - 4 if start > 4 else 0 : start].rstrip(" ")[-1:]
        if before in _ENDS_SENTENCE:
            return False
    elif single and not known and not _written_like_a_name(text, start, end, value):
        if kind != "ORGANIZATION" or score < 0.9:
            return False
    elif known and (
        (text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES)
        or not (single or kind == "JOB_TITLE" or _ALL_CAPITAL.fullmatch(value) is None)
    ):
        return not _is_refused(text, value, kind, start, end, score, known=known)
    refused = _is_refused(text, value, kind, start, end, score, known=known)
    return not refused and not (coded and in_code(text, start, end))


def _is_refused(
    text: str, value: str, kind: str, start: int, end: int, score: float, *, known: bool
) -> bool:
    """Tell whether something is no name for what it is made of, or for what touches it."""
    if _touches_code(text, start, end, kind):
        return True
    if kind == "JOB_TITLE" and (score < _SURE_TITLE or value.lower() in _NO_TITLES):
        return True
    if is_titled(value):
        return is_technical(value, kind, known=known)
    if value.isupper() and value.isascii() and value.isalnum():  # no marks or humps
        return is_of_code(value, kind, score, known=known)
    return (
        _is_too_weak(value, kind, score)
        or not _NOT_IN_NAMES.isdisjoint(value)
        or _has_hump_of_code(value)
        or is_of_code(value, kind, score, known=known)
    )


def _is_too_weak(value: str, kind: str, score: float) -> bool:
    """Tell whether this is a small word nobody is sure of, a path of code, or a tiny small word."""
    if kind not in _NAMED:
        return False
    if kind == "ORGANIZATION" and value.islower() and score < _SURE_SMALL:
        return " " not in value
    if "." in value and _DOTTED.search(value) is not None:
        return True
    if len(value) <= _MOST_OF_TINY and _TINY.fullmatch(value) is not None:
        return True
    return not value[:1].isalpha() and not any(letter.isalpha() for letter in value)


def _has_hump_of_code(value: str) -> bool:
    """Tell whether a word ends as the classes of programs do: `StreamReader`."""
    if " " in value or value.islower() or value.isupper():
        return False
    hump = _LAST_HUMP.fullmatch(value)
    return hump is not None and (
        hump[1] in _HUMPS_OF_CODE or (hump[1][-1] == "s" and hump[1][:-1] in _HUMPS_OF_CODE)
    )


def _touches_code(text: str, start: int, end: int, kind: str) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _CODE_BEFORE or after in _CODE_AFTER:
        return True
    if before == "." and start > 1 and text[start - 2].islower():
        return True
    if after in _BLANK_OR_COLON:
        behind = text[end + 1 : end + 2]
        return (after == ":" and behind == ":") or (
            before in _BLANK and behind in _FIELD_GOES_ON and _is_field(text, start, end, after)
        )
    if after == ".":
        return text[end + 1 : end + 2].isalnum() and kind != "STREET_ADDRESS"
    return after in _MARKS and _is_overloaded(text[start:end], kind, after)


def _is_field(text: str, start: int, end: int, after: str) -> bool:
    """Tell whether a word begins the line of a field, behind which its type or value stands."""
    if " " in text[start:end]:
        return False
    field = _FIELD.match(text, end)
    return field is not None and (
        after != ":" or _INDENT.search(text, max(0, start - _DEEPEST), start) is not None
    )


def _is_overloaded(value: str, kind: str, after: str) -> bool:
    """Tell whether this is an operator that C++ gives a meaning: `operator<`, `operator--`."""
    return (kind == "JOB_TITLE" and after in _OPERATORS) or (
        after in _SIGNS and value.endswith("operator")
    )


def _is_address(value: str) -> bool:
    if len(value.split()) == 1:
        return _ONE_WORD_ADDRESS.fullmatch(value) is not None
    return any(letter.isdigit() for letter in value) or value[:1].isupper()


def _is_among_numbers(text: str, start: int, end: int) -> bool:
    """Tell whether a number stands in a row of such as `6A5F`."""
    return any(
        _HEX_NUMBER.fullmatch(beside) is not None
        for beside in (text[max(0, start - 5) : start - 1], text[end + 1 : end + 5])
    )


def _is_doubtful_address(value: str) -> bool:
    """Tell whether an address has no number of its own."""
    return not any(word[:1].isdigit() for word in value.split(" "))


def _written_like_a_name(text: str, start: int, end: int, value: str) -> bool:
    """Tell whether a single unknown word has one capital, or is alone behind a label."""
    if value[:1].isupper() and value[1:].islower() and len(value) > 2:
        return True
    labelled = text[start - 2 : start] == ": " and text[end : end + 1] in {"", "\n"}
    return (labelled and len(value) > 2) or _is_double(value) or "'" in value


def _is_double(value: str) -> bool:
    """Tell whether a word has a hyphen, and letters alone of which some are small."""
    parts = value.split("-")
    return (
        len(parts) > 1 and all(parts) and value.replace("-", "").isalpha() and not value.isupper()
    )


def mended(text: str, found: list[Finding]) -> list[Finding]:
    """Mend the ends of names: words beside them, postal codes with a town, names in two parts."""
    result: list[Finding] = []
    for each in found:
        for part in _mended(text, each, text[each.start : each.end]):
            if result and _belongs(text, result[-1], part):
                result[-1] = replace(result[-1], end=part.end)
            elif not result or part.start >= result[-1].end:
                result.append(part)
    return result


def goes_on_to(text: str, end: int) -> int:
    """Give how far a name whose last word ends here may be mended, whatever else it is made of."""
    if text[end : end + 1] in {"'", "\u2019"}:
        end += 2
    if text[end : end + 1] == ".":
        end += 1
    if text[end : end + 1] != " ":
        number = _NUMBER_GOES_ON.match(text, end)
        return end if number is None else number.end()
    more = [form.match(text, end) for form in (_PARTICLES, _TWO_CAPITALS, TRADE_BEHIND)]
    return max((found.end() for found in more if found is not None), default=end)


def _mended(text: str, each: Finding, value: str) -> Sequence[Finding]:
    if each.type == "PERSON":
        return _person(text, each, value)
    if each.type == "LOCATION":
        return _place(each, value)
    if each.type == "ORGANIZATION":
        return _firm(each, value)
    if each.type == "STREET_ADDRESS":
        parts = _POSTAL.fullmatch(value)
        if parts is not None and parts[2] != "Broadway":
            town = each.start + parts.start(2)
            return (replace(each, end=each.start + parts.end(1)), _town(each, town))
        return (_with_whole_numbers(text, _with_letters(text, each)),)
    return (each,)


def _person(text: str, each: Finding, value: str) -> Sequence[Finding]:
    """Leave out how a person is addressed and what is said of them, and take particles in."""
    if value.removesuffix(".") in _TITLES:
        return ()
    if not _has_capital(value):
        return (each,)
    start, end = each.start, each.end
    if not value.isalpha():
        start += _addressed(value)
        end = _without_small_words(text, start, end)
    if text.startswith(_PARTICLES_BEGIN, end):
        more = _PARTICLES.match(text, end)
        end = more.end() if more is not None else end
    return (_between(each, start, end),)


def _place(each: Finding, value: str) -> Sequence[Finding]:
    """Leave out the small words before and behind a place."""
    if value.isalpha() or not _has_capital(value):
        return (each,)
    first = _FIRST_WORD.match(value)
    start = first.end() if first is not None else 0
    end = _without_small_words(value, start, len(value))
    return (_between(each, each.start + start, each.start + end),)


def _has_capital(value: str) -> bool:
    return "A" <= value[:1] <= "Z" or _BIG.search(value) is not None


def _without_small_words(text: str, start: int, end: int) -> int:
    """Give where a name ends without the words in small letters that are its last."""
    last = _LAST_WORD.search(text[start:end])
    while last is not None and last[1].islower():
        end = start + last.start()
        last = _LAST_WORD.search(text[start:end])
    return end


def _between(each: Finding, start: int, end: int) -> Finding:
    return each if (start, end) == (each.start, each.end) else replace(each, start=start, end=end)


def _addressed(value: str) -> int:
    """Give how many characters at the beginning only say how somebody is addressed."""
    title, _, name = value.partition(" ")
    if name and title.removesuffix(".") in _TITLES and _BIG.match(name) is not None:
        return len(title) + 1
    return 0


def _firm(each: Finding, value: str) -> Sequence[Finding]:
    """Leave articles and the like before a firm out; such words alone are none."""
    small = _SMALL_FIRST.match(value)
    if small is None:
        return (each,)
    return (replace(each, start=each.start + small.end()),) if small.end() < len(value) else ()


def _with_letters(text: str, each: Finding) -> Finding:
    """Take the letters of a postal code in, where its four digits stand before them."""
    if _FOUR_DIGITS.fullmatch(text, each.start, each.end):
        letters = _TWO_LETTERS.match(text, each.end)
        if letters is not None:
            return replace(each, end=letters.end(1))
    return each


def _with_whole_numbers(text: str, each: Finding) -> Finding:
    """Take all of a number in of which an address holds one end: `263-265`, `12/A`."""
    start, end = each.start, each.end
    if text[end - 1].isdigit():
        more = _NUMBER_GOES_ON.match(text, end)
        end = end if more is None else more.end()
    if text[start].isdigit():
        began = _NUMBER_BEGAN.search(text, max(0, start - _LONGEST_NUMBER), start)
        start = start if began is None else began.start()
    return _between(each, start, end)


def _town(each: Finding, start: int) -> Finding:
    return replace(each, type="LOCATION", start=start)


def _belongs(text: str, one: Finding, other: Finding) -> bool:
    """Tell whether two neighbours are one person: with a blank between, or as `Last, First`."""
    if one.type != "PERSON" or other.type != "PERSON" or other.start - one.end > _MOST_BETWEEN:
        return False
    between = text[one.end : other.start]
    if between in _BETWEEN_NAMES:
        return True
    alone = text[one.start - 1 : one.start] in {"", "\n"} and text[other.end : other.end + 1] in {
        "",
        "\n",
    }
    return between == ", " and alone and " " not in text[one.start : one.end]
