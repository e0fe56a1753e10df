"""The PDF of a report: the same bytes every time, PDF/UA-1 and PDF/A-3a by the real judge, whole pages, the appendix inside."""

import dataclasses
import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pikepdf
import pydyf
import pypdfium2
import pytest
import weasyprint

from adapters.rendering import RenderedReport, RenderingError, render_report, style_hash
from adapters.rendering.html import TEMPLATES, render_html
from adapters.rendering.pdf import _opened, _Page, _Pdf, render_pdf
from tests.sample_report import sample_report, sample_state
from tests.verapdf import broken_rules
from transforms.view_types import Avvikelsepost, Mening, Sektion, Tabellrad, Tal

ROOT = Path(__file__).resolve().parents[2]
TIME = "2026-05-08T06:05:11Z"


@pytest.fixture(scope="module")
def rendered() -> RenderedReport:
    return render_report(sample_report(), sample_state())


@pytest.fixture(scope="module")
def path(rendered, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "rapport.pdf"
    path.write_bytes(rendered.pdf)
    return path


@pytest.fixture(scope="module")
def pages(rendered):
    document = pypdfium2.PdfDocument(rendered.pdf)
    yield [document[number] for number in range(len(document))]
    document.close()


def texts(pages):
    """The text of each page, with plain spaces."""
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\u00a0", " ") for page in pages]


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_verapdf_passes_both_standards_in_one_file(path, flavour):
    assert broken_rules(path, flavour) == {}


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_the_judge_refuses_a_file_that_is_neither(tmp_path, flavour):
    plain = tmp_path / "plain.pdf"
    weasyprint.HTML(string="<p>Hej</p>").write_pdf(plain)
    assert broken_rules(plain, flavour)


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_the_smallest_report_passes_too(tmp_path, flavour):
    report = dataclasses.replace(
        sample_report(), nyckeltal=(), sektioner=(Sektion("a", "Det här har inte rapporterats"),), marke=""
    )
    small = tmp_path / "liten.pdf"
    small.write_bytes(render_report(report, sample_state("fastställd")).pdf)
    assert broken_rules(small, flavour) == {}


def test_two_renders_are_the_same_bytes(rendered):
    assert render_report(sample_report(), sample_state()) == rendered


def test_other_processes_and_hash_seeds_give_the_same_bytes(rendered):
    program = (
        "import hashlib\n"
        "from adapters.rendering import render_report\n"
        "from tests.sample_report import sample_report, sample_state\n"
        "r = render_report(sample_report(), sample_state())\n"
        "print(*(hashlib.sha256(part).hexdigest() for part in (r.html, r.spar_html, r.pdf, r.xlsx)))\n"
    )
    ours = " ".join(
        hashlib.sha256(part).hexdigest() for part in (rendered.html, rendered.spar_html, rendered.pdf, rendered.xlsx)
    )
    for seed, zone in (("1", "UTC"), ("4711", "Pacific/Auckland")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT), "LC_ALL": "C"}
        theirs = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True, timeout=120
        )
        assert theirs.stdout.strip() == ours


def test_state_changes_the_bytes_and_the_identifier(rendered):
    other = render_report(sample_report(), sample_state("fastställd", 2))
    assert other.pdf != rendered.pdf
    with pikepdf.open(io.BytesIO(rendered.pdf)) as one, pikepdf.open(io.BytesIO(other.pdf)) as two:
        assert bytes(one.trailer.ID[0]) != bytes(two.trailer.ID[0])


def test_the_appendix_is_attached_as_source_with_fixed_dates(rendered):
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        assert set(pdf.attachments) == {"manadsrapport-2026-04-sbn.xlsx", "manadsrapport-2026-04-sbn-spar.json"}
        attached = pdf.attachments["manadsrapport-2026-04-sbn.xlsx"]
        file = attached.get_file()
        assert file.read_bytes() == rendered.xlsx
        assert file.mime_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        assert attached.relationship == pikepdf.Name.Source
        assert str(pdf.Root.AF[0].EF.F.Params.CreationDate) == "D:20260508060511Z"
        assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate)
        assert "20260508060511" in str(pdf.docinfo.CreationDate)


