"""What was called."""

from __future__ import annotations

import pytest

from muniment import exchanges
from muniment.exchanges import Wanted
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_a_leak_is_stopped_at_the_gateway(shown: Shown) -> None:
    """The list left once; after the rule came it did not, and the key was cut out of its prompt."""
    with shown.looking() as work:
        refused = exchanges.find(work, Wanted(state="refused"), limit=100).rows
        answered = exchanges.find(work, Wanted(state="answered"), limit=200).rows
    assert {"blocked", "held"} <= {each.code for each in refused}
    assert any(each.effect == "cure" and each.findings for each in answered)
    reasons = [each.body["reasons"] for each in shown.entries() if each.kind == "exchanges.refused"]
    assert any("brightwater.account-lists-stay" in each for each in reasons)


def test_no_secret_of_the_story_stands_in_its_log(shown: Shown) -> None:
    """What callers wrote is nowhere in the records, as in any installation."""
    whole = b"".join(each.data for each in shown.entries())
    for said in (b"AKIAZ7Q4", b"4111 1111", b"amina@example.org", b"DE89 3704"):
        assert said not in whole
