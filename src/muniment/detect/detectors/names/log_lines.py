"""Tells what may be a name in a line that a program logged, by where in the line it stands.

A log is written by a program: most of its words with a capital are parts, states and settings. A
name stands there as the value of a field that is somebody's, behind a word as `for` or `by`, or as
several words of which one is known. Nothing here asks which word it is.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from muniment.detect.detectors.names.code_terms import Candidate

_BACK: Final = 2_000
"""A line is read from its beginning; a stream may not have it any more, and then refuses less."""

_LINES_BEFORE: Final = (5, 4, 3, 2, 1, 0)
_FIELDS: Final = 400
_HEAD: Final = 56
_CLOCK: Final = re.compile(r":[0-5]\d:[0-5]\d(?![\d:])")
"""The minutes and seconds of a time of day; subtitles of films have two, and an arrow."""

_NUMBERS: Final = re.compile(
    r"\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:?\d\d|\d{1,10}\.\d{3,6}[\] ]|\d{10}: |[0-9a-f]{7,40} "
    r"|\d{1,3}[smhd](?:\d{1,2}[smh])? {2,}[A-Z]"
)
_BRACKETS: Final = re.compile(
    r"\[ {0,6}\d{1,7}\.\d{3,6}\] |<\d{1,3}>\d?|%[A-Z][A-Z0-9_]*-\d-|\[[A-Z][\w-]*\] [\[A-Za-z]"
    r"|\* [0-9a-f]{7,40} |[\[(<](?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERRO?R?|FATAL?"
    r"|CRIT(?:ICAL)?|SEVERE|ALERT|PANIC|II|EE|WW|--)[\])> :|]"
    r"|\[(?:trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|alert|emerg|fatal)\]"
)
_PROCESS: Final = re.compile(r"(?:[\w.-]{1,40} )?[\w.()/-]{1,40}\[\d{1,7}\]:? ")
_WORDS: Final = re.compile(
    r"[IWEF]\d{4} \d|(?:CEF|LEEF):\d"
    r"|(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|FATAL|CRITICAL|SEVERE)[\]: |][: \[]?"
    r"|[0-9a-f]{7,40} |[a-z][\w-]{1,30}: [a-z][\w./-]{1,30}: "
    r"|\s{0,8}[A-Z][\w ]{1,30}:[ \t]{1,8}\S+ {2,8}[A-Z][\w ]{1,30}:"
    r"|(?:trce|dbug|info|warn|fail|crit|error|debug|fatal|notice): "
    r"|[a-z][\w.]*=(?:\"[^\"]*\"|[^\s\"=]+)[ ,;][a-z][\w.-]*="
)
_INDENTS: Final = frozenset(" \t")
_DIGITS: Final = frozenset("0123456789")
_MARKS: Final = frozenset("[(<%*")
_MAY_BEGIN: Final = _DIGITS | _MARKS | {"{"}
_SECOND: Final = _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""The second letter of `INFO`, `I0511` and most hashes, with which a line without a mark begins."""

_JSON_TEXT: Final = """
level severity msg ts time timestamp @timestamp logger eventname eventtype eventversion
operationname insertid reqid protopayload creationtime logname $date requesturi
"""
_JSON: Final = tuple(f'"{field}"' for field in _JSON_TEXT.split())
"""Fields of what is logged as JSON."""

_SPOKEN: Final = re.compile(
    r"[^A-Za-z\u00c0-\u024f]{0,24}(?:[ap]m\b[^A-Za-z\u00c0-\u024f]{0,8})?"
    r"[A-Z\u00c0-\u00de][a-z\u00df-\u024f'-]{1,24}(?: [A-Z\u00c0-\u00de][\w.'-]{0,24}){0,2}: (?!\d)"
)
"""A line of a talk: a time, who speaks, and what was said."""

