"""Tool calls that wait for a person: kept back, asked once, and let go exactly once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import anthropic
import httpx
import openai
import pytest

from muniment import approvals, exchanges
from muniment.approvals import Answer, Query, Request, State
from muniment.core.actor import Actor
from muniment.exchanges import StopKind
from muniment.exchanges.jobs import followers
from muniment.jobs import step
from tests.gateway.calling import HERE, OPEN_RULES, Gate, bodies, gate_in, script

EMAIL = "bob@example.org"
HOLDING = (
    OPEN_RULES
    + """
@id("test.pay") @reason("Somebody looks at payments.") @remedy("hold:security")
forbid (principal, action == Muniment::Action::"use_tool", resource == Muniment::Tool::"pay")
when { !context.text.held.contains("security") };
@id("test.burn") @reason("Nothing is burnt.")
forbid (principal, action == Muniment::Action::"use_tool", resource == Muniment::Tool::"burn");
@id("test.mail") @reason("Tools see no addresses.") @remedy("redact:EMAIL_ADDRESS")
forbid (principal, action == Muniment::Action::"use_tool", resource == Muniment::Tool::"mail")
when { context.text.types.contains("EMAIL_ADDRESS") };
@id("test.account") @reason("Somebody reads what names an account.") @remedy("hold:security")
forbid (principal, action == Muniment::Action::"answer", resource)
when { context.text.types.contains("IBAN_CODE") && !context.text.held.contains("security") };
"""
)
ACCOUNT = "DE89 3704 0044 0532 0130 00"
PAY = {"to": EMAIL, "amount": 900}
LINES = script(
    {
        "when": "both",
        "tools": [{"name": "pay", "arguments": PAY}, {"name": "burn", "arguments": {}}],
    },
    {"when": "account", "say": f"Send it to {ACCOUNT}, soon."},
    {"when": "mail", "tools": [{"name": "mail", "arguments": {"to": EMAIL}}]},
    {"when": "pay", "say": "I pay it now.", "tools": [{"name": "pay", "arguments": PAY}]},
    {"say": "Good day."},
)
NAMES = ("pay", "burn", "mail")
TOOLS: list[Any] = [
    {"type": "function", "function": {"name": each, "parameters": {"type": "object"}}}
    for each in NAMES
]
OFFERED: list[Any] = [{"name": each, "input_schema": {"type": "object"}} for each in NAMES]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    """A gateway that holds payments and waits for nobody."""
    settings: dict[str, Any] = {"gateway.hold_seconds": 0}
    with gate_in(tmp_path_factory.mktemp("gate"), LINES, HOLDING, **settings) as opened:
        yield opened


def newest(gate: Gate, guard: Actor) -> Request:
    """Give the newest question."""
    with gate.house.database.look(guard) as work:
        return approvals.list_requests(work, Query()).rows[0]


def answer(gate: Gate, guard: Actor, how: Answer, **more: Any) -> str:
    """Open the newest question and answer it."""
    request = newest(gate, guard)
    with gate.house.database.work(guard) as work:
        approvals.open_request(work, request.id)
    with gate.house.database.work(guard) as work:
        given: dict[str, Any] = {"digest": request.version.digest, "reason": "I looked at it."}
        approvals.decide(work, request.id, how, **given, **more)
    return request.id


def body(words: str, **more: object) -> dict[str, Any]:
    """Make a request of a chat with tools."""
    message = {"role": "user", "content": words}
    return {"model": "scripted", "messages": [message], "tools": TOOLS, **more}


def last(gate: Gate, kind: str) -> Mapping[str, Any]:
    """Give what was recorded last of a kind."""
    return bodies(gate.entries(f"exchanges.{kind}"))[-1]


def by_openai(gate: Gate, words: str, approval: str = "", *, streamed: bool = False) -> Any:
    """Ask with OpenAI's client; give the arguments of the tool that is to be called."""
    client: Any = gate.openai()
    given: dict[str, Any] = body(words)
    given["extra_headers"] = {"x-muniment-approval": approval} if approval else {}
    if streamed:
        with client.chat.completions.stream(**given) as stream:
            message = stream.get_final_completion().choices[0].message
    else:
        message = client.chat.completions.create(**given).choices[0].message
    return json.loads(message.tool_calls[0].function.arguments)


