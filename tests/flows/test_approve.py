"""From utkast to fastställd on a real closing: roles, keys, four eyes, what voids a signature, the lock, and the settled files."""

import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing as closing_of
from dataclasses import replace

import openpyxl
import pypdfium2
import pytest
from docx import Document

import flows.workplace
from adapters.signing import NyckelFel, make_key
from data_contracts.behorighet import Steg
from flows.rights import BehorighetsFel
from flows.steps.approve import (
    KEY_VARIABLE,
    UNTOLD,
    LastPeriod,
    VyFel,
    changed_since,
    demand_open,
    locked,
    open_period,
    recall,
    record_decision,
    report_of,
    review,
    settle,
    standing,
    version_of,
    view_of,
)
from flows.steps.board import board_of
from flows.steps.edition import make_edition
from flows.steps.verify import verify
from flows.workplace import open_workplace
from transforms.approval import BEDOMNING, BESLUT, OrdningsFel, Tillstand
from transforms.period import Period
from transforms.report_diff import difference_lines

NOW = dt.datetime(2026, 4, 20, 8, 0, tzinfo=dt.UTC)
PERIOD = "2026-03"
BEFORE, AFTER = "\u2212800", "\u2212900"
"""What a key figure of the report of KS shows, and what the newer version shows."""
ACCOUNTS = {
    "anna": ("Controller", (Steg.GRANSKA,)),
    "bo": ("Ekonomichef", (Steg.FASTSTALLA, Steg.GRANSKA, Steg.ATERKALLA, Steg.OPPNA, Steg.BESLUT)),
    "cia": ("Förvaltningsekonom", ()),
}


@pytest.fixture
def acting(a_copy, lingonby_mars, tmp_path, monkeypatch):
    """Opens a copy of Lingonby's March as one of three accounts, each with its key."""
    hem = a_copy(lingonby_mars).hem
    lines = ["referens: Delegationsordningen 4.7", "konton:"]
    for name, (roll, rights) in ACCOUNTS.items():
        public = make_key(tmp_path / f"{name}.pem")
        far = ", ".join(rights)
        lines.append(f'  - {{anvandare: {name}, roll: {roll}, far: [{far}], nyckel: "{public}"}}')
    hem.behorighet_yaml.write_text("\n".join(lines), encoding="utf-8")

    def opened(name):
        monkeypatch.setattr(flows.workplace, "account", lambda: name)
        monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / f"{name}.pem"))
        return open_workplace(hem)

    return opened


def through(acting, kod="KS"):
    """The report reviewed by anna and settled by bo."""
    with acting("anna") as workplace:
        report = report_of(workplace, PERIOD, kod)
        review(workplace, report, report.innehallshash[:12], NOW)
    with acting("bo") as workplace:
        settle(workplace, report, NOW + dt.timedelta(hours=1))
    return report


def newer_version(workplace, report):
    """The report with another content, as a later closing would give it: other words, and one figure."""
    view = json.loads(workplace.objects.get(report.view_json).decode().replace("Driftprognos", "Driftens prognos"))
    shown = next(one["varde"] for one in view["nyckeltal"] if one["varde"]["text"] == BEFORE)
    shown["text"] = AFTER
    changed = workplace.objects.put(json.dumps(view, ensure_ascii=False).encode())
    closing = workplace.store.start_closing(
        "lingonby",
        PERIOD,
        started=NOW,
        fingerprint="ny",
        retur_ids=workplace.store.closing(report.closing_id).retur_ids,
    )
    workplace.store.save_figures(closing.id, workplace.store.load_figures(report.closing_id))
    fields = {name: getattr(report, name) for name in type(report).__mro__[1].__dataclass_fields__}
    fields |= {"view_json": changed, "innehallshash": "e" * 64, "version": report.version + 1}
    workplace.store.save_report(closing.id, type(report).__mro__[1](**fields), tid=NOW)
    workplace.store.finish_closing(closing.id, finished=NOW, summary={})
    return report_of(workplace, PERIOD, report.kod)


