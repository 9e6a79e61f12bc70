"""Words explain themselves where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from muniment.web.glossary import TERMS, explained


def test_each_word_is_explained_once() -> None:
    """The longest form wins, whatever its case; a word inside another is none."""
    told = explained("Witnesses sign the head. A change request; headless; the head.")
    assert [each.key for each in told.terms] == ["witness", "head", "change-request"]
    assert told.sentence.count("<button") == 3
    assert 'popovertarget="term-head"' in told.sentence
    assert explained("the head", known=told.terms).terms == ()


def test_addresses_and_links_are_left_alone() -> None:
    """In a sentence that is marked up no button stands in an address or in a link."""
    told = explained(Markup('<a href="/console/ledger">The ledger</a> has a head.'))
    assert 'href="/console/ledger">The ledger</a>' in told.sentence
    assert [each.key for each in told.terms] == ["head"]


@given(st.text(max_size=80))
def test_a_sentence_stays_what_it_was(text: str) -> None:
    """Whatever somebody wrote is escaped, and reads the same without the buttons."""
    plain = explained(f"{text} ledger").sentence
    assert "<script" not in plain.lower()
    assert Markup(plain).striptags().endswith("ledger")


def test_terms_are_sentences_and_no_two_share_a_form() -> None:
    """Each says in whole sentences what it means, under a key of its own."""
    forms = [form.casefold() for each in TERMS for form in each.every_form]
    assert len(set(forms)) == len(forms)
    assert len({each.key for each in TERMS}) == len(TERMS)
    for each in TERMS:
        assert each.means.endswith("."), each.key
        assert each.means[0].isupper(), each.key
