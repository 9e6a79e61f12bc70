"""Cutting a policy file into its policies, and finding places in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muniment.policy.rules.splitting import pieces, place, where_word, where_wrong


def test_semicolons_in_strings_and_remarks_do_not_end_a_policy() -> None:
    """Only the semicolon after a policy ends it."""
    text = '// one; two\npermit (a) when { "x;\\";" };\n  // three;\nforbid (b);'
    assert [each.text for each in pieces(text)] == ['permit (a) when { "x;\\";" };', "forbid (b);"]


def test_what_follows_the_last_semicolon_is_kept() -> None:
    """An unfinished policy is a piece too, so that it can be complained about."""
    assert [each.text for each in pieces("permit (a); forbid")] == ["permit (a);", "forbid"]
    assert list(pieces(" // nothing\n")) == []


def test_places_count_from_one() -> None:
    """Lines and columns are counted as editors do."""
    text = "ab\ncd\n"
    assert [place(text, at) for at in (0, 1, 3, 4)] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_the_first_wrong_token_is_found() -> None:
    """The place is that of the first token after which nothing could make it right."""

    def failure(text: str) -> str:
        return "unexpected token" if "bad" in text else "unexpected end of input"

    assert where_wrong("good good bad good bad", failure) == len("good good ")
    assert where_wrong("good good", failure) == len("good good")
    assert where_wrong("  ", failure) == 0


def test_words_are_found_whole() -> None:
    """A word inside another is not it."""
    assert where_word("types_of types", "types") == len("types_of ")
    assert where_word("other", "types") == 0


@given(st.text(alphabet='ab;"\\/ \n', max_size=60))
def test_pieces_cover_the_text_in_order(text: str) -> None:
    """Pieces stand where they say they do, one behind the other."""
    end = 0
    for each in pieces(text):
        assert each.start >= end
        assert text[each.start : each.start + len(each.text)] == each.text
        end = each.start + len(each.text)