def test_a_report_is_reviewed_settled_and_locks_its_period(acting):
    report = through(acting)
    with acting("bo") as workplace:
        bild = standing(workplace, report)
        assert bild.tillstand is Tillstand.FASTSTALLD
        assert (bild.granskad.roll, bild.faststalld.roll) == ("Controller", "Ekonomichef")
        with pytest.raises(LastPeriod, match="E938 2026-03 är låst"):
            demand_open(workplace, PERIOD)
        demand_open(workplace, "2026-04")
        open_period(workplace, PERIOD, "Rättad retur", NOW)
        assert not locked(workplace, PERIOD)
        assert verify(workplace, period="", sample=0, against=()).brott == ()


def test_who_may_not_cannot_and_a_key_that_is_not_the_accounts_signs_nothing(acting, tmp_path, monkeypatch):
    with acting("cia") as workplace:
        report = report_of(workplace, PERIOD, "KS")
        with pytest.raises(BehorighetsFel, match="E933 Rollen Förvaltningsekonom"):
            review(workplace, report, report.innehallshash, NOW)
    with acting("anna") as workplace:
        monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "bo.pem"))
        with pytest.raises(NyckelFel, match=r"E934 .*behorighet\.yaml"):
            review(workplace, report, report.innehallshash, NOW)
        assert standing(workplace, report).tillstand is Tillstand.UTKAST


def test_the_one_who_reviewed_does_not_settle(acting):
    with acting("bo") as workplace:
        report = report_of(workplace, PERIOD, "KS")
        with pytest.raises(OrdningsFel, match="E935"):
            settle(workplace, report, NOW)
        review(workplace, report, report.innehallshash, NOW)
        with pytest.raises(OrdningsFel, match="E937"):
            settle(workplace, report, NOW)


def test_a_changed_content_voids_the_signatures_says_what_differs_and_asks_again(acting):
    report = through(acting)
    with acting("anna") as workplace:
        newer = newer_version(workplace, report)
        assert standing(workplace, newer).tillstand is Tillstand.UTKAST
        lines = difference_lines(changed_since(workplace, newer))
        assert lines
        figures = [line for line in lines if "→" in line]
        assert len(figures) == 1
        assert f": {BEFORE} → {AFTER} (2026-03/OMS/drift/arets_resultat/avvikelse_helar)" in figures[0]
        others = [line for line in lines if line not in figures]
        assert all(line.startswith(("Borttaget: Driftprognos", "Nytt: Driftens prognos")) for line in others)
        with pytest.raises(OrdningsFel, match="E936"):
            review(workplace, newer, report.innehallshash, NOW)
        review(workplace, newer, newer.innehallshash, NOW)
        assert changed_since(workplace, newer) is not None
    with acting("bo") as workplace:
        settle(workplace, newer, NOW)
        assert changed_since(workplace, newer) is None


def test_a_version_of_an_earlier_program_is_told_by_code_and_does_not_hide_that_something_differs(acting):
    """Its stored view lacks a part that the views have got since."""
    report = through(acting)
    with acting("anna") as workplace:
        newer = newer_version(workplace, report)
        view = json.loads(workplace.objects.get(report.view_json))
        del view["sektioner"]
        older = workplace.objects.put(json.dumps(view).encode())
        with closing_of(sqlite3.connect(workplace.hem.databas.removeprefix("sqlite:///"))) as database, database:
            database.execute("UPDATE reports SET view_json = ? WHERE id = ?", (older, report.id))
        with pytest.raises(VyFel, match=r"E929 manadsrapport-2026-03-ks version 1 .* Stäng 2026-03 igen"):
            view_of(workplace, version_of(workplace, newer, 1))
        (told,) = difference_lines(changed_since(workplace, newer))
        assert told == f"Nytt: {UNTOLD}"


def test_recalled_with_a_reason_it_is_a_draft_again(acting):
    report = through(acting)
    with acting("bo") as workplace:
        recall(workplace, report, "Fel i noten om VA", NOW)
        assert standing(workplace, report).tillstand is Tillstand.UTKAST
        assert not locked(workplace, PERIOD)
        assert workplace.store.journal("rapport_aterkallad")[0].detaljer["skal"] == "Fel i noten om VA"


