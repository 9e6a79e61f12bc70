"""Any bytes are scanned and protected: guided by coverage where atheris is installed.

`MUNIMENT_FUZZ_SECONDS` says how long the guided run takes, two minutes if it says nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.detect import Policy, Scanner

CORPUS = Path(__file__).resolve().parent.parent / "data" / "fuzz" / "detect"
SECONDS = int(os.environ.get("MUNIMENT_FUZZ_SECONDS", "120"))
MASK = Policy("mask")
TARGET = """
import sys
import atheris
with atheris.instrument_imports(include=["muniment.detect"]):
    from tests.detect.test_fuzz import check
atheris.Setup(sys.argv, lambda data: check(data.decode("utf-8", "surrogateescape")))
atheris.Fuzz()
"""
SCANNER = Scanner(layers="patterns")
PIECES = st.sampled_from([path.read_text(encoding="utf-8") for path in sorted(CORPUS.iterdir())])


def check(text: str) -> None:
    """Scan a text: places lie in it, in order, none over another, and twice is the same."""
    found = SCANNER.scan(text)
    reach = 0
    for each in found:
        assert reach <= each.start < each.end <= len(text)
        assert 0.0 <= each.score <= 1.0
        reach = each.end
    assert SCANNER.scan(text) == found
    check_protected(text, 1 + len(text) % 13)


def check_protected(text: str, size: int) -> None:
    """Protect a text whole and in pieces: both are the same, and it can be turned back."""
    exchange = SCANNER.protector(MASK)
    whole = exchange.text(text)
    assert exchange.restore(whole.text) == text
    stream = SCANNER.stream(MASK)
    out = [stream.feed(text[at : at + size]) for at in range(0, len(text), size)]
    assert "".join(out) + stream.finish() == whole.text


@given(st.lists(st.one_of(PIECES, st.text(max_size=20), st.binary(max_size=20).map(
    lambda data: data.decode("utf-8", "surrogateescape"))), max_size=6))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_pieces_in_any_order_are_scanned(parts: list[str]) -> None:
    """Known beginnings cut and put together anyhow never break the scanner."""
    check("".join(parts))


@pytest.mark.slow
@given(st.text(max_size=400))
@settings(max_examples=1500, deadline=None)
def test_any_text_is_scanned(text: str) -> None:
    """Text of any characters is scanned."""
    check(text)


@pytest.mark.slow
def test_guided_by_coverage_nothing_breaks(tmp_path: Path) -> None:
    """A run guided by coverage, from the corpus, ends without a finding of its own."""
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed")
    options = [f"-max_total_time={SECONDS}", f"-artifact_prefix={tmp_path}/"]
    command = [sys.executable, "-c", TARGET, *options, str(tmp_path), str(CORPUS)]
    root = CORPUS.parents[3]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
