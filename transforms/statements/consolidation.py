"""Sammanställda räkenskaper: the kommun with its bolag and kommunalförbund, proportionally by ownership.

Row by row: the kommun's amount, each company's share of its own, and the eliminations. A company's obeskattade reserver are split in
deferred tax and equity; the kommun's shares go against the equity that was acquired; internal posts are taken out on both sides by
motpart. Every share and elimination is a figure of its own, so that a row of the koncern can be followed to each company.

The companies' statements come in the kommun's forms and signs: their principles are harmonised before they are entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.uppstallningsform import Form
from transforms.belopp import exact_text
from transforms.figures import BERAKNAD, KOMMUNEN, Figure, FigureIndex, combine
from transforms.formulas import SUMMA, andel_formula, evaluate
from transforms.statements.sums import Kolumn

KONCERNEN = "KONCERNEN"
KONCERN = "koncernuppgifter"
INTERNT = "internpost"
ANSKAFFNING, FORVARVAT = "anskaffningsvarde", "forvarvat_eget_kapital"
OBESKATTADE, DISPOSITIONER = "obeskattade_reserver", "bokslutsdispositioner"
UPPSKJUTEN_SKATT, EGET_KAPITAL = "andra_avsattningar", "ovrigt_eget_kapital"
SKATT = "skatt"
HELA_BP = 10_000

RR, BR = "resultatrakning", "balansrakning"
COMPANY_ROWS: Mapping[str, Mapping[str, str]] = {
    RR: {SKATT: "Skatter", DISPOSITIONER: "Bokslutsdispositioner"},
    BR: {OBESKATTADE: "Obeskattade reserver"},
}
"""Rows that a bolag's statements have, and the koncern's last year, beside those of the kommun's form: by form, code and name."""


@dataclass(frozen=True, slots=True)
class Koncernforetag:
    """A bolag or kommunalförbund: its code (the enhet of its figures), name and the kommun's share in hundredths of a percent."""

    kod: str
    namn: str
    andel_bp: int


@dataclass(frozen=True, slots=True)
class Internpost:
    """A post between two of the koncern, as each side has booked it: the row, and the figure with the side's own amount.

    ``sida`` and ``motsida`` are rows of one form; the amounts are stored with the form's signs (intäkt +, kostnad −; fordran and
    skuld without sign).
    """

    id: str
    form: str
    sida_rad: str
    motsida_rad: str
    sida: Figure
    motsida: Figure


@dataclass(frozen=True, slots=True)
class _Moved:
    """An amount that goes into one row of the koncern."""

    form: str
    rad: str
    figure: Figure


def consolidate(
    figures: FigureIndex,
    former: Sequence[Form],
    foretag: Sequence[Koncernforetag],
    internposter: Iterable[Internpost],
    skatt_bp: int,
    kolumn: Kolumn = ("utfall", None),
) -> tuple[Figure, ...]:
    """The entered rows of the koncern's statements in one column; sums are made by ``sum_statement`` with enhet KONCERNEN.

    koncern = kommun + Σ share · company + eliminations. A row with a missing part is missing.

    Source: LKBR 12 kap.; RKR R16 (proportionell konsolidering, förvärvsmetoden); deferred tax by inkomstskattelagen 65 kap. 10 §.
    Args:
        former: the koncern's forms; rows that the kommun does not have (skatt) are the companies' alone.
        skatt_bp: the rate of the deferred tax in obeskattade reserver.
    """
    moved = [*_shares(figures, former, foretag, kolumn)]
    for company in foretag:
        moved += _untaxed(figures, company, skatt_bp, kolumn)
        moved += _acquisition(figures, company, kolumn)
    moved += _internal(internposter, foretag)
    by_row: dict[tuple[str, str], list[Figure]] = {}
    for part in moved:
        by_row.setdefault((part.form, part.rad), []).append(part.figure)
    rows: list[Figure] = []
    for form in former:
        for rad in form.poster:
            own = figures.get(KOMMUNEN, form.kod, rad.kod, *kolumn)
            parts = [
                *((own,) if own is not None and not own.is_not_applicable else ()),
                *by_row.get((form.kod, rad.kod), ()),
            ]
            if parts:
                rows.append(_row(form.kod, rad.kod, rad.namn, parts))
    return (*rows, *(part.figure for part in moved))


def _row(form: str, rad: str, namn: str, parts: Sequence[Figure]) -> Figure:
    model = parts[0]
    return Figure(
        period=model.period, enhet=KONCERNEN, matt=form, rad=rad, serie=model.serie, vardear=model.vardear, namn=namn,
        varde=combine((1, part) for part in parts), slag=BERAKNAD, formel=SUMMA,
        indata=tuple((1, part.figure_id) for part in parts),
    )  # fmt: skip


def _share(of: Sequence[tuple[int, Figure]], bp: int, rad: str, namn: str, matt: str) -> Figure:
    """A share of some figures' sum, as a figure of its own under the koncern."""
    model = of[0][1]
    formel = andel_formula(bp)
    made = Figure(
        period=model.period, enhet=KONCERNEN, matt=matt, rad=rad, serie=model.serie, vardear=model.vardear, namn=namn,
        varde=None, slag=BERAKNAD, formel=formel,
        indata=tuple((sign, figure.figure_id) for sign, figure in of),
    )  # fmt: skip
    return replace(made, varde=evaluate(made, of))


