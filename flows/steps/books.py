"""A closing of the books, step by step: the workbook of the period is judged, computed and laid out as delårsrapport or årsredovisning."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from adapters.contract_files import load_bokslutsregler, load_textord
from adapters.store import Closing, ReturRecord
from adapters.written_text import read_written_text
from data_contracts.behorighet import Steg
from data_contracts.findings import Finding, Severity
from flows.home import Hemfel
from flows.rights import demand
from flows.steps.book_goals import goal_chapter
from flows.steps.check import check_register, judge_books, load
from flows.steps.compute import texts_of
from flows.steps.environment import keep_environment
from flows.steps.figures import figures_of
from flows.steps.ledger import current_ledger, ledger_key, load_ledger, within_ledger
from flows.steps.ledger_books import (
    budgets_of_books,
    coverage_text,
    ledger_books,
    settings_of,
    with_notes_by_table,
)
from flows.steps.report import BuiltReport, EarlierFigures
from flows.workplace import Workplace, load_wording
from transforms.book_text import book_section, namnd_section, text_findings
from transforms.content_hash import canonical_json, innehallshash
from transforms.figures import HUVUDBOK, REGISTER, Figure, FigureIndex, to_frame
from transforms.ledger.reconciliation import (
    Acceptans,
    Avstamningsrad,
    judge,
    reconciliation_findings,
)
from transforms.ledger.statements import with_ledger
from transforms.period import Period
from transforms.personal_data import has_personal_data
from transforms.public_view import UNDANHALLEN
from transforms.returned_texts import TEXTER, namnd_section_id, returned_texts
from transforms.statements.acceptance import Godtagande
from transforms.statements.closing import Books, close_books, forms_of
from transforms.statements.deviations import budgeted_result
from transforms.statements.entered import figures_from_books
from transforms.statements.reconcile import reconciliation_findings as difference_findings
from transforms.statements.requirements import open_requirements
from transforms.views.books.context import BooksContext, Indikatorrad, Malrad
from transforms.views.books.report import build_book
from transforms.views.context import ReturInfo
from transforms.written_text import WrittenText, plain_written_text

RAPPORTER = ("delarsrapport", "arsredovisning")
_AVSTAMNING = "avstamning:"
"""How the id of an accepted difference begins on the command line."""
_DIFFERENCE = "E851"
_kept: dict[tuple[str, ...], Books] = {}
"""The latest books, by the program with its configuration, the period, and the files that they came out of."""


@dataclass(frozen=True, slots=True)
class BookSummary:
    """What a closing of the books came to, for the terminal.

    Attributes:
        findings: what does not agree, as lines.
        missing: requirements that are not met and that nobody has accepted.
        okanda_tal: numbers in written texts that no figure could be found for; a person reads them.
        rendered: False when the report stood unchanged.
        tackning: which tables place the ledger's konton; '' out of a workbook.
    """

    rapport: str
    period: str
    siffror: int
    findings: tuple[str, ...]
    missing: tuple[str, ...]
    okanda_tal: int
    rendered: bool
    files: tuple[str, ...]
    folder: str
    tackning: str = ""

    @property
    def is_open(self) -> bool:
        """True when something must be mended or accepted before approval."""
        return bool(self.missing or self.findings)


def check_books(workplace: Workplace, period: Period, now: dt.datetime) -> ReturRecord:
    """Judge every version of the period's workbook, and of the year's budget register; the newest accepted workbook.

    Raises:
        Hemfel: E904, there is none, or every version is stopped; with the findings.
    """
    judge_books(workplace, period, now)
    check_register(workplace, period, now)
    current = workplace.store.current_books(workplace.kommun.kod, str(period))
    if current is not None:
        return current
    chain = workplace.store.books_chain(workplace.kommun.kod, str(period))
    if not chain:
        raise Hemfel(
            f"E904 Ingen arbetsbok för bokslutet {period} ligger i inkorgen. "
            f"Skriv mallen med: rodatraden mall {period} --bokslut. Fyll i den och lägg den i inkorgen."
        )
    found = "\n".join(str(finding) for finding in workplace.store.findings_for(chain[-1].id))
    raise Hemfel(f"E904 Arbetsboken {chain[-1].fil} för bokslutet {period} är stoppad:\n{found}")


def books_of(workplace: Workplace, record: ReturRecord, period: Period) -> Books:
    """The books computed from a workbook, or from the ledger with what the workbook adds to it; once for the steps of a closing."""
    register = workplace.store.current_register(workplace.kommun.kod, period.year)
    stood_on = [record, *(one for one in (register, current_ledger(workplace, period)) if one is not None)]
    key = (workplace.program_key, str(period), *(text for one in stood_on for text in (one.fil, one.sha256)))
    if key not in _kept:
        _kept.clear()
        _kept[key] = _computed(workplace, record, period)
    return _kept[key]


def _computed(workplace: Workplace, record: ReturRecord, period: Period) -> Books:
    settings, regler = settings_of(workplace), load_bokslutsregler()
    forms = forms_of(settings, regler, period.last_day)
    entered = figures_from_books(load(workplace, record, period).frames, workplace.bokslut, forms, period)
    budgets = budgets_of_books(workplace, period)
    budgeted = budgeted_result(budgets, period)
    if settings.kalla == "arbetsbok":
        stood_on = budgets if budgeted else ()
        return close_books((*entered, *stood_on), settings, regler, period, workplace.felkoder, budgeted)
    settings = with_notes_by_table(workplace, settings, period)
    given = with_ledger(entered, ledger_books(workplace, settings, budgets, period), workplace.felkoder)
    books = close_books(given.figures, settings, regler, period, workplace.felkoder, budgeted)
    return replace(books, findings=(*given.findings, *books.findings))


def books_fingerprint(workplace: Workplace, record: ReturRecord, period: Period, rapport: str, style: str) -> str:
    """Hash of all that the report stands on: program, style, workbook, register, texts, acceptances and the month's closing."""
    month = workplace.store.last_closing(workplace.kommun.kod, str(period))
    texts = [hashlib.sha256(path.read_bytes()).hexdigest() for path in text_files(workplace, period)]
    accepted = [
        f"{one.id} {one.skal} {one.roll}" for one in workplace.store.accepted(workplace.kommun.kod, str(period))
    ]
    accepted += [
        f"{one.kontroll} {one.differens_ore} {one.skal} {one.roll}"
        for one in workplace.store.acceptances(workplace.kommun.kod, str(period))
    ]
    parts = [workplace.program_key, style, rapport, str(period), record.sha256, month.fingerprint if month else ""]
    parts += ledger_key(workplace, period)
    register = workplace.store.current_register(workplace.kommun.kod, period.year)
    parts += [register.sha256] if register is not None else []
    return hashlib.sha256("\n".join([*parts, *texts, *accepted]).encode()).hexdigest()


