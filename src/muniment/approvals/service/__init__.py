"""The verbs of approvals."""

from muniment.approvals.service.answering import (
    decide,
    leave_of,
    may_answer_for,
    open_request,
    outcome,
    settle,
)
from muniment.approvals.service.asking import (
    ask,
    comment,
    latest,
    revise,
    standing,
    use,
    withdraw,
)
from muniment.approvals.service.links import Mac, follow_link, mac_of, make_link
from muniment.approvals.service.reading import (
    count_open,
    get,
    inbox,
    list_requests,
    overrides,
    versions,
)
from muniment.approvals.service.standing_in import delegate, delegations_of, end_delegation
from muniment.approvals.service.time import escalate, remind, run_due

__all__ = [
    "Mac",
    "ask",
    "comment",
    "count_open",
    "decide",
    "delegate",
    "delegations_of",
    "end_delegation",
    "escalate",
    "follow_link",
    "get",
    "inbox",
    "latest",
    "leave_of",
    "list_requests",
    "mac_of",
    "make_link",
    "may_answer_for",
    "open_request",
    "outcome",
    "overrides",
    "remind",
    "revise",
    "run_due",
    "settle",
    "standing",
    "use",
    "versions",
    "withdraw",
]
