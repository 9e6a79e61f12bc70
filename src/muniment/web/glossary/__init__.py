"""The words of this product: one glossary, kept as data, explained where a word stands."""

from muniment.web.glossary.explaining import Explained, explained
from muniment.web.glossary.terms import TERMS, Term

__all__ = ["TERMS", "Explained", "Term", "explained"]
