"""A real S3 server for tests: moto's, in a thread, on a free port of this machine.

Two things are put around it: a lock, because S3 decides a condition and writes in one step while
moto does so in two; and faults, each used once, which answer a request before it reaches the server
or in place of what the server answered.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

Wsgi = Callable[..., Iterable[bytes]]


@dataclass(frozen=True)
class Fault:
    """One wrong answer: to the next request of this method whose query begins so."""

    method: str
    status: str
    code: str
    query: str = ""
    carried_out: bool = False


@dataclass
class Server:
    """The local server, what it was asked, and the faults still to come."""

    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ignores_conditions_of: str = ""

    def around(self, app: Wsgi) -> Wsgi:
        """Wrap the server's application."""
        lock = threading.Lock()

        def answer(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
            with lock:
                self.asked.append(f"{environ['REQUEST_METHOD']} {environ['QUERY_STRING']}".strip())
                if environ["REQUEST_METHOD"] == self.ignores_conditions_of:
                    environ.pop("HTTP_IF_NONE_MATCH", None)
                    environ.pop("HTTP_IF_MATCH", None)
                fault = self._fault_for(environ)
                if fault is None:
                    return list(app(environ, start))
                if fault.carried_out:
                    list(app(environ, lambda *_: None))
                start(fault.status, [("Content-Type", "application/xml")])
                return [f"<Error><Code>{fault.code}</Code><Message/></Error>".encode()]

        return answer

    def _fault_for(self, environ: dict[str, Any]) -> Fault | None:
        for fault in self.faults:
            if environ["REQUEST_METHOD"] == fault.method and environ["QUERY_STRING"].startswith(
                fault.query
            ):
                self.faults.remove(fault)
                return fault
        return None


@contextmanager
def serving() -> Iterator[Server]:
    """Run a server until the block ends."""
    server = Server()
    app = server.around(DomainDispatcherApplication(create_backend_app))
    listening = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
