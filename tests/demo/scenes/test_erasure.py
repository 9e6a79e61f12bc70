"""Somebody asked to be forgotten."""

from __future__ import annotations

import json

import pytest

from muniment import vault
from muniment.vault import certificate_problems
from tests.demo.asking import Shown

pytestmark = pytest.mark.slow


def test_an_erasure_is_done_and_its_certificate_holds(shown: Shown) -> None:
    """What was kept of a customer is gone; the certificate proves it, and names the log."""
    done = [each for each in shown.entries() if each.kind == "vault.shredded"]
    assert [each.body["keys"] > 0 for each in done] == [True]
    with shown.looking() as work:
        written = vault.certificate(shown.house.safe, work, done[0].body["shred"])
    assert certificate_problems(written) == ()
    assert "demo.invalid/brightwater" in json.dumps(json.loads(written))
