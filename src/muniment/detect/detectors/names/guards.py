"""Refuses what only looks like a name, and mends where a name begins and ends.

The tagger sees nine words; these rules see the line. They exist because code, logs and forms are
not prose: `AUTH`, `maxsize` and `Point2D` are written like names and are none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from muniment.detect.detectors.names.code_words import is_of_code
from muniment.detect.detectors.names.firms import TRADE_BEHIND
from muniment.detect.models import Finding

_CODE_BEFORE = frozenset("_\\@$~`/|}")
_BLANK, _BLANK_OR_COLON = frozenset(("", " ", "\t", "\n")), frozenset(" \t:")
_CODE_AFTER = frozenset("_\\@[({=")
_OPERATORS, _SIGNS = frozenset("<>&|"), frozenset("+-*/%!~^")
# A type behind a field, or what is assigned to it: `Port     uint16`, `TCIOFLUSH   = 0x3`.
_FIELD = re.compile(
    r"[ \t]{1,16}(?:\*|\[\d*\])*(?:u?int(?:8|16|32|64|ptr)|float(?:32|64))\b"
    r"|[ \t]{0,40}[|&^+\-*/]?=[ =]"
    r"|[ \t]{2,16}(?:\*|\[\d*\])*(?:string|bool|byte|error|int|rune)\b|:(?:[ \t]{2}| [\"'`\[{(])"
)
_HEX_NUMBER = re.compile(r"(?=.*\d)(?=.*[A-F])[0-9A-F]{4}")
_INDENT, _DEEPEST = re.compile(r"(?:^|\n)\t+\Z"), 24
_COMMENT = re.compile(
    r"\s*(?:#|//|/\*|@\w[\w.]*(?:\(|\s*\Z)|>>>|\.\.\.|[rbuf]?(?:\"{3}|'{3}))|\s+\*"
)
_CODE_BEGINS = re.compile(
    r"\s*(?:def|class|import|from \S+ import|return|raise|assert|elif|else:|except)\b"
    r"(?! (?:\w+ )?(?:to|from|of|in|on|at|by|for|the|a|an|and|with|my|your|his|her|our|their)\b)"
)
_IMPORT = re.compile(r"\s*from [a-z_.][\w.]* import ")
_CODE_ENDS = re.compile(
    r"\{\s*\Z|^\s*(?:(?:private|public|protected|static|final|const|let|var|new|use|using|package"
    r"|return|struct|typedef|namespace|delete|throw|extern|export|mod|pub) \S.*|\S+ \S+);\s*\Z"
)
_PROSE = re.compile(
    r"(?<![\w.(])[a-z\u00df-\u00ff]{1,24}(?: [a-z\u00df-\u00ff]{1,24}){2}(?![\w.(=])"
)
_ADDRESSES = ("@", "://", "www.")
_CODE_SIGNS = (
    *("(", "=", "_", "->", "<-", "::", "#", "//", "||", "&&", "case ", "<", "{", "unsigned "),
    "void ",
)
_CODE_WITHIN = re.compile(
    r"[\w!]\(|<-|:=|[=!<>]=|\w_\w|\w =|->|::|\S[ \t]{2,}#\s|\S\t#\s|[;,{})\]|&] ?//\s|\|\| |&& "
    r"|\bcase [\"'\w.-]+:|[<(]typename |\{[A-Z]\w*: \w|\bunsigned (?:int|long|char|short)\b|\(\*\w"
    r"|\b[a-z]+[A-Z]\w* \(|^(?:\w+ )?void (?:\w*[a-z][A-Z_]|[A-Z]{3,}\b)"
)
_NOT_IN_NAMES = frozenset("<>{}[]=\\;|`")
_CODE_WORD = re.compile(
    r"[A-Za-z]*(?:[a-z]|[A-Z]{2})(?:Reader|Writer|Error|Exception|Handler|Jar|Decoder|Encoder|Factory"
    r"|Manager|Base|Mixin|Type|Spec|Test|Service|Client|Server|Object|Class|Node|List|Map|Set|Parser"
    r"|Builder|Config|Context|Event|Field|File|Filter|Impl|Info|Item|Iterator|Key|Listener|Loader"
    r"|Lock|Model|Module|Option|Path|Policy|Pool|Proxy|Queue|Request|Response|Result|Session|State"
    r"|Stream|String|Record|Status|Index|Size|Count|Mode|Flag|Code|Attr|Ref|Ptr|Arg|Param|Kind|Buffer"
    r"|Entry|Header|Format|Label|Callback|Method|Function|Scope|Vector|Array|Tuple|Int|Bool|Table|Task"
    r"|Thread|Token|Util|Value|Var|View|Warning|Worker)s?\d*"
)
_CODE_DOTS = re.compile(r"\.[A-Za-z_]\w+(?=\.[A-Za-z_]\w)")
_BEHIND = re.compile(r"[^\s\w]* ?[^\s\w]*|\S*")
_LINE = 200
_BEYOND = 60
_QUOTES = frozenset("\"'\u2018\u2019\u201c\u201d>;,")
_POSTAL = re.compile(r"(\d{4,5}(?:-\d{3,4})?|\d{4} [A-Z]{2}) ([A-Z\u00c0-\u00de][^\W\d_]{2,})")
_ONE_WORD_ADDRESS = re.compile(
    r"\d{4,5}(?:-\d{3,4})?|[^\W\d_]{5,}(?:stra\u00dfe|strasse|gasse|weg)"
)
_PARTICLES = re.compile(
    r" (?:von|van|vom|bin|ibn|zu|ter|ten)(?: (?:der|den|de|het))?"
    r" [A-Z\u00c0-\u00de][^\W\d_]+(?:[-'][^\W\d_]+)?"
)
_LAST_WORD = re.compile(r"[\s:;,]+([^\W\d_]+)\Z")
_FIRST_WORD = re.compile(r"(?:di|da|de|a|in|im|en|em|te|zu) (?=[A-Z\u00c0-\u00de])")
_TITLE = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Pope|Captain|Capt|Col|Colonel|Gen"
    r"|General|Sgt|Sergeant|Lt|Lieutenant|Major|Judge|Justice|Senator|Sen|Rep|Gov|Governor|Mayor"
    r"|President|Chancellor|Minister|Father|Sister|Brother|Uncle|Aunt|Nurse|Coach|Rev|Bishop"
    r"|Herr|Frau|Herrn|Zeuge|Zeugin|Familie|Onkel|Tante|Monsieur|Madame|Mme|Mlle|Ma\u00eetre"
    r"|Se\u00f1or|Se\u00f1ora|Sr|Sra|Senhor|Senhora|Signor|Signora|Sig|Dott|Avv|Ing|Meneer|Mevrouw"
    r"|Dhr|Mevr)\.? (?=[A-Z\u00c0-\u00de]|\Z)"
)
_SMALL_FIRST = re.compile(
    r"(?:(?:di|de|du|des|del|della|da|do|dos|das|der|die|das|den|dem|la|le|les|el|los|las|of|the|and"
    r"|at|in|und|et|y|e|van|het|een|a|an|to|for)(?: |\Z))+"
)
_FOUR_DIGITS = re.compile(r"\d{4}")
_TWO_LETTERS = re.compile(r" ([A-Z]{2})(?= [A-Z\u00c0-\u00de][a-z])")
_TWO_CAPITALS = re.compile(r" [A-Z]{2}")
_BETWEEN_NAMES = frozenset(
    (" ", "-", " de ", " da ", " do ", " di ", " du ", " dos ", " das ", " del ", " le ", " el ")
)
_NAMED = frozenset({"PERSON", "ORGANIZATION", "LOCATION"})
_DOTTED = re.compile(r"[a-z_]\.(?!(?:com|org|net|io|ai|co|de|fr|uk)\b)[a-z]")
# Each word has one capital, or is one letter with a dot; `goto L2` and `LATIN LETTER` are not so.
_ALL_CAPITAL = re.compile(r"[A-Z\u00c0-\u00de][^\W\d_]*[^\WA-Z\d_].*|[A-Z]\.?[ .].*")
_TINY = re.compile(r"[a-z]{1,3}(?: and| or)?")
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


class Candidate(NamedTuple):
    """What may be a name: `known` says that a list has one of its words."""

    type: str
    start: int
    end: int
    score: float
    known: bool
    single: bool


def may_stand(text: str, each: Candidate) -> bool:
    """Tell whether a name may stand where it is; what refuses most, and at least cost, is first."""
    kind, start, end, score, known, single = each
    value = text[start:end]
    if kind == "STREET_ADDRESS":
        return (
            _is_address(value)
            and not _is_refused(text, each, value)
            and not _is_among_numbers(text, start, end)
            and not (_is_doubtful_address(value) and _in_code(text, start, end))
        )
    if single and kind == "LOCATION" and score < _SURE_PLACE:
        before = text[max(0, start - 4) : start].rstrip(" ")[-1:]
        return (
            before not in _ENDS_SENTENCE
            and not _is_refused(text, each, value)
            and not _in_code(text, start, end)
        )
    if single and not known and not _written_like_a_name(text, start, end):
        return (
            kind == "ORGANIZATION"
            and score >= 0.9
            and not _is_refused(text, each, value)
            and not _in_code(text, start, end)
        )
    if _is_refused(text, each, value):
        return False
    alone = single or not known or kind == "JOB_TITLE" or not _ALL_CAPITAL.fullmatch(value)
    if alone and _in_code(text, start, end):
        return text[start - 1 : start] in _QUOTES and text[end : end + 1] in _QUOTES and known
    return True


def _is_refused(text: str, each: Candidate, value: str) -> bool:
    """Tell whether something is no name for what it is made of, or for what touches it."""
    return (
        _touches_code(text, each.start, each.end, each.type)
        or _is_too_weak(each, value)
        or not _NOT_IN_NAMES.isdisjoint(value)
        or (" " not in value and _CODE_WORD.fullmatch(value) is not None)
        or is_of_code(value, each.type, each.score, known=each.known)
    )


def _is_too_weak(finding: Candidate, value: str) -> bool:
    """Tell whether this is a title nobody is sure of, a path of code, or a tiny small word."""
    if finding.type == "JOB_TITLE":
        return finding.score < _SURE_TITLE or value.lower() in _NO_TITLES
    if finding.type not in _NAMED:
        return False
    if finding.type == "ORGANIZATION" and value.islower() and finding.score < _SURE_SMALL:
        return " " not in value
    if _DOTTED.search(value) is not None or _TINY.fullmatch(value) is not None:
        return True
    return not value[:1].isalpha() and not any(letter.isalpha() for letter in value)


def _touches_code(text: str, start: int, end: int, kind: str) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _CODE_BEFORE and before:
        return True
    if after and _is_overloaded(text[start:end], kind, after):
        return True
    if after in _BLANK_OR_COLON and before in _BLANK and " " not in text[start:end]:
        field = _FIELD.match(text, end)
        if field is not None and (
            field[0][0] != ":" or _INDENT.search(text, max(0, start - _DEEPEST), start)
        ):
            return True
    if (after in _CODE_AFTER and after) or text[end : end + 2] == "::":
        return True
    if before == "." and start > 1 and text[start - 2].islower():
        return True
    return after == "." and text[end + 1 : end + 2].isalnum() and kind != "STREET_ADDRESS"


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


def _written_like_a_name(text: str, start: int, end: int) -> bool:
    """Tell whether a single unknown word has one capital, or is alone behind a label."""
    value = text[start:end]
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


def _in_code(text: str, start: int, end: int) -> bool:
    """Tell whether a line looks like code, from its beginning to just behind the name.

    What comes later does not count: a stream has not seen it yet.
    """
    first = text.rfind("\n", 0, start) + 1
    behind = _BEHIND.match(text, end, end + _BEYOND)
    line = text[max(first, start - _LINE) : behind.end() if behind is not None else end]
    return _is_code(_without_addresses(line))


def _without_addresses(line: str) -> str:
    """Leave mail addresses and those of the web out: their dots and signs are not of code."""
    if not any(sign in line for sign in _ADDRESSES):
        return line
    parts = line.split(" ")
    return " ".join(
        part for part in parts if "." not in part or not any(sign in part for sign in _ADDRESSES)
    )


def _is_code(line: str) -> bool:
    """Tell whether a line is written like code; most have no sign of it and are not read twice."""
    if _COMMENT.match(line) is not None or _IMPORT.match(line) is not None:
        return True
    ends = line.rstrip()[-1:] in {";", "{"} and _CODE_ENDS.search(line) is not None
    if (ends or _CODE_BEGINS.match(line) is not None) and _PROSE.search(line) is None:
        return True
    if any(sign in line for sign in _CODE_SIGNS) and _CODE_WITHIN.search(line) is not None:
        return True
    if line.count(".") < 2:
        return False
    dots = _CODE_DOTS.finditer(line)
    return any(each.start() and _is_of_word(line[each.start() - 1]) for each in dots)


def _is_of_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def mended(text: str, found: list[Finding]) -> list[Finding]:
    """Mend the ends of names: words beside them, postal codes with a town, names in two parts."""
    result: list[Finding] = []
    for each in found:
        if each.type == "PERSON" and _TITLE.fullmatch(f"{text[each.start : each.end]} "):
            continue
        for part in _mended(text, each):
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
        return end
    more = [form.match(text, end) for form in (_PARTICLES, _TWO_CAPITALS, TRADE_BEHIND)]
    return max((found.end() for found in more if found is not None), default=end)


def _mended(text: str, each: Finding) -> list[Finding]:
    value = text[each.start : each.end]
    if each.type == "STREET_ADDRESS":
        parts = _POSTAL.fullmatch(value)
        if parts is not None and parts[2] != "Broadway":
            town = each.start + parts.start(2)
            return [replace(each, end=each.start + parts.end(1)), _town(each, town)]
        return [_with_letters(text, each)]
    if each.type == "ORGANIZATION":
        return _firm(each, value)
    if each.type not in {"PERSON", "LOCATION"} or not _BIG.search(value):
        return [each]
    start, end = each.start, each.end
    if each.type == "PERSON":
        start += _addressed(value)
    first = _FIRST_WORD.match(value) if each.type == "LOCATION" else None
    if first is not None:
        start += first.end()
    last = None if value.isalpha() else _LAST_WORD.search(text[start:end])
    while last is not None and last[1].islower():
        end = start + last.start()
        last = _LAST_WORD.search(text[start:end])
    if each.type == "PERSON":
        more = _PARTICLES.match(text, end)
        end = more.end() if more is not None else end
    if (start, end) == (each.start, each.end):
        return [each]
    return [replace(each, start=start, end=end)]


def _addressed(value: str) -> int:
    """Give how many characters at the beginning only say how somebody is addressed."""
    match = _TITLE.match(value)
    return match.end() if match is not None and match.end() < len(value) else 0


def _firm(each: Finding, value: str) -> list[Finding]:
    """Leave articles and the like before a firm out; such words alone are none."""
    small = _SMALL_FIRST.match(value)
    if small is None:
        return [each]
    return [replace(each, start=each.start + small.end())] if small.end() < len(value) else []


def _with_letters(text: str, each: Finding) -> Finding:
    """Take the letters of a postal code in, where its four digits stand before them."""
    if _FOUR_DIGITS.fullmatch(text, each.start, each.end):
        letters = _TWO_LETTERS.match(text, each.end)
        if letters is not None:
            return replace(each, end=letters.end(1))
    return each


def _town(each: Finding, start: int) -> Finding:
    return replace(each, type="LOCATION", start=start)


def _belongs(text: str, one: Finding, other: Finding) -> bool:
    """Tell whether two neighbours are one person: with a blank between, or as `Last, First`."""
    if one.type != "PERSON" or other.type != "PERSON":
        return False
    between = text[one.end : other.start]
    if between in _BETWEEN_NAMES:
        return True
    alone = text[one.start - 1 : one.start] in {"", "\n"} and text[other.end : other.end + 1] in {
        "",
        "\n",
    }
    return between == ", " and alone and " " not in text[one.start : one.end]
