"""The judgements of access: values in, a value with reasons out."""

from muniment.access.rules.duties import (
    CONFLICTS,
    Clash,
    Duty,
    clashes,
    duties_in,
    meet,
)
from muniment.access.rules.emergency import (
    LONGEST_EMERGENCY,
    is_long_unreviewed,
    may_break,
    may_look_over,
)
from muniment.access.rules.granting import (
    fits,
    is_lasting_admin,
    keeps_an_admin,
    may_define,
    may_grant,
    may_take_back,
    without_refused,
)
from muniment.access.rules.judge import (
    may,
)
from muniment.access.rules.keys import (
    INACTIVE_AFTER,
    LONGEST_LIFE,
    LONGEST_OVERLAP,
    Refusal,
    is_inactive,
    is_well_formed,
    key_digest,
    refusal,
    shown_part,
    within,
    write_key,
)
from muniment.access.rules.outside import (
    MOST_ROWS,
    checked,
    read_csv,
)
from muniment.access.rules.permissions import (
    BUILT_IN,
    PERMISSIONS,
    permission_of,
    roles_carrying,
)
from muniment.access.rules.reach import (
    reach,
)
from muniment.access.rules.reviewing import (
    assign,
    frozen,
    is_due_to_escalate,
    is_open_outside,
    is_unverified,
    may_answer,
    may_close,
    may_review,
    population_digest,
)
from muniment.access.rules.words import (
    clean_email,
    clean_name,
    clean_reason,
    clean_role_name,
    email_key,
    may_become,
)

__all__ = [
    "BUILT_IN",
    "CONFLICTS",
    "INACTIVE_AFTER",
    "LONGEST_EMERGENCY",
    "LONGEST_LIFE",
    "LONGEST_OVERLAP",
    "MOST_ROWS",
    "PERMISSIONS",
    "Clash",
    "Duty",
    "Refusal",
    "assign",
    "checked",
    "clashes",
    "clean_email",
    "clean_name",
    "clean_reason",
    "clean_role_name",
    "duties_in",
    "email_key",
    "fits",
    "frozen",
    "is_due_to_escalate",
    "is_inactive",
    "is_lasting_admin",
    "is_long_unreviewed",
    "is_open_outside",
    "is_unverified",
    "is_well_formed",
    "keeps_an_admin",
    "key_digest",
    "may",
    "may_answer",
    "may_become",
    "may_break",
    "may_close",
    "may_define",
    "may_grant",
    "may_look_over",
    "may_review",
    "may_take_back",
    "meet",
    "permission_of",
    "population_digest",
    "reach",
    "read_csv",
    "refusal",
    "roles_carrying",
    "shown_part",
    "within",
    "without_refused",
    "write_key",
]