_LEVELS: Final = re.compile(r"(?:Warn|Err|Inf|Deb|Not|Fat|Crit|Trac|Sev|Feh|Avi)\w*:", re.ASCII)
_KEY: Final = re.compile(
    r"(?P<key>[^\W\d][\w.-]{0,40})[\"'\])]{0,2}[ \t]{0,2}(?:=>|=|(?<=[\"']):|:(?=\S))[ \t]{0,12}"
    r"[\"'\[({<\\]{0,3}\Z"
    r"|(?P<label>(?:[A-Za-z]+ )?[^\W\d][\w.-]{0,40})(?: \([^()]{0,20}\))?: {0,12}\t{0,4}"
    r"[\"'\[({<\\]{0,3}\Z"
    r"|(?<![\w.-])(?P<word>[A-Za-z]\w{1,30}) [\"'<\[]{1,2}\Z"
)
_PART_OF_KEY: Final = re.compile(r"[A-Z]?[a-z\u00df-\u024f]+|[A-Z]+(?![a-z])")
_ROLES_TEXT: Final = """
person author customer contact owner member patient employee caller callee invitee assignee reviewer
sender recipient actor subscriber student driver guest holder payee signer approver committer pusher
maintainer attendee organizer organiser creator editor developer translator contributor visitor
manager kunde benutzer doctor nurse teacher agent
"""
_ROLES: Final = frozenset(_ROLES_TEXT.split())
_OF_NAMES: Final = _ROLES | frozenset(
    ("user", "full", "first", "last", "family", "given", "real", "display", "middle", "account")
)
_SOMEBODY_TEXT: Final = """
user username suser uname usrname surname fullname firstname lastname displayname realname by from
to cc client cn identity who nom nombre nome naam comment principal
"""
_SOMEBODY: Final = frozenset(_SOMEBODY_TEXT.split())
_PLACES: Final = frozenset(
    ("city", "country", "town", "location", "address", "street", "place", "l", "region", "ort")
)
_FIRMS: Final = frozenset(
    ("company", "organization", "organisation", "employer", "org", "o", "firm")
)
_CUES_TEXT: Final = """
for from by to with user customer contact member patient owner author dear hello hi mr mrs
ms dr prof between von f\u00fcr an durch kunde kundin benutzer mit frau herr liebe lieber pour par m
mme para por cliente per voor aan door van met klant
"""
_CUES: Final = frozenset(_CUES_TEXT.split())
_WEAK_CUES: Final = frozenset(("of", "and", "\u00e0", "de", "con", "a", "da", "di", "und", "et"))
_PLACE_CUES: Final = frozenset(("in", "from", "near", "at", "nach", "aus", "\u00e0", "en", "a"))
_WORD_BEFORE: Final = re.compile(r"([^\W\d_]+)\.?[ \t]\\?[\"'(<]?\Z")
_SURE, _QUITE, _RATHER, _LIKELY, _ALMOST, _FAIRLY = 0.985, 0.95, 0.9, 0.8, 0.7, 0.55
_QUOTES: Final = frozenset("'\"")
_VERB: Final = re.compile(r" (?:has|was|will|hat|wurde|ha|heeft|foi|[a-z]{3,}ed)(?!\w)")
_BIG_WORDS: Final = re.compile(r"[^\Wa-z\d_][^ \n]* ")
_OF_MORE: Final = re.compile(
    r"(?:[A-Z\u00c0-\u00de][a-z\u00df-\u024f]+ ){2}"
    r"(?:(?:of|de|des|du|der|di|do|da|dos|das|e|and|van) )?\Z"
)
"""A title goes on: `Daily Cleaning of `."""

_GOES_ON: Final = re.compile(r"[ -][A-Z\u00c0-\u00de][a-z\u00df-\u024f]")
_WENT_ON: Final = re.compile(
    r"(?:^|[^\w.])[A-Z\u00c0-\u00de][a-z\u00df-\u024f]+(?:[ -]|-[a-z]+ )\Z|\b[ODL]['\u2019]\Z"
)
_WRITTEN: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ '\u2019-]{1,2}[^\W\d_]+)+")
_ADDRESSED: Final = re.compile(
    r"(?:address|street|stra\u00dfe|adresse|direcci\u00f3n|indirizzo|home|office|ship|deliver|pick"
    r"|route)[^=:]{0,24}[=:\"' ]{0,6}\Z|\b(?:to|at|from|in|an|nach|\u00e0|en|a) \Z",
    re.IGNORECASE,
)
_OWNS: Final = ("'s ", "\u2019s ")


class Told(NamedTuple):
    """What may be a name, how sure that is, whether a list knows it, and whether it is one word."""

    type: str
    start: int
    end: int
    score: float
    known: bool
    single: bool


def is_of_log(text: str, each: Candidate, score: float) -> bool:
    """Tell whether something stands in a log, and where no name would."""
    start, end = each.start, each.end
    sure = each.known and not each.single and score >= _QUITE and each.type == "PERSON"
    if sure and _BIG_WORDS.match(text, start, end) is not None:
        return False
    first = _line(text, start)
    if first < 0 or not _is_logged(text, first, start):
        return False
    alone = each.single or " " not in text[start:end]
    return not _may_be(text, Told(each.type, start, end, score, each.known, alone), first)


def _line(text: str, before: int) -> int:
    """Give where a line begins, or less than nothing where that is too far away."""
    at = text.rfind("\n", before - _BACK if before > _BACK else 0, before)
    return at + 1 if at >= 0 or before <= _BACK else -1


def _is_logged(text: str, first: int, start: int) -> bool:
    """Tell whether a line is a program's: it begins so, or goes on with lines that do."""
    if _is_log_line(text, first, start):
        return True
    if first == 0:
        return False
    wanted = 1 if text[first : first + 1] in _INDENTS else 2
    half, line = wanted, first
    for left in _LINES_BEFORE:
        end = line - 1
        line = _line(text, end) if end > 0 else -1
        if line < 0:
            return False
        wanted -= _is_log_line(text, line, end)
        if wanted == 0:
            return True
        if left == 3 and wanted == half:
            return False
    return False