def by_anthropic(gate: Gate, words: str, approval: str = "", *, streamed: bool = False) -> Any:
    """Ask with Anthropic's client; give the input of the tool that is to be used."""
    client: Any = gate.anthropic()
    given: dict[str, Any] = {
        "model": "scripted",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": words}],
        "tools": OFFERED,
        "extra_headers": {"x-muniment-approval": approval} if approval else {},
    }
    if streamed:
        with client.messages.stream(**given) as stream:
            message = stream.get_final_message()
    else:
        message = client.messages.create(**given)
    return next(each.input for each in message.content if each.type == "tool_use")


def approval_in(error: Any) -> str:
    """Read the id of what was asked from the error that a client raises."""
    told = error.body.get("error", error.body)
    assert told["code"] == "held", told
    return str(told["approval"])


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("ask", [by_openai, by_anthropic])
@pytest.mark.requirement("IOG-04", "HUM-04", "CHG-09")
def test_a_held_tool_call_is_given_once_after_a_yes(
    gate: Gate, guard: Actor, ask: Any, *, streamed: bool
) -> None:
    """The client is told which question it waits for; with its id, that very call comes, once."""
    words = f"pay, {ask.__name__} {streamed}"
    with pytest.raises((openai.APIError, anthropic.APIError)) as held:
        ask(gate, words, streamed=streamed)
    request = approval_in(held.value)
    ended, kept = last(gate, "concluded"), last(gate, "held")
    assert (ended["state"], ended["approval"], ended["tools"]) == ("refused", request, ["pay"])
    assert ended["reached"] == ("part" if streamed else "none")
    assert (kept["approval"], kept["tools"]) == (request, ["pay"])
    assert EMAIL not in json.dumps(dict(kept), default=str)
    with pytest.raises((openai.APIError, anthropic.APIError)) as waits:
        ask(gate, words, request, streamed=streamed)
    assert approval_in(waits.value) == request, "it waits still"
    assert answer(gate, guard, Answer.APPROVE) == request
    assert ask(gate, words, request, streamed=streamed) == PAY
    done = last(gate, "concluded")
    assert (done["state"], done["approval"], done["released"]) == (
        "answered",
        request,
        kept["exchange"],
    )
    assert (done["attempts"], done["cost_micros"], done["output_tokens"]) == ([], 0, 0)
    assert gate.entries("vault.discarded")[-1].body["reason"].startswith(done["exchange"])
    with pytest.raises((openai.APIError, anthropic.APIError), match="is used"):
        ask(gate, words, request, streamed=streamed)


def test_the_person_sees_the_tool_and_no_ones_data(gate: Gate, guard: Actor) -> None:
    """What is asked names the tool, its arguments without values of people, and what follows."""
    told = gate.post("/v1/chat/completions", body("pay, to see"))
    assert told.headers["x-muniment-approval"] == told.error["approval"]
    assert told.headers["x-should-retry"] == "false"
    request = newest(gate, guard)
    [call] = request.version.document["calls"]
    assert (call["tool"], json.loads(call["arguments"])["amount"]) == ("pay", 900)
    assert EMAIL not in json.dumps(dict(request.version.document), default=str)
    assert request.matter.title == "desk wants to use pay"
    assert "It cannot be undone." in request.matter.consequence
    assert "test.pay" in request.matter.policies
    for entry in gate.entries():
        with gate.house.database.work(HERE) as work:
            exchanges.follow(work, entry)
    with gate.house.database.look(guard) as work:
        told_of = exchanges.explain(work, gate.house.log, last(gate, "concluded")["exchange"])
    steps = {each.stage.value: each for each in told_of.steps}
    assert steps["decide_answer"].how.value == "stopped"
    assert f"pay was held, asked as {request.id}" in steps["decide_answer"].says
    assert [(each.request, each.state) for each in told_of.agreed] == [(request.id, "open")]


