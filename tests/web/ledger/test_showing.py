"""One entry: everything it says, exactly as it was hashed."""

from __future__ import annotations

import html as html_text
import re
from datetime import timedelta
from pathlib import Path

import pytest

from muniment import ledger, verify
from muniment.core.clock import stamp
from muniment.ledger import Recorder
from muniment.server import House
from tests.web.ledger.recorded import ACTORS, EVIL, Promoted, filled, page

ENTRY = "/console/ledger/{}"


@pytest.mark.parametrize("index", [0, 1, 60, 121, 122, 123])
def test_the_bytes_shown_are_the_bytes_hashed(ledger_house: House, index: int) -> None:
    """Whatever an entry holds, the page shows its bytes and nothing of it becomes markup."""
    found = page(ledger_house, ENTRY.format(index)).text
    shown = re.search(r'<pre class="code bytes"[^>]*>(.*?)</pre>', found, re.DOTALL)
    entry = ledger.entry(ledger_house.log, index)
    assert shown is not None
    assert html_text.unescape(re.sub(r"</?bdo[^>]*>", "", shown[1])).encode() == entry.data
    assert page(ledger_house, ENTRY.format(index) + "/bytes").content == entry.data
    assert EVIL not in found
    assert "<script>alert" not in found


def test_an_entry_says_who_did_what_and_leads_on(ledger_house: House) -> None:
    """The sentence, the neighbours, the subject and the actor are all there to follow."""
    found = page(ledger_house, ENTRY.format(1)).text
    assert "A version went to production, after those who must agree had agreed." in found
    assert 'href="/console/ledger/0"' in found
    assert 'href="/console/ledger/2"' in found
    assert 'href="/console/ledger?subject=system%3Acredit-score"' in found
    assert 'href="/console/ledger?actor=person%3Aines.ferreira"' in found
    assert "session-7f2c" in found
    began = page(ledger_house, ENTRY.format(0)).text
    assert "Rows changed" in began
    assert "ledger_keys" in began


def test_a_late_fact_shows_both_its_times_by_name(tmp_path: Path) -> None:
    """When it happened and when it was recorded stand under labels of their own."""
    with filled(tmp_path, 3) as house:
        happened = house.database.clock.now() - timedelta(days=2)
        with house.database.work(ACTORS[0], recorder=Recorder("test")) as work:
            ledger.record(work, Promoted("credit-score", 2, "late"), happened_at=happened)
        size = house.log.seal()
        found = page(house, ENTRY.format(size - 1)).text
        assert f'<dt>Happened</dt><dd><code class="wrap">{stamp(happened)}</code>' in found
        assert "<dt>Recorded</dt>" in found
        assert "<dt>When</dt>" not in found
        other = page(house, ENTRY.format(1)).text
        assert "<dt>When</dt>" in other
        assert "<dt>Happened</dt>" not in other


def test_a_record_is_found_by_its_id(ledger_house: House) -> None:
    """An id in the address leads to the entry's number; one nobody has is explained."""
    wanted = ledger.entry(ledger_house.log, 7)
    answer = page(ledger_house, ENTRY.format(wanted.id))
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/ledger/7")
    missing = page(ledger_house, ENTRY.format("rec_nobody"))
    assert missing.status_code == 404
    assert "no sealed entry has this id" in missing.text


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ("124", "Entry 124 is durable, not sealed yet"),
        ("125", "The ledger has 124 entries, 0 to 123. Waiting to be sealed: 1."),
        ("9999999999999999", "There is no entry 9,999,999,999,999,999 yet"),
        ("9" * 5_000, "is no entry of this ledger"),
        ("-1", "is no entry of this ledger"),
        ("٣", "is no entry of this ledger"),
        ("<b>", "“&lt;b&gt;” is no entry"),
    ],
)
def test_an_entry_that_is_not_there_is_explained(
    ledger_house: House, which: str, words: str
) -> None:
    """A number past the end and a text that is no number each get a page that helps."""
    answer = page(ledger_house, ENTRY.format(which))
    assert answer.status_code == 404
    assert words in answer.text
    assert 'href="/console/ledger">Show the ledger' in answer.text
    assert page(ledger_house, ENTRY.format(which) + "/bytes").status_code == 404


def test_the_offline_command_works_with_what_can_be_saved(
    ledger_house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The three files a reader saves, and the command shown, verify the entry."""
    (tmp_path / "entry-60.json").write_bytes(
        page(ledger_house, ENTRY.format(60) + "/bytes").content
    )
    proof = page(ledger_house, "/api/v1/ledger/60/proof").content
    (tmp_path / "entry-60.tlog-proof").write_bytes(proof)
    found = html_text.unescape(page(ledger_house, ENTRY.format(60)).text)
    command = re.search(r"python3 verify\.py (\S+) --entry (\S+) --key (\S+)</code>", found)
    assert command is not None
    given = [str(tmp_path / command[1]), "--entry", str(tmp_path / command[2]), "--key", command[3]]
    assert verify.main(given) == 0
    assert "MET" in capsys.readouterr().out
