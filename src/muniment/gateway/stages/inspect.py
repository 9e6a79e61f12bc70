"""Look at the words of a request with every layer of the system's detector."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from muniment.core.errors import InvalidError
from muniment.detect import Action, Policy, Protector
from muniment.exchanges import Inspected, Judgement
from muniment.gateway.exchange import Call
from muniment.gateway.facts import counted
from muniment.gateway.means import Means

LOOK: Final = Policy("gateway-look", default=Action.TAG, uninspected=Action.TAG)


def inspect(call: Call, means: Means) -> Call:
    """Say what was found in the prompt, by which build, and whether all of it was read."""
    if call.asked is None or call.origin is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    scanner = means.scanners.of(call.origin.system)
    looked = Protector(scanner, LOOK).messages(dict(call.asked.content))
    judged = Judgement(
        inspected=Inspected.WHOLE if looked.inspected else Inspected.PART,
        detector=looked.build or scanner.build,
        findings=counted(finding for _, finding in looked.findings),
    )
    return replace(call, looked=looked, judged=judged)
