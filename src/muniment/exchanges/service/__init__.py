"""The verbs of exchanges."""

from muniment.exchanges.service.book import Book
from muniment.exchanges.service.calls import LIMITED, Keep, conclude, intend, refuse
from muniment.exchanges.service.finding import (
    FOLLOWED,
    LONGEST_SECONDS,
    close_open,
    counted,
    find,
    follow,
    get,
)
from muniment.exchanges.service.spending import (
    end_limit,
    forget_old,
    get_limit,
    limits_in_use,
    reserve,
    set_limit,
    settle,
)
from muniment.exchanges.service.stopping import resume, stop, stops
from muniment.exchanges.service.subjects import Subjects, erase_subject, find_subject

__all__ = [
    "FOLLOWED",
    "LIMITED",
    "LONGEST_SECONDS",
    "Book",
    "Keep",
    "Subjects",
    "close_open",
    "conclude",
    "counted",
    "end_limit",
    "erase_subject",
    "find",
    "find_subject",
    "follow",
    "forget_old",
    "get",
    "get_limit",
    "intend",
    "limits_in_use",
    "refuse",
    "reserve",
    "resume",
    "set_limit",
    "settle",
    "stop",
    "stops",
]
