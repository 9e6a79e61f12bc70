"""`muniment up`, `muniment serve`, `muniment worker`: run the product."""

from __future__ import annotations

import gc
import os
import platform
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from types import FrameType
from typing import Annotated, Any, Final

import typer

from muniment import access
from muniment.cli import gate
from muniment.cli.machine import give_back, prepare_machine
from muniment.cli.several import several
from muniment.cli.state import ConfigOption, DataOption, house_of
from muniment.cli.version import require_platform
from muniment.core.actor import system_actor
from muniment.core.clock import stamp
from muniment.core.program import program
from muniment.core.waking import wake_soon
from muniment.db import migrate
from muniment.db.migrate import require_current
from muniment.server import House
from muniment.server.logs import set_up_logs
from muniment.server.start import record_start
from muniment.settings import Settings

HostOption = Annotated[str | None, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
CertOption = Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")]
KeyOption = Annotated[Path | None, typer.Option(help="Key of the certificate, PEM.")]
WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")]
ProxyOption = Annotated[
    bool | None, typer.Option("--behind-proxy", help="A trusted proxy in front ends TLS.")
]

_COLLECTED: Final = (20_000, 20, 20)
_COLLECT_AFTER_SECONDS: Final = 2.0
_GIVE_BACK_SECONDS: Final = 3.0
_STOPPED: Final = "Stopped; everything acknowledged is on disk."
_STOPPED_EARLY: Final = "Stopped; what was still running is taken over by the next worker."


def add_to(app: typer.Typer) -> None:
    """Join the command line."""
    app.command("up")(up)
    app.command("serve")(serve)
    app.command("worker")(worker)


def up(
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    tls_cert: CertOption = None,
    tls_key: KeyOption = None,
    behind_proxy: ProxyOption = None,
) -> None:
    """Create or update the database, start, and say what to do next."""
    require_platform(platform.system())
    prepare_machine()
    overrides = {
        "data.dir": data,
        "server.host": host,
        "server.port": port,
        "server.tls_cert": tls_cert,
        "server.tls_key": tls_key,
        "server.behind_proxy": behind_proxy,
    }
    with _loading(), house_of(context, config, overrides, role="serve", create=True) as house:
        _require_safe_address(house)
        applied = migrate(house.database)
        if applied:
            typer.echo(f"Database ready (schema {applied[-1]}).", err=True)
        _serve(house, guide=True)


def serve(  # noqa: PLR0913, PLR0917 each is an option of the command
    context: typer.Context,
    config: ConfigOption = None,
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
    tls_cert: CertOption = None,
    tls_key: KeyOption = None,
    behind_proxy: ProxyOption = None,
    workers: WorkersOption = 1,
) -> None:
    """Start on a database that is ready; refuse one of another version.

    A file that declares systems and models (docs/gateway.md) is applied first; with one, an empty
    data folder is made ready.
    """
    require_platform(platform.system())
    prepare_machine()
    overrides = {
        "data.dir": data,
        "server.host": host,
        "server.port": port,
        "server.tls_cert": tls_cert,
        "server.tls_key": tls_key,
        "server.behind_proxy": behind_proxy,
    }
    declares = gate.declares(config)
    opening = house_of(context, config, overrides, role="serve", create=declares)
    with _loading(), opening as house:
        _require_safe_address(house)
        if declares:
            migrate(house.database)
        require_current(house.database)
        gate.apply_file(house)
        if workers == 1:
            _serve(house, lean=declares)
            return
        settings = house.settings
    _serve_with(context, config, overrides, settings, workers, lean=declares)


def worker(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """Run background work apart from the server."""
    require_platform(platform.system())
    with house_of(context, config, {"data.dir": data}, role="worker") as house:
        set_up_logs(house.settings)
        record_start(house, "worker")
        runner = house.runner

        def end(_signal: int, _frame: FrameType | None) -> None:
            # In a thread of its own: the main one may hold the very lock this needs.
            Thread(target=runner.ask_to_stop).start()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        runner.start()
        typer.echo("Working. Ctrl-C stops after the running jobs.", err=True)
        runner.wait()
        ended = runner.stop(grace_seconds=float(house.settings.server.grace_seconds))
        typer.echo(_STOPPED if ended else _STOPPED_EARLY, err=True)


def _serve_with(
    context: typer.Context,
    config: Path | None,
    overrides: Mapping[str, object],
    settings: Settings,
    workers: int,
    *,
    lean: bool,
) -> None:
    """Answer in several processes; background work is done in the first of them."""
    _app_maker(lean=lean)  # loaded once, and every process has it
    from muniment.server.listen import listen_on  # noqa: PLC0415 the web framework loads slowly

    listening = listen_on(settings.server.host, settings.server.port)
    gc.collect()
    gc.freeze()  # what all processes share stays shared

    def work(number: int) -> int:
        own = {**overrides, "jobs.inside": settings.jobs.inside and number == 0}
        with house_of(context, config, own, role=role_of(number)) as house:
            _serve(house, lean=lean, socket_of_all=listening)
        return 0

    code = several(listening, workers, work)
    if code:
        raise typer.Exit(code)


def role_of(number: int) -> str:
    """Name one of several processes: each numbers its own records, so none waits for another."""
    return f"serve.{number + 1}" if number else "serve"


def _require_safe_address(house: House) -> None:
    from muniment.server.listen import require_safe_address  # noqa: PLC0415 see _serve

    require_safe_address(house.settings)


def _app_maker(*, lean: bool) -> Callable[[House], Any]:
    """Give what makes the application; one that a file declares carries calls first of all."""
    if lean:
        from muniment.server.lean import Lean  # noqa: PLC0415 the web framework loads slowly

        return Lean
    from muniment.server.app import make_app  # noqa: PLC0415

    return make_app


def _serve(
    house: House,
    *,
    guide: bool = False,
    lean: bool = False,
    socket_of_all: socket.socket | None = None,
) -> None:
    def says(address: str) -> str:
        said = _guidance(house, address) if guide else f"Listening on {address}"
        return said + _how_to_begin(house, address)

    serve_house(house, says, lean=lean, socket_of_all=socket_of_all)


def serve_house(
    house: House,
    says: Callable[[str], str],
    *,
    lean: bool = False,
    socket_of_all: socket.socket | None = None,
) -> None:
    """Answer requests until somebody stops it; what is said once it listens is handed in."""
    from muniment.server.listen import serve as listen  # noqa: PLC0415 the web framework loads slowly

    set_up_logs(house.settings)
    app = _app_maker(lean=lean)(house)

    def ready(port: int) -> None:
        typer.echo(says(address_of(house, port)), err=True)
        _spare_collector()
        wake_soon()  # the thread that carries every connection

    begin = partial(record_start, house, "serve")
    listen(app, house.settings, ready=ready, begin=begin, socket_of_all=socket_of_all)
    typer.echo(_STOPPED, err=True)


@contextmanager
def _loading() -> Iterator[None]:
    """Look for no garbage while everything is loaded: it all stays, until one listens."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _spare_collector() -> None:
    """Let the collector of garbage pass by what was loaded: it stays, and looking at it takes long.

    A whole look at it stopped every call for a tenth of a second, again and again. The only one is
    taken a little later, so that whoever calls as soon as one listens does not wait for it. From
    then on memory that is free goes back to the system now and then.
    """
    never = Event()

    def collect() -> None:
        never.wait(_COLLECT_AFTER_SECONDS)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECTED)
        gc.enable()
        while True:
            give_back()
            never.wait(_GIVE_BACK_SECONDS)

    Thread(target=collect, name="muniment-memory", daemon=True).start()


def address_of(house: House, port: int) -> str:
    """Say where an installation is found, when it listens on a port."""
    server = house.settings.server
    if server.public_url:
        return server.public_url.rstrip("/")
    scheme = "https" if server.tls_cert else "http"
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"{scheme}://{host}:{port}"


def _how_to_begin(house: House, address: str) -> str:
    """While nobody manages access, give the link by which somebody does."""
    actor = system_actor("serve")
    with house.database.work(actor) as work:
        if access.is_founded(work):
            return ""
        made = access.first_link(work, house.settings)
    return (
        f"\n  Set it up  {named_here(address)}/console/set-up/{made.secret}\n"
        f"             This link works once, until {stamp(made.expires_at)}.\n"
    )


def named_here(address: str) -> str:
    """Passkeys belong to a name, never to a number; of this machine the name is localhost."""
    return address.replace("http://127.0.0.1:", "http://localhost:")


def _guidance(house: House, address: str) -> str:
    return "\n".join(
        (
            "",
            f"  Muniment {house.version} is up.",
            "",
            f"  Console    {address}/console",
            f"  Health     curl -s {address}/health",
            f"  Data       {house.settings.data.dir.resolve()}{os.sep}",
            f"  Settings   {program()} settings",
            f"  Begin      {address}/console/begin, or {program()} try",
            "",
            "  Ctrl-C stops it; nothing that was acknowledged is lost.",
            "",
        )
    )
