"""Each lesson of others' users has a test by name; those that stood nowhere else stand here."""

from __future__ import annotations

import ast
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from muniment.gateway.fresh import Fresh
from tests.gateway.asking import EMAIL, USUAL, Shared
from tests.gateway.doubles import EVENTS, Double, Reply, Sent, chat, chunk

TESTS: Final = Path(__file__).parents[1]
LESSONS: Final = {
    "words split over chunks": "gateway/test_streaming.py:test_a_secret_cut_anywhere_never_escapes",
    "inspected though it was not": "gateway/test_streaming.py:"
    "test_every_way_a_stream_goes_wrong_is_told_and_recorded",
    "a guardrail that crashed open": "gateway/test_pipeline.py:"
    "test_a_stage_that_breaks_stops_the_call",
    "a verdict after the end": "gateway/test_lessons.py:"
    "test_a_verdict_comes_before_the_words_not_after",
    "a whole stream held back": "gateway/test_promises.py:"
    "test_a_stream_is_not_held_back_until_its_end",
    "guardrails switched off by callers": "gateway/test_lessons.py:test_callers_switch_nothing_off",
    "paths that skip them": "gateway/test_lessons.py:test_an_unknown_path_is_refused",
    "a block that became a redaction": "gateway/test_lessons.py:"
    "test_a_block_is_a_block_and_stands_in_the_records",
    "masks left in arguments": "gateway/test_promises.py:"
    "test_no_mask_is_left_in_the_arguments_of_a_tool",
    "tool calls unseen": "gateway/test_lessons.py:test_tools_nobody_permitted_are_not_called",
    "tool results unseen": "gateway/test_promises.py:test_what_a_tool_gave_back_is_judged",
    "refusals without a record": "gateway/stages/test_decide.py:"
    "test_what_a_rule_forbids_goes_nowhere",
    "rows missing under contention": "gateway/test_faults.py:"
    "test_a_locked_database_stops_calls_before_they_leave",
    "a kill switch and a cached key": "gateway/test_lessons.py:test_a_kill_switch_works_at_once",
    "budget races": "gateway/test_lessons.py:test_a_budget_is_not_overrun_by_many_at_once",
    "memory that grows": "gateway/test_promises.py:test_what_a_process_remembers_is_bounded",
    "retries that are billed twice": "gateway/stages/test_forward.py:"
    "test_what_may_have_been_billed_is_not_sent_to_the_same_place_again",
    "a provider's error with its key": "gateway/test_lessons.py:"
    "test_a_provider_that_fails_leaks_no_key",
    "prompts in log lines": "gateway/test_promises.py:test_no_words_stand_in_the_log",
    "an address in a request": "gateway/test_lessons.py:test_callers_switch_nothing_off",
    "addresses of metadata": "gateway/test_connecting.py:"
    "test_a_name_that_leads_to_metadata_is_not_spoken_to",
    "a compromised dependency": "house/test_tools.py:"
    "test_every_locked_package_has_a_hash_and_no_index",
}
PLAIN: Final = "plain words about the weather, and again "


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_has_its_test(lesson: str) -> None:
    """Whoever removes such a test is told which lesson it kept."""
    file, _, name = LESSONS[lesson].partition(":")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert name in names


def test_a_stream_is_not_held_back_until_its_end(shared: Shared, provider: Double) -> None:
    """The caller reads words while the provider still speaks, and the end comes too."""
    heard = threading.Event()
    in_time: list[bool] = []

    def said() -> Iterator[bytes]:
        for _ in range(60):
            yield b"data: " + json.dumps(chunk({"content": PLAIN})).encode() + b"\n\n"
        in_time.append(heard.wait(20))
        yield b"data: " + json.dumps(chunk({}, "stop")).encode() + b"\n\ndata: [DONE]\n\n"

    pieces: Any = said()
    provider.say = lambda _sent: Reply(pieces, headers=EVENTS)
    body = {"model": "double", "messages": [USUAL], "stream": True}
    headers = {"authorization": f"Bearer {shared.gate.key}"}
    last = ""
    with shared.client.stream("POST", "/v1/chat/completions", json=body, headers=headers) as answer:
        for line in answer.iter_lines():
            last = line or last
            if "plain words" in line:
                heard.set()
    assert in_time == [True]
    assert last == "data: [DONE]"


