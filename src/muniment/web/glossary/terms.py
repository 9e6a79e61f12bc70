"""Every word that a newcomer may not know, with one sentence each. The only place they stand.

`docs/glossary.md` is written from here, and so is what a page says when a word is asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """One word: its key, what it is called, what it means, other forms of it, where to read on."""

    key: str
    word: str
    means: str
    forms: tuple[str, ...] = ()
    doc: str = ""

    @property
    def every_form(self) -> tuple[str, ...]:
        """List every form in which it stands in a text."""
        return (self.word, *self.forms)


TERMS: Final = (
    Term(
        "approval",
        "approval",
        "A yes by other people to exactly one thing, named by its digest. When that thing "
        "changes, the yes is void.",
        ("approvals",),
        "approvals.md",
    ),
    Term(
        "artefact",
        "artefact",
        "A file of a model or a dataset that is kept, scanned and signed.",
        ("artefacts",),
        "registry/artefacts.md",
    ),
    Term(
        "boundary",
        "boundary",
        "Which parts a system consists of, whose they are, and which data flows between them.",
        doc="registry.md",
    ),
    Term(
        "break-glass",
        "break-glass",
        "Taking a role in an emergency, for a short time, without asking first. It is announced "
        "at once and looked over by somebody else afterwards.",
        doc="access.md",
    ),
    Term(
        "call",
        "call",
        "One request to a model and its answer, as it passes the gateway. Its record is durable "
        "before anything leaves.",
        ("calls",),
        "exchanges.md",
    ),
    Term(
        "canary",
        "canary",
        "Letting a new version answer a small share first, and going back at once if it is worse.",
        doc="registry.md",
    ),
    Term(
        "cedar",
        "Cedar",
        "The language in which rules are written: who may do what to what, and under which "
        "conditions.",
        doc="policy.md",
    ),
    Term(
        "change-request",
        "change request",
        "The proposal that exactly these versions shall serve. Others approve it before it does.",
        ("change requests",),
        "registry.md",
    ),
    Term(
        "checkpoint",
        "checkpoint",
        "The signed head of the ledger as a small text that anybody can keep. A later head must "
        "continue it, or history was rewritten.",
        ("checkpoints",),
        "ledger.md",
    ),
    Term(
        "corridor",
        "corridor",
        "The stages that every call passes in the same order: who calls, what is in it, what the "
        "rules say, what is masked, the record, the model, and the way back.",
        doc="gateway.md",
    ),
    Term(
        "could-not-tell",
        "could not tell",
        "The third answer beside met and not met. What nobody could look at is never called fine, "
        "and never called broken.",
    ),
    Term(
        "detector",
        "detector",
        "What looks through a text for personal data, secrets and signs of misuse, and says why it "
        "found each.",
        ("detectors",),
        "detect.md",
    ),
    Term(
        "digest",
        "digest",
        "A fingerprint of some bytes, 64 hexadecimal characters long. Other bytes have another "
        "one, and from it nobody gets the bytes back.",
        ("digests",),
    ),
    Term(
        "drift",
        "drift",
        "That what runs is no longer what was declared, or no longer behaves as it did.",
        ("drifted",),
        "registry.md",
    ),
    Term(
        "duty",
        "duty",
        "A part of the work that one person should not do together with another: who builds does "
        "not release.",
        ("duties",),
        "access.md",
    ),
    Term(
        "entry",
        "entry",
        "One sealed record in the ledger, with a number that never changes.",
        ("entries",),
        "ledger.md",
    ),
    Term(
        "environment",
        "environment",
        "A place in which a system runs: development, staging, production.",
        ("environments",),
        "registry.md",
    ),
    Term(
        "erasure",
        "shred",
        "Destroying the key of some content, so that nobody can ever read it again. A certificate "
        "says what was destroyed; the ledger still proves that it was there.",
        ("shredded", "shredding"),
        "vault.md",
    ),
    Term(
        "exchange",
        "exchange",
        "Another word for a call, as programs and ids (exc_…) use it.",
        ("exchanges",),
        "exchanges.md",
    ),
    Term(
        "follower",
        "follower",
        "A part of the program that reads the ledger forward and acts on what it finds there.",
        ("followers",),
        "run.md",
    ),
    Term(
        "gateway",
        "gateway",
        "The one address in front of every model, where calls are inspected, judged, protected "
        "and recorded.",
        doc="gateway.md",
    ),
    Term(
        "grant",
        "grant",
        "That somebody holds a role, somewhere, for a time, for a reason.",
        ("grants",),
        "access.md",
    ),
    Term(
        "guardrail",
        "guardrail",
        "What a system itself states that its calls must keep to.",
        ("guardrails",),
        "registry.md",
    ),
    Term(
        "head",
        "head",
        "The size of the ledger and its root, signed. It stands for every entry before it.",
        ("heads",),
        "ledger.md",
    ),
    Term(
        "held",
        "held call",
        "A call, or a tool call of an answer, that waits until a person said yes to exactly it. "
        "The yes is good once.",
        ("held calls",),
        "gateway.md",
    ),
    Term(
        "intent",
        "intent",
        "The first record of a call, made before it leaves. No intent, no call.",
        ("intents",),
        "gateway.md",
    ),
    Term(
        "key",
        "key",
        "What a program shows to be let in. It is shown once and kept as a digest.",
        ("keys",),
        "access.md",
    ),
    Term(
        "ledger",
        "ledger",
        "The book in which everything that happens is written down for good, so that anybody can "
        "check offline that nothing was changed or taken out.",
        doc="ledger.md",
    ),
    Term(
        "mask",
        "mask",
        "To put a stand-in where a sensitive value was, before a text leaves. In the answer the "
        "value is put back where the rules allow it.",
        ("masked", "masks"),
        "detect.md",
    ),
    Term(
        "outcome",
        "outcome",
        "The last record of a call: how it ended, what was found, what it cost.",
        ("outcomes",),
        "gateway.md",
    ),
    Term(
        "part",
        "part",
        "A thing of a system that has versions: a model, a prompt, a routing, a guardrail, tools.",
        ("parts",),
        "registry.md",
    ),
    Term(
        "proof",
        "proof",
        "A few hashes that tie one entry to a signed head. Whoever has it needs nothing else of "
        "the ledger.",
        ("proofs",),
        "ledger.md",
    ),
    Term(
        "promotion",
        "promotion",
        "Letting what was approved serve, step by step.",
        ("promoted", "promote"),
        "registry.md",
    ),
    Term(
        "reconcile",
        "reconcile",
        "To compare the tables with the ledger, and so find what was changed behind its back.",
        ("reconciled",),
        "ledger.md",
    ),
    Term(
        "record",
        "record",
        "What is written about one act, in the same moment as the act. Neither is there without "
        "the other.",
        ("records",),
        "ledger.md",
    ),
    Term(
        "replay",
        "replay",
        "Making past decisions again under another policy, to see what would have changed.",
        doc="policy.md",
    ),
    Term(
        "residency",
        "residency",
        "In which regions the data of a system may be handled. No rule widens it.",
        doc="gateway.md",
    ),
    Term(
        "role",
        "role",
        "A named set of things somebody may do.",
        ("roles",),
        "access.md",
    ),
    Term(
        "scope",
        "scope",
        "Where a right holds: a system, an environment, a part of the console, or everywhere.",
        ("scopes",),
        "access.md",
    ),
    Term(
        "seal",
        "seal",
        "To bring records under a signed head. It happens about once a second.",
        ("sealed", "seals"),
        "ledger.md",
    ),
    Term(
        "shadow",
        "shadow",
        "Trying something beside what is in force: it judges or answers as well, and what it says "
        "is compared and counts for nothing.",
        doc="policy.md",
    ),
    Term(
        "sighting",
        "sighting",
        "Something that answered calls or was found running, and that nobody registered.",
        ("sightings",),
        "registry.md",
    ),
    Term(
        "stop",
        "stop",
        "The kill switch: no call of a key, a model or a system passes from the next one on.",
        ("stops",),
        "exchanges.md",
    ),
    Term(
        "system",
        "system",
        "What calls models, with an owner who answers for it: a chatbot, a scorer, an agent.",
        ("systems",),
        "registry.md",
    ),
    Term(
        "tier",
        "tier",
        "How much harm a system could do, in a few steps. The higher, the more people must say "
        "yes.",
        ("tiers",),
        "registry.md",
    ),
    Term(
        "token",
        "token",
        "In calls: a piece of a text, by which providers count and bill. In the vault: a stand-in "
        "for a value that can be turned back.",
        ("tokens",),
        "vault.md",
    ),
    Term(
        "vault",
        "vault",
        "Where content is kept encrypted, under a key for each class and each person concerned.",
        doc="vault.md",
    ),
    Term(
        "version-set",
        "version set",
        "Exactly those versions of all parts that serve together, named by one digest.",
        ("version sets",),
        "registry.md",
    ),
    Term(
        "vkey",
        "vkey",
        "The public key by which signatures of the ledger are checked. Keep it somewhere else.",
        ("public key",),
        "ledger.md",
    ),
    Term(
        "witness",
        "witness",
        "Somebody outside who keeps checkpoints and signs that each continues the last.",
        ("witnesses",),
        "ledger.md",
    ),
)
BY_KEY: Final = {each.key: each for each in TERMS}
