"""Gives values back in an answer while it arrives: masks and tokens become what they stand for."""

from __future__ import annotations

from muniment.detect.rules.pairs import Pairs


class Restoring:
    """An answer on its way, in which masks and tokens become the values again."""

    def __init__(self, pairs: Pairs, *, in_json: bool = False) -> None:
        self._pairs = pairs
        self._in_json = in_json
        self._text = ""
        self._at = 0

    @property
    def held(self) -> int:
        """Count the characters that wait, because a mask may begin there."""
        return len(self._text) - self._at

    def feed(self, chunk: str) -> str:
        """Take a piece of the answer and give what can go on, with values put back."""
        self._text += chunk
        return self._advance(self._first_open())

    def finish(self) -> str:
        """Say that the answer is over, and get the rest of it."""
        return self._advance(len(self._text), final=True)

    def _first_open(self) -> int:
        """Find the first place at which something may begin that is not whole yet."""
        size = len(self._text)
        begin = max(self._at, size - 2 * self._pairs.longest())
        tail = self._text[begin:]
        first = self._pairs.first_letters()
        if first.isdisjoint(tail):
            return size
        for number, letter in enumerate(tail):
            if letter in first and self._pairs.may_go_on(tail[number:]):
                return begin + number
        return size

    def _advance(self, upto: int, *, final: bool = False) -> str:
        out: list[str] = []
        pattern = self._pairs.pattern()
        size = len(self._text)
        for match in pattern.finditer(self._text, self._at) if pattern else ():
            if match.start() >= upto:
                break
            if match.end() == size and not final and match.group()[-1:] != "]":
                upto = match.start()
                break
            out += (self._text[self._at : match.start()], self._value(match.group()))
            self._at = match.end()
        out.append(self._text[self._at : max(upto, self._at)])
        self._at = max(upto, self._at)
        if self._at > 1:
            self._text, self._at = self._text[self._at - 1 :], 1
        return "".join(out)

    def _value(self, placed: str) -> str:
        return self._pairs.value_of(placed, in_json=self._in_json)
