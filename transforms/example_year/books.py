"""The made-up year's workbook of the books: what the ledger has not, and noter that specify what it has, row for row.

Amounts are öre with the forms' signs; they become whole and exact kronor in the workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from data_contracts.kommun import Kommun
from data_contracts.uppstallningsform import Form
from transforms.example_year.course import Course, Row
from transforms.example_year.settings import Bokslutsar, Notrad
from transforms.figures import KOMMUNEN, Figure
from transforms.ledger.example import PROJEKT, Exempelbok
from transforms.ledger.sie import SieFile
from transforms.ledger.statements import BALANSRAKNING, BOKKONTO, KASSAFLODE, RESULTATRAKNING
from transforms.period import Period
from transforms.statements.balance_requirement import BALANSKRAV
from transforms.statements.consolidation import ANSKAFFNING, FORVARVAT, KONCERN, KONCERNEN
from transforms.template_rows import CellValue

BookRow = dict[str, CellValue | None]
Amounts = Mapping[tuple[str, str], int]
"""Form and row → öre."""
_ORE_PER_TKR = 100_000


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """A year's books as its ledger has them: rows of the statements, and konton at the beginning and at the end."""

    rader: Amounts
    ib: Mapping[str, int]
    ub: Mapping[str, int]

    @property
    def resultat(self) -> int:
        """Årets resultat."""
        return sum(ore for (form, _), ore in self.rader.items() if form == RESULTATRAKNING)


def closed_year(figures: Iterable[Figure]) -> ClosedYear:
    """The ledger's figures by row and by konto (``ledger.statements.books_from_ledger``)."""
    rows: dict[tuple[str, str], int] = {}
    begins: dict[str, int] = {}
    ends: dict[str, int] = {}
    for figure in figures:
        if figure.matt == BOKKONTO:
            konton = ends if figure.serie == "utfall" else begins
            konto = figure.rad.split(".")[0]
            konton[konto] = konton.get(konto, 0) + (figure.varde or 0)
        elif figure.serie == "utfall":
            rows[figure.matt, figure.rad] = figure.varde or 0
    return ClosedYear(rows, begins, ends)


@dataclass(frozen=True, slots=True)
class BooksOfYear:
    """All that the workbook is made of.

    Attributes:
        platser: row of the resultaträkning by row of the drift: where its accounts belong.
        fore: last year's books, to the same month.
        projekt: what the ledger has on each project (``project_sums``).
    """

    kommun: Kommun
    bokslut: Bokslutsar
    course: Course
    bok: Exempelbok
    forms: Mapping[str, Form]
    platser: Mapping[str, str]
    nu: ClosedYear
    fore: ClosedYear
    projekt: Mapping[str, int]
    period: Period

    @property
    def is_annual(self) -> bool:
        """True for the whole year."""
        return self.period.month == 12


def book_rows(of: BooksOfYear) -> dict[str, list[BookRow]]:
    """Every table of the workbook, but what is about goals and staff."""
    annual = of.is_annual
    return {
        RESULTATRAKNING: [*_results(of), *_companies(of, RESULTATRAKNING)] if annual else list(_results(of)),
        BALANSRAKNING: list(_companies(of, BALANSRAKNING)) if annual else [],
        KASSAFLODE: list(_cash_flow(of)) if annual else [],
        BALANSKRAV: list(_balanskrav(of)),
        "noter": list(_noter(of)) if annual else [],
        "fem_ar": list(_five_years(of)) if annual else [],
        "investeringsredovisning": list(_projects(of)),
        KONCERN: list(_group(of)) if annual else [],
    }


def _line(kod: str, namn: str, values: Mapping[str, int | None], enhet: str = KOMMUNEN) -> BookRow:
    row: BookRow = {"enhet": enhet, "kod": kod, "benamning": namn, "belopp_enhet": "kr"}
    row.update({serie: Decimal(ore) / 100 for serie, ore in values.items() if ore is not None})
    return row


def _results(of: BooksOfYear) -> Iterator[BookRow]:
    budget = planned(of, lambda row: row.budget[-1])
    prognos = planned(of, lambda row: row.prognos[of.period.month - 1])
    for rad in of.forms[RESULTATRAKNING].poster:
        before = of.fore.rader.get((RESULTATRAKNING, rad.kod))
        values = {"budget": budget.get(rad.kod, 0)}
        if of.is_annual:
            values |= {"bokslut": before or 0}
        else:
            values |= {"prognos": prognos.get(rad.kod, 0), "utfall_fg_ar": before or 0}
        yield _line(rad.kod, rad.namn, values)


def planned(of: BooksOfYear, value: Callable[[Row], int]) -> dict[str, int]:
    """What the returns' rows come to per row of the resultaträkning, without what the kommun sells to itself."""
    rows: dict[str, int] = {}
    for (_, matt, rad), row in of.course.items():
        place = of.platser.get(rad)
        if matt == "drift" and place is not None:
            rows[place] = rows.get(place, 0) + value(row) * _ORE_PER_TKR
    for post in of.bok.interna:
        moved = abs(value(of.course[post.bought])) * _ORE_PER_TKR * post.andel_bp // 10_000
        rows[of.platser[post.intaktsrad]] -= moved
        rows[of.platser[post.kostnadsrad]] += moved
    return rows


def _companies(of: BooksOfYear, form: str) -> Iterator[BookRow]:
    names = {rad.kod: rad.namn for rad in of.forms[form].poster}
    for kod, company in of.bokslut.bolag.items():
        rows = company.resultatrakning if form == RESULTATRAKNING else company.balansrakning
        for rad, tkr in rows.items():
            yield _line(rad, names[rad], {"utfall": tkr * _ORE_PER_TKR}, kod)
    for rad, tkr in of.bokslut.koncern_fore.get(form, {}).items():
        yield _line(rad, names[rad], {"bokslut": tkr * _ORE_PER_TKR}, KONCERNEN)


