"""Identifiers yes, content never."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from muniment.core.clock import stamp
from muniment.core.errors import InvalidError
from muniment.server.logs import (
    IDENTIFIERS,
    JsonLines,
    PrettyLines,
    request_line,
    set_up_logs,
    straight,
    trace_of,
)
from muniment.testing import FixedClock, settings_for


@pytest.fixture(autouse=True)
def _own_root() -> Iterator[None]:
    """Give the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def refuse() -> None:
    """Fail with content in every message."""
    try:
        int("the inner content")
    except ValueError as inner:
        raise InvalidError("the outer content", subject="the subject") from inner


def written(tmp_path: Path, form: str = "json", level: str = "info") -> io.StringIO:
    """Send the log to a text."""
    stream = io.StringIO()
    overrides = {"log.format": form, "log.level": level}
    set_up_logs(settings_for(tmp_path / "data", "", **overrides), stream)
    return stream


def test_writes_a_line_as_json(tmp_path: Path) -> None:
    """A line is one JSON object with time, level, origin, sentence and identifiers."""
    stream = written(tmp_path)
    logging.getLogger("muniment.x").warning("it happened", extra={"job": "job_1", "attempt": 2})
    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning",
        "from": "muniment.x",
        "says": "it happened",
        "job": "job_1",
        "attempt": 2,
    }


def test_the_time_is_the_clock_s() -> None:
    """The time on a line comes from the clock handed in."""
    record = logging.makeLogRecord({"msg": "x", "levelname": "INFO"})
    assert json.loads(JsonLines(FixedClock()).format(record))["at"] == "2026-03-01T12:00:00.000000Z"


@tuned(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["prompt", "answer", "body", "query", "user", "password", "token", "extra"]))
def test_an_extra_that_is_no_identifier_is_not_written(tmp_path: Path, name: str) -> None:
    """An extra named prompt, or anything else that is not on the list, never appears."""
    assert name not in IDENTIFIERS
    for form in ("json", "pretty"):
        stream = written(tmp_path, form)
        logging.getLogger("muniment.x").info(
            "sent", extra={name: "the-content", "request": "req_1"}
        )
        assert "the-content" not in stream.getvalue()
        assert "req_1" in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_an_error_is_told_without_its_message(tmp_path: Path, form: str) -> None:
    """Where an error came by is written, what it said is not, nor what caused it."""
    stream = written(tmp_path, form)
    try:
        refuse()
    except InvalidError as error:
        logging.getLogger("muniment.x").exception("failed", exc_info=error)
    said = stream.getvalue()
    assert "InvalidError at " in said
    assert "test_logs.py" in said
    assert "content" not in said
    assert "subject" not in said


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_a_library_s_own_words_stay_out(tmp_path: Path, form: str) -> None:
    """What a library puts into its place-holders, or below its first line, is not written."""
    stream = written(tmp_path, form)
    logging.getLogger("some.library").error("could not send %s to %s", "the-content", "there")
    logging.getLogger("asyncio").error("Task was lost\nfuture: <Task the-content>")
    assert "could not send %s to %s" in stream.getvalue()
    assert "Task was lost" in stream.getvalue()
    assert "the-content" not in stream.getvalue()


def test_a_line_stays_one_line(tmp_path: Path) -> None:
    """An identifier with a line break cannot forge a second line."""
    stream = written(tmp_path)
    logging.getLogger("muniment.x").info("x", extra={"reason": 'a\n{"level":"forged"}'})
    assert len(stream.getvalue().splitlines()) == 1


def test_a_pretty_line_stays_one_line(tmp_path: Path) -> None:
    """Nor can it at a terminal, nor can it steer the terminal."""
    stream = written(tmp_path, "pretty")
    logging.getLogger("muniment.x").info("x", extra={"reason": "a\nerror forged\x1b[2J"})
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_the_level_and_the_form_are_the_settings_own(tmp_path: Path) -> None:
    """Only lines as severe as asked for are written; without a terminal `auto` means JSON."""
    stream = written(tmp_path, "auto", "error")
    logging.getLogger("muniment.x").warning("quiet")
    logging.getLogger("muniment.x").error("loud")
    assert [json.loads(line)["says"] for line in stream.getvalue().splitlines()] == ["loud"]


def test_a_terminal_gets_something_pretty(tmp_path: Path) -> None:
    """At a terminal `auto` means lines for people."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    set_up_logs(settings_for(tmp_path / "data"), stream)
    logging.getLogger("muniment.x").info("request", extra={"status": 200})
    assert stream.getvalue() == "info    request status=200\n"


def test_a_trace_names_places_only() -> None:
    """A trace says the kind of error and the places, the last first."""
    with pytest.raises(ValueError, match="content") as caught:
        int("content")
    assert trace_of(caught.value).startswith("ValueError at ")
    assert "content" not in trace_of(caught.value)
    assert trace_of(KeyError("content")) == "KeyError at "
    assert PrettyLines().format(logging.makeLogRecord({"msg": "", "levelname": "INFO"})) == "info"


def test_the_line_of_a_call_is_that_of_any_request(tmp_path: Path) -> None:
    """Written without a record it says the same, to the letter."""
    clock, root = FixedClock(), logging.getLogger()
    line = request_line(stamp(clock.now()), "req_1", status=200, seconds=0.0123456)
    told = {"request": "req_1", "method": "POST", "path": "/v1", "status": 200}
    named = {"name": "muniment.server", "levelname": "INFO", "msg": "request"}
    record = logging.makeLogRecord({**named, **told, "duration_ms": 12.35})
    assert line == JsonLines(clock).format(record)
    stream = written(tmp_path)
    out = straight()
    assert out is not None

    async def say() -> None:
        out.say("first")
        out.say("second")
        assert not stream.getvalue(), "each was written by itself"
        await asyncio.sleep(0)
        out.say("third")
        logging.getLogger("muniment.x").warning("after it")

    asyncio.run(say())
    *said, last = stream.getvalue().splitlines()
    assert (said, json.loads(last)["says"]) == (["first", "second", "third"], "after it")
    root.addHandler(logging.NullHandler())
    assert straight() is None, "somebody else listens too"
    written(tmp_path, "pretty")
    assert straight() is None, "a person reads it"


def test_a_log_that_nobody_reads_harms_nothing(tmp_path: Path) -> None:
    """A closed stream does not break the call whose line it was."""
    stream = written(tmp_path)
    out = straight()
    assert out is not None

    async def say() -> None:
        out.say("lost")
        await asyncio.sleep(0)

    stream.close()
    asyncio.run(say())
