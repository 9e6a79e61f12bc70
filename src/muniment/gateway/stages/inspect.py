"""Look at the words of a request with every layer of the system's detector."""

from __future__ import annotations

from dataclasses import replace

from muniment import detect
from muniment.core.errors import InvalidError
from muniment.exchanges import Inspected, Judgement
from muniment.gateway.exchange import Call
from muniment.gateway.facts import counted
from muniment.gateway.means import Means


def inspect(call: Call, means: Means) -> Call:
    """Say what was found in the prompt, by which build, and whether all of it was read."""
    if call.asked is None or call.origin is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    scanner = means.scanners.of(call.origin.system)
    looked = detect.look(scanner, call.asked.content)
    judged = Judgement(
        inspected=Inspected.WHOLE if looked.inspected else Inspected.PART,
        detector=looked.build,
        findings=counted(looked.findings),
    )
    return replace(call, looked=looked, judged=judged)
