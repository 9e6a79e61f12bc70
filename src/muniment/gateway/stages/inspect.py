"""Look at the words of a request with every layer of the system's detector."""

from __future__ import annotations

import logging

from muniment import detect
from muniment.core.errors import InvalidError
from muniment.detect import Looked
from muniment.exchanges import Inspected, Judgement, Origin
from muniment.gateway.excepting import FAULTS
from muniment.gateway.exchange import Call, replace
from muniment.gateway.facts import counted
from muniment.gateway.means import Means

_log = logging.getLogger("muniment.gateway")


def inspect(call: Call, means: Means) -> Call:
    """Say what was found in the prompt, by which build, and whether all of it was read."""
    if call.asked is None or call.origin is None:
        raise InvalidError("the call was not resolved", remedy="Send it again.")
    try:
        looked = detect.look(means.scanners.of(call.origin.system), call.asked.content)
    except InvalidError:
        raise
    except FAULTS as error:  # whatever breaks a detector: only an approved exception goes on
        return _uninspected(call, call.origin, means, error)
    judged = Judgement(
        inspected=Inspected.WHOLE if looked.inspected else Inspected.PART,
        detector=looked.build,
        findings=counted(looked.findings),
    )
    return replace(call, looked=looked, judged=judged)


def _uninspected(call: Call, origin: Origin, means: Means, error: Exception) -> Call:
    """Go on without having looked, if that was approved; what was not looked at is called that."""
    exception = means.exceptions.of(origin.system, origin.environment)
    if not exception:
        raise error
    _log.error("a call goes on uninspected", extra={"exchange": origin.exchange}, exc_info=error)
    judged = Judgement(inspected=Inspected.NOT)
    return replace(
        call, looked=Looked((), inspected=False, build=""), judged=judged, exception=exception
    )
