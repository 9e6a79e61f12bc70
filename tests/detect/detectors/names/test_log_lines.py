"""What may be a name in a line of a log: by the place in the line, not by the word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.detectors.names import Names
from muniment.detect.detectors.names.code_terms import Candidate
from muniment.detect.detectors.names.log_lines import is_of_log

NAMES = Names()
AT = "2026-03-04 10:11:12"


def _refused(
    line: str, value: str, kind: str = "PERSON", score: float = 0.9, *, known: bool = True
) -> bool:
    start = line.index(value)
    end, single = start + len(value), " " not in value
    return is_of_log(line, Candidate(kind, start, end, known, single), score)


@pytest.mark.parametrize(
    "begin",
    [
        *(f"{AT} ", "Mar  4 06:12:10 mx2 app[812]: ", "[Thu Jul 30 14:21:00.112233 2026] "),
        *("[   41.112] ", "1789417865.112 ", "I0511 x 08:01:05.112233 ", "I0511 811 a: "),
        *("app[812]: ", "web1 app[812]: ", "<134>ap ", "%ASA-6-302013: ", "CEF:0|a|b|", "INFO: "),
        *("[WARN] ", "(EE) ", "ERROR x - ", "[error] 31#31: ", "warn: ", "level=info msg=a b=c "),
        *(
            '{"level":"info","msg":"',
            "[Core] [Web] ",
            "9f1c2ab - ",
            "* 8a9b0c1 ",
            "91s         Up, ",
        ),
        *("hostapd: wlan0: ", "Account Type: a  Logon Id: "),
    ],
)
def test_one_word_alone_is_no_name_where_a_program_speaks(begin: str) -> None:
    """A line that begins as those of programs has parts and states, and few names."""
    assert _refused(f"{begin}Raven restarting", "Raven")
    assert _refused(f"All is well.\n{begin}Raven restarting", "Raven")


@pytest.mark.parametrize(
    "line",
    [
        *("Raven restarting", "At 10:11 Raven came", "[12] Raven came", "2026 was kind to Raven"),
        *("Note: Raven is late", "[Raven] wrote this", "# Raven", "- Raven: four boxes"),
        *("00:01:02,000 --> 00:01:05,000 Raven", f"{AT} Anna: I told Raven", '{"a":"Raven"'),
        *("[10:11:12] Anna Lee: ask Raven", "12:30 Raven opens", "a=Raven", '{"to":"Raven'),
    ],
)
def test_where_people_speak_nothing_is_refused(line: str) -> None:
    """Prose, talks with the time of each line, titles of films and data are no logs."""
    assert not _refused(line, "Raven")
    assert not _refused(f"We met.\n{line}", "Raven")


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        (f"{AT} approved by Raven", "Raven", "PERSON"),
        (f'{AT} session for user "Raven"', "Raven", "PERSON"),
        (f"{AT} customer=Raven plan=4", "Raven", "PERSON"),
        ('{"level":"info","displayName":"Raven"}', "Raven", "PERSON"),
        (f"{AT} Full Name: Raven", "Raven", "PERSON"),
        (f"{AT} Dear Raven, your parcel has left", "Raven", "PERSON"),
        (f"{AT} Raven Oakes approved it", "Raven Oakes", "PERSON"),
        (f"{AT} city=Florence zip=4", "Florence", "LOCATION"),
        (f"{AT} company=Raven plan=4", "Raven", "ORGANIZATION"),
        (f"{AT} ship to 41 Raven Street", "41 Raven Street", "STREET_ADDRESS"),
        (f"{AT} told the Swedish about it", "Swedish", "NRP"),
    ],
)
def test_names_stand_where_somebody_is_spoken_of(line: str, value: str, kind: str) -> None:
    """Fields that are somebody's, words before a name, and several words of a name are let be."""
    assert not _refused(line, value, kind)


@pytest.mark.parametrize(
    ("line", "value", "kind"),
    [
        (f"{AT} state=Raven code=4", "Raven", "PERSON"),
        (f"{AT} raven: 09[NET] received", "raven", "PERSON"),
        (f"{AT} for RAVEN", "RAVEN", "PERSON"),
        ('{"level":"info","serviceName":"Raven"}', "Raven", "PERSON"),
        (f"{AT} PoolManager: Raven restarting", "Raven", "PERSON"),
        (f"{AT} Weekly Cleaning of Raven Folders", "Raven Folders", "PERSON"),
        (f"{AT} title=Florence North", "Florence North", "LOCATION"),
        (f"{AT} Florence restarting", "Florence", "LOCATION"),
        (f"{AT} commit=Raven", "Raven", "ORGANIZATION"),
        (f"{AT} log 812 1401 Not Found", "1401 Not", "STREET_ADDRESS"),
        (f"{AT} log 1401 x", "1401", "STREET_ADDRESS"),
    ],
)
def test_words_of_programs_are_refused(line: str, value: str, kind: str) -> None:
    """Values of fields that are nobody's, programs, and titles with a word that is also a name."""
    assert _refused(line, value, kind, score=0.7)


def test_a_line_among_those_of_a_log_is_of_it() -> None:
    """Lines without a sign belong to the log they stand in; an indented one to the line above."""
    log = f"{AT} a\n{AT} b"
    assert _refused(f"{log}\nRaven restarting", "Raven")
    assert _refused(f"{AT} a\n    Raven restarting", "Raven")
    assert not _refused(f"{AT} a\nRaven restarting", "Raven")
    assert not _refused(f"{log}\na\nb\nc\nd\ne\nf\nRaven restarting", "Raven")
    assert not _refused(f"{AT} {'a ' * 1_200} Raven", "Raven")


@pytest.mark.parametrize(
    "name", ["Anna Kovács", "Hye-jin Bae", "Oluwaseun Adeyemi", "Siobhán O'Donnell", "Jiří Novák"]
)
@pytest.mark.parametrize(
    "line",
    [
        f"{AT},114 INFO  [main] c.e.Mail - Reminder sent to {{}}, tray 2",
        'time=2026-05-29T08:00:10Z level=INFO msg="Reply queued" customer="{}" channel=Email',
        '{{"level":"info","ts":178.1,"msg":"created","full_name":"{}","source":"Web"}}',
        "Mar  4 06:12:10 mx2 app[812]: {} logged in from 10.0.0.4",
        f"[{AT}] production.INFO: Order shipped by {{}}.",
        f'{AT} warning: header From: "{{}}" <a@example.com> from mx',
    ],
)
def test_people_are_found_in_logs(name: str, line: str) -> None:
    """Who is named in a log in full is found, with both ends right."""
    text = line.format(name)
    start = text.index(name)
    found = [(each.start, each.end) for each in NAMES.scan(text) if each.type == "PERSON"]
    assert (start, start + len(name)) in found


@given(
    st.text(st.sampled_from("Aab :=.[]{}\"'10-\n\t(<>,"), max_size=300),
    st.integers(0, 300),
    st.integers(1, 20),
    st.sampled_from(["PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS", "NRP"]),
)
def test_what_stands_behind_the_next_words_does_not_count(
    text: str, start: int, length: int, kind: str
) -> None:
    """A stream has not seen it yet."""
    end = min(len(text), start + length)
    if start >= end:
        return
    answers = {
        is_of_log(each, Candidate(kind, start, end, known=True, single=True), 0.99)
        for each in (text + " aaaaaaaaaaaaaaaaaaaaaaaa", text + " aaaaaaaaaaaaaaaaaaaaaaaa\nX: y=z")
    }
    assert len(answers) == 1
