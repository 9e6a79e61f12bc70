"""Reads through disguises: full-width digits, invisible characters, look-alike letters.

The shadow of a text is what the patterns read; every place in it maps back to the original text.
Most texts are their own shadow and cost nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from msgspec import Struct

# Characters that show nothing and are used to break a number or a key in two.
_INVISIBLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_SPACES: Final = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u202f\u205f\u3000"
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\ufe58\ufe63"
_DOTS: Final = {"\u2024": ".", "\uff61": ".", "\u2044": "/", "\u2215": "/"}
# Letters of other scripts that look like Latin ones; they count only inside a token that also has
# Latin letters or digits, so that a Russian or Greek word stays what it is.
_TWINS: Final = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u0510"
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
        "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
        "\u03bf\u03b1\u03bd\u03c1\u03b9\u0131",
        "aeopcyxijsdq3ABEKMHOPCTYXIJSABEZHIKMNOPTYXoavpii",
        strict=True,
    )
)


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(each): None for each in _INVISIBLE}
    table.update({ord(each): " " for each in _SPACES})
    table.update({ord(each): "-" for each in _DASHES})
    table.update({ord(each): to for each, to in _DOTS.items()})
    table.update({code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)})
    for code in (*range(0x0660, 0x1100), *range(0x1D7CE, 0x1D800), *range(0xA620, 0xABFA)):
        value = unicodedata.decimal(chr(code), None)
        if value is not None:
            table[code] = str(value)
    for code in range(0x1D400, 0x1D6A4):
        plain = unicodedata.normalize("NFKD", chr(code))
        if len(plain) == 1 and plain.isascii():
            table[code] = plain
    return table


class _Odd(NamedTuple):
    """What is looked for in a text that is not plain ASCII; compiling it takes its time."""

    odd: re.Pattern[str]
    gone: re.Pattern[str]
    twin: re.Pattern[str]
    mixed: re.Pattern[str]


@cache
def _shapes() -> _Odd:
    """Compile them at the first such text; odd characters lie in few ranges, read at once."""
    around, twins = r"A-Za-z0-9@._+\-", "".join(_TWINS)
    mixed = f"[{around}]*[A-Za-z0-9@][{twins}]+[{around}{twins}]*"
    begins = f"[{twins}]+[A-Za-z0-9@][{around}{twins}]*"
    return _Odd(
        re.compile(
            "[\u00a0\u00ad\u034f\u061c\u0660-\u10ff\u115f\u1160\u1680-\u1a9f\u2000-\u2015"
            "\u2024\u202a-\u202f\u2043\u2044\u205f-\u208b\u2212\u2215\u3000\u3002\ua620-\uabff"
            "\ufe58-\ufe63\ufeff\uff01-\uff61\U0001d400-\U0001d7ff]"
        ),
        re.compile("[" + _INVISIBLE + "]|\r(?=\n)"),
        re.compile(f"[{twins}]"),
        re.compile(f"{mixed}|{begins}"),
    )


_TWIN_TABLE: Final = {ord(each): to for each, to in _TWINS.items()}
_ESCAPES: Final = re.compile(r"\\[nrt](?![A-Za-z]{2,}[\\/:])")


class Shadow(Struct, frozen=True, gc=False):
    """What patterns read instead of a text, and how its places map back."""

    text: str
    gone: Sequence[int] = ()
    wide: bool = False

    def place(self, at: int) -> int:
        """Give the place in the original text of a character of the shadow."""
        if not self.gone:
            return at
        return at + bisect_right(self.gone, at)

    def end(self, at: int) -> int:
        """Give the end in the original text of what ends here in the shadow."""
        if not self.gone or not at:
            return at
        return self.place(at) if self.wide else self.place(at - 1) + 1


def shadow_of(text: str) -> Shadow:
    """Read through what is invisible, wide or look-alike, and through line ends of every form."""
    if text.isascii() and "\\" not in text and "\r" not in text:
        return Shadow(text)  # as most are
    plain = text
    gone: tuple[int, ...] = ()
    if "\\" in plain:
        plain = _ESCAPES.sub("  ", plain)
    is_odd = not plain.isascii() and _shapes().odd.search(plain) is not None
    if is_odd or ("\r" in plain and "\r\n" in plain):
        gone = _vanishing(plain)
        plain = plain.replace("\r\n", "\n")
    if is_odd:
        plain = _shapes().odd.sub(_made_plain, plain)
    if plain.isascii():
        return Shadow(plain, gone)
    if _shapes().twin.search(plain):
        plain = _shapes().mixed.sub(lambda found: found[0].translate(_TWIN_TABLE), plain)
    return Shadow(plain, gone)


def _made_plain(found: re.Match[str]) -> str:
    letter = found[0]
    plain = _table().get(ord(letter), letter)
    return "" if plain is None else plain


def _vanishing(text: str) -> tuple[int, ...]:
    """Note, for each invisible character, how many visible ones stand before it."""
    return tuple(found.start() - count for count, found in enumerate(_shapes().gone.finditer(text)))


_QUOTED: Final = re.compile(r"%([2-7][0-9A-Fa-f])|\\u00([2-7][0-9A-Fa-f])|&#x([2-7][0-9A-Fa-f]);")


# The same, each by the sign it begins with: a text is soonest searched for one sign.
_QUOTES: Final = tuple(
    (sign, re.compile(f"{re.escape(sign)}[2-7][0-9A-Fa-f]").search)
    for sign in ("%", "\\u00", "&#x")
)
_ESCAPE_CHARS: Final = 6


def unquoted(text: str) -> Shadow | None:
    """Read through one level of URL, JSON or HTML escapes; None where a text has none."""
    if not is_quoted_at_all(text):
        return None
    parts: list[str] = []
    gone: list[int] = []
    at = length = 0
    for found in _QUOTED.finditer(text):
        parts.append(text[at : found.start()])
        length += found.start() - at + 1
        parts.append(chr(int(found[found.lastindex or 0], 16)))
        gone.extend([length] * (len(found[0]) - 1))
        at = found.end()
    parts.append(text[at:])
    return Shadow("".join(parts), gone, wide=True)


def is_quoted_at_all(text: str) -> bool:
    """Tell whether a text has such an escape anywhere."""
    return any(sign in text and search(text) is not None for sign, search in _QUOTES)


def is_quoted(text: str, start: int = 0, end: int | None = None) -> bool:
    """Tell whether a piece of text has such an escape, in it or right at its edge."""
    behind = len(text) if end is None else end + _ESCAPE_CHARS
    return _QUOTED.search(text, max(0, start - _ESCAPE_CHARS), behind) is not None