def _is_log_line(text: str, first: int, last: int) -> bool:
    """Tell whether a line begins as those of programs do, and not as what somebody says."""
    head = text[first : last if last - first < _HEAD else first + _HEAD]
    timed = ":" in head
    signed = timed or "[" in head or "=" in head
    if not (signed or head[:1] in _MAY_BEGIN or head[1:2] in _SECOND):
        return False
    clock = _CLOCK.search(head) if timed else None
    if clock is not None and "-->" not in head:
        at = clock.end()
    else:
        at = _begins(text, head, first, last)
        if at < 0:
            return False
    spoken = _SPOKEN.match(text, first + at, last)
    return spoken is None or _LEVELS.search(spoken[0]) is not None


def _begins(text: str, head: str, first: int, last: int) -> int:
    """Give where the sign of a program ends with which a line begins without a time; else -1."""
    letter = head[:1]
    if letter == "{":
        return 1 if head[1:2] == '"' and _is_json(text[first : min(last, first + _FIELDS)]) else -1
    form = _NUMBERS if letter in _DIGITS else _BRACKETS if letter in _MARKS else _WORDS
    sign = form.match(head)
    if sign is None and form is _WORDS and "[" in head:
        sign = _PROCESS.match(head)
    return sign.end() if sign is not None else -1


def _is_json(fields: str) -> bool:
    small = fields.lower()
    return any(field in small for field in _JSON)


def _may_be(text: str, told: Told, first: int) -> bool:
    """Tell whether a name of this kind may stand in this place of a line of a log."""
    value = text[told.start : told.end]
    before = text[max(first, told.start - 80) : told.start]
    if told.type == "STREET_ADDRESS":
        return not told.single and _is_addressed(before, value)
    field = _field(before)
    if told.type == "PERSON":
        return value[:1].isupper() and _may_be_person(text, told, before, field)
    if told.type == "LOCATION":
        sure = told.known and told.score >= _SURE and value.istitle()
        placed = field == "place" or (sure and not field and _cued(before, _PLACE_CUES))
        return value[:1].isupper() and placed
    if told.type == "ORGANIZATION":
        of = not told.single and (_cued(before, _CUES) or before.endswith(" of "))
        return field == "firm" or (of and not field)
    return True


def _field(before: str) -> str:
    """Say whose field a value is: a person's, place's, firm's or thing's; else nothing."""
    found = _KEY.search(before)
    if found is None:
        return ""
    key, label = found["key"] or found["label"] or found["word"], found["label"]
    parts = [part.lower() for part in _PART_OF_KEY.findall(key)]
    last = parts[-1] if parts else ""
    if last == "name":
        return "person" if len(parts) == 1 or parts[-2] in _OF_NAMES else "thing"
    if last in _PLACES or last in _FIRMS:
        return "place" if last in _PLACES else "firm"
    is_part = label is not None and " " not in label and len(parts) > 1
    if not is_part and (last in _SOMEBODY or last in _ROLES or last.removesuffix("s") in _ROLES):
        return "person"
    return "" if label is not None and not is_part else "thing"


def _is_addressed(before: str, value: str) -> bool:
    """Tell whether an address has a long word, and stands behind what says that it is one."""
    return _ADDRESSED.search(before) is not None and any(
        len(word) > 3 and word.istitle() for word in value.split()
    )


def _may_be_person(text: str, told: Told, before: str, field: str) -> bool:
    """Tell whether a person may stand here: one word needs more than several do."""
    goes_on = _GOES_ON.match(text, told.end) is not None
    beside = goes_on or _WENT_ON.search(before) is not None
    joined = beside and told.score >= (_ALMOST if told.known else _RATHER)
    single = told.single and not joined
    if field == "person":
        least = (_LIKELY if single else 0.0) if told.known else (2.0 if single else _ALMOST)
        return told.score >= least
    if single:
        return told.known and not field and _may_be_one_word(text, told, before)
    if told.known and told.score >= _FAIRLY and _OF_MORE.search(before) is None:
        return told.score >= _QUITE or not goes_on or _cued(before, _CUES)
    if told.score >= _QUITE and _WRITTEN.fullmatch(text, told.start, told.end) is not None:
        return not beside
    return _is_cued(before, told.score)


def _may_be_one_word(text: str, told: Told, before: str) -> bool:
    """Tell whether one word that a list knows is behind a word for somebody, or does something."""
    return text[told.start : told.end].istitle() and (
        (told.score >= _LIKELY and _is_cued(before, told.score))
        or (told.score >= _SURE and _acts(text, told.end, before))
        or (told.score >= _QUITE and text[told.end : told.end + 3] in _OWNS)
    )


def _acts(text: str, end: int, before: str) -> bool:
    """Tell whether a word does something, or stands in quotes of its own."""
    if before[-1:] in _QUOTES:
        return text[end : end + 1] == before[-1]
    return _VERB.match(text, end) is not None


def _is_cued(before: str, score: float) -> bool:
    return _cued(before, _CUES) or (score >= _LIKELY and _cued(before, _WEAK_CUES))


def _cued(before: str, cues: frozenset[str]) -> bool:
    word = _WORD_BEFORE.search(before)
    return word is not None and word[1].lower() in cues
