"""Words with a capital that only open a sentence: nothing is found in one before a plain word.

Most sentences begin with such a word, and it waits in a stream only until the next word is there.
They are data: each is an ordinary word of the names layer, which looks at it beside another word
with a capital alone, and part of no value that a pattern finds.

One that only points at what it is about does not wait for a word of work either: “The team wrote”.
The word of work itself waits as ever, for it may be part of a title.
"""

from __future__ import annotations

from typing import Final

from muniment.detect.rules.hearing import Hearing
from muniment.detect.rules.words import HINGES

_OPENINGS: Final = """
A Aber After Alle Als Also Although Am An And Another Any As At Auch Auf Aus Avec Be Because
Bedankt Before Beide Below Bitte Both But By Ce Ces Cette Che Check Choose Come Comme Compare
Could Create Cuando Damit Danach Dann Dans Dass Dein Deze Did Die Dies Diese Dieser Dieses Dit
Doch Does Dort Durch Each Ein Einem Einen Einer Either Elle En Esta Estos Etwas Every Everybody
Everyone Everything Explain Few Finally Find For From Get Gibt Gli Go Gracias Grazie Had Has Have
He Her Here Het Hier His How However I Ich If Ihr Ihre Im In Instead Is Ist It Its Jede Jeder
Jedes Just Kann Keep Kein Keine Let Like Look Maar Mais Make Many Mein Meine Merci Most My Nach
Nein Next Nicht Nichts No Nobody Noch None Not Nothing Nous Now Nuestro Obrigado Oder Of Often
Ohne On Once Only Op Other Our Out Over Para Pero Please Por Pour Put Quand Que Questa Questo Read
Remember Run Second Sehr Seit She Should Show Sie Since Sind So Sobald Some Somebody Someone
Something Sometimes Still Such Sure Take Tell Thank Thanks That The Their Then There Therefore
These They Third This Those Though Through Thus To Today Together Try Two Um Und Unless Uns Unsere
Until Up Use Viele Vielen Voor Vor Votre Vous War Warum Was We Wegen Wenn Wer Were What When Where
Whether Which While Whose Wie Wij Wir With Wo Would Write Yes Yet You Your Yours Yourself Zum Zwei
"""
# Behind one of these the name of a firm or a place may go on: `Bank of England`.
_CONNECTING: Final = """
of de del der du des di da do van for für and und et y e
"""
_JOINING: Final = HINGES | frozenset(_CONNECTING.split())
# What is meant is the same without one of these.
_DETERMINERS: Final = "The A Our Your My His Its Their This That These"
# Part of a title or of a name only beside others, and never with one of those before it.
_TRADES: Final = """
account business customer data delivery flight machine network office operations product project
research risk sales service site staff store support system tax team warehouse web
"""
_POINTING: Final = frozenset(_DETERMINERS.split())
_OF_WORK: Final = frozenset(_TRADES.split())
_WINDOW: Final = 64
_ENDS: Final = frozenset(".!?")

OPENINGS: Final = frozenset(_OPENINGS.split())


def opens(text: str, start: int, end: int, hearing: Hearing) -> bool:
    """Tell whether a word may open a sentence: what it is hangs on the next word alone."""
    return hearing.may_open(text[start:end]) and _is_first(text, start, hearing)


def goes_on(said: str) -> bool:
    """Tell of a quiet word behind an opening one whether the sentence goes on plainly with it."""
    return said[:1].islower() and said not in _JOINING


def points_at(pointing: str, said: str, hearing: Hearing) -> bool:
    """Tell whether an opening word only points at the loud one behind it, and belongs to none."""
    return said in _OF_WORK and pointing in _POINTING and said not in hearing.loud


def _is_first(text: str, start: int, hearing: Hearing) -> bool:
    """Tell whether a sentence begins here: at the beginning, or behind the end of a plain one."""
    before = text[max(0, start - _WINDOW) : start]
    said = before.rstrip()
    if not said:
        return start < _WINDOW
    last = said.split()[-1]
    if len(last) == len(said) and start > _WINDOW:
        return False  # its beginning is not in sight
    ends = last[-1] in _ENDS or "\n" in before[len(said) :]
    return ends and hearing.is_quiet(last)
