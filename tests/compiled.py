"""Statements compiled once for a whole run, though each test has a database of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Dialect, Engine, create_engine, event


class Compiled:
    """The statements that engines of one kind share, with the dialect they were compiled for."""

    def __init__(self) -> None:
        """Begin with nothing compiled."""
        self._dialects: dict[str, Dialect] = {}
        self._statements: dict[Any, Any] = {}

    def create(self, url: URL, **options: Any) -> Engine:
        """Create an engine that looks here before it compiles."""
        engine = create_engine(url, **options)
        engine.update_execution_options(compiled_cache=self._statements)

        # A dialect has asked the server what it can once it is connected; all of a run are alike.
        if known := self._dialects.get(url.drivername):
            engine.dialect = known
            return engine

        @event.listens_for(engine, "first_connect")
        def _met(*_connection: object) -> None:
            self._dialects.setdefault(url.drivername, engine.dialect)

        return engine
