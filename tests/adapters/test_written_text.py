"""Written text out of real Word and Markdown files: what survives, what is told of, and what is not opened."""

import io
import zipfile

import docx
import pytest
from docx.shared import Pt

from adapters.contract_files import load_felkoder
from adapters.written_text import MAX_FILE, read_written_text
from transforms.written_text import Block, BlockKind, Run, plain_written_text

SECTIONS = ("handelser", "framtid")


def read(content, name="handelser.docx"):
    return read_written_text(content, name, SECTIONS, load_felkoder())


def word(write):
    document = docx.Document()
    write(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def repacked(content, *, add=(), change=None):
    """The same Word file with parts added or changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(name, part) if change else part)
        for name, part in add:
            new.writestr(name, part)
    return stream.getvalue()


def whole(document):
    document.add_heading("Händelser", 1)
    paragraph = document.add_paragraph("Elevantalet ")
    paragraph.add_run("minskade").bold = True
    paragraph.add_run(" under ")
    paragraph.add_run("hösten").italic = True
    paragraph.add_run(".").font.size = Pt(40)
    document.add_heading("Skolan", 3)
    document.add_paragraph("fler lärare", style="List Bullet")
    document.add_paragraph("första steget", style="List Number")


def test_headings_lists_and_emphasis_of_word_survive():
    text, findings = read(word(whole))
    assert findings == ()
    assert text.block == (
        Block(BlockKind.RUBRIK, (Run("Händelser"),), 1),
        Block(
            BlockKind.STYCKE,
            (Run("Elevantalet "), Run("minskade", stark=True), Run(" under "), Run("hösten", kursiv=True), Run(".")),
        ),
        Block(BlockKind.RUBRIK, (Run("Skolan"),), 2),
        Block(BlockKind.PUNKT, (Run("fler lärare"),), 1),
        Block(BlockKind.NUMMER, (Run("första steget"),), 1),
    )
    assert (text.sektion, text.fil) == ("handelser", "handelser.docx")


def test_markdown_gives_the_same():
    markdown = (
        "# Händelser\n\nElevantalet **minskade** under *hösten*.\n\n### Skolan\n\n- fler lärare\n\n1. första steget\n"
    )
    text, findings = read(markdown.encode(), "handelser.md")
    assert findings == ()
    assert text.block == read(word(whole))[0].block


def test_html_in_markdown_is_text_and_never_markup():
    text, _ = read(b"<script>alert(1)</script> och <b>fet</b>", "framtid.md")
    assert text.text == "<script>alert(1)</script> och <b>fet</b>"
    assert {run.stark for block in text.block for run in block.runs} == {False}


def picture():
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG")
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("write", "lost"),
    [
        (lambda document: document.add_picture(picture()), "bilder"),
        (lambda document: document.add_table(1, 2), "tabeller"),
    ],
)
def test_what_does_not_follow_along_is_told_of(write, lost):
    def with_more(document):
        document.add_paragraph("Text.")
        write(document)

    text, findings = read(word(with_more))
    assert text.text.strip() == "Text."
    assert [(finding.code, finding.found) for finding in findings] == [("E885", lost)]


def test_the_text_of_a_table_is_kept():
    def table(document):
        document.add_table(1, 1).cell(0, 0).text = "Viktigt"

    assert "Viktigt" in read(word(table))[0].text


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"text", "okant.md", "E886"),
        (b"", "handelser.md", "E888"),
        (word(lambda document: None), "handelser.docx", "E888"),
        (b"PK\x03\x04nej", "handelser.docx", "E887"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "handelser.docx", "E887"),
        (b"\xff\xfe\x00a", "handelser.md", "E887"),
        (b"text", "handelser.txt", "E887"),
        (b"a" * (MAX_FILE + 1), "handelser.md", "E887"),
        (repacked(word(whole), add=[("word/vbaProject.bin", b"x")]), "handelser.docx", "E887"),
        (
            repacked(
                word(whole),
                change=lambda name, part: (
                    part.replace(b"<w:document", b"<!DOCTYPE x><w:document", 1) if name == "word/document.xml" else part
                ),
            ),
            "handelser.docx",
            "E887",
        ),
        (
            repacked(
                word(whole),
                change=lambda name, part: (
                    part.replace(b"<w:document", b'<!DOCTYPE x [<!ENTITY e "x">]><w:document', 1)
                    if name == "word/document.xml"
                    else part
                ),
            ),
            "handelser.docx",
            "E887",
        ),
        (repacked(word(whole), add=[("word/big.xml", b"0" * 60_000_000)]), "handelser.docx", "E887"),
        (
            repacked(word(whole), change=lambda name, part: part[:50] if name == "word/document.xml" else part),
            "handelser.docx",
            "E887",
        ),
    ],
    ids=[
        "okant",
        "tom",
        "tom-word",
        "skadad",
        "ole",
        "utf16",
        "txt",
        "stor",
        "makro",
        "doctype",
        "entitet",
        "bomb",
        "avkapad",
    ],
)
def test_what_can_not_be_used_is_refused_with_a_code(content, name, code):
    text, findings = read(content, name)
    assert text is None
    assert [finding.code for finding in findings] == [code]
    assert findings[0].file == name


def test_a_cell_s_lines_are_paragraphs_and_items():
    text = plain_written_text("Läget är gott.\n\n• el\n- vatten\n", "framtid", blad="Texter", cell="C7")
    assert [(block.kind.value, block.text) for block in text.block] == [
        ("stycke", "Läget är gott."),
        ("punkt", "el"),
        ("punkt", "vatten"),
    ]
