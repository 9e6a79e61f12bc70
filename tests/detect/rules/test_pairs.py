"""Masks are the same for the same value, and turn back however a model spells them."""

from __future__ import annotations

import json
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from muniment.detect.rules.pairs import Pairs, label_of


def test_the_same_value_has_the_same_mask() -> None:
    """One person stays one person through an exchange, and another is another."""
    pairs = Pairs()
    assert pairs.mask("a@x.org", "EMAIL") == "[EMAIL_1]"
    assert pairs.mask("b@x.org", "EMAIL") == "[EMAIL_2]"
    assert pairs.mask("a@x.org", "EMAIL") == "[EMAIL_1]"
    assert pairs.as_map() == {"[EMAIL_1]": "a@x.org", "[EMAIL_2]": "b@x.org"}


def test_models_spell_masks_in_their_own_way() -> None:
    """Small letters and escaped underscores are understood; another number is not touched."""
    pairs = Pairs()
    pairs.mask("a@x.org", "EMAIL")
    assert pairs.restore(r"[email_1] [EMAIL\_1] [EMAIL_11] EMAIL_1") == (
        "a@x.org a@x.org [EMAIL_11] EMAIL_1"
    )


def test_what_may_not_turn_back_stays() -> None:
    """A value whose rule says so is never put back."""
    pairs = Pairs()
    pairs.mask("secret", "PASSWORD", restore=False)
    assert pairs.restore("[PASSWORD_1]") == "[PASSWORD_1]"
    assert pairs.as_map() == {}


def test_a_value_put_back_into_json_keeps_it_valid() -> None:
    """Quotes and line ends of a value are spelled as JSON wants them."""
    pairs = Pairs()
    pairs.mask('Anna "A" \\ \n Schmidt', "PERSON")
    restored = pairs.restore('{"to": "[PERSON_1]"}', in_json=True)
    assert json.loads(restored) == {"to": 'Anna "A" \\ \n Schmidt'}


def test_a_short_token_is_put_back_only_where_it_stands_alone() -> None:
    """A token of four digits does not break longer numbers."""
    pairs = Pairs()
    pairs.keep("4821", "1234")
    assert pairs.restore("pin 4821, order 148210") == "pin 1234, order 148210"


def test_a_text_that_looks_like_a_mask_is_never_taken_for_one() -> None:
    """A number that a text holds is left out; look-alikes of a label in use are masked."""
    pairs = Pairs()
    assert pairs.pass_literal("[EMAIL_1]", "EMAIL") == "[EMAIL_1]"
    assert pairs.mask("a@x.org", "EMAIL") == "[EMAIL_2]"
    assert pairs.pass_literal("[email_2]", "email") == "[TEXT_1]"
    assert pairs.pass_literal("[FIG_1]", "FIG") == "[FIG_1]"
    assert pairs.restore("[EMAIL_1] [TEXT_1] [EMAIL_2] [FIG_1]") == (
        "[EMAIL_1] [email_2] a@x.org [FIG_1]"
    )


def test_masks_carry_short_words() -> None:
    """Long type names have a short word, others are their own."""
    assert label_of("EMAIL_ADDRESS") == "EMAIL"
    assert label_of("US_SSN") == "US_SSN"


@given(
    st.lists(st.sampled_from(("EMAIL", "US_SSN", "card", "T")), min_size=1, max_size=3),
    st.text(alphabet="[]_\\1EMAILemailUS_SN é\n", max_size=40),
    st.sampled_from(("", "[EMAIL_1]", r"[email\_1]", "[US_SSN_1]", r"\[US\_SSN\_1]", "4821")),
)
def test_what_cannot_stand_in_an_answer_is_not_put_back(
    labels: list[str], text: str, more: str
) -> None:
    """An answer that tells by its bytes alone that nothing of ours is in it has nothing in it."""
    pairs = Pairs()
    for label in labels:
        pairs.mask("value", label)
    if len(labels) == 3:
        pairs.keep("4821", "1234")
    for said, plain in product((text + more, more + text), (True, False)):
        written = json.dumps({"content": said}, ensure_ascii=plain).encode()
        assert pairs.may_stand_in(written) or pairs.restore(said) == said
    assert not Pairs().may_stand_in(b'"[EMAIL_1]"')
    masked = Pairs()
    masked.mask("anna@example.org", "EMAIL")
    assert not masked.may_stand_in(b'{"content":"nothing [of] it"}')
    assert masked.may_stand_in(b'{"content":"[EMAIL\\\\_1]"}')
    assert masked.may_stand_in(b'{"content":"\\u005bEMAIL_2]"}')
