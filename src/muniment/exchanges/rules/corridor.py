"""What the entries of a call say of each stage of its corridor; nothing is guessed.

A stage whose time was not recorded has none, and a stage nobody recorded anything of is said to be
unknown or not reached. "Looked at" is said only of what was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from muniment.exchanges.models import Inspected, Passed, Ruled, Stage, Step, Written

_ORDER: Final = tuple(Stage)
_ALSO: Final = {
    "route": "resolve",
    "reside": "decide",
    "hold": "decide",
    "answer": "inspect_answer",
    "withhold": "decide_answer",
}
_EFFECTS: Final = {
    "allow": (Passed.PASSED, "allowed"),
    "cure": (Passed.CHANGED, "allowed, once made safe"),
    "deny": (Passed.STOPPED, "denied"),
    "hold": (Passed.STOPPED, "held until somebody approves"),
}
_LOOKED: Final = {
    Inspected.WHOLE.value: (Passed.PASSED, "looked at whole"),
    Inspected.PART.value: (Passed.UNKNOWN, "looked at in part only"),
    Inspected.NOT.value: (Passed.UNKNOWN, "not looked at"),
}
Body = Mapping[str, Any]
Said = tuple[Passed, str]


def stage_of(name: str) -> Stage | None:
    """Find the stage that a record names; its first word means the one of the prompt.

    Choosing a route is a part of resolving, and being held is how some decisions end.
    """
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    plain = _ALSO.get(plain, plain)
    for stage in _ORDER:
        if plain in (stage.value, stage.value.removesuffix("_prompt")):
            return stage
    return None


def walk(written: Sequence[Written]) -> tuple[Step, ...]:
    """Say of each stage how the call went through it."""
    by_kind = {each.kind.removeprefix("exchanges."): each for each in written}
    if refused := by_kind.get("refused"):
        return _refused(refused)
    begun = by_kind.get("intended")
    if begun is None:
        return tuple(Step(stage, Passed.UNKNOWN, "its intent could not be read") for stage in Stage)
    ended = by_kind.get("concluded")
    return (*_before(begun), *_after(ended, by_kind))


def ruled(written: Sequence[Written]) -> tuple[Ruled, ...]:
    """Give what was decided in each direction, as the entries say it."""
    found = []
    for each in written:
        kind = each.kind.removeprefix("exchanges.")
        if kind in ("intended", "concluded", "refused") and each.body.get("effect"):
            body = each.body
            found.append(
                Ruled(
                    direction="answer" if kind == "concluded" else "prompt",
                    decision=str(body["decision"]),
                    effect=str(body["effect"]),
                    policy=int(body["policy"]),
                    says="",
                    reasons=tuple(body["reasons"]),
                    remedies=tuple(body["remedies"]),
                    findings=dict(body["findings"]),
                )
            )
    return tuple(found)


def _refused(entry: Written) -> tuple[Step, ...]:
    body = entry.body
    at = stage_of(str(body["stage"]))
    place = _ORDER.index(at) if at is not None else 0
    steps = []
    for number, stage in enumerate(_ORDER):
        if at is None:
            how, says = Passed.UNKNOWN, f"it was stopped at {body['stage']}"
        elif number < place:
            how, says = _BEFORE[stage](body) if stage in _BEFORE else _passed(stage)
        elif number == place:
            how, says = Passed.STOPPED, _why(body)
        elif stage is Stage.IDENTIFY and body["key"]:  # who called is known before all is read
            how, says = _identify(body)
        else:
            how, says = Passed.NOT_REACHED, "not reached"
        steps.append(Step(stage, how, says, _took(body, stage), None))
    told = Stage.RECORD
    return tuple(
        Step(told, Passed.PASSED, "the refusal was recorded", None, entry.index)
        if each.stage is told
        else each
        for each in steps
    )


def _why(body: Body) -> str:
    reasons = f": {', '.join(body['reasons'])}" if body["reasons"] else ""
    return f"stopped as {body['code']}, answered with {body['status']}{reasons}"


def _before(begun: Written) -> tuple[Step, ...]:
    body = begun.body
    steps = []
    for stage in _ORDER[: _ORDER.index(Stage.INTEND)]:
        how, says = _BEFORE[stage](body) if stage in _BEFORE else _passed(stage)
        steps.append(Step(stage, how, says, _took(body, stage)))
    shadow = f", and compared with {body['shadow']} afterwards" if body.get("shadow") else ""
    intent = Step(
        Stage.INTEND,
        Passed.PASSED,
        f"recorded before anything left{shadow}",
        _took(body, Stage.INTEND),
        begun.index,
    )
    return (*steps, intent)


def _after(ended: Written | None, by_kind: Mapping[str, Written]) -> tuple[Step, ...]:
    lost, held = by_kind.get("lost"), by_kind.get("held")
    rest = _ORDER[_ORDER.index(Stage.FORWARD) :]
    if ended is None:
        says = "nobody knows: the process ended before it could say" if lost else "not known yet"
        steps = [Step(stage, Passed.UNKNOWN, says) for stage in rest]
        if lost is not None:
            where = rest.index(Stage.RECORD)
            told = "recorded later that its end is unknown"
            steps[where] = Step(Stage.RECORD, Passed.UNKNOWN, told, None, lost.index)
        return tuple(steps)
    body = ended.body
    found = []
    for stage in rest:
        how, says = _AFTER[stage](body)
        index = ended.index if stage is Stage.RECORD else None
        if stage is Stage.DECIDE_ANSWER and body.get("approval"):
            how, says = _asked(body, held, says, by_kind.get("vault.discarded"))
            index = held.index if held is not None else None
        found.append(Step(stage, how, says, _took(body, stage), index))
    return tuple(found)


def _took(body: Body, stage: Stage) -> int | None:
    took = body.get("took") or {}
    known = [
        value
        for name, value in took.items()
        if stage_of(str(name)) is stage and isinstance(value, int) and value >= 0
    ]
    return sum(known) if known else None


def _passed(stage: Stage) -> Said:
    says = {
        Stage.RECEIVE: "the request was read",
        Stage.IDENTIFY: "the key is known",
        Stage.RESOLVE: "the system and what serves it are known",
        Stage.LIMIT: "within its limits",
    }
    return Passed.PASSED, says.get(stage, "passed")


def _limit(body: Body) -> Said:
    held = body.get("reserved")
    if held is None:
        return Passed.PASSED, "no limit was met"
    count = len(held)
    if not count:
        return Passed.PASSED, "no limit counts it"
    return Passed.PASSED, f"its part of {count} {'limit' if count == 1 else 'limits'} was reserved"


def _identify(body: Body) -> Said:
    return Passed.PASSED, f"by key {body['key']}, over {body['surface']}"


def _resolve(body: Body) -> Said:
    set_digest = body.get("set_digest", "")
    serves = f", served by {set_digest[:19]}…" if set_digest else ""
    left = body.get("left_out")
    not_taken = f"; not taken: {'; '.join(left)}" if left else ""
    place = f"{body['system']}, {body['environment']}"
    return Passed.PASSED, f"{body['model']} for {place}{serves}{not_taken}"


def _inspect(body: Body) -> Said:
    how, says = _LOOKED.get(str(body["inspected"]), (Passed.UNKNOWN, "not known"))
    if body.get("exception"):
        says += f", let go on by the exception {body['exception']}"
    if how is Passed.UNKNOWN and body["inspected"] != Inspected.PART.value:
        return how, says
    found = ", ".join(f"{name} {count}" for name, count in sorted(body["findings"].items()))
    return how, f"{says}: {found or 'nothing found'}"


def _decide(body: Body) -> Said:
    effect = str(body["effect"])
    if not effect:
        return Passed.UNKNOWN, "no decision was recorded"
    how, says = _EFFECTS.get(effect, (Passed.UNKNOWN, effect))
    reasons = f", by {', '.join(body['reasons'])}" if body["reasons"] else ""
    return how, f"{says}{reasons}, policy version {body['policy']}"


def _asked(body: Body, held: Written | None, says: str, gone: Written | None) -> Said:
    """Say of an answer with a tool call that waited for a person how that ended."""
    tools = ", ".join(held.body["tools"] if held is not None else body["tools"])
    if body["state"] == "answered":
        return Passed.CHANGED, f"{says}; {tools} was let go by {body['approval']}"
    since = f"; what was kept was discarded, since {gone.body['reason']}" if gone else ""
    return Passed.STOPPED, f"{says}; {tools} was held, asked as {body['approval']}{since}"


def _protect(body: Body) -> Said:
    if body["remedies"]:
        return Passed.CHANGED, ", ".join(body["remedies"])
    return Passed.PASSED, "nothing had to be changed"


def _forward(body: Body) -> Said:
    tries = [
        f"{each['route']} {each['problem'] or each['status']} in {each['milliseconds']} ms"
        for each in body["attempts"]
    ]
    if body.get("released"):
        return Passed.PASSED, f"not sent again: the answer kept of {body['released']} was taken"
    if not tries:
        return Passed.STOPPED, f"it was not sent{_problem(body)}"
    came = body["state"] == "answered" or (body["state"] == "refused" and bool(body["effect"]))
    how = Passed.PASSED if came else Passed.STOPPED
    if body.get("fallback"):
        tries.append(f"the last is the {body['fallback']}")
    return how, "; ".join(tries) + ("" if how is Passed.PASSED else _problem(body))


def _problem(body: Body) -> str:
    return f": {body['problem']}" if body["problem"] else ""


def _of_answer(judge: Callable[[Body], Said]) -> Callable[[Body], Said]:
    def judged(body: Body) -> Said:
        if not body["answer"] and body["reached"] == "none" and not body["effect"]:
            return Passed.NOT_REACHED, "no answer came"
        return judge(body)

    return judged


def _record(body: Body) -> Said:
    del body
    return Passed.PASSED, "the end was recorded"


def _reply(body: Body) -> Said:
    reached = str(body["reached"])
    says = {
        "whole": (Passed.PASSED, "the whole answer reached the caller"),
        "part": (Passed.STOPPED, "only a part of the answer reached the caller"),
        "none": (Passed.STOPPED, f"nothing of an answer reached the caller, {body['status']}"),
    }
    return says.get(reached, (Passed.UNKNOWN, "not known"))


_BEFORE: Final[dict[Stage, Callable[[Body], Said]]] = {
    Stage.IDENTIFY: _identify,
    Stage.RESOLVE: _resolve,
    Stage.LIMIT: _limit,
    Stage.INSPECT_PROMPT: _inspect,
    Stage.DECIDE_PROMPT: _decide,
    Stage.PROTECT_PROMPT: _protect,
}
_AFTER: Final[dict[Stage, Callable[[Body], Said]]] = {
    Stage.FORWARD: _forward,
    Stage.INSPECT_ANSWER: _of_answer(_inspect),
    Stage.DECIDE_ANSWER: _of_answer(_decide),
    Stage.PROTECT_ANSWER: _of_answer(_protect),
    Stage.RECORD: _record,
    Stage.REPLY: _reply,
}
