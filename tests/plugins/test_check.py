"""Objects compared with their sockets."""

import pytest

from muniment.core.errors import InvalidError
from muniment.plugins import check_socket
from muniment.plugins.sockets import GROUPS, Delivery, Message


class Good:
    """A notifier as it should be."""

    def require(self, to: str) -> None:
        assert to

    def send(self, message: Message) -> tuple[Delivery, str]:
        return Delivery.DELIVERED, message.id


def refusal(group: str, thing: object) -> str:
    """Give the words with which something is refused."""
    with pytest.raises(InvalidError) as caught:
        check_socket(group, thing)
    return str(caught.value)


def test_what_fits_is_accepted() -> None:
    """An object with every verb passes, also if it can do more."""

    class More(Good):
        def send(self, message: Message, note: str = "") -> tuple[Delivery, str]:
            return Delivery.DELIVERED, message.id + note

    check_socket("muniment.notifiers", Good())
    check_socket("muniment.notifiers", More())


def test_every_gap_is_named() -> None:
    """A refusal lists all that is missing or cannot be called, not only the first."""

    class Half:
        sign = "not a verb"
        current = None

        def wrap(self, key_id: str) -> bytes:
            return key_id.encode()

    said = refusal("muniment.keyrings", Half())
    assert "a Half is no Keyring" in said
    assert "sign cannot be called" in said
    assert "unwrap is missing" in said
    assert "wrap does not take (key_id, data_key, context)" in said


def test_words_must_match_where_the_socket_uses_words() -> None:
    """A parameter that is passed by name must have that name."""

    class Storage:
        def delete(self, name: str, *, before: object) -> bool:
            return bool(name and before)

    assert "delete does not take (name, written_before=…)" in refusal("muniment.storage", Storage())


def test_looking_runs_nothing() -> None:
    """A property is seen without being run: it may need a machine that is not there yet."""

    class Remote:
        @property
        def name(self) -> str:
            raise ConnectionError

        @property
        def verifier_key(self) -> str:
            raise ConnectionError

        def sign(self, message: bytes) -> bytes:
            return message

    check_socket("muniment.signers", Remote())


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_fits_by_chance(group: str) -> None:
    """A plain object fits no socket."""
    assert "is missing" in refusal(group, object())


def test_an_unknown_socket_is_refused_with_the_known() -> None:
    """A group that does not exist is refused with the list of those that do."""
    assert "muniment.storage" in refusal("muniment.stroage", object())
