"""The verbs of exchanges."""

from muniment.exchanges.rules import SHIPPED_AS_OF, cost, read_amount, write_amount
from muniment.exchanges.service.book import Book
from muniment.exchanges.service.calls import LIMITED, Keep, conclude, intend, refuse, shadow
from muniment.exchanges.service.explaining import DIRECTIONS, explain, match
from muniment.exchanges.service.finding import (
    FOLLOWED,
    LONGEST_SECONDS,
    by_day,
    by_system,
    close_open,
    counted,
    find,
    find_after,
    follow,
    follow_all,
    get,
)
from muniment.exchanges.service.keeping_back import ENDED, HELD, follow_ended, hold
from muniment.exchanges.service.pricing import currency, prices, set_price, withdraw_price
from muniment.exchanges.service.seeing import AREA
from muniment.exchanges.service.spending import (
    end_limit,
    forget_old,
    get_limit,
    limit_in_use,
    limits_in_use,
    reserve,
    set_limit,
    settle,
    use_of,
)
from muniment.exchanges.service.stopping import (
    follow_asked_stop,
    get_stop,
    resume,
    stop,
    stops,
)
from muniment.exchanges.service.subjects import (
    Subjects,
    erase_subject,
    find_subject,
    follow_shredded,
)

__all__ = [
    "AREA",
    "DIRECTIONS",
    "ENDED",
    "FOLLOWED",
    "HELD",
    "LIMITED",
    "LONGEST_SECONDS",
    "SHIPPED_AS_OF",
    "Book",
    "Keep",
    "Subjects",
    "by_day",
    "by_system",
    "close_open",
    "conclude",
    "cost",
    "counted",
    "currency",
    "end_limit",
    "erase_subject",
    "explain",
    "find",
    "find_after",
    "find_subject",
    "follow",
    "follow_all",
    "follow_asked_stop",
    "follow_ended",
    "follow_shredded",
    "forget_old",
    "get",
    "get_limit",
    "get_stop",
    "hold",
    "intend",
    "limit_in_use",
    "limits_in_use",
    "match",
    "prices",
    "read_amount",
    "refuse",
    "reserve",
    "resume",
    "set_limit",
    "set_price",
    "settle",
    "shadow",
    "stop",
    "stops",
    "use_of",
    "withdraw_price",
    "write_amount",
]
