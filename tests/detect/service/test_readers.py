"""Each kind of file: JSON by path, JSON lines by field, tables by column, documents by part."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import duckdb
import pytest

from muniment.detect.models import Gap, Piece
from muniment.detect.service.readers import Asked, pieces_of

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(path: Path, asked: Asked | None = None) -> list[Piece]:
    """Give the pieces of a file that has no gap but where its sample ends."""
    found = list(pieces_of(path, asked or Asked()))
    reasons = [each.reason for each in found if isinstance(each, Gap)]
    assert [each for each in reasons if not each.startswith("only the first ")] == []
    return [each for each in found if isinstance(each, Piece)]


def gaps(path: Path, asked: Asked | None = None) -> list[str]:
    """Give the reasons why parts of a file cannot be read, or were not."""
    return [each.reason for each in pieces_of(path, asked or Asked()) if isinstance(each, Gap)]


FILES = {
    "a.csv": "name,mail\nAnna,a@example.com\nBob,b@example.com\n",
    "a.jsonl": '{"name": "Anna", "mail": "a@example.com"}\n{"mail": "b@example.com"}\n',
    "a.json": '{"people": [{"mail": "a@example.com", "home": {"city": "Leeds"}}]}',
}


@pytest.mark.parametrize("name", FILES)
def test_a_field_that_is_not_there_is_not_clean(tmp_path: Path, name: str) -> None:
    """A mistyped field would look at nothing and find nothing: that is a gap."""
    path = tmp_path / name
    path.write_text(FILES[name])
    assert gaps(path, Asked(fields=("mail", "mial"))) == [
        "it has no field 'mial' with a text in it"
    ]
    assert gaps(path, Asked(fields=("mail",))) == []


def test_a_field_may_be_a_path(tmp_path: Path) -> None:
    """A path with dots goes through lists and names, and meets nothing beside it."""
    path = tmp_path / "a.json"
    path.write_text(FILES["a.json"])
    assert [each.text for each in read(path, Asked(fields=("home.city",)))] == ["Leeds"]
    assert [each.text for each in read(path, Asked(fields=("people.mail",)))] == ["a@example.com"]


@pytest.mark.parametrize(("name", "what"), [("a.csv", "rows"), ("a.jsonl", "lines")])
def test_what_stands_behind_a_sample_is_not_clean(tmp_path: Path, name: str, what: str) -> None:
    """A sample says that it is one, unless it held all there is."""
    path = tmp_path / name
    path.write_text(FILES[name])
    assert gaps(path, Asked(sample=1)) == [f"only the first 1 {what} were asked for"]
    assert gaps(path, Asked(sample=2)) == []


def test_json_is_read_by_value_with_its_path(tmp_path: Path) -> None:
    """Texts and long numbers with the key they stand under; keys too."""
    path = tmp_path / "a.json"
    path.write_text('{"user": {"ssn": ["078-05-1120"], "n": 4111111111111111}}')
    found = [(each.where, each.text, each.context) for each in read(path)]
    assert ("$.user.ssn[0]", "078-05-1120", ("ssn",)) in found
    assert ("$.user.n", "4111111111111111", ("n",)) in found
    assert ("$.user.ssn (key)", "ssn", ()) in found


def test_json_lines_are_read_by_field_and_sampled(tmp_path: Path) -> None:
    """Only the fields that were asked for, wherever they stand; lines that are no JSON as text."""
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": n, "user": {"mail": f"m{n}@example.com"}}) for n in range(5)]
    path.write_text("\n".join([*lines, "no json"]))
    found = read(path, Asked(fields=("mail",), sample=2))
    assert [(each.where, each.text, each.line) for each in found] == [
        ("$.user.mail", "m0@example.com", 1),
        ("$.user.mail", "m1@example.com", 2),
    ]
    assert any(each.where == "not JSON, read as text" for each in read(path))


def test_tables_are_read_by_column(tmp_path: Path) -> None:
    """CSV with semicolons, and Parquet: cells with the name of their column beside them."""
    path = tmp_path / "a.csv"
    path.write_text("name;mail\nAnna;a@example.com\nBob;b@example.com\n")
    found = read(path, Asked(fields=("mail",), sample=1))
    cells = [(each.where, each.text, each.context) for each in found if each.context]
    assert cells == [("column mail, row 2", "a@example.com", ("mail",))]
    parquet = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.from_csv_auto(str(path), sep=";").write_parquet(str(parquet))
    found = read(parquet, Asked(fields=("mail",)))
    assert [each.text for each in found if each.context] == ["a@example.com", "b@example.com"]


def test_columns_that_hold_several_values_are_walked_by_value(tmp_path: Path) -> None:
    """Structures, lists and maps in Parquet: each text with its path, and fields by their path."""
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT {'name': 'Anna', 'mails': ['a@example.com', 'b@example.com']} AS person,"
            " MAP {'desk@example.com': 7} AS seen, [{'raw': 'c@example.com'::BLOB}] AS parts,"
            " 'plain' AS note) TO '" + str(path) + "' (FORMAT parquet)"
        )
    told = {each.where: each for each in read(path)}
    assert told["$.person.mails[1]"].text == "b@example.com"
    assert told["$.person.mails[1]"].context == ("mails",)
    assert told["$.seen.desk@example.com (key)"].text == "desk@example.com"
    assert told["$.parts[0].raw"].text == "c@example.com"
    assert told["column note, row 1"].text == "plain"
    some = read(path, Asked(fields=("person.name", "parts")))
    assert {each.text for each in some if each.context} == {"Anna", "c@example.com"}
    assert gaps(path, Asked(fields=("person.phone",)))


def test_a_word_document_is_read_with_its_notes_and_its_author(tmp_path: Path) -> None:
    """Paragraphs, headers and properties; runs of one word are put together; pictures are gaps."""
    path = tmp_path / "a.docx"
    text = "<w:p><w:r><w:t>maria@exa</w:t></w:r><w:r><w:t>mple.com</w:t></w:r></w:p>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {WORD}>{text}</w:document>")
        archive.writestr("word/header1.xml", f"<w:hdr {WORD}><w:p><w:t>head</w:t></w:p></w:hdr>")
    assert [each.text.strip() for each in read(path)] == ["maria@example.com", "head"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/media/a.png", b"png")
    assert gaps(path) == ["a picture"]


def test_a_document_that_declares_entities_is_refused(tmp_path: Path) -> None:
    """A bomb of entities is told, not unfolded."""
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert gaps(path) == ["it declares entities, which no word processor writes"]


def pdf(text: str) -> bytes:
    """Write the smallest PDF with a page that says something."""
    content = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + table
    return data + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % begin


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    """A page with text is read; one without is a gap, for it may be a picture."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("maria@example.com"))
    assert [(each.where, each.text.strip()) for each in read(path)] == [
        ("page 1", "maria@example.com")
    ]
    path.write_bytes(pdf(""))
    assert gaps(path) == ["no text, maybe a picture"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.bin", b"\x00\x01\x02" * 1_000),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.docx", b"not a zip"),
        ("a.parquet", b"not parquet"),
        ("a.pdf", b"not a pdf"),
    ],
)
def test_what_cannot_be_read_is_a_gap_with_a_reason(tmp_path: Path, name: str, data: bytes) -> None:
    """Never an error that stops the other files, and never clean."""
    path = tmp_path / name
    path.write_bytes(data)
    assert gaps(path)


def test_text_of_other_encodings_is_read(tmp_path: Path) -> None:
    """UTF-16 with its mark; broken bytes become a sign, and the rest is read."""
    path = tmp_path / "a.txt"
    path.write_bytes("maria@example.com".encode("utf-16"))
    assert read(path)[0].text == "maria@example.com"
    path.write_bytes(b"maria\xff maria@example.com")
    assert "maria@example.com" in read(path)[0].text
    path.unlink()
    assert gaps(path) == ["it cannot be read: FileNotFoundError"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfemaria@example.com, call +49 30 1234567",
        b"\xfe\xffmaria@example.com, call +49 30 1234567",
        b"\xff\xfe" + "maria@example.com".encode("utf-16-le") + b"\xd8",
    ],
)
def test_a_false_mark_hides_nothing(tmp_path: Path, data: bytes) -> None:
    """What begins like UTF-16 and is not would be read as other letters, so it is not inspected."""
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert gaps(path) == ["it begins like UTF-16 and goes on like something else"]
