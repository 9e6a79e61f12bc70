"""What is said in the story: what callers ask, what models answer, and which tools there are."""

from __future__ import annotations

from typing import Any, Final

LEAKED: Final = "AKIAZ7Q4EXAMPLE2DEMO"
CARD: Final = "4111 1111 1111 1111"

HELPER: Final[dict[str, Any]] = {
    "provider": "scripted",
    "model": "atlas-mini-2",
    "name": "helper",
    "region": "eu-west",
    "script": [
        {
            "when": "refund",
            "say": "Refunds take five working days from the day we have the parcel.",
        },
        {"when": "parcel", "say": "Your parcel left our store yesterday and arrives on Thursday."},
        {"when": "address", "say": "I have noted the new address for your next order."},
        {"when": "person", "say": "A colleague calls you back within the hour."},
        {"say": "Thank you for asking. Opening hours are nine to five on working days."},
    ],
}
SCORE: Final[dict[str, Any]] = {
    "provider": "scripted",
    "model": "ledger-score-3",
    "name": "score",
    "version": "3",
    "region": "eu-west",
    "script": [
        {"when": "self-employed", "say": "score: 0.58; reasons: short history, uneven income"},
        {"when": "loan of 20", "say": "score: 0.49; reasons: large for the income"},
        {"say": "score: 0.81; reasons: steady income, no arrears"},
    ],
}
CODER: Final[dict[str, Any]] = {
    "provider": "scripted",
    "model": "forge-coder-1",
    "name": "coder",
    "region": "eu-west",
    "script": [
        {
            "when": "pull request",
            "say": "I open it.",
            "tools": [{"name": "open_pull_request", "arguments": {"title": "Mend the parser"}}],
        },
        {
            "when": "roll out search",
            "say": "I roll it out.",
            "tools": [{"name": "deploy", "arguments": {"service": "search", "version": "4.2"}}],
        },
        {
            "when": "roll out the calendar",
            "say": "I roll it out.",
            "tools": [{"name": "deploy", "arguments": {"service": "calendar", "version": "2.0"}}],
        },
        {
            "when": "drop the table",
            "say": "I do it.",
            "tools": [{"name": "run_sql", "arguments": {"statement": "drop table sessions"}}],
        },
        {"when": "test", "say": "The test fails because the date is in local time."},
        {"say": "The function reads the file twice; read it once and keep it."},
    ],
}
TOOLS: Final[dict[str, Any]] = {
    "allowed": [
        {"name": "open_pull_request", "effect": "write", "reversible": True},
        {"name": "read_file", "effect": "read", "reversible": True},
        {"name": "deploy", "effect": "write", "reversible": True},
        {"name": "run_sql", "effect": "write", "reversible": False},
    ]
}

SUPPORT_ASKS: Final = (
    "When does my refund arrive? I sent the parcel back on Monday.",
    "Where is my parcel? My mail is {mail}.",
    "Please change my address, I am {name}, phone +44 20 7946 0{three}.",
    "Are you open on Saturday?",
    "I want to talk to a person about order {five}.",
    "Can I return shoes that I wore once?",
    "My card {card} was charged twice, please send the refund.",
)
CREDIT_ASKS: Final = (
    "Applicant {five}: employed for six years, asks for a loan of 6,000 EUR.",
    "Applicant {five}: self-employed since spring, asks for a loan of 9,000 EUR.",
    "Applicant {five}: employed, one late payment, asks for a loan of 20,000 EUR.",
    "Applicant {five}, {name}, {mail}: employed, asks for a loan of 3,500 EUR.",
)
CODE_ASKS: Final = (
    "Why does the test of the calendar fail on Sundays?",
    "Make this function read its file once: def load(path): ...",
    "Open a pull request that mends the parser of invoices.",
    "Explain what this regular expression matches.",
)
NAMES: Final = ("Maria Rossi", "John Parker", "Amina Yusuf", "Lukas Maier", "Chloe Martin")
ASKS: Final = {
    "support-assistant": ("helper", SUPPORT_ASKS),
    "credit-score": ("score", CREDIT_ASKS),
    "code-agent": ("coder", CODE_ASKS),
}