def compute_books(
    workplace: Workplace, record: ReturRecord, period: Period, rapport: str, fingerprint: str, now: dt.datetime
) -> Closing:
    """All figures of the books, saved under a new closing."""
    books = books_of(workplace, record, period)
    closing = workplace.store.start_closing(
        workplace.kommun.kod,
        str(period),
        started=now,
        fingerprint=fingerprint,
        retur_ids=[record.id],
        slag=rapport,
        miljo=keep_environment(workplace, period),
    )
    workplace.store.save_figures(closing.id, to_frame(books.figures))
    return closing


def build_books(workplace: Workplace, closing: Closing, rapport: str, style: str) -> tuple[BuiltReport, BookSummary]:
    """The view of the report in the object store, and what is left to do."""
    context = books_context(workplace, closing, rapport)
    book = build_book(context, EarlierFigures(workplace))
    text = canonical_json(book)
    key = workplace.objects.put(text.encode())
    krav = next((section.krav for section in book.sektioner if section.id == "kravlista"), ())
    missing = tuple(f"{post.kod}  {post.krav} ({post.referens})" for post in open_requirements(krav))
    contradicted, unknown = texts_against_figures(workplace, context)
    in_files = (one for one in context.textfynd if one.severity is not Severity.NOTERING)
    findings = (
        *(one for one in in_files if f"fynd:{one.code}" not in context.godtaganden),
        *book_findings(workplace, context),
        *contradicted,
    )
    summary = BookSummary(
        rapport=rapport,
        period=closing.period,
        siffror=len(context.books.figures),
        findings=tuple(str(finding) for finding in findings),
        missing=missing,
        okanda_tal=unknown,
        rendered=True,
        files=(),
        folder=str(workplace.hem.utkast(closing.period)),
        tackning=coverage_text(workplace, context.books.figures),
    )
    return BuiltReport(book, key, innehallshash(text, style)), summary


def book_findings(workplace: Workplace, context: BooksContext) -> tuple[Finding, ...]:
    """What stands in the way of approval: all that was found but what someone has accepted, with the reason."""
    stopping = {row.kontroll.id for row in context.avstamningar if row.stops}
    between = [one for one in context.books.avstamningar if one.id in stopping]
    told = {one.id for one in between}
    unit = context.unit
    return (
        *(
            finding
            for finding in context.books.findings
            if finding.code != _DIFFERENCE and f"fynd:{finding.code}" not in context.godtaganden
        ),
        *difference_findings(between, workplace.felkoder, unit),
        *reconciliation_findings(
            (row for row in context.avstamningar if row.kontroll.id not in told), workplace.felkoder
        ),
    )


