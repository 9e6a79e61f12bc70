"""The judgements of the vault: encrypting, what may be asked, tokens, how erasing is proved."""

from muniment.vault.rules.digests import Keyed, digest_key, keyed_digest
from muniment.vault.rules.digits import FF1, require_digits, stand_in, stood_for
from muniment.vault.rules.erasures import (
    APPROVAL_KINDS,
    Exhibit,
    approval_problem,
    certificate_problems,
    horizon,
    keys_digest,
    make_certificate,
    needs_second_person,
    require_kids,
    scope_digest,
)
from muniment.vault.rules.pages import Page, pages_of, seal_page, unseal_from_page
from muniment.vault.rules.streams import Sealing, unseal_stream
from muniment.vault.rules.tokens import (
    TWEAKS,
    digits_cipher,
    later,
    open_value,
    random_text,
    require_future,
    seal_value,
    tweak_bytes,
)
from muniment.vault.rules.words import (
    key_context,
    period_of,
    pseudonym_of,
    require_classification,
    require_reason,
    require_scope,
    require_subject,
)

__all__ = [
    "APPROVAL_KINDS",
    "FF1",
    "TWEAKS",
    "Exhibit",
    "Keyed",
    "Page",
    "Sealing",
    "approval_problem",
    "certificate_problems",
    "digest_key",
    "digits_cipher",
    "horizon",
    "key_context",
    "keyed_digest",
    "keys_digest",
    "later",
    "make_certificate",
    "needs_second_person",
    "open_value",
    "pages_of",
    "period_of",
    "pseudonym_of",
    "random_text",
    "require_classification",
    "require_digits",
    "require_future",
    "require_kids",
    "require_reason",
    "require_scope",
    "require_subject",
    "scope_digest",
    "seal_page",
    "seal_value",
    "stand_in",
    "stood_for",
    "tweak_bytes",
    "unseal_from_page",
    "unseal_stream",
]
