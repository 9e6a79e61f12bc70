"""An entry that is written but for a few facts: what all of a sort say stands there already.

`filled_in` gives it of a sample; a property test holds what it writes against the ordinary way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from muniment.core.actor import Actor
from muniment.core.clock import Clock, stamp
from muniment.core.ids import IdMaker
from muniment.core.plain import filled, plain
from muniment.ledger.service.halves import KEPT_FREE, Form, ManyHalves, checked
from muniment.ledger.service.together import VALUE_DEPTH
from muniment.verify import MAX_ENTRY_BYTES

Around = Mapping[str, tuple[bytes, bytes]]
_NOTHING: Final = (b"", b"")
NOTHING_AROUND: Final[Around] = MappingProxyType({})


class Template(NamedTuple):
    """The pieces of an entry around its time, the facts that differ, and its id; and its tail."""

    pieces: tuple[bytes, ...]
    tail: bytes
    most: int

    def write(self, facts: tuple[object, ...], clock: Clock, ids: IdMaker) -> ManyHalves | None:
        """Make the bytes of a record of now; of an unusual one give nothing."""
        now = clock.now()
        record_id, tail = ids.new_at("rec", now), self.tail
        head = filled(self.pieces, (stamp(now), *facts, record_id), VALUE_DEPTH)
        if head is None or len(head) > self.most:
            return None
        return ManyHalves((record_id,), (head,), (tail,), (len(head) + len(tail),))


def filled_in(
    form: Form, what: object, actor: Actor, holes: Sequence[str], around: Around
) -> Template | None:
    """Give what a record says but for what stands in some facts; of an unusual one, nothing.

    Of a fact that is not wholly another one, it is said what stands `around` what is.
    """
    before, until, first, *others = form.pieces
    pieces = [before + checked("actor", actor) + until]
    text, found = first, []
    for name, value, behind in zip(form.names, form.read(what), others, strict=False):
        if name in holes:
            found.append(name)
            open_, close = around.get(name, _NOTHING)
            pieces.append(text + open_)
            text = close + behind
        else:
            written = plain(value, VALUE_DEPTH)
            if written is None:
                return None
            text += written + behind
    if found != list(holes):
        return None
    tail = form.tail_of(what)
    most = MAX_ENTRY_BYTES - KEPT_FREE - len(tail)
    return Template((*pieces, text, form.pieces[-1]), tail, most)