def texts_against_figures(workplace: Workplace, context: BooksContext) -> tuple[tuple[Finding, ...], int]:
    """What the written texts say against the figures of their sections, and how many of their numbers no figure was found for.

    A text that someone has accepted as it stands, with the reason (``text:SEKTION``), is not asked again.
    """
    year = context.period.year
    whole = book_section(context.books.figures, context.settings.organisation, year, context.unit)
    months = context.namnder or FigureIndex([])
    sections = {namnd_section_id(n): namnd_section(months, context.kommun, n, year) for n in context.kommun.namnder}
    texts = [text for text in context.texter.values() if f"text:{text.sektion}" not in context.godtaganden]
    return text_findings(texts, sections, whole, load_textord(), workplace.felkoder)


def judged_books(workplace: Workplace, books: Books, period: Period) -> tuple[Avstamningsrad, ...]:
    """All that must agree, judged as one: between statements, and within the ledger where there is one for the period."""
    checks = [one.kontroll for one in books.avstamningar]
    ledger = load_ledger(workplace, period)
    if ledger is not None:
        checks += within_ledger(workplace, period, ledger, books.figures)
    return judge(checks, workplace.store.acceptances(workplace.kommun.kod, str(period)))


def books_context(workplace: Workplace, closing: Closing, rapport: str) -> BooksContext:
    """All that the views of a closing of the books are built from."""
    regler, period = load_bokslutsregler(), Period.parse(closing.period)
    settings = with_notes_by_table(workplace, settings_of(workplace), period)
    record = workplace.store.retur(closing.retur_ids[0])
    frames = load(workplace, record, period).frames
    month = workplace.store.last_closing(workplace.kommun.kod, closing.period)
    books = books_of(workplace, record, period)
    texter, textfynd = written_texts(workplace, period, rapport)
    return BooksContext(
        kommun=workplace.kommun,
        settings=settings,
        regler=regler,
        rapport=rapport,
        period=period,
        books=public_books(books, period),
        avstamningar=judged_books(workplace, books, period),
        forms=forms_of(settings, regler, period.last_day),
        texter=texter,
        textfynd=textfynd,
        mal=tuple(
            Malrad(
                _text(row, "kod"),
                _text(row, "benamning"),
                _text(row, "slag"),
                _text(row, "bedomning"),
                _text(row, "motivering"),
            )
            for row in _rows(frames["bokslutsmal"])
        ),
        indikatorer=tuple(
            Indikatorrad(
                _text(row, "kod"),
                _text(row, "benamning"),
                _text(row, "mal"),
                _text(row, "villkor"),
                _text(row, "matt_enhet"),
            )
            for row in _rows(frames["bokslutsindikatorer"])
        ),
        antal_personer={
            str(row["kod"]): int(row["antal_personer"]) // 10 ** int(row["decimaler"] or 0)
            for row in _rows(frames["personalmatt"])
            if not pd.isna(row["antal_personer"])
        },
        namnder=None if month is None else figures_of(workplace, month),
        underlag=_sources(workplace, record, period),
        godtaganden={one.id: one for one in workplace.store.accepted(workplace.kommun.kod, closing.period)},
        wording=load_wording(),
        malkapitel=None if month is None else goal_chapter(workplace, month, rapport),
    )


def public_books(books: Books, period: Period) -> Books:
    """The books as they may be published: no raw cell content but "ej tillämpligt", and a neutral name of each file."""
    shown = (
        replace(figure, fil=_public_name(figure, period), ravarde=figure.ravarde if figure.is_not_applicable else "")
        for figure in books.figures
    )
    return replace(books, figures=FigureIndex(shown))


def _public_name(figure: Figure, period: Period) -> str:
    """What the file is called in what is published: the workbook, the register, or the ledger."""
    if not figure.fil:
        return ""
    return {HUVUDBOK: _ledger_name(period), REGISTER: _register_name(period)}.get(figure.slag, _workbook_name(period))


def _rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value).strip()


def _sources(workplace: Workplace, record: ReturRecord, period: Period) -> tuple[ReturInfo, ...]:
    """What the books stand on: the workbook, the year's budget register and the ledger, where it takes anything from them."""
    kommun = workplace.kommun
    register, ledger = workplace.store.current_register(kommun.kod, period.year), current_ledger(workplace, period)
    from_ledger = settings_of(workplace).kalla == "huvudbok"
    stood_on = [_source(workplace, "Bokslut", _workbook_name(period), record.mottagen, record.version, record.sha256)]
    if register is not None and budgets_of_books(workplace, period) and (from_ledger or period.month < 12):
        name = _register_name(period)
        stood_on.append(
            _source(workplace, "Budgetregister", name, register.mottagen, register.version, register.sha256)
        )
    if ledger is not None and from_ledger:
        known = workplace.store.ledgers(kommun.kod)
        number = sum(one.ar == period.year and one.id <= ledger.id for one in known)
        stood_on.append(_source(workplace, "Huvudbok", _ledger_name(period), ledger.mottagen, number, ledger.sha256))
    return tuple(stood_on)


