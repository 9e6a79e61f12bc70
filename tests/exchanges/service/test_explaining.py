"""A call with everything that is recorded of it, and disputed texts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from muniment import approvals, exchanges, vault
from muniment.approvals import Matter, Rule
from muniment.core.actor import system_actor
from muniment.core.errors import ForbiddenError, InvalidError
from muniment.exchanges import Claim, Matching, Passed, Refusal, Shadow, Stage, Subjects
from muniment.ledger import Log, Writer
from muniment.testing.vault import INES, OMAR, Vaulted
from muniment.vault import Digester
from tests.access.recorded import records
from tests.approvals.people import Office
from tests.exchanges.conftest import CALLER
from tests.exchanges.making import catch_up, intent, origin, outcome
from tests.exchanges.service.test_calls import done

ACTOR = system_actor("test")
TEXT = b"Please refund 40 EUR to Mary."


@pytest.mark.requirement("IOG-03")
def test_a_call_is_explained_by_its_entries(office: Office, writer: Writer, log: Log) -> None:
    """Stages, decisions and entries come from the log; the approval it waited for is named."""
    done(exchanges.intend(writer, CALLER, intent(), Claim()))
    done(exchanges.conclude(writer, CALLER, outcome()))
    done(exchanges.shadow(writer, CALLER, Shadow("exc_1", "sys_1", "other:x/m", same="met")))
    matter = Matter("call.hold", ("exchange", "exc_1"), "A refund", {"a": 1}, "It is sent.")
    with office.database.work(ACTOR) as work:
        asked = approvals.ask(work, matter, Rule())
    catch_up(log)
    with office.by("sven") as work:
        told = exchanges.explain(work, log, "exc_1")
    assert [each.kind.removeprefix("exchanges.") for each in told.written] == [
        "intended",
        "concluded",
        "shadowed",
    ]
    assert told.body("exchanges.shadowed")["same"] == "met"
    assert told.body("exchanges.intended")["routes"] == ["openai", "openai-eu"]
    assert len(told.steps) == len(Stage)
    assert [each.request for each in told.agreed] == [asked.id]
    assert [(each.direction, each.policy) for each in told.ruled] == [("prompt", 3)]
    office.person("olga", "owner")
    with office.by("olga") as work:
        assert exchanges.explain(work, log, "exc_1").exchange.id == "exc_1"
    office.person("nora")
    with office.by("nora") as work, pytest.raises(ForbiddenError):
        exchanges.explain(work, log, "exc_1")


def test_a_refusal_is_explained(office: Office, writer: Writer, log: Log) -> None:
    """One entry tells it all: where it stopped and as what."""
    refused = Refusal(origin(), "m", "decide_prompt", "blocked", 403)
    done(exchanges.refuse(writer, CALLER, refused))
    catch_up(log)
    with office.by("sven") as work:
        told = exchanges.explain(work, log, "exc_1")
    stopped = [each.stage for each in told.steps if each.how is Passed.STOPPED]
    assert stopped == [Stage.DECIDE_PROMPT]


def called(vaulted: Vaulted, writer: Writer, subject: str) -> None:
    """Let a call with this text pass."""
    digester = Digester(vaulted.safe, "internal")
    kid, digest = digester.digest(CALLER, subject, TEXT)
    answer_key, answer = digester.digest(CALLER, subject, b"It is on its way.")
    made = replace(intent(), request=digest, request_key=kid)
    done(exchanges.intend(writer, CALLER, made, Claim()))
    done(exchanges.conclude(writer, CALLER, outcome(answer=answer, answer_key=answer_key)))
    catch_up(vaulted.log)


def asked(vaulted: Vaulted, text: bytes, direction: str = "prompt") -> Matching:
    """Ask whether a call carried a text."""
    with vaulted.database.work(INES) as work:
        found = exchanges.match(
            work,
            vaulted.log,
            vaulted.safe,
            "exc_1",
            text,
            direction=direction,
            reason="a complaint",
        )
    return found.answer


def test_a_disputed_text_is_proved_disproved_or_erased(vaulted: Vaulted, writer: Writer) -> None:
    """It matches, or not; once the subject was erased nobody can tell; nothing of it is kept."""
    subjects = Subjects(vaulted.safe)
    name = subjects.name_of(CALLER, "mary@example.org")
    called(vaulted, writer, name)
    assert asked(vaulted, TEXT) is Matching.MATCHES
    assert asked(vaulted, TEXT + b"\n") is Matching.MATCHES
    assert asked(vaulted, b"Please refund 4000 EUR.") is Matching.DIFFERS
    assert asked(vaulted, TEXT, "answer") is Matching.DIFFERS
    assert asked(vaulted, b"It is on its way.\r\n", "answer") is Matching.MATCHES
    with vaulted.database.work(INES) as work:
        shred = vault.ask_shred(work, vaulted.safe, subject=name, reason="they asked us to")
    vaulted.log.seal()
    with vaulted.database.work(OMAR) as work:
        vault.approve_shred(work, shred.id, reason="checked")
    vaulted.log.seal()
    with vaulted.database.work(INES) as work:
        vault.shred(work, vaulted.safe, shred.id)
    catch_up(vaulted.log)
    assert asked(vaulted, TEXT) is Matching.COULD_NOT_TELL
    with vaulted.database.work(INES) as work:
        assert exchanges.find_subject(work, vaulted.safe, "mary@example.org") is None
    told = [each for each in records(vaulted.database) if each["kind"] == "exchanges.matched"]
    answers = [each["body"]["answer"] for each in told]
    assert answers[:3] == ["matches", "matches", "does_not_match"]
    assert answers[-1] == "could_not_tell"
    assert "refund" not in str(records(vaulted.database))


def test_a_call_without_a_digest_and_bad_questions(vaulted: Vaulted, writer: Writer) -> None:
    """What was never digested cannot be told; a question needs a text, a reason, a direction."""
    done(exchanges.refuse(writer, CALLER, Refusal(origin(), "m", "limit", "limited", 429)))
    catch_up(vaulted.log)
    assert asked(vaulted, TEXT) is Matching.COULD_NOT_TELL
    with vaulted.database.work(INES) as work:
        for text, direction, reason in (
            (b"", "prompt", "x"),
            (b"x", "up", "x"),
            (b"x", "prompt", ""),
        ):
            with pytest.raises(InvalidError):
                exchanges.match(
                    work,
                    vaulted.log,
                    vaulted.safe,
                    "exc_1",
                    text,
                    direction=direction,
                    reason=reason,
                )
