"""Which passwords are taken: long enough, and none of those everybody tries first.

No rule asks for digits or signs, and none makes people change a good password (NIST SP 800-63B).
What is guessed first is refused: the commonest words whatever is hung on them, one piece repeated,
runs along the keyboard, and one's own name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from muniment.access.rules.tried_first import COMMON
from muniment.core.errors import InvalidError

MOST_CHARS: Final = 256
_LONGEST_PIECE: Final = 4
_OWN_WORD_CHARS: Final = 4
_LEFT_BESIDE_OWN: Final = 6
_RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LOOKALIKES: Final = str.maketrans("013457@$!", "oleastasi")
_HUNG_ON: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def normal_password(text: str) -> str:
    """Write a password one way, so that it is the same from every keyboard (RFC 8265)."""
    return unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())


def require_password(text: str, *, least_chars: int, own_words: tuple[str, ...] = ()) -> str:
    """Give the password as it is hashed, if it may be taken; say what is wrong if not."""
    password = normal_password(text)
    wrong = _wrong(password, least_chars, own_words)
    if wrong:
        raise InvalidError(
            wrong,
            field="password",
            remedy=f"Write {least_chars} characters or more; four unrelated words are good.",
        )
    return password


def _wrong(password: str, least_chars: int, own_words: tuple[str, ...]) -> str:
    if len(password) < least_chars:
        return f"the password has {len(password)} characters"
    if len(password) > MOST_CHARS:
        return f"the password is longer than {MOST_CHARS} characters"
    if any(unicodedata.category(letter) == "Cc" for letter in password):
        return "the password holds a control character"
    return _guessed_first(password.casefold(), own_words)


def _guessed_first(low: str, own_words: tuple[str, ...]) -> str:
    if is_common(low):
        return "this password is among those that are tried first"
    if is_patterned(low):
        return "this password is one short piece, again and again, or a run along the keyboard"
    if _is_own(low, own_words):
        return "this password is hardly more than your own name or address"
    return ""


def is_common(low: str) -> bool:
    """Tell whether a password is a common one, with nothing but digits and signs hung on it."""
    bare = _HUNG_ON.sub("", low)
    spelled = low.translate(_LOOKALIKES)
    forms = {low, bare, spelled, _HUNG_ON.sub("", spelled), bare.translate(_LOOKALIKES)}
    return bool(forms & COMMON) or any(_all_common(form) for form in forms)


def is_patterned(low: str) -> bool:
    """Tell whether a password is one short piece repeated, or a run along a keyboard."""
    for length in range(1, _LONGEST_PIECE + 1):
        piece = low[:length]
        if (piece * (len(low) // length + 1))[: len(low)] == low:
            return True
    return any(low in run or low in run[::-1] for run in _RUNS)


def _all_common(form: str) -> bool:
    """Tell whether a text is two common words written together, or one twice."""
    return any(form[:cut] in COMMON and form[cut:] in COMMON for cut in range(3, len(form) - 2))


def _is_own(low: str, own_words: tuple[str, ...]) -> bool:
    words = {
        word
        for text in own_words
        for word in re.split(r"\W+", text.casefold())
        if len(word) >= _OWN_WORD_CHARS
    }
    left = low
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != low and len(_HUNG_ON.sub("", left)) < _LEFT_BESIDE_OWN
