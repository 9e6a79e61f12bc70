"""Commands about what is observed: hosts that are believed, their heartbeats, what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from muniment import registry
from muniment.cli.registry.artefacts import read_bytes
from muniment.cli.registry.asof import observed_told
from muniment.cli.registry.words import (
    AsOption,
    EnvironmentOption,
    LimitOption,
    OfSystemOption,
    ReasonOption,
    SystemArgument,
    act,
    look,
    stamp_of,
    system_id_of,
)
from muniment.cli.state import ConfigOption, DataOption, JsonOption, print_json, print_table
from muniment.client import ApiError, Client, UnreachableError
from muniment.core.clock import SystemClock, stamp
from muniment.core.errors import InvalidError, UnavailableError
from muniment.db import Work
from muniment.registry import Heartbeat, Host, Means, Observation, ObservedQuery

HostArgument = Annotated[str, typer.Argument(metavar="HOST", help="Id of the host.")]


def add_to(group: typer.Typer) -> None:
    """Add the commands about what is observed."""
    group.command("observed")(observed)
    group.command("heartbeat")(heartbeat)
    group.command("hosts")(list_hosts)
    group.command("trust-host")(trust_host)
    group.command("end-host")(end_host)


def observed(
    context: typer.Context,
    system: OfSystemOption = "",
    environment: Annotated[str, typer.Option(help="Only there.")] = "",
    means: Annotated[Means | None, typer.Option(help="Only by this.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List what was observed to serve, what began last first."""

    def read(work: Work) -> tuple[Observation, ...]:
        query = ObservedQuery(system_id_of(work, system), environment, means)
        return registry.find_observed(work, query, limit=limit).rows

    found = look(context, config, data, read)
    if as_json:
        rows = [{"environment": each.environment, **observed_told(each)} for each in found]
        print_json(rows)
        return
    columns = ("Where", "What", "By", "From", "Until", "Times")
    print_table("Observed", columns, [_row(each) for each in found])


def heartbeat(
    host: HostArgument,
    set_digest: Annotated[str, typer.Option("--set", help="The version set that it runs.")],
    key: Annotated[Path, typer.Option(help="The host's private key, in PEM.")],
    to: Annotated[str, typer.Option(help="Send it there; left out: print it.")] = "",
    with_key: Annotated[
        Path | None, typer.Option("--with", help="File with the key to send it with.")
    ] = None,
) -> None:
    """Say, with a signature, which version set a host runs now."""
    told = Heartbeat(host, set_digest, SystemClock().now())
    signed = registry.signed_heartbeat(told, read_bytes(key, "key"), None)
    if not to:
        print_json(signed)
        return
    if with_key is None:
        raise InvalidError("there is no key to send it with", field="with", remedy="Give --with.")
    token = read_bytes(with_key, "with").decode("utf-8", "replace").strip()
    try:
        heard = Client(to, token).heartbeat(signed)
    except (ApiError, UnreachableError) as error:
        raise UnavailableError(
            f"{to} did not take it: {error}", remedy="Send a new one."
        ) from error
    typer.echo(f"{host} runs {heard['set_digest']} since {heard['starts_at']}.")


def list_hosts(
    context: typer.Context,
    system: OfSystemOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the hosts whose heartbeats are believed, or were."""
    found = look(context, config, data, lambda work: registry.hosts(work, system))
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "system": each.system_id,
            "environment": each.environment,
            "fingerprint": each.fingerprint,
            "ended_at": stamp_of(each.ended_at),
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("Id", "Name", "System", "Environment", "Fingerprint", "Ended")
    print_table("Hosts", columns, [tuple(each.values()) for each in rows])


def trust_host(  # noqa: PLR0913, PLR0917 each option says one thing about the host
    context: typer.Context,
    system: SystemArgument,
    public_key: Annotated[Path, typer.Argument(help="The host's public key, in PEM.")],
    name: Annotated[str, typer.Option(help="What the host is called.")],
    reason: ReasonOption,
    who: AsOption,
    environment: EnvironmentOption = "production",
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Believe a host's heartbeats; a person of security or compliance does it."""
    pem = read_bytes(public_key, "public_key").decode("utf-8", "replace")

    def trusted(work: Work) -> Host:
        return registry.trust_host(work, system, environment, name, pem, reason=reason)

    made = act(context, config, data, who, trusted)
    typer.echo(f"{made.name} is believed: {made.id} {made.fingerprint}")


def end_host(
    context: typer.Context,
    host: HostArgument,
    reason: ReasonOption,
    who: AsOption,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Believe a host no more; what it told before stays."""
    act(context, config, data, who, lambda work: registry.end_host(work, host, reason=reason))
    typer.echo(f"{host} is believed no more.")


def _row(seen: Observation) -> tuple[str, ...]:
    times = (stamp(seen.starts_at), stamp(seen.ends_at), f"{seen.count:,}")
    return (seen.environment, seen.name, seen.by, *times)
