"""Reads pickles without running them: which names do they import, and do they call them?

The stack of the pickle machine is followed with what is known of each value, so that a name put
together from pieces is seen or is known not to be seen. A name that makes data is harmless, one
that can run a command is critical, and of any other one cannot tell.
"""

from __future__ import annotations

import pickletools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from muniment.registry.models.artefacts import Severity
from muniment.registry.rules.scanning.names import judged
from muniment.registry.rules.scanning.reading import Cursor, Reader, Search, UnreadableError

TORCH_MAGIC: Final = 0x1950A86A20F9469CFC6C
_TORCH_PICKLES: Final = 5
_MOST_PICKLES: Final = 10_000
_MOST_OPCODES: Final = 20_000_000
_MOST_MEMO: Final = 5_000_000
_MARK: Final = object()
_UNKNOWN: Final = object()
_CALLS: Final = frozenset({"REDUCE", "NEWOBJ", "NEWOBJ_EX", "INST", "OBJ", "BUILD"})
_GETS: Final = frozenset({"GET", "BINGET", "LONG_BINGET"})
_PUTS: Final = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_TEXTS: Final = ("UNICODE", "STRING")


@dataclass(slots=True)
class _Machine:
    """The pickle machine's stack and memo, with what is known of each value."""

    stack: list[Any] = field(default_factory=list)
    memo: dict[int, Any] = field(default_factory=dict)

    def pop(self) -> object:
        if not self.stack:
            raise UnreadableError("this pickle takes more off its stack than there is")
        return self.stack.pop()

    def pop_to_mark(self) -> None:
        while self.pop() is not _MARK:
            pass


@dataclass(slots=True)
class Pickled:
    """What was seen of one pickle."""

    names: list[tuple[str, int]] = field(default_factory=list)
    calls: int = 0
    first: object = None
    whole: bool = False


def scan_pickles(search: Search, reader: Reader, file: str, start: int = 0) -> str:
    """Read the pickles of a file one after another; give the format that it is."""
    cursor = Cursor(reader, start)
    format_name = "pickle"
    for number in range(_MOST_PICKLES):
        if cursor.tell() >= reader.size:
            return format_name
        if format_name == "torch_legacy" and number >= _TORCH_PICKLES:
            return format_name  # the numbers of the tensors follow, which nothing runs
        place, seen = cursor.tell(), Pickled()
        try:
            read_pickle(cursor, seen)
        except UnreadableError as error:
            _tell(search, seen, file)
            what = "it is not a whole pickle" if number == 0 else "bytes follow the pickle"
            search.missed(file, f"{what}: {error} (after byte {place})")
            return format_name
        _tell(search, seen, file)
        if number == 0 and seen.first == TORCH_MAGIC:
            format_name = "torch_legacy"
    search.missed(file, f"it holds more than {_MOST_PICKLES} pickles")
    return format_name


def scan_perhaps(search: Search, reader: Reader, file: str) -> bool:
    """Look whether a text is a pickle in disguise; only what runs something is told."""
    seen = Pickled()
    with suppress(UnreadableError):
        read_pickle(Cursor(reader), seen)
    bad = [each for each in seen.names if judged(each[0]) is Severity.CRITICAL]
    if bad:
        _tell(search, seen, file)
    return bool(bad)


def read_pickle(cursor: Cursor, seen: Pickled) -> None:
    """Follow one pickle to its end."""
    machine = _Machine()
    for opcode, argument, place in _opcodes(cursor):
        if opcode.name == "STOP":
            seen.first = machine.pop()
            seen.whole = True
            return
        _step(machine, seen, opcode, argument, place)
    raise UnreadableError("it does not end")


def _opcodes(cursor: Cursor) -> Iterator[tuple[Any, Any, int]]:
    """Read opcodes; whatever a broken pickle raises is said in one way."""
    reading = pickletools.genops(cursor)  # type: ignore[arg-type]  # it reads and tells, no more
    for _ in range(_MOST_OPCODES):
        try:
            opcode, argument, place = next(reading)
        except StopIteration:
            return
        except (ValueError, EOFError, OverflowError, IndexError, KeyError) as error:
            raise UnreadableError(str(error).splitlines()[0][:120] or "it is broken") from error
        yield opcode, argument, place or 0
    raise UnreadableError("it is longer than is looked through")


def _step(machine: _Machine, seen: Pickled, opcode: Any, argument: Any, place: int) -> None:  # noqa: ANN401 pickletools' own
    name = opcode.name
    if name in _PUTS or name == "MEMOIZE":
        _remember(machine, len(machine.memo) if name == "MEMOIZE" else argument)
    elif name in _GETS:
        machine.stack.append(machine.memo.get(argument, _UNKNOWN))
    elif name == "DUP":
        top = machine.pop()
        machine.stack += [top, top]
    elif name == "POP_MARK":
        machine.pop_to_mark()
    elif name == "STACK_GLOBAL":
        attribute, module = machine.pop(), machine.pop()
        seen.names.append((_named(module, attribute), place))
        machine.stack.append(_UNKNOWN)
    else:
        if name in ("GLOBAL", "INST"):
            module, _, attribute = str(argument).partition(" ")
            seen.names.append((_named(module, attribute), place))
        elif name.startswith("EXT"):
            seen.names.append(("?.extension", place))
        seen.calls += name in _CALLS
        _usual(machine, opcode, argument)


def _usual(machine: _Machine, opcode: Any, argument: Any) -> None:  # noqa: ANN401 pickletools' own
    """Take off the stack and put on it what the opcode's description says."""
    before = opcode.stack_before
    if pickletools.markobject in before:
        extra = before.index(pickletools.markobject)
        machine.pop_to_mark()
        before = before[:extra]
    for _ in before:
        machine.pop()
    for pushed in opcode.stack_after:
        if pushed is pickletools.markobject:
            machine.stack.append(_MARK)
        elif isinstance(argument, int) or any(each in opcode.name for each in _TEXTS):
            machine.stack.append(argument)
        else:
            machine.stack.append(_UNKNOWN)


def _remember(machine: _Machine, key: int) -> None:
    if not machine.stack:
        raise UnreadableError("this pickle remembers what is not there")
    if len(machine.memo) >= _MOST_MEMO:
        raise UnreadableError("it remembers more than is looked through")
    machine.memo[key] = machine.stack[-1]


def _named(module: object, attribute: object) -> str:
    """Write a name; a part that was put together while running is a question mark."""
    one = module if isinstance(module, str) else "?"
    other = attribute if isinstance(attribute, str) else "?"
    return f"{one}.{other}"


def _tell(search: Search, seen: Pickled, file: str) -> None:
    for name, place in seen.names:
        severity = judged(name)
        if severity is None:
            continue
        where = f"byte {place}"
        if "?" in name.split("."):
            why = "it imports a name that is put together while it is loaded"
            search.danger("pickle.hidden_import", severity, file, where, why)
        elif severity is Severity.CRITICAL:
            why = f"loading it may run {name}"
            search.danger("pickle.dangerous_import", severity, file, where, why)
        else:
            why = f"loading it imports {name}, which is not known to be harmless"
            search.danger("pickle.unknown_import", severity, file, where, why)
