"""Reading corpora."""

from __future__ import annotations

from pathlib import Path

from training import corpora


def test_sentences_are_put_together_with_their_names(tmp_path: Path) -> None:
    """Words become text again, labels become spans, odd labels teach nothing."""
    path = tmp_path / "a.conll"
    path.write_text(
        "Anna\tB-PER\nBerg\tI-PER\nmet\tO\n(\tO\nIBM\tB-corporation\n)\tO\n.\tO\n\n@\tB-ORG\n"
    )
    first, second = corpora.read(path)
    assert first.text == "Anna Berg met (IBM)."
    assert [(first.text[s:e], kind) for s, e, kind in first.spans] == [
        ("Anna Berg", "PERSON"),
        ("IBM", "ORGANIZATION"),
    ]
    assert [kind for *_, kind in second.spans] == [corpora.UNSURE]
    assert "NRP" in first.silent