def test_an_answer_as_a_whole_waits_for_a_yes(gate: Gate, guard: Actor) -> None:
    """It rests in the vault, is shown without what people are known by, and is given once."""
    asked = body("which account")
    told = gate.post("/v1/chat/completions", asked)
    request = newest(gate, guard)
    assert (told.status, told.error["code"], told.error["approval"]) == (403, "held", request.id)
    assert "the answer waits for a yes of security" in told.error["message"]
    [shown] = request.version.document["calls"]
    assert shown["tool"] == "the answer"
    assert shown["arguments"].startswith("Send it to ")
    assert ACCOUNT not in json.dumps(dict(request.version.document), default=str)
    assert request.matter.title == "desk wants to give an answer"
    assert "test.account" in request.matter.policies
    assert last(gate, "concluded")["reached"] == "none"
    answer(gate, guard, Answer.APPROVE)
    headers = {"x-muniment-approval": request.id}
    given = gate.post("/v1/chat/completions", asked, headers=headers)
    assert given.status == 200, given.body
    assert ACCOUNT in given.json["choices"][0]["message"]["content"]
    assert last(gate, "concluded")["released"] == last(gate, "held")["exchange"]
    assert gate.post("/v1/chat/completions", asked, headers=headers).status == 403, "once"


def test_a_stream_that_would_have_to_wait_is_refused(gate: Gate) -> None:
    """What has gone on cannot be held back any more, so nothing of such a stream goes on."""
    told = gate.post("/v1/chat/completions", body("which account", stream=True))
    assert ACCOUNT.encode() not in told.body
    ended = last(gate, "concluded")
    assert (ended["state"], ended["reasons"]) == ("refused", ["test.account", "test.all"])


def test_the_same_is_asked_once_and_a_no_stays(gate: Gate, guard: Actor) -> None:
    """Who asks again without the id makes no second question; denied, it is refused at once."""
    asked = body("pay, again")
    first = gate.post("/v1/chat/completions", asked).error["approval"]
    assert gate.post("/v1/chat/completions", asked).error["approval"] == first
    answer(gate, guard, Answer.DENY)
    for headers in ({}, {"x-muniment-approval": first}):
        told = gate.post("/v1/chat/completions", asked, headers=headers)
        assert (told.status, told.error["approval"]) == (403, first)
        assert "is denied" in told.error["message"]


def test_after_a_no_nothing_is_kept_and_the_call_says_so(gate: Gate, guard: Actor) -> None:
    """What was kept for a yes is discarded once there is none, and the call's page tells why."""
    request = gate.post("/v1/chat/completions", body("pay, never")).error["approval"]
    exchange = last(gate, "held")["exchange"]
    answer(gate, guard, Answer.DENY)
    house = gate.house
    house.log.seal()
    for each in followers():
        while step(house.database, each, house.log.read_after):
            pass
    reason = f"{request} was denied"
    assert gate.entries("vault.discarded")[-1].body["reason"] == reason
    with house.database.look(guard) as work:
        told = exchanges.explain(work, house.log, exchange)
    [says] = [each.says for each in told.steps if each.stage.value == "decide_answer"]
    assert says.endswith(f"what was kept was discarded, since {reason}")
    assert [each.state for each in told.agreed] == ["denied"]


