"""What is true of calls, limits and stops, without asking anybody."""

from muniment.exchanges.rules.indexing import row_begun, row_ended, row_refused
from muniment.exchanges.rules.limits import claimed, meets, really_used, sound_limit, warns
from muniment.exchanges.rules.stops import require_reason, require_stop, stop_met
from muniment.exchanges.rules.windows import next_after, window_of

__all__ = [
    "claimed",
    "meets",
    "next_after",
    "really_used",
    "require_reason",
    "require_stop",
    "row_begun",
    "row_ended",
    "row_refused",
    "sound_limit",
    "stop_met",
    "warns",
    "window_of",
]