def _cash_flow(of: BooksOfYear) -> Iterator[BookRow]:
    for rad in of.forms[KASSAFLODE].poster:
        yield _line(rad.kod, rad.namn, {"bokslut": of.fore.rader.get((KASSAFLODE, rad.kod), 0)})


def _balanskrav(of: BooksOfYear) -> Iterator[BookRow]:
    """The year's result and the years before. Nothing is adjusted, nor expected to be: at the delår the result is that of the prognos."""
    before = of.bokslut.resultat_tva_ar_sedan * _ORE_PER_TKR
    results = {"utfall": of.nu.resultat, "bokslut": of.fore.resultat, "bokslut_2": before} if of.is_annual else {}
    for rad in of.forms[BALANSKRAV].poster:
        if rad.kod == "arets_resultat":
            yield _line(rad.kod, rad.namn, results)
        else:
            yield _line(rad.kod, rad.namn, dict.fromkeys(results or ("prognos",), 0))


def _noter(of: BooksOfYear) -> Iterator[BookRow]:
    names = {rad.kod: rad.namn for rad in of.forms["noter"].poster}
    for kod, note in of.bokslut.noter.items():
        yield _line(kod, names[kod], {"utfall": _noted(note, of.nu), "bokslut": _noted(note, of.fore)})
    for kod, (now, before) in of.bokslut.fasta_noter.items():
        yield _line(kod, names[kod], {"utfall": now * _ORE_PER_TKR, "bokslut": before * _ORE_PER_TKR})


def _noted(note: Notrad, year: ClosedYear) -> int:
    if note.slag == "resultat":
        return year.resultat
    begins, ends = (sum(konton.get(konto, 0) for konto in note.konton) for konton in (year.ib, year.ub))
    return {"ub": ends, "ib": begins, "forandring": ends - begins}[note.slag]


def _five_years(of: BooksOfYear) -> Iterator[BookRow]:
    names = {rad.kod: rad.namn for rad in of.forms["fem_ar"].poster}
    now, before = _summary(of.nu), _summary(of.fore)
    for kod, older in of.bokslut.aldre.items():
        years = {f"bokslut_{at}": tkr * _ORE_PER_TKR for at, tkr in enumerate(older, 2)}
        yield _line(kod, names[kod], {"utfall": now[kod], "bokslut": before[kod], **years})


def _summary(year: ClosedYear) -> dict[str, int]:
    rr = {rad: ore for (form, rad), ore in year.rader.items() if form == RESULTATRAKNING}
    br = {rad: ore for (form, rad), ore in year.rader.items() if form == BALANSRAKNING}
    return {
        "nettokostnader": rr["intakter"] + rr["kostnader"] + rr["avskrivningar"],
        "skatt_och_bidrag": rr["skatteintakter"] + rr["statsbidrag"],
        "arets_resultat": year.resultat,
        "nettoinvesteringar": year.rader[KASSAFLODE, "investeringar"],
        "langfristiga_skulder": br["langfristiga_skulder"],
        "eget_kapital": br["ovrigt_eget_kapital"] + br["arets_resultat"],
    }


def _projects(of: BooksOfYear) -> Iterator[BookRow]:
    """The whole of every row of investeringar; of what is decided a year at a time it is the year. The year itself is the ledger's."""
    for (kod, matt, rad), row in of.course.items():
        if matt != "investeringar":
            continue
        enhet = of.kommun.enhet(kod)
        namn = of.kommun.uppstallning(enhet.investeringar or "").rad(rad).namn
        whole = of.bokslut.totalutgifter.get(f"{kod}.{rad}")
        if whole is None:
            earlier, decided, expected = 0, row.budget[-1], row.prognos[of.period.month - 1]
        else:
            earlier, decided, expected = whole.tidigare, whole.beslutad, whole.beraknad
        values = {
            "ackumulerat": earlier * _ORE_PER_TKR + of.projekt.get(of.bok.projekt[f"{kod}.{rad}"], 0),
            "beslutad": decided * _ORE_PER_TKR,
            "beraknad": expected * _ORE_PER_TKR,
        }
        yield _line(f"{kod.lower()}.{rad}", f"{enhet.namn}: {namn}", values)


def project_sums(ledger: SieFile) -> dict[str, int]:
    """What the ledger has booked on each project."""
    sums: dict[str, int] = {}
    for voucher in ledger.verifikat:
        for row in voucher.rader:
            for dimension, kod in row.objekt:
                if dimension == PROJEKT:
                    sums[kod] = sums.get(kod, 0) + row.ore
    return sums


def _group(of: BooksOfYear) -> Iterator[BookRow]:
    for kod, company in of.bokslut.bolag.items():
        for rad, tkr in ((ANSKAFFNING, company.anskaffningsvarde), (FORVARVAT, company.forvarvat_eget_kapital)):
            yield _line(rad, rad.replace("_", " ").capitalize(), {"utfall": tkr * _ORE_PER_TKR}, kod)
    for post in of.bokslut.koncernposter:
        start = f"intern.{post.post}.{post.form}"
        for rad, tkr, enhet in (
            (post.bolagets_rad, post.bolagets_tkr, post.bolag),
            (post.kommunens_rad, post.kommunens_tkr, KOMMUNEN),
        ):
            yield _line(f"{start}.{rad}", post.post.capitalize(), {"utfall": tkr * _ORE_PER_TKR}, enhet)
