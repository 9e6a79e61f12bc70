"""Addresses that carry a password: connection strings, basic authentication, bearer headers."""

from __future__ import annotations

from functools import partial
from typing import Final

from muniment.detect.models import Checked, Family, Pattern, Sheet
from muniment.detect.rules.entropy import is_placeholder

_secret = partial(Pattern, family=Family.SECRETS, firm=True, joins="")
_DATABASES: Final = (
    "postgres|postgresql|mysql|mariadb|mongodb|redis|rediss|amqp|amqps|mssql|sqlserver|oracle"
    "|clickhouse|cassandra|couchdb|neo4j|bolt|ldap|ldaps|smtp|smtps|ftp|sftp|imap|kafka|snowflake"
    "|redshift|cockroachdb|trino|presto|db2|influxdb|elasticsearch|nats|mqtt|mqtts|jdbc"
)


def with_password(value: str) -> Checked:
    """Between the scheme and the host stands a name, a colon and something that is no template."""
    password = value.partition("://")[2].rpartition("@")[0].partition(":")[2]
    judged = _judge(password)
    return judged._replace(cut=(0, len(value.rstrip(".,:!?"))))


def assigned(value: str) -> Checked:
    """The string has a password that is no template."""
    for part in value.split(";"):
        name, _, given = part.partition("=")
        if name.strip().lower() in {"password", "pwd", "sharedaccesskey", "accountkey"}:
            return _judge(given)
    return Checked(False, "no password in it")


def header(value: str) -> Checked:
    """What stands behind the scheme of a header is long and no template."""
    return _judge(value) if any(x.isdigit() for x in value) else Checked(False, "a word")


def _judge(password: str) -> Checked:
    plain = password.strip("\"' ")
    if not plain or plain[0] in "<{$%[" or set(plain) <= {"*", "x", ".", "X"}:
        return Checked(False, "a template or a mask")
    if plain.lower() in {"password", "pass", "pwd", "passwd", "secret", "token", "port"} or (
        len(plain) > 12 and is_placeholder(plain)
    ):
        return Checked(False, "a placeholder")
    return Checked(True, "carries a password")


PATTERNS: Final = (
    _secret(
        id="connection-url",
        type="CONNECTION_STRING",
        trigger=r"\b(?:" + _DATABASES + r")(?:\+[a-z0-9_]{2,20})?://",
        regex=(
            r"(?:jdbc:)?[a-z0-9]+(?:\+[a-z0-9_]+)?://[^\s:@/\"'<>]{0,80}:[^\s@\"'<>]{1,200}@[^\s"
            r"\"'<>,;)\]}\u0080-\uffff]{1,300}"
        ),
        score=1.0,
        validator=with_password,
        ignore_case=True,
    ),
    _secret(
        id="basic-auth-url",
        type="BASIC_AUTH_URL",
        trigger=r"\bhttps?://[A-Za-z0-9_.~%\-]{1,64}:",
        regex=(
            r"https?://[A-Za-z0-9_.~%+\-]{1,64}:[^\s@/\"'<>]{1,200}@[A-Za-z0-9\[][^\s\"'<>,;)\]}"
            r"\u0080-\uffff]{1,300}"
        ),
        score=1.0,
        validator=with_password,
        ignore_case=True,
    ),
    _secret(
        id="connection-string",
        type="CONNECTION_STRING",
        trigger=r"\b(?:server|data source|host|endpoint|accountname|defaultendpointsprotocol) ?=",
        regex=(
            r"(?:server|data source|host|endpoint|accountname|defaultendpointsprotocol) "
            r"?=[^;\n\"']{1,200};(?:[^;\n\"'=]{1,40}=[^;\n\"']{0,300};?){1,12}"
        ),
        score=1.0,
        validator=assigned,
        ignore_case=True,
    ),
    _secret(
        id="authorization-header",
        type="AUTH_HEADER",
        trigger=r"\b(?:bearer|basic) [A-Za-z0-9]",
        regex=r"(?:bearer|basic) ([A-Za-z0-9_\-.=+/~]{16,2000})",
        group=1,
        score=0.9,
        validator=header,
        ignore_case=True,
    ),
)
SHEETS: Final = (
    Sheet(
        type="CONNECTION_STRING",
        family=Family.SECRETS,
        title="Connection strings",
        finds="Addresses of databases and brokers with a password in them, and the form with"
        " semicolons.",
        limits="Strings without a password are left alone.",
        examples=("postgres://app:s3cr3tPw@db.internal:5432/app",),
        near_misses=("postgres://localhost/app", "postgres://user:${PASSWORD}@db/app"),
        control="CC6.1",
    ),
    Sheet(
        type="BASIC_AUTH_URL",
        family=Family.SECRETS,
        title="Web addresses with a password",
        finds="http and https addresses of the form name:password@host.",
        limits="A name without a password is left alone.",
        examples=("https://deploy:Xk29dLpq@git.example.com/repo.git",),
        near_misses=("https://example.com:8080/path@x",),
        control="CC6.1",
    ),
    Sheet(
        type="AUTH_HEADER",
        family=Family.SECRETS,
        title="Authorization headers",
        finds="What stands behind *Bearer* or *Basic* and looks like a token.",
        limits="Values of fewer than sixteen characters are left alone.",
        examples=("Authorization: Bearer 8f3kd92ms0xq7vb41zcy",),
        near_misses=("bearer of bad news",),
        control="CC6.1",
    ),
)
