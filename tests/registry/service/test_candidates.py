"""Whoever is evaluated answers, or it is told why there is no answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from muniment.core.errors import InvalidError
from muniment.registry import CommandCandidate, EndpointCandidate, EvaluationCase
from muniment.registry.service.candidates import function_candidate
from muniment.testing.candidates import scripted_model

CASE = EvaluationCase("a", "Ana?", {"contains": "yes"}, system="Be brief.")


def test_a_model_behind_an_address_answers() -> None:
    """As the model that its provider reports; a failing one has no answer; no key is told."""
    with scripted_model(lambda text: None if "fail" in text else f"yes {text}") as url:
        candidate = EndpointCandidate(url, "big", key="secret", seed=7)
        found = candidate.ask(CASE)
        assert (found.text, found.model) == ("yes Ana?", "scripted-1")
        failed = candidate.ask(EvaluationCase("b", "fail", {"equals": "x"}))
        assert (failed.text, failed.says) == (None, "the model answered 500")
        wrong = EndpointCandidate(f"{url}/else", "big").ask(CASE)
        assert wrong.text is None
    assert "secret" not in str(candidate.named) + repr(candidate)
    assert EndpointCandidate(url, "big", timeout=1).ask(CASE).says.startswith("the model does not")


@pytest.mark.parametrize("url", ["ftp://x", "file:///etc/passwd", "x", "http://a:b@host/v1"])
def test_an_address_must_be_one(url: str) -> None:
    """Nothing but a place of the web, and no secret in it."""
    with pytest.raises(InvalidError, match="no address"):
        EndpointCandidate(url, "big")


def test_a_command_answers(tmp_path: Path) -> None:
    """What it writes is its answer; a bad end, no end and no command are none."""

    def candidate(code: str, timeout: float = 30.0) -> CommandCandidate:
        return CommandCandidate((sys.executable, "-c", code), tmp_path, timeout)

    echo = candidate("import sys; print('yes', sys.stdin.read())")
    assert echo.ask(CASE).text == "yes Ana?\n"
    assert echo.named["sort"] == "command"
    assert candidate("raise SystemExit(3)").ask(CASE).says == "the command ended with 3"
    slow = candidate("import time; time.sleep(9)", 0.2).ask(CASE)
    assert "more than 0.2 seconds" in slow.says
    assert "cannot be run" in CommandCandidate(("/no/such",), tmp_path).ask(CASE).says


def test_a_function_answers(tmp_path: Path) -> None:
    """A function of the folder; one that breaks, or gives no text, has no answer."""
    (tmp_path / "mine.py").write_text(
        "def answer(text):\n    return f'yes {text}'\ndef bad(text):\n    return 7\n"
    )
    good = function_candidate("mine:answer", tmp_path)
    assert (good.ask(CASE).text, good.named["function"]) == ("yes Ana?", "mine:answer")
    assert function_candidate("mine:bad", tmp_path).ask(CASE).text is None
    assert function_candidate("mine:none", tmp_path).ask(CASE).text is None
    with pytest.raises(InvalidError, match="names no function"):
        function_candidate("os; import sys:x", tmp_path)
