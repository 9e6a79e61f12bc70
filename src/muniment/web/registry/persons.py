"""A field that names a person: a choice of colleagues; where they are many, an id or address."""

from __future__ import annotations

from collections import Counter
from typing import Final

from muniment import access
from muniment.db import Work
from muniment.web.acts import Field

_MOST_CHOICES: Final = 200


def person_field(
    work: Work,
    name: str,
    label: str,
    value: str = "",
    *,
    required: bool = True,
    hint: str = "",
    most: int = _MOST_CHOICES,
) -> Field:
    """Ask for an active person; whoever is named already stays to be chosen, also if they left."""
    own = access.named(work, [work.actor.id, value])
    people = {**own, **dict(access.colleagues(work))}
    people.pop("", None)
    if len(people) > most:
        said = f"{hint} Id or e-mail address.".strip()
        return Field(name, label, value=value, required=required, hint=said)
    namesakes = Counter(people.values())
    options = sorted(
        (each if namesakes[each] == 1 else f"{each}, {person}", person)
        for person, each in people.items()
        if person.startswith("per_")
    )
    first = "Choose one" if required else "nobody"
    return Field(
        name,
        label,
        kind="select",
        value=value,
        options=(("", first), *((person, said) for said, person in options)),
        required=required,
        hint=hint,
    )
