"""NumPy reads a text the same the first time and again, and while its memory is small."""

from __future__ import annotations

from pathlib import Path

from muniment.detect.detectors.names import artefact
from muniment.detect.detectors.names.arrays import Arrays
from tests.detect.detectors.names.tiny import tiny

SCANNED = """.detect import Scanner

scanner = Scanner(layers="patterns")
for finding in scanner.scan("Please write to maria.lopez@example.com today."):
    print(finding.type, finding.start, finding.end, finding."""
FOUND = (
    "why)\n```\n<!-- expect: EMAIL_ADDRESS 16 39 -->\n\n"
    "A finding points at a place and gives the reason."
    " It never carries the value. `scanner.inspect(text)`\nalso tells how much was inspected and by"
    " which buil"
)
TEXT = "Anna met the green man in Berlin; the man saw Anna and the green\nBerlin of the man"


def reader(path: Path, seed: int) -> Arrays:
    """Make a reader of an artefact of chance."""
    tiny(path / f"{seed}.bin", seed)
    return Arrays(artefact.read(path / f"{seed}.bin"))


def test_what_stands_behind_a_text_is_known_from_the_first_one_on() -> None:
    """A part may end at any word, and what then follows it was once not weighed in a new memory."""
    read = artefact.read()
    used = Arrays(read)
    used.read("Berlin")  # what follows it is asked for: it stands at the end
    for text in (SCANNED, FOUND):
        new = Arrays(read)
        new.read(text)
        assert new.doubts(text) == used.doubts(text) != ([], False)


def test_words_that_were_told_are_not_told_again(tmp_path: Path) -> None:
    """Where no word behind a place may be of a name, there is nothing to tell."""
    names = reader(tmp_path, 2)
    told, _ = names.read(TEXT)
    assert told
    assert names.read(TEXT, len(TEXT))[0] == [] or told[-1].end == len(TEXT)
    assert names.read(TEXT, told[-1].start)[0] == told