def _source(workplace: Workplace, what: str, fil: str, mottagen: dt.datetime, version: int, sha256: str) -> ReturInfo:
    local = mottagen.astimezone(ZoneInfo(workplace.kommun.kalender.tidszon))
    return ReturInfo(
        forvaltning=what,
        fil=fil,
        mottagen=local.strftime("%Y-%m-%d %H:%M"),
        mottagen_iso=mottagen.isoformat(timespec="seconds"),
        version=version,
        sha256=sha256,
        status="godkand",
    )


def _workbook_name(period: Period) -> str:
    return f"bokslut-{period}.xlsx"


def _register_name(period: Period) -> str:
    return f"budgetregister-{period.year}.xlsx"


def _ledger_name(period: Period) -> str:
    return f"huvudbok-{period}"


def text_files(workplace: Workplace, period: Period) -> list[Path]:
    """The written texts of the period, in order of name: ``texter/PERIOD/`` in the home."""
    folder = workplace.hem.texter(str(period))
    return sorted(path for path in folder.glob("*") if path.suffix in (".docx", ".md")) if folder.is_dir() else []


def written_texts(
    workplace: Workplace, period: Period, rapport: str
) -> tuple[dict[str, WrittenText], tuple[Finding, ...]]:
    """The texts by the section that each belongs to, and what was found in the files."""
    texts: dict[str, WrittenText] = {}
    findings: list[Finding] = []
    sections = section_ids(workplace, rapport)
    files = {path.name: path.read_bytes() for path in text_files(workplace, period)}
    for name, content in (*files.items(), *_from_returns(workplace, period, files)):
        text, found = read_written_text(content, name, sections, workplace.felkoder)
        findings.extend(found)
        if text is not None:
            workplace.objects.put(content)
            safe = not has_personal_data(text.text)
            texts[text.sektion] = text if safe else plain_written_text(UNDANHALLEN, text.sektion)
    return texts, tuple(findings)


def _from_returns(workplace: Workplace, period: Period, files: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The nämnder's texts out of the returns of the month's closing, as files; a file that the kommun has for the section goes before."""
    settings, month = settings_of(workplace), workplace.store.last_closing(workplace.kommun.kod, str(period))
    if not settings.texter or month is None:
        return
    said = {
        (enhet, kod): texts.get("text", "")
        for (table, enhet, kod), texts in texts_of(workplace, month).items()
        if table == TEXTER
    }
    taken = {name.rpartition(".")[0] for name in files}
    for section, text in returned_texts(said, workplace.kommun, settings.texter).items():
        if section not in taken:
            yield f"{section}.md", text.encode()


def section_ids(workplace: Workplace, rapport: str) -> frozenset[str]:
    """Ids of the sections that take written text: chapters, noter and nämnder."""
    parts = next(one.delar for one in load_bokslutsregler().rapporter if one.kod == rapport)
    chapters = {kapitel.kod for part in parts for kapitel in part.kapitel} | {"korthet"}
    noter = {f"not-{note.kod}" for note in settings_of(workplace).noter}
    return frozenset(chapters | noter | {namnd_section_id(namnd) for namnd in workplace.kommun.namnder})


def accept(workplace: Workplace, period: Period, id: str, skal: str, now: dt.datetime) -> Godtagande:
    """Keep that the acting account's role accepts something, with the reason.

    ``krav:KOD``: a missing requirement; ``avstamning:ID``: a difference; ``text:SEKTION``: a text as it stands; ``fynd:KOD``: findings.
    A difference is accepted for the amount that it has: when it changes it is no longer accepted.

    Raises:
        BehorighetsFel: E933. Hemfel: E904, there is no such difference to accept.
    """
    roll = demand(workplace, Steg.GODTA, now).roll
    given = Godtagande(id, skal, roll, now.astimezone(dt.UTC).isoformat(timespec="seconds"))
    if not id.startswith(_AVSTAMNING):
        return workplace.store.accept(workplace.kommun.kod, str(period), given)
    books = books_of(workplace, check_books(workplace, period, now), period)
    wanted = id.removeprefix(_AVSTAMNING)
    row = next((row for row in judged_books(workplace, books, period) if row.kontroll.id == wanted), None)
    if row is None or row.kontroll.differens is None or not row.stops:
        raise Hemfel(f"E904 Avstämningen {wanted} har ingen skillnad att godta för {period}.")
    acceptance = Acceptans(wanted, row.kontroll.differens, roll, skal, "")
    workplace.store.accept_difference(workplace.kommun.kod, str(period), acceptance, tid=now)
    return given
