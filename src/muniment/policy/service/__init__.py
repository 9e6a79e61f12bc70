"""The verbs of policy: permission, load, judge, save, record, in one unit of work."""

from muniment.policy.service.bundles import check, load, published_schema, require_right
from muniment.policy.service.checking import checks_of
from muniment.policy.service.deciding import (
    decisions,
    explain,
    keep_decision,
    replay,
    simulate_bundle,
    simulate_version,
)
from muniment.policy.service.documents import (
    approved_by,
    ask_for_document,
    publish_document,
    tell_due,
    write_document,
)
from muniment.policy.service.files import Folder, read_folder
from muniment.policy.service.judge import Judge
from muniment.policy.service.packs import Pack, Template, pack, packs, template, templates
from muniment.policy.service.publishing import (
    ask_for_review,
    draft,
    end_shadow,
    publish,
    roll_back,
    shadow,
)
from muniment.policy.service.readers import (
    acknowledge,
    readers,
    to_be_read,
    written_policies,
    written_policy,
    written_version,
    written_versions,
)
from muniment.policy.service.reading import (
    Shown,
    analyse_bundle,
    analysis,
    can_ever_do,
    differences,
    history,
    in_force_at,
    show,
    standing,
    versions,
)
from muniment.policy.service.repository import check_repository

__all__ = [
    "Folder",
    "Judge",
    "Pack",
    "Shown",
    "Template",
    "acknowledge",
    "analyse_bundle",
    "analysis",
    "approved_by",
    "ask_for_document",
    "ask_for_review",
    "can_ever_do",
    "check",
    "check_repository",
    "checks_of",
    "decisions",
    "differences",
    "draft",
    "end_shadow",
    "explain",
    "history",
    "in_force_at",
    "keep_decision",
    "load",
    "pack",
    "packs",
    "publish",
    "publish_document",
    "published_schema",
    "read_folder",
    "readers",
    "replay",
    "require_right",
    "roll_back",
    "shadow",
    "show",
    "simulate_bundle",
    "simulate_version",
    "standing",
    "tell_due",
    "template",
    "templates",
    "to_be_read",
    "versions",
    "write_document",
    "written_policies",
    "written_policy",
    "written_version",
    "written_versions",
]