def _shares(
    figures: FigureIndex, former: Sequence[Form], foretag: Sequence[Koncernforetag], kolumn: Kolumn
) -> Iterator[_Moved]:
    for form in former:
        for company in foretag:
            for rad in form.poster:
                own = figures.get(company.kod, form.kod, rad.kod, *kolumn)
                if own is not None and not own.is_not_applicable:
                    namn = f"{rad.namn}, andel i {company.namn}"
                    share = _share([(1, own)], company.andel_bp, f"{rad.kod}.{company.kod}", namn, form.kod)
                    yield _Moved(form.kod, rad.kod, share)


@dataclass(frozen=True, slots=True)
class _Part:
    """Makes the parts of one company: figures whose row and name tell which."""

    company: Koncernforetag

    def of(self, form: str, rad: str, terms: Sequence[tuple[int, Figure]], bp: int, word: str, text: str) -> _Moved:
        """A share of the terms' sum that goes into a row of the koncern; '' for a figure that only others stand on."""
        figure_row = f"{rad}.{word}.{self.company.kod}" if rad else f"{word}.{self.company.kod}"
        return _Moved(form, rad, _share(terms, bp, figure_row, f"{text}, {self.company.namn}", form))


def _untaxed(figures: FigureIndex, company: Koncernforetag, skatt_bp: int, kolumn: Kolumn) -> Iterator[_Moved]:
    """Obeskattade reserver split: deferred tax to avsättningar, the rest to equity, of which the year's change to årets resultat."""
    held = figures.get(company.kod, BR, OBESKATTADE, *kolumn)
    if held is None:
        return
    part, word = _Part(company), "obeskattade"
    whole = part.of(BR, "", [(1, held)], company.andel_bp, OBESKATTADE, "Obeskattade reserver")
    tax = part.of(BR, UPPSKJUTEN_SKATT, [(1, whole.figure)], skatt_bp, word, "Uppskjuten skatt")
    yield from (whole, tax)
    equity: list[tuple[int, Figure]] = [(1, whole.figure), (-1, tax.figure)]
    change = figures.get(company.kod, RR, DISPOSITIONER, *kolumn)
    if change is not None and change.varde is not None:
        year = part.of(RR, "", [(-1, change)], company.andel_bp, DISPOSITIONER, "Årets bokslutsdispositioner")
        year_tax = part.of(RR, SKATT, [(-1, year.figure)], skatt_bp, word, "Uppskjuten skatt på årets dispositioner")
        terms = [(1, year.figure), (1, year_tax.figure)]
        result = part.of(BR, "arets_resultat", terms, HELA_BP, word, "Årets dispositioner efter skatt")
        yield from (year, year_tax, result)
        equity.append((-1, result.figure))
    yield part.of(BR, EGET_KAPITAL, equity, HELA_BP, word, "Obeskattade reserver i eget kapital")


def _acquisition(figures: FigureIndex, company: Koncernforetag, kolumn: Kolumn) -> Iterator[_Moved]:
    """The kommun's shares against the share of the equity acquired; a difference is goodwill, or an avsättning when negative."""
    cost = figures.get(company.kod, KONCERN, ANSKAFFNING, *kolumn)
    acquired = figures.get(company.kod, KONCERN, FORVARVAT, *kolumn)
    if cost is None or acquired is None:
        return
    part = _Part(company)
    equity = part.of(BR, "", [(1, acquired)], company.andel_bp, FORVARVAT, "Förvärvat eget kapital")
    yield equity
    yield part.of(BR, "finansiella", [(-1, cost)], HELA_BP, "andelar", "Andelar")
    yield part.of(BR, EGET_KAPITAL, [(-1, equity.figure)], HELA_BP, "forvarvat", "Förvärvat eget kapital")
    if cost.varde is None or equity.figure.varde is None or cost.varde == equity.figure.varde:
        return
    if cost.varde > equity.figure.varde:
        yield part.of(BR, "immateriella", [(1, cost), (-1, equity.figure)], HELA_BP, "goodwill", "Goodwill")
    else:
        terms = [(-1, cost), (1, equity.figure)]
        yield part.of(BR, UPPSKJUTEN_SKATT, terms, HELA_BP, "goodwill", "Negativ goodwill")


def _internal(internposter: Iterable[Internpost], foretag: Sequence[Koncernforetag]) -> Iterator[_Moved]:
    """Both sides of each internal post taken out, by the smaller of the two sides' shares."""
    shares = {company.kod: company.andel_bp for company in foretag}
    for post in internposter:
        bp = min(shares.get(post.sida.enhet, HELA_BP), shares.get(post.motsida.enhet, HELA_BP))
        for rad, side in ((post.sida_rad, post.sida), (post.motsida_rad, post.motsida)):
            namn = f"Eliminering, {side.namn}"
            yield _Moved(
                post.form, rad, _share([(-1, side)], bp, f"{rad}.internt.{post.id}.{side.enhet}", namn, post.form)
            )


def internal_findings(
    internposter: Iterable[Internpost], felkoder: Mapping[str, Felkod], unit: str
) -> tuple[Finding, ...]:
    """A finding (E853) for each internal post whose two sides are not of the same size.

    Source: LKBR 12 kap.; RKR R16.
    """
    found: list[Finding] = []
    for post in internposter:
        one, other = post.sida.varde, post.motsida.varde
        if one is None or other is None or abs(one) == abs(other):
            continue
        found.append(
            felkoder["E853"].finding(
                file=post.sida.fil, sheet=post.sida.blad, cell=post.sida.cell, found=post.sida.ravarde,
                period=post.sida.period, sida=post.sida.enhet, motpart=post.motsida.enhet, namn=post.sida.namn,
                ena=exact_text(abs(one), unit), andra=exact_text(abs(other), unit), enhet=unit,
            )
        )  # fmt: skip
    return tuple(found)
