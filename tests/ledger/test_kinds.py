"""Record kinds: declared once, documented, plain in what they hold."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass

import pytest

from muniment.ledger.kinds import Began, Heartbeat, KeyRotated, all_kinds, kind, kind_of


def test_every_kind_says_what_it_means() -> None:
    """Each kind has its name, a sentence, and the class that carries it."""
    found = all_kinds()
    assert list(found) == sorted(found)
    assert found["ledger.began"].holder is Began
    for name, each in found.items():
        assert each.name == name
        assert each.says.endswith(".")
    assert kind_of(KeyRotated("a", "b", "c")).covers == {"ledger_keys"}


@pytest.mark.parametrize("name", ["", "ledger", "Ledger.began", "ledger.Began", "a.b.c", "a b.c"])
def test_a_kind_is_named_room_and_verb(name: str) -> None:
    """Another form of name is refused where it is declared."""

    @dataclass(frozen=True)
    class Thing:
        """A thing."""

    with pytest.raises(TypeError, match=r"room\.verb_past"):
        kind(name)(Thing)


def test_a_kind_is_declared_once() -> None:
    """Two classes cannot share a name, and one without words is refused."""

    @dataclass(frozen=True)
    class Other:
        """Another thing."""

    with pytest.raises(TypeError, match="twice"):
        kind("ledger.began")(Other)
    Other.__doc__ = ""
    with pytest.raises(TypeError):
        kind("ledger.othered")(Other)
    assert "ledger.othered" not in all_kinds()


def test_facts_have_ascii_names() -> None:
    """A fact whose name is not ASCII could not be written, so its kind is refused."""
    holder = make_dataclass("Named", ["gr\u00f6\u00dfe"], frozen=True)
    holder.__doc__ = "A thing."
    with pytest.raises(TypeError, match="ASCII"):
        kind("ledger.named")(holder)
    assert "ledger.named" not in all_kinds()


def test_a_body_is_plain_json() -> None:
    """Facts become plain values in the order of their fields."""
    each = kind_of(Began("i", "o", "n", "b", "v", {"size": 1}))
    body = each.body_of(Began("i", "o", "n", "b", "v", {"size": 1}))
    assert body["predecessor"] == {"size": 1}
    assert kind_of(Heartbeat("p", 1)).body_of(Heartbeat("p", 1)) == {
        "producer": "p",
        "interval_s": 1,
    }
    assert each.subject_of(Began("i", "o", "n", "b", "v")) is None