def test_another_request_does_not_get_what_was_held(gate: Gate, guard: Actor) -> None:
    """An approved call goes neither to a changed request nor to who only knows an id."""
    first = gate.post("/v1/chat/completions", body("pay, mine")).error["approval"]
    answer(gate, guard, Answer.APPROVE)
    headers = {"x-muniment-approval": first}
    told = gate.post("/v1/chat/completions", body("pay, yours"), headers=headers)
    assert (told.status, "not what would be done" in told.error["message"]) == (403, True)
    unknown = {"x-muniment-approval": "apr_01kjmmac8gzksyqtwjrp07zhn1"}
    told = gate.post("/v1/chat/completions", body("pay, mine"), headers=unknown)
    assert (told.status, told.error["param"]) == (403, "x-muniment-approval")
    refused = last(gate, "refused")
    assert (refused["stage"], refused["code"]) == ("hold", "forbidden")
    assert gate.post("/v1/chat/completions", body("pay, mine"), headers=headers).status == 200


def test_an_answer_that_somebody_changed_is_not_given(gate: Gate, guard: Actor) -> None:
    """A yes to other arguments is a yes to nothing: no answer can be made to say them."""
    asked = body("pay, but less")
    first = gate.post("/v1/chat/completions", asked).error["approval"]
    document = dict(newest(gate, guard).version.document)
    answer(gate, guard, Answer.APPROVE_WITH_CHANGE, change={**document, "for": ["nobody"]})
    told = gate.post("/v1/chat/completions", asked, headers={"x-muniment-approval": first})
    assert (told.status, "not what would be done" in told.error["message"]) == (403, True)
    assert last(gate, "refused")["stage"] == "hold"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_yes_in_time_lets_the_waiting_call_go_on(
    gate: Gate, guard: Actor, *, streamed: bool
) -> None:
    """Approved while the caller waits, the call is given in the same answer."""
    before = newest(gate, guard).id
    with ThreadPoolExecutor(1) as pool, gate.given(hold_seconds=60):
        waiting = pool.submit(by_openai, gate, f"pay, soon {streamed}", streamed=streamed)
        while newest(gate, guard).id == before:
            threading.Event().wait(0.02)
        request = answer(gate, guard, Answer.APPROVE)
        assert waiting.result(30) == PAY
    ended = last(gate, "concluded")
    assert (ended["state"], ended["approval"], ended["released"]) == ("answered", request, "")
    with gate.house.database.look(guard) as work:
        assert approvals.get(work, request)[0].state is State.USED


@pytest.mark.parametrize("streamed", [False, True])
def test_what_is_denied_beside_it_denies_the_answer(gate: Gate, *, streamed: bool) -> None:
    """A tool that nobody may use is refused, also where another one would only wait."""
    held_before = len(gate.entries("exchanges.held"))
    told = gate.post("/v1/chat/completions", body("both", stream=streamed))
    assert b"the tool burn may not be used here" in told.body
    assert b'"approval"' not in told.body
    assert len(gate.entries("exchanges.held")) == held_before


@pytest.mark.parametrize("streamed", [False, True])
def test_a_rule_of_a_tool_takes_values_out_of_its_arguments(gate: Gate, *, streamed: bool) -> None:
    """A remedy for the words of a tool call is carried out before anybody is given it."""
    assert by_openai(gate, "mail", streamed=streamed) == {"to": "[REDACTED]"}


def test_a_stopped_tool_is_not_let_go(gate: Gate, guard: Actor) -> None:
    """A yes given before a tool was stopped opens nothing after."""
    asked = body("pay, stopped")
    first = gate.post("/v1/chat/completions", asked).error["approval"]
    answer(gate, guard, Answer.APPROVE)
    with gate.house.database.work(HERE) as work:
        stop = exchanges.stop(work, StopKind.TOOL, "pay", reason="for the test")
    gate.look_again()
    headers = {"x-muniment-approval": first}
    told = gate.post("/v1/chat/completions", asked, headers=headers)
    assert (told.status, told.error["code"]) == (403, "blocked")
    with gate.house.database.work(HERE) as work:
        exchanges.resume(work, stop.id, reason="for the test")
    gate.look_again()
    assert gate.post("/v1/chat/completions", asked, headers=headers).status == 200


