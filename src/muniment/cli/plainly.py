"""Reads the plain values of commands by hand.

The library of the command line loads one that validates as soon as there is an option: a tenth of a
second of each command, and seven megabytes of a server for as long as it runs. What is not plainly
right is left to it, and so are all its errors.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    from typer.models import ParameterInfo

_MOST_DIGITS: Final = 9
_NOTHING: Final = object()


class _Reader(Protocol):
    """What reads a value that was given."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 the library's own
        """Give the value as the command takes it."""
        ...


def read_by_hand(command: TyperCommand | TyperGroup, context: typer.Context) -> None:
    """Have the options of a command read so, and those of all commands behind it."""
    for each in (*command.params, command.get_help_option(context)):
        if type(each) is TyperOption:
            each.__class__ = _PlainOption
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            read_by_hand(cast("TyperCommand", one), context)


class _PlainOption(TyperOption):
    def get_runtime_param(self) -> Any:  # noqa: ANN401 the library's own
        return _Plainly(self)

    def usual(self) -> _Reader:
        """Give what reads it otherwise."""
        reader: _Reader = super().get_runtime_param()
        return reader


class _Plainly:
    def __init__(self, option: _PlainOption) -> None:
        self._option = option

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 the library's own
        told = self._option.type_descriptor
        read = _NOTHING
        if not (self._option.multiple or self._option.nargs != 1):
            read = read_plainly(value, told.annotation, told.parameter_info)
        return self._option.usual().coerce(value, param, ctx) if read is _NOTHING else read


def read_plainly(value: object, wanted: object, info: ParameterInfo) -> object:
    """Give a value as it is meant; of one that takes a longer look `is_left` says so."""
    if value is None:
        return None
    if info.parser is not None or info.formats:
        return _NOTHING
    if wanted is int:
        return _number(value, info)
    if isinstance(value, str):
        if wanted is str:
            return value
        if wanted is Path and _is_any_path(info):
            return Path(value) if _is_usable(value) else _NOTHING
    return _NOTHING


def is_left(read: object) -> bool:
    """Tell whether a value was left to the usual reading."""
    return read is _NOTHING


def _number(value: object, info: ParameterInfo) -> object:
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value) if len(value) <= _MOST_DIGITS else None
    if type(value) is not int or info.clamp:
        return _NOTHING
    least, most = info.min, info.max
    is_within = (least is None or value >= least) and (most is None or value <= most)
    return value if is_within else _NOTHING


def _is_any_path(info: ParameterInfo) -> bool:
    special: Sequence[object] = (info.exists, info.writable, info.resolve_path, info.allow_dash)
    usual = info.file_okay, info.dir_okay, info.readable
    return not any(special) and all(usual) and info.path_type is None


def _is_usable(path: str) -> bool:
    return "\0" not in path and (not os.path.lexists(path) or os.access(path, os.R_OK))