def test_the_trails_are_attached_for_a_machine_to_read(rendered):
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        attached = pdf.attachments["manadsrapport-2026-04-sbn-spar.json"]
        assert (attached.get_file().mime_type, attached.relationship) == ("application/json", pikepdf.Name.Data)
        trails = json.loads(attached.get_file().read_bytes())
    report = sample_report()
    assert [figure["id"] for figure in trails["siffror"]] == [spar.figure_id for spar in report.spar]


def test_every_number_of_a_table_is_a_link_to_its_trail_beside_the_report(rendered):
    report = sample_report()
    expected = Counter(
        f"{report.id}-spar.html#{cell.figure_id}"
        for sektion in report.sektioner
        for tabell in sektion.tabeller
        for rad in tabell.rader
        for cell in rad.celler
        if cell.figure_id
    )
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        found = Counter(str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", ()) if "/A" in link)
    assert found == expected


def test_title_language_and_bookmarks(rendered):
    report = sample_report()
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        assert str(pdf.docinfo.Title) == f"{report.titel}, {report.kommun}"
        assert str(pdf.Root.Lang) == "sv"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == [report.titel]
            under = [item.title for item in outline.root[0].children]
        assert under == ["Läget i korthet", *(s.rubrik for s in report.sektioner if s.niva == 2)]


def elements(node, parents=()):
    """Every structure element with the kinds of those above it."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child, parents)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node, parents
        if "/K" in node:
            yield from elements(node.K, (*parents, str(node.S)))


def test_every_header_cell_in_the_tags_has_its_scope(rendered):
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        cells = [
            (element, parents) for element, parents in elements(pdf.Root.StructTreeRoot.K) if str(element.S) == "/TH"
        ]
        scopes = {str(element.A.Scope) for element, _ in cells}
        assert scopes == {"/Column", "/Row"}
        for element, parents in cells:
            assert str(element.A.Scope) == ("/Column" if "/THead" in parents else "/Row")
        assert len(cells) > 80


def test_each_chart_is_one_figure_with_its_alternative_text(rendered):
    wanted = {diagram.alternativtext for sektion in sample_report().sektioner for diagram in sektion.diagram}
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        figures = [
            str(element.Alt) for element, _ in elements(pdf.Root.StructTreeRoot.K) if str(element.S) == "/Figure"
        ]
    assert sorted(figures) == sorted(wanted)


def test_head_and_foot_stand_on_every_page(pages):
    assert len(pages) >= 3
    for number, text in enumerate(texts(pages), 1):
        assert "Lingonby kommun · Samhällsbyggnadsnämnden" in text
        assert "Månadsrapport april 2026" in text
        assert "Påhittad kommun, siffrorna är exempel" in text
        assert "UTKAST · version 1 · innehåll a1b2c3d4e5f6" in text
        assert f"sida {number} ({len(pages)})" in text


def test_the_first_page_holds_title_cards_summary_and_the_picture(pages):
    first = texts(pages)[0]
    for words in (
        "månadsrapport april 2026",
        "Läget i korthet",
        "Sammanfattning",
        "Avvikelse mot budget per kostnadsslag",
        "−10 160",
    ):
        assert words in first


def test_every_printed_number_is_in_the_text(pages):
    flat = "".join("".join(text.split()) for text in texts(pages))
    for sektion in sample_report().sektioner:
        for tabell in sektion.tabeller:
            for rad in tabell.rader:
                line = "".join(
                    "".join(part.split()) for part in (rad.namn, rad.not_text, *(tal.text for tal in rad.celler))
                )
                assert line in flat


def test_heads_repeat_over_pages(pages):
    with_projects = [text for text in texts(pages) if "Projekt 1" in text]
    assert len(with_projects) >= 2
    assert all("Kategori och projekt" in text for text in with_projects)


def test_an_avvikelse_is_never_parted_from_its_explanation():
    """Whatever stands before: the numbers and the åtgärd of an avvikelse are on one page."""
    report = sample_report()
    start = report.sektioner[4]
    for lines in range(0, 60, 6):
        filler = Sektion("fyllning", "Fyllning", punkter=tuple(Mening((f"Rad {n}.",)) for n in range(lines)))
        document = dataclasses.replace(report, nyckeltal=(), sektioner=(filler, start))
        rendered = pypdfium2.PdfDocument(render_report(document, sample_state()).pdf)
        found = texts([rendered[number] for number in range(len(rendered))])
        for post in start.avvikelser:
            words = (
                post.atgard.split()[0]
                if post.atgard
                else ("Förklaring saknas" if post.forklaring_saknas else "Åtgärd saknas")
            )
            page = next(text for text in found if post.rad_namn.split(" och ")[0] in text)
            assert words in page
            assert post.avvikelse.text.replace("\u00a0", " ") in page
        rendered.close()


@pytest.mark.parametrize("lines", range(24, 46, 2))
def test_a_heading_and_a_caption_are_never_left_behind(lines):
    """Whatever stands before: a section's heading and a table's caption are on the page of the table's first row."""
    report = sample_report()
    filler = Sektion("fyllning", "Fyllning", punkter=tuple(Mening((f"Rad {n}.",)) for n in range(lines)))
    document = dataclasses.replace(report, nyckeltal=(), sektioner=(filler, report.sektioner[2]))
    rendered = pypdfium2.PdfDocument(render_report(document, sample_state()).pdf)
    page = next(text for text in texts([rendered[number] for number in range(len(rendered))]) if "Projekt 1001" in text)
    assert "Investeringsprognos" in page
    assert "Utgifter utan tecken" in page
    rendered.close()


def test_numbers_never_break_over_lines(pages):
    wanted = {
        tal.text
        for sektion in sample_report().sektioner
        for tabell in sektion.tabeller
        for rad in tabell.rader
        for tal in rad.celler
        if not tal.saknas
    }
    found = " ".join(texts(pages))
    assert all(text.replace("\u00a0", " ") in found for text in wanted)


def test_pictures_of_the_pages_show_charts_not_black_boxes(pages):
    teal, red = (15, 107, 107), (179, 38, 30)
    seen = set()
    for page in pages:
        picture = page.render(scale=1.5).to_pil().convert("RGB")
        counts = {colour: count for count, colour in picture.getcolors(picture.width * picture.height)}
        total = picture.width * picture.height
        assert counts[(255, 255, 255)] > 0.75 * total
        dark = sum(count for (r, g, b), count in counts.items() if r + g + b < 200)
        assert 0.002 * total < dark < 0.08 * total
        seen |= {colour for colour in (teal, red) if counts.get(colour, 0) > 300}
    assert seen == {teal, red}


def test_only_the_bundled_typeface_is_embedded(rendered):
    with pikepdf.open(io.BytesIO(rendered.pdf)) as pdf:
        names = {
            str(obj.BaseFont)
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/Font"
        }
    assert names
    assert all("Rodatraden" in name for name in names), names


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ('<img alt="x" src="https://example.org/x.png">', "R104"),
        ('<img alt="x" src="file:///etc/passwd">', "R104"),
        ('<link rel="stylesheet" href="http://example.org/x.css">', "R104"),
        ("<style>@import url(typsnitt:../../pyproject.toml);</style>", "R104"),
        ("<style>p { colour-of-nothing: 3 }</style>", "R103"),
        ("<p style='font-family: monospace'>annat typsnitt</p>", "R105"),
        ("<p>tecken utanför typsnittet: 漢</p>", "R103"),
    ],
)
def test_what_the_engine_would_only_log_or_fetch_stops_the_report(fragment, code):
    source = render_html(sample_report(), sample_state(), "tryck").replace(b"</main>", fragment.encode() + b"</main>")
    with pytest.raises(RenderingError) as caught:
        render_pdf(sample_report(), sample_state(), source, b"xlsx", TIME)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{code} manadsrapport-2026-04-sbn: ")