def test_decisions_and_assessments_are_about_the_settled_content(acting):
    with acting("bo") as workplace:
        report = report_of(workplace, PERIOD, "")
        with pytest.raises(OrdningsFel, match="E935"):
            record_decision(workplace, report, BESLUT, {"organ": "KF"}, NOW)
    through(acting, "")
    with acting("bo") as workplace:
        decided = {"organ": "KF", "datum": "2026-05-26", "paragraf": "41"}
        assert (
            record_decision(workplace, report, BESLUT, decided, NOW).detaljer["innehallshash"] == report.innehallshash
        )
        key = workplace.objects.put("Resultatet är förenligt med målen.".encode())
        record_decision(workplace, report, BEDOMNING, {"datum": "2026-05-20", "filer": {"bedomning.txt": key}}, NOW)
        assert verify(workplace, period="", sample=0, against=()).brott == ()
    with acting("anna") as workplace, pytest.raises(BehorighetsFel, match="E933"):
        record_decision(workplace, report, BESLUT, decided, NOW)


STATE = re.compile(
    r'<p class="lage">.*?</p>|<meta name="description".*?>|<section id="faststallande".*?</section>'
    r"|<p>[^<]*· version \d+ · innehåll [0-9a-f]{12}</p>",
    re.DOTALL,
)


def test_draft_and_settled_differ_in_the_state_alone(acting, lingonby_mars):
    report = through(acting)
    with acting("bo") as workplace:
        edition = make_edition(workplace, report, NOW)
        assert make_edition(workplace, report, NOW) == edition
        assert len(workplace.store.journal("utgava_gjord")) == 1
        settled = {
            name.removeprefix(report.rapport_id): workplace.objects.get(key) for name, key in edition.filer.items()
        }
        draft = {suffix: lingonby_mars.read("KS", suffix) for suffix in (".html", "-spar.html", ".pdf", ".xlsx")}
        folder = workplace.hem.faststallda(PERIOD)
        assert {path.name for path in folder.iterdir()} == set(edition.filer)
    assert edition.innehallshash == report.innehallshash
    assert edition.filhash != report.filhash
    for suffix in (".html", "-spar.html"):
        before, after = draft[suffix].decode(), settled[suffix].decode()
        assert before != after
        assert STATE.sub("", before).split() == STATE.sub("", after).split()
    rows = [
        [
            [cell.value for cell in row]
            for sheet in openpyxl.load_workbook(io.BytesIO(files[".xlsx"]))
            for row in sheet.iter_rows()
        ]
        for files in (draft, settled)
    ]
    assert [(a[0], b[1]) for a, b in zip(*rows, strict=True) if a != b] == [("Tillstånd", "FASTSTÄLLD")]
    before, after = (words_of(files[".pdf"]) for files in (draft, settled))
    assert before[: len(before) // 2] == after[: len(before) // 2]
    text = " ".join(after)
    assert "av Controller (anna)" in text
    assert "av Ekonomichef (bo)" in text
    assert edition.logghuvud in text.replace(" ", "")


def words_of(pdf):
    """The words of every page, without the state in head and foot."""
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    lines = (line for line in text.splitlines() if "innehåll" not in line and not line.startswith("sida "))
    return " ".join(lines).split()


def test_the_tjansteskrivelse_says_what_the_report_says_and_is_the_same_each_time(acting):
    report = through(acting)
    with acting("bo") as workplace:
        edition = make_edition(workplace, report, NOW)
        content = workplace.objects.get(edition.filer[f"tjansteskrivelse-{report.rapport_id}.docx"])
    document = Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings[1:] == ["Förslag till beslut", "Sammanfattning", "Bilagor", "Beslutet skickas till"]
    assert any(text.startswith("Kommunstyrelsen godkänner månadsrapporten för mars 2026") for text in texts)
    assert any("innehåll " + report.innehallshash[:12] in text for text in texts)
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_board_shows_the_state_and_the_laws_day(acting):
    through(acting)
    with acting("bo") as workplace:
        board = board_of(workplace, Period.parse(PERIOD), NOW)
        shown = {row.namn: row.rapport for rad in board.rader for row in rad.namnder}
        assert "fastställd, version 1" in shown.values()
        assert "utkast, version 1" in shown.values()
        (arsredovisning,) = board.frister
        assert (arsredovisning.datum, arsredovisning.lage) == ("2026-04-15", "passerad")
        augusti = board_of(replace(workplace), Period(2026, 8), dt.datetime(2026, 10, 30, 8, 0, tzinfo=dt.UTC))
        assert [(frist.datum, frist.lage) for frist in augusti.frister] == [("2026-10-31", "nara")]
