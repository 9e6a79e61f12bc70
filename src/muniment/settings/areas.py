"""Every knob there is, one frozen dataclass per area, in the order the reference page shows them.

To add a setting, add one line here; the environment variable, the reference page, the sample file,
`muniment settings` and the checks follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from muniment.core.digest import Digest, digest_value
from muniment.settings.knobs import Knob, Secret, knob, plain_value


@dataclass(frozen=True, slots=True)
class DataSettings:
    """Where this installation keeps its files."""

    dir: Path = knob(Path("data"), "Folder for the database, blobs and the log.")


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The database: SQLite in the data folder unless a PostgreSQL address is given."""

    url: Secret = knob(Secret(""), "postgresql://… of PostgreSQL 15 or newer; empty: SQLite.")
    pool_size: int = knob(10, "PostgreSQL connections a process keeps.", least=1, most=200)
    statement_timeout_ms: int = knob(
        30_000, "Longest a PostgreSQL statement may run.", least=100, most=3_600_000
    )
    busy_timeout_ms: int = knob(
        10_000, "Longest to wait for SQLite's one writer.", least=100, most=600_000
    )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where and how the server listens."""

    host: str = knob("127.0.0.1", "Address to listen on; others need TLS or a proxy.")
    port: int = knob(8484, "Port to listen on; 0 takes a free one.", least=0, most=65_535)
    tls_cert: Path | None = knob(None, "Certificate chain, PEM.")
    tls_key: Path | None = knob(None, "Private key of the certificate, PEM.")
    behind_proxy: bool = knob(False, "A trusted proxy in front ends TLS.")
    trusted_proxies: tuple[str, ...] = knob(
        (), "Addresses or networks whose X-Forwarded-* headers are believed."
    )
    public_url: str = knob("", "Address people use, when it differs from host and port.")
    grace_seconds: int = knob(
        20, "How long running requests may finish after a stop.", least=0, most=3_600
    )
    max_body_bytes: int = knob(10 * 1024 * 1024, "Largest request body.", least=1_024, most=1 << 34)
    live_pages: int = knob(
        200, "Live pages a process keeps open at once; the others ask again.", least=0, most=100_000
    )
    live_pages_each: int = knob(
        8, "How many of them one person may have open.", least=0, most=100_000
    )


@dataclass(frozen=True, slots=True)
class BlobSettings:
    """Where large content rests."""

    storage: str = knob("disk", "Name of the storage plug-in: disk or s3.")
    s3_bucket: str = knob("", "Bucket for the s3 storage.")
    s3_prefix: str = knob("muniment/", "Start of every object name in the bucket.")
    s3_endpoint_url: str = knob("", "Address of an S3-compatible server; empty: AWS.")
    s3_region: str = knob("us-east-1", "Region of the bucket.")
    s3_access_key: Secret = knob(Secret(""), "Access key id; empty: the machine's own role.")
    s3_secret_key: Secret = knob(Secret(""), "Secret access key.")


@dataclass(frozen=True, slots=True)
class JobSettings:
    """Background work."""

    inside: bool = knob(True, "Run a worker inside `muniment serve`.")
    threads: int = knob(2, "Jobs a worker runs at once.", least=1, most=64)
    lease_seconds: int = knob(
        60, "How long a silent worker keeps a job before others take it.", least=1, most=86_400
    )
    max_attempts: int = knob(5, "Tries before a job is parked for a person.", least=1, most=100)
    poll_ms: int = knob(500, "Pause between looks for work.", least=10, most=60_000)


@dataclass(frozen=True, slots=True)
class PluginSettings:
    """Which code from outside may be loaded."""

    allow: tuple[str, ...] = knob(
        ("muniment",), "Installed distributions whose plug-ins may be loaded when named."
    )


@dataclass(frozen=True, slots=True)
class LogSettings:
    """The running log: identifiers yes, content never."""

    format: str = knob(
        "auto", "auto: pretty on a terminal, JSON elsewhere.", one_of=("auto", "json", "pretty")
    )
    level: str = knob(
        "info", "Least severe line to write.", one_of=("debug", "info", "warning", "error")
    )


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """What the server tells monitoring systems about itself."""

    metrics: bool = knob(True, "Answer /metrics in Prometheus format.")
    metrics_token: Secret = knob(
        Secret(""), "Bearer token for /metrics; empty: loopback callers only."
    )
    otlp_endpoint: str = knob("", "OTLP/HTTP address for OpenTelemetry traces; empty: none.")
    service_name: str = knob("muniment", "Name of this service in traces.")


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """How Muniment reaches the outside."""

    proxy_url: str = knob("", "HTTP proxy for outgoing requests.")
    ca_file: Path | None = knob(None, "Certificates of a private authority, PEM, added to trust.")
    reach_private: tuple[str, ...] = knob(
        (), "Private networks that outgoing requests may reach, such as 10.20.0.0/16."
    )
    reach_plain_loopback: bool = knob(
        False, "Let outgoing requests reach http:// on this machine; for trying things out."
    )


@dataclass(frozen=True, slots=True)
class UnlockSettings:
    """What opens the keys of this installation; with none of these, a key of its own is made."""

    keyring: str = knob("local_file", "Name of the keyring plug-in that holds the keys.")
    file: Path | None = knob(
        None, "File with the unlock key; a systemd credential `muniment.unlock` is found by itself."
    )
    command: str = knob(
        "", "Command that prints the unlock key, such as a call to a key management service."
    )
    prompt: bool = knob(False, "Ask for a passphrase at the terminal.")
    folder: Path = knob(
        Path("~/.config/muniment"), "Folder, outside data.dir, for a key Muniment makes itself."
    )


@dataclass(frozen=True, slots=True)
class KeyringSettings:
    """Key services outside this host, for the keyrings `aws_kms` and `vault_transit`."""

    prefix: str = knob("muniment", "Start of key names there; each installation needs its own.")
    aws_region: str = knob("us-east-1", "Region of AWS KMS.")
    aws_endpoint_url: str = knob("", "Address of a server that speaks like KMS; empty: AWS.")
    transit_url: str = knob(
        "", "Address of HashiCorp Vault or OpenBao; the unlock key is its token."
    )
    transit_mount: str = knob("transit", "Where the transit engine is mounted.")
    transit_namespace: str = knob("", "Namespace in the service; empty: none.")


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """The log."""

    origin: str = knob("", "Name of the log, fixed when it begins; empty: made from this host.")
    predecessor: Path | None = knob(
        None, "Last checkpoint of an earlier log that this one continues; read when it begins."
    )
    operator: str = knob("", "Who runs this installation, as it shall stand in the first entry.")
    seal_ms: int = knob(
        1_000, "Pause between two signed heads while records arrive.", least=10, most=60_000
    )
    heartbeat_seconds: int = knob(
        60, "How often a running process records that it is alive.", least=1, most=86_400
    )
    reconcile_seconds: int = knob(
        86_400, "How often tables are compared with the log.", least=60, most=31_536_000
    )
    keep_pending_seconds: int = knob(
        86_400, "How long sealed records also stay in the database.", least=0, most=31_536_000
    )
    publish: bool = knob(False, "Serve the log's tiles to callers from other machines.")


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who is asking: sessions, passwords, second factors."""

    session_idle_seconds: int = knob(
        3_600, "How long a session lasts when nobody uses it.", least=60, most=2_592_000
    )
    session_seconds: int = knob(
        43_200, "How long a session lasts at most.", least=60, most=7_776_000
    )
    password_min_chars: int = knob(12, "Shortest password that is taken.", least=8, most=128)
    second_factor_roles: tuple[str, ...] = knob(
        ("admin", "owner", "releaser", "security"),
        "Roles whose holders must sign in with a second factor.",
    )
    link_seconds: int = knob(
        3_600, "How long a one-time link to set up or recover works.", least=60, most=604_800
    )
    clock_skew_seconds: int = knob(
        60, "How far clocks of issuers may differ from ours.", least=0, most=600
    )
    client_name_header: str = knob(
        "", "Header in which a trusted proxy names the client certificate; empty: none."
    )
    feeds: Path | None = knob(
        None, "TOML file that says which feeds tell the rights in other systems."
    )
    feeds_seconds: int = knob(86_400, "How often the feeds are read.", least=300, most=2_592_000)


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """Content that is kept encrypted, and its keys."""

    classifications: tuple[str, ...] = knob(
        ("public", "internal", "confidential", "restricted"),
        "Classes of content; each has keys of its own.",
    )
    two_person: tuple[str, ...] = knob(
        ("restricted",), "Classes that are erased only after a second person agreed."
    )
    period: str = knob(
        "month",
        "How long one data key encrypts new content of a subject.",
        one_of=("day", "week", "month", "quarter", "year"),
    )
    rotate_days: int = knob(
        90, "Age at which the keyring's key should be rotated.", least=1, most=3_650
    )
    backup_days: int = knob(
        35, "How long backups are kept; certificates of erasure state it.", least=0, most=36_500
    )
    remembered_keys: int = knob(
        1_000, "Data keys a process keeps in memory at most.", least=1, most=100_000
    )
    remembered_seconds: int = knob(
        300, "How long a process keeps a data key in memory at most.", least=1, most=86_400
    )
    sweep_seconds: int = knob(
        3_600, "How often expired tokens and unreadable ciphertexts go.", least=60, most=31_536_000
    )


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """Who is told, and how messages leave this installation."""

    notifiers: tuple[str, ...] = knob(
        ("webhook", "apprise"), "Plug-ins that may carry notices; apprise needs an extra."
    )
    apprise_services: tuple[str, ...] = knob(
        (
            *("mailto", "mailtos", "slack", "msteams", "workflows", "pagerduty", "opsgenie"),
            *("discord", "gchat", "mmosts", "rockets", "zulip", "webex", "ntfys", "tgram"),
        ),
        "Sorts of apprise addresses that may be used; others could reach this very machine.",
    )
    attempts: int = knob(
        10, "How often a message is tried before it is given up.", least=1, most=50
    )
    secret_overlap_seconds: int = knob(
        86_400, "How long a replaced webhook secret still signs too.", least=0, most=2_592_000
    )
    quiet_from: str = knob("", "Quiet hours of everybody without their own: begin; empty: none.")
    quiet_until: str = knob("", "Quiet hours of everybody without their own: end.")
    quiet_zone: str = knob("UTC", "Time zone of these quiet hours, such as Europe/Berlin.")
    behind_entries: int = knob(
        100_000,
        "How many entries a follower may lag before somebody is told.",
        least=100,
        most=100_000_000,
    )


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """Decisions that are kept."""

    keep_facts_days: int = knob(
        2_557,
        "Days for which the facts of a decision are kept, so that it can be made again; 0: always.",
        least=0,
        most=36_500,
    )


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Systems and what they are made of."""

    max_artefact_bytes: int = knob(
        1 << 36, "Largest file of a model that is kept.", least=1_024, most=1 << 44
    )
    artefact_classification: str = knob(
        "internal", "Class under which files of models are kept in the vault."
    )
    mlflow_url: str = knob("", "Address of the MLflow server whose models are followed.")
    mlflow_token: Secret = knob(Secret(""), "Bearer token for the MLflow server.")
    mlflow_webhook_secret: Secret = knob(
        Secret(""), "Secret by which MLflow signs the webhooks it sends here."
    )
    mlflow_sync_seconds: int = knob(
        0,
        "Seconds between looks at every model of MLflow that is followed; 0: only when told.",
        least=0,
        most=604_800,
    )


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Calls of models: how large, how long, how often."""

    max_body_bytes: int = knob(
        32 * 1024 * 1024, "Largest request to a model.", least=1_024, most=1 << 30
    )
    max_answer_bytes: int = knob(
        64 * 1024 * 1024, "Largest answer of a model.", least=1_024, most=1 << 32
    )
    max_running: int = knob(
        1_000, "Calls a process carries at once; more are asked to wait.", least=1, most=100_000
    )
    request_seconds: int = knob(60, "Longest a request may take to arrive.", least=1, most=3_600)
    connect_seconds: int = knob(
        10, "Longest wait for a connection to a provider.", least=1, most=600
    )
    answer_seconds: int = knob(
        300, "Longest wait for an answer, or for its next part.", least=1, most=86_400
    )
    retries: int = knob(
        2, "Times a call is sent again before another route is tried.", least=0, most=5
    )
    credentials: tuple[str, ...] = knob(
        ("OPENAI_API_KEY@api.openai.com", "ANTHROPIC_API_KEY@api.anthropic.com"),
        "Which variable of the environment may be sent to which host, as NAME@host.",
    )
    key: Secret = knob(
        Secret(""), "Key of the first application that a file declares; empty: one is made."
    )
    hold_seconds: int = knob(
        20, "Seconds a held call waits for a person before its caller is told.", least=0, most=600
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one running process."""

    data: DataSettings = field(default_factory=DataSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    blobs: BlobSettings = field(default_factory=BlobSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    plugins: PluginSettings = field(default_factory=PluginSettings)
    log: LogSettings = field(default_factory=LogSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    unlock: UnlockSettings = field(default_factory=UnlockSettings)
    keyring: KeyringSettings = field(default_factory=KeyringSettings)
    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    vault: VaultSettings = field(default_factory=VaultSettings)
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    policy: PolicySettings = field(default_factory=PolicySettings)
    registry: RegistrySettings = field(default_factory=RegistrySettings)
    gateway: GatewaySettings = field(default_factory=GatewaySettings)

    def digest(self) -> Digest:
        """Fingerprint the effective values; of a secret only whether it is set."""
        return digest_value({knob.key: plain_value(knob.value_in(self)) for knob in knobs()})


def areas() -> dict[str, type]:
    """List the areas in the order they are documented."""
    hints = get_type_hints(Settings)
    return {each.name: hints[each.name] for each in fields(Settings)}


def knobs() -> Iterator[Knob]:
    """List every setting there is."""
    for area, holder in areas().items():
        hints = get_type_hints(holder)
        for each in fields(holder):
            yield _knob(area, each, hints[each.name])


def _knob(area: str, each: Field[Any], hint: object) -> Knob:
    default = None if each.default is MISSING else each.default
    return Knob(area, each.name, hint, default, **each.metadata)
