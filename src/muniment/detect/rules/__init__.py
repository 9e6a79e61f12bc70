"""Judgements about values and their surroundings: check digits, context, overlap, encodings."""