@pytest.mark.parametrize("time", ["2026-05-08T08:05:11", "i går"])
def test_a_time_without_zone_is_refused(time):
    with pytest.raises(RenderingError, match="underlag_tid"):
        render_report(dataclasses.replace(sample_report(), underlag_tid=time), sample_state())


LETTERS = {"kvittens", "tavla", "utskick", "sparsida", "leverans", "publicering", "jamforelse", "granskning"}
"""Templates that no report is made of."""


def test_style_hash_is_stable_and_follows_every_template_file(monkeypatch, tmp_path):
    assert style_hash() == style_hash()
    assert len(style_hash()) == 64
    copy = tmp_path / "report_templates"
    subprocess.run(["cp", "-r", str(TEMPLATES), str(copy)], check=True)
    monkeypatch.setattr("adapters.rendering._TEMPLATES", copy)
    same = style_hash()
    monkeypatch.undo()
    assert same == style_hash()
    monkeypatch.setattr("adapters.rendering._TEMPLATES", copy)
    for file in sorted(file for file in copy.rglob("*") if file.is_file()):
        before = file.read_bytes()
        file.write_bytes(before + b" ")
        is_letter = file.name.partition(".")[0] in LETTERS
        assert (style_hash() == same) == is_letter, file
        file.write_bytes(before)
    assert style_hash() == same


