"""What is true of calls, limits and stops, without asking anybody."""

from muniment.exchanges.rules.corridor import ruled, stage_of, walk
from muniment.exchanges.rules.indexing import (
    CALL,
    ENDING,
    FACTS,
    LEAVING,
    OF_CALL,
    Facts,
    Picked,
    row_begun,
    row_ended,
    row_lost,
    row_of_whole,
    row_refused,
    values_of_call,
)
from muniment.exchanges.rules.limits import claimed, meets, really_used, sound_limit, warns
from muniment.exchanges.rules.matching import asked_stop, forms_of
from muniment.exchanges.rules.prices import (
    SHIPPED_AS_OF,
    SHIPPED_CURRENCY,
    cost,
    currency_of,
    price_at,
    read_amount,
    require_price,
    shipped,
    with_shipped,
    write_amount,
)
from muniment.exchanges.rules.stops import require_reason, require_stop, stop_met
from muniment.exchanges.rules.uses import tool_of_day, tools_given
from muniment.exchanges.rules.windows import next_after, window_of

__all__ = [
    "CALL",
    "ENDING",
    "FACTS",
    "LEAVING",
    "OF_CALL",
    "SHIPPED_AS_OF",
    "SHIPPED_CURRENCY",
    "Facts",
    "Picked",
    "asked_stop",
    "claimed",
    "cost",
    "currency_of",
    "forms_of",
    "meets",
    "next_after",
    "price_at",
    "read_amount",
    "really_used",
    "require_price",
    "require_reason",
    "require_stop",
    "row_begun",
    "row_ended",
    "row_lost",
    "row_of_whole",
    "row_refused",
    "ruled",
    "shipped",
    "sound_limit",
    "stage_of",
    "stop_met",
    "tool_of_day",
    "tools_given",
    "values_of_call",
    "walk",
    "warns",
    "window_of",
    "with_shipped",
    "write_amount",
]
