"""What the views of a delårsrapport or årsredovisning are built from, and the columns of their tables in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.bokslutsregler import ARSREDOVISNING, Bokslutsregler
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun
from data_contracts.uppstallningsform import Form
from transforms.figures import KOMMUNEN, Figure, FigureIndex
from transforms.ledger.reconciliation import Avstamningsrad
from transforms.period import Period
from transforms.period_budget import PERIODBUDGET
from transforms.statements.acceptance import Godtagande
from transforms.statements.closing import Books
from transforms.statements.deviations import AVVIKELSE, AVVIKELSE_HELAR, AVVIKELSE_PERIOD
from transforms.statements.entered import column_of
from transforms.statements.sums import Kolumn
from transforms.view_types import Sektion, Tal
from transforms.views.context import ReturInfo, tal
from transforms.wording import Wording
from transforms.written_text import WrittenText


@dataclass(frozen=True, slots=True)
class Malrad:
    """One goal as it was entered: its assessment by people, and the reasons."""

    kod: str
    namn: str
    slag: str
    bedomning: str
    motivering: str


@dataclass(frozen=True, slots=True)
class Indikatorrad:
    """One indicator as it was entered: which goal it belongs to and when it is met."""

    kod: str
    namn: str
    mal: str
    villkor: str
    matt_enhet: str


@dataclass(frozen=True, slots=True)
class Malkapitel:
    """The goals of the year's målplan as the report tells them.

    Attributes:
        sektioner: måltavla, tree and a section per goal of fullmäktige.
        antal, uppfyllda: fullmäktige's goals, and how many of them are met or expected to be.
        figures: the public figures that the sections print.
        koder: of every goal that the plan has.
    """

    sektioner: tuple[Sektion, ...]
    antal: int
    uppfyllda: int
    figures: FigureIndex
    koder: frozenset[str]


@dataclass(frozen=True, slots=True)
class BooksContext:
    """Everything that the views of one closing of the books are built from; nothing else is looked at.

    Attributes:
        rapport: arsredovisning or delarsrapport.
        texter, textfynd: written texts by the id of their section, and what is wrong with their files.
        antal_personer: the size of the group behind a row of the sheet Personal, where it was given.
        namnder: figures of the month's closing, for nämndernas sections; none when no month is closed.
        godtaganden: missing requirements that people have accepted, by id.
        avstamningar: all that must agree, judged: between statements, and in the ledger where there is one.
    """

    kommun: Kommun
    settings: Bokslutsinstallning
    regler: Bokslutsregler
    rapport: str
    period: Period
    books: Books
    forms: Mapping[str, Form]
    texter: Mapping[str, WrittenText]
    textfynd: tuple[Finding, ...]
    mal: tuple[Malrad, ...]
    indikatorer: tuple[Indikatorrad, ...]
    antal_personer: Mapping[str, int]
    namnder: FigureIndex | None
    underlag: tuple[ReturInfo, ...]
    godtaganden: Mapping[str, Godtagande]
    avstamningar: tuple[Avstamningsrad, ...]
    wording: Wording
    malkapitel: Malkapitel | None = None
    """The goals of the målplan; None where the kommun has none for the year, or where no month is closed."""

    @property
    def compared_columns(self) -> Mapping[str, Kolumn]:
        """The column that each comparison between statements was made in, by its id."""
        return {one.id: one.kolumn for one in self.books.avstamningar}

    @property
    def own_goals(self) -> tuple[Malrad, ...]:
        """The goals that the workbook alone tells of: all of them, or where there is a målplan those that it has not."""
        planned = frozenset[str]() if self.malkapitel is None else self.malkapitel.koder
        return tuple(goal for goal in self.mal if goal.kod not in planned)

    @property
    def is_annual(self) -> bool:
        """True for the årsredovisning: a verdict; False for the delårsrapport, which is a forecast."""
        return self.rapport == ARSREDOVISNING

    @property
    def unit(self) -> str:
        """kr, tkr or mnkr."""
        return self.settings.rapportenhet

    def figure(self, matt: str, rad: str, column: Kolumn, enhet: str = KOMMUNEN) -> Figure | None:
        """The figure, or None when no such figure is expected."""
        return self.books.figures.get(enhet, matt, rad, *column)

    def value(self, matt: str, rad: str, serie: str = "utfall", *, plus: bool = False) -> Tal:
        """A figure as printed in the report's unit; '' when there is none."""
        return tal(self.figure(matt, rad, column_of(serie, self.period.year)), self.unit, plus=plus)

    def columns(self, matt: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """The serier of a statement's columns, in the kommun's order, that any row has a figure in."""
        wanted = self.settings.kolumner.get(matt, default)
        return tuple(serie for serie in wanted if self.is_used(matt, serie))

    def is_used(self, matt: str, serie: str, enhet: str = KOMMUNEN) -> bool:
        """Whether some row of the statement has a figure in the column."""
        column = column_of(serie, self.period.year)
        return any((f.enhet, f.matt) == (enhet, matt) and (f.serie, f.vardear) == column for f in self.books.figures)

    def heading(self, serie: str, *, on_day: bool = False) -> str:
        """A column's heading with what it covers: 'Utfall 2025', 'Bokslut 2024'; for a part of the year 'Utfall jan–aug 2026'.

        Args:
            on_day: the column is balances, which stand on a day: '31 aug 2026', '31 dec 2025'.
        """
        year, period = self.period.year, self.period
        if on_day and not self.is_annual and serie in ("utfall", "bokslut"):
            return (period if serie == "utfall" else Period(year - 1, 12)).short_last_day_text
        back = {"bokslut": 1, "bokslut_2": 2, "bokslut_3": 3, "bokslut_4": 4}
        if serie in back:
            return f"Bokslut {year - back[serie]}"
        of_part = {
            AVVIKELSE: "Avvikelse mot budget",
            AVVIKELSE_PERIOD: "Avvikelse mot periodens budget",
            AVVIKELSE_HELAR: "Avvikelse prognos mot budget",
            PERIODBUDGET: f"Budget {period.short_span_text}",
            "utfall_fg_ar": f"Utfall {Period(year - 1, period.month).short_span_text}",
        }
        if serie in of_part:
            return of_part[serie]
        if serie == "utfall" and not self.is_annual:
            return f"Utfall {period.short_span_text}"
        whole = "" if self.is_annual else " helår"
        words = {"utfall": "Utfall", "budget": f"Budget{whole}", "prognos": "Prognos helår"}
        return f"{words.get(serie, serie.capitalize())} {year}"
