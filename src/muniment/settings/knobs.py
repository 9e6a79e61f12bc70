"""What a setting is made of: a default, a sentence, the lawful values; and what a secret is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

ENVIRONMENT_PREFIX: Final = "MUNIMENT_"


class Secret(str):
    """A value that never shows itself: its `repr` and its `str` are stars; `reveal` gives it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'********'" if self.reveal() else "''"

    def __str__(self) -> str:
        return "********" if self.reveal() else ""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def reveal(self) -> str:
        """Give the secret itself, to the one place that needs it."""
        return str.__str__(self)


def knob(
    default: object,
    says: str,
    *,
    least: int | None = None,
    most: int | None = None,
    one_of: tuple[str, ...] = (),
) -> Any:  # noqa: ANN401 the annotation beside it is the type
    """Declare a setting with its default, its sentence and its lawful values."""
    return field(
        default=default, metadata={"says": says, "least": least, "most": most, "one_of": one_of}
    )


@dataclass(frozen=True, slots=True)
class Knob:
    """One setting as the outside knows it."""

    area: str
    name: str
    type: Any
    default: Any
    says: str
    least: int | None
    most: int | None
    one_of: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name it as in messages and in `muniment settings`: server.port."""
        return f"{self.area}.{self.name}"

    @property
    def variable(self) -> str:
        """Name its environment variable: MUNIMENT_SERVER_PORT."""
        return f"{ENVIRONMENT_PREFIX}{self.area}_{self.name}".upper()

    @property
    def secret(self) -> bool:
        """Tell whether the value must never be shown."""
        return self.type is Secret

    def value_in(self, settings: object) -> Any:  # noqa: ANN401 a setting has its own type
        """Look the value up in a `Settings`."""
        return getattr(getattr(settings, self.area), self.name)


def plain_value(value: object) -> object:
    """Give a value as plain JSON; of a secret only whether it is set."""
    if isinstance(value, Secret):
        return bool(value.reveal())
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