@pytest.mark.parametrize("streamed", [False, True])
def test_no_mask_is_left_in_the_arguments_of_a_tool(
    shared: Shared, provider: Double, *, streamed: bool
) -> None:
    """The model is given a mask and calls a tool with it; the tool is given the caller's value."""

    def say(sent: Sent) -> Reply:
        masked = sent.body["messages"][-1]["content"].removeprefix("Write to ").rstrip(".")
        assert masked != EMAIL
        function = {"name": "mail", "arguments": json.dumps({"to": masked, masked: 1})}
        call = {"id": "c", "index": 0, "type": "function", "function": function}
        if streamed:
            return Reply.events(chunk({"tool_calls": [call]}), chunk({}, "tool_calls"))
        answer = chat(None)
        answer["choices"][0]["message"]["tool_calls"] = [call]
        return Reply.of(answer)

    provider.say = say
    message = {"role": "user", "content": f"Write to {EMAIL}."}
    asked = shared.chat(messages=[message], stream=streamed)
    assert asked.status == 200, asked.raw
    if streamed:
        calls = [
            call
            for event in asked.events
            if event != "[DONE]"
            for choice in event["choices"]
            for call in choice["delta"].get("tool_calls", ())
        ]
    else:
        calls = asked.json["choices"][0]["message"]["tool_calls"]
    told = "".join(each["function"]["arguments"] for each in calls)
    assert json.loads(told) == {"to": EMAIL, EMAIL: 1}


def test_what_a_tool_gave_back_is_judged(shared: Shared, provider: Double) -> None:
    """A result is inspected and decided on like a prompt, before any model reads it."""
    provider.says(Reply.of(chat()))
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages: list[dict[str, Any]] = [
        dict(USUAL),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "It runs at 203.0.113.7."},
    ]
    asked = shared.chat(messages=messages)
    assert asked.status == 403
    assert "test.results" in asked.json["error"]["message"]
    assert asked.body("refused")["stage"] == "decide"
    assert provider.seen == []
    messages[-1] = {**messages[-1], "content": "It runs."}
    assert shared.chat(messages=messages).status == 200


def test_no_words_stand_in_the_log(
    shared: Shared, provider: Double, caplog: pytest.LogCaptureFixture
) -> None:
    """Answered, refused or failed: neither what was asked nor what was said is logged."""
    words = {"role": "user", "content": "kaleidoscope"}
    with caplog.at_level(logging.DEBUG):
        provider.says(Reply.of(chat("semaphore")))
        assert shared.chat(messages=[words]).status == 200
        provider.says(Reply.of({"error": {"message": "semaphore"}}, 500))
        assert shared.chat(messages=[words]).status == 502
        account = {"role": "user", "content": "kaleidoscope DE89 3704 0044 0532 0130 00"}
        assert shared.chat(messages=[account]).status == 403
        provider.says(Reply((b"semaphore",)))
        assert shared.chat(messages=[words]).status == 502
    for secret in ("kaleidoscope", "semaphore", "DE89", shared.gate.key):
        assert secret not in caplog.text


def test_what_a_process_remembers_is_bounded(shared: Shared) -> None:
    """However many callers, subjects and systems come by, what is kept in memory has an end."""
    fresh: Fresh[int, int] = Fresh(lambda: 0.0, lambda key: key)
    for number in range(10_500):
        fresh.get(number)
    assert len(fresh._known) <= 10_000
    assert len(fresh._reading) <= 10_000
    means = shared.means
    for number in range(10):
        assert shared.chat("echo", user=f"someone-{number}").status == 200
    assert len(means.standings._known._known) <= 4, "one for each key and place, not each subject"
    assert len(means.scanners._known._known) == 1
    assert len(means.seen) < 40, "what was seen, not who asked"