def test_hostile_lengths_stay_on_the_page():
    """Very long words in names and comments neither widen the page nor fail."""
    report = sample_report()
    word = "Upphandlingsförberedelsesamordningsansvarig" * 3
    number = Tal("+1", report.spar[0].figure_id, ore=100_000)
    post = Avvikelsepost(word, word, "Drift", number, number, number, "överskott", word, word, True, False, enhet="tkr")
    table = report.sektioner[1].tabeller[0]
    row = Tabellrad(word, tuple(number for _ in table.kolumner), not_text=word)
    section = Sektion("lang", word, tabeller=(dataclasses.replace(table, rader=(row,)),), avvikelser=(post,))
    rendered = pypdfium2.PdfDocument(
        render_report(dataclasses.replace(report, sektioner=(section,)), sample_state()).pdf
    )
    for page in (rendered[number] for number in range(len(rendered))):
        text = page.get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) <= page.get_width() - 50
    rendered.close()


def test_the_page_is_read_as_xml_and_says_the_same_as_read_as_html():
    """The short way in is the one taken, and leads to the same tree (but for white space around the body's end)."""
    page = render_html(sample_report(), sample_state(), "tryck")
    as_xml = _opened(page)
    assert isinstance(as_xml, _Page)
    ordinary = weasyprint.HTML(string=page.decode()).etree_element

    def told(element):
        own = {name: value for name, value in element.attrib.items() if not name.endswith("}xmlns")}
        return element.tag, own, (element.text or "").strip("\n")

    assert [told(element) for element in as_xml.etree_element.iter()] == [told(element) for element in ordinary.iter()]


def test_a_page_that_is_no_xml_is_read_as_html():
    page = render_html(sample_report(), sample_state(), "tryck").replace(b"</h1>", b"<br></h1>")
    assert render_pdf(sample_report(), sample_state(), page, b"xlsx", TIME).startswith(b"%PDF")


def test_a_picture_without_its_namespace_is_not_lost_as_xml():
    page = render_html(sample_report(), sample_state(), "tryck").replace(b"</h1>", b"<svg><title>A</title></svg></h1>")
    assert not isinstance(_opened(page), _Page)


def test_the_engine_writes_the_same_bytes_without_doing_things_over_again(rendered, monkeypatch):
    """Each object's bytes are made once and each page's reference is kept: beside the engine's own file, not a byte differs."""
    monkeypatch.setattr(pydyf, "PDF", _Pdf.__base__)
    monkeypatch.setattr(_Pdf.__base__, "finish", lambda pdf: None, raising=False)
    assert render_report(sample_report(), sample_state()).pdf == rendered.pdf