@contextmanager
def broken(gate: Gate, when: str, how: str = "INSERT INTO lost_table VALUES (1)") -> Iterator[None]:
    """Let the database refuse something that happens to a question."""
    with gate.house.database.machine() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER broken BEFORE {when} ON approval_requests BEGIN {how}; END"
        )
    try:
        yield
    finally:
        with gate.house.database.machine() as connection:
            connection.exec_driver_sql("DROP TRIGGER broken")


@pytest.mark.parametrize("streamed", [False, True])
def test_what_cannot_be_asked_is_not_given(gate: Gate, guard: Actor, *, streamed: bool) -> None:
    """If it breaks between answer and question, there is neither; a later try asks anew."""
    before, held = newest(gate, guard).id, len(gate.entries("exchanges.held"))
    asked = body(f"pay, unasked {streamed}", stream=streamed)
    with broken(gate, "INSERT"):
        told = gate.post("/v1/chat/completions", asked)
    assert b"900" not in told.body
    assert (newest(gate, guard).id, len(gate.entries("exchanges.held"))) == (before, held)
    assert last(gate, "concluded")["state"] == "failed"
    assert b'"code":"held"' in gate.post("/v1/chat/completions", asked).body
    assert len(gate.entries("exchanges.held")) == held + 1


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
def test_a_stream_that_the_database_breaks_is_told_and_recorded_as_that(
    gate: Gate, path: str
) -> None:
    """What nobody foresaw of a database ends a stream in an error event, and not as a goodbye."""
    held, words = len(gate.entries("exchanges.held")), f"pay, broken {path}"
    asked = body(words, stream=True, max_tokens=50)
    if path == "/v1/messages":
        asked["tools"] = OFFERED
    with broken(gate, "INSERT", "SELECT RAISE(ABORT, 'lost')"):
        told = gate.post(path, asked)
    assert (b"900" in told.body, len(gate.entries("exchanges.held"))) == (False, held)
    error = next(
        json.loads(line[6:])["error"]
        for line in told.body.decode().splitlines()
        if line.startswith("data: {") and "error" in json.loads(line[6:])
    )
    assert error["message"].startswith("this answer could not be recorded. ")
    ended = last(gate, "concluded")
    assert (ended["state"], ended["status"], ended["reached"]) == ("failed", 502, "part")
    assert ended["problem"] == "this answer could not be recorded"
    assert b'"code":"held"' in gate.post(path, asked).body


@pytest.mark.parametrize("streamed", [False, True])
def test_a_yes_that_cannot_be_spent_gives_nothing(
    gate: Gate, guard: Actor, *, streamed: bool
) -> None:
    """If it breaks between yes and answer, nothing is given and the yes is still there."""
    asked = body(f"pay, unspent {streamed}", stream=streamed)
    gate.post("/v1/chat/completions", asked)
    request = answer(gate, guard, Answer.APPROVE)
    headers = {"x-muniment-approval": request}
    with broken(gate, "UPDATE"):
        assert b"900" not in gate.post("/v1/chat/completions", asked, headers=headers).body
    with gate.house.database.look(guard) as work:
        assert approvals.get(work, request)[0].state is State.APPROVED
    assert b"900" in gate.post("/v1/chat/completions", asked, headers=headers).body


def test_who_goes_away_while_it_waits_finds_the_question_again(gate: Gate, guard: Actor) -> None:
    """A caller that never heard of the question is led to it by asking the same again."""
    asked, before = body("pay, gone", stream=True), newest(gate, guard).id
    headers = {"authorization": f"Bearer {gate.key}"}
    with (
        gate.given(hold_seconds=60),
        httpx.Client(base_url=gate.origin) as client,
        client.stream(
            "POST", "/v1/chat/completions", content=json.dumps(asked), headers=headers
        ) as stream,
    ):
        next(stream.iter_bytes())
        while newest(gate, guard).id == before:
            threading.Event().wait(0.02)
    request = answer(gate, guard, Answer.APPROVE)
    assert b"900" in gate.post("/v1/chat/completions", asked).body
    assert last(gate, "concluded")["approval"] == request
