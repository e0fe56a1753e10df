"""A closing of the books as a whole: entered rows become sums, nyckeltal, balanskrav and koncern, and what does not agree is found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_contracts.bokslutsinstallning import Bokslutsinstallning
from data_contracts.bokslutsregler import (
    Avstamningsregel,
    Bokslutsregler,
    Notkrav,
    Nyckeltalsdefinition,
    Term,
    valid_rule,
)
from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.uppstallningsform import Anpassning, Form, Tillagg, adapt, valid_form
from transforms.belopp import ORE_PER_UNIT
from transforms.figures import KOMMUNEN, Figure, FigureIndex
from transforms.ledger.investments import investment_sums
from transforms.period import Period
from transforms.statements.balance_forecast import with_balance_forecast
from transforms.statements.balance_requirement import (
    BALANSKRAV,
    RESULTAT,
    Aterstallning,
    carry_deficits,
    reserve_findings,
    reserve_limits,
)
from transforms.statements.cash_flow import cash_flow
from transforms.statements.consolidation import (
    KONCERN,
    KONCERNEN,
    Internpost,
    Koncernforetag,
    consolidate,
    internal_findings,
)
from transforms.statements.deviations import deviations
from transforms.statements.key_ratios import compute_nyckeltal
from transforms.statements.reconcile import Avstamning, reconcile, reconciliation_findings
from transforms.statements.sums import Kolumn, columns_of, sum_statement
from transforms.statements.terms import UTFALL

STATEMENTS = ("resultatrakning", "balansrakning", "kassaflode", BALANSKRAV)


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one period, closed.

    Attributes:
        avstamningar: every comparison made, also those that agree.
        aterstallning: the account of deficits, oldest year first.
    """

    figures: FigureIndex
    findings: tuple[Finding, ...]
    avstamningar: tuple[Avstamning, ...]
    aterstallning: tuple[Aterstallning, ...]


def forms_of(settings: Bokslutsinstallning, regler: Bokslutsregler, day: dt.date) -> dict[str, Form]:
    """The kommun's forms by table: those of the law as adapted, the noter as one form, and tables of the kommun's own.

    Raises:
        ValueError: an adaptation names a row that a form has not (Swedish).
    """
    forms = {
        kod: adapt(valid_form(regler.former, kod, day), settings.former.get(kod, Anpassning())) for kod in STATEMENTS
    }
    notes = _note_rows(settings)
    if notes:
        forms["noter"] = _own("noter", "Noter", notes)
    for kod, namn, own in (
        ("driftredovisning", "Driftredovisning", settings.driftredovisning),
        ("fem_ar", "Fem år i sammandrag", settings.fem_ar),
    ):
        if own is not None:
            forms[kod] = _own(kod, namn, tuple(rad.model_dump(by_alias=True) for rad in own.rader))
    return forms


def _own(kod: str, namn: str, rader: Sequence[Mapping[str, object]]) -> Form:
    return Form.model_validate(
        {
            "kod": kod, "namn": namn, "galler_fran": dt.date(1998, 1, 1), "referens": "kommunens egen uppställning",
            "teckenregel": "Intäkter +, kostnader \u2212.", "rader": rader,
        }
    )  # fmt: skip


def _note_rows(settings: Bokslutsinstallning) -> list[Mapping[str, object]]:
    """The rows of all noter as rows of one form: note and row joined with a point."""
    return [
        {
            **rad.model_dump(by_alias=True),
            "kod": f"{note.kod}.{rad.kod}",
            "delar": tuple(f"{note.kod}.{part}" for part in rad.delar),
        }
        for note in settings.noter
        for rad in note.rader
    ]


def close_books(
    entered: Sequence[Figure],
    settings: Bokslutsinstallning,
    regler: Bokslutsregler,
    period: Period,
    felkoder: Mapping[str, Felkod],
    budgeted: Sequence[Figure] = (),
) -> Books:
    """Everything that is computed of the entered rows, in order: sums, koncern, balanskrav, avvikelser, nyckeltal, comparisons.

    Source: LKBR 5–6, 8, 10 and 12 kap.; kommunallagen (2017:725) 11 kap. 5 and 12–14 §§; the rules' own references.
    Args:
        budgeted: what a period is budgeted to come to as a whole, without rows of its own (``deviations.budgeted_result``).
    """
    forms = forms_of(settings, regler, period.last_day)
    unit = settings.rapportenhet
    step = 0 if settings.avrundning is None else ORE_PER_UNIT[settings.avrundning]
    figures, findings = FigureIndex([*entered, *investment_sums(entered, period)]), list[Finding]()
    for enhet in (KOMMUNEN, *(company.kod for company in settings.foretag)):
        for form in forms.values():
            if (enhet, form.kod) == (KOMMUNEN, BALANSKRAV):
                expected = with_balance_forecast(figures, form, enhet, step, felkoder, unit)
                figures, findings = expected.figures, [*findings, *expected.findings]
            made = sum_statement(figures, form, enhet, step, felkoder, unit)
            figures = FigureIndex([*figures, *made.figures])
            findings += made.findings
    figures, told = _koncern(figures, forms, settings, regler, period, felkoder)
    findings += told
    columns = columns_of(figures, forms["resultatrakning"], KOMMUNEN)
    figures, account, told = _balanskrav(figures, regler, period, felkoder, unit)
    findings += told
    figures = FigureIndex([*figures, *budgeted])
    figures = FigureIndex([*figures, *deviations(figures, period)])
    figures = FigureIndex([*figures, *_nyckeltal(figures, settings, regler, period, columns)])
    rules = (*regler.avstamning, *_note_rules(settings, regler.noter))
    group = [rule for rule in regler.avstamning if rule.koncern]
    compared = (
        *reconcile(figures, rules, KOMMUNEN, period.year, step, columns),
        *reconcile(figures, group, KONCERNEN, period.year, ORE_PER_UNIT[unit], [UTFALL]),
    )
    findings += reconciliation_findings(compared, felkoder, unit)
    return Books(figures, tuple(findings), compared, account)


def _koncern(
    figures: FigureIndex,
    forms: Mapping[str, Form],
    settings: Bokslutsinstallning,
    regler: Bokslutsregler,
    period: Period,
    felkoder: Mapping[str, Felkod],
) -> tuple[FigureIndex, tuple[Finding, ...]]:
    """The figures with the koncern's, when there are companies with figures.

    The year's are computed, whatever is entered of them (E855); last year's are those of its årsredovisning, as entered. The
    kassaflöde follows from the two balances, and is not there without last year's, which are rounded to the report's unit.
    """
    said = [f for f in figures if (f.enhet, f.serie) == (KONCERNEN, "utfall") and f.varde is not None]
    told = tuple(
        felkoder["E855"].finding(file=f.fil, sheet=f.blad, cell=f.cell, found=f.ravarde, rad=f.namn, period=f.period)
        for f in said
    )
    figures = FigureIndex(f for f in figures if (f.enhet, f.serie) != (KONCERNEN, "utfall"))
    foretag = [
        Koncernforetag(company.kod, company.namn, company.andel_bp)
        for company in settings.foretag
        if figures.get(company.kod, "resultatrakning", "intakter", "utfall") is not None
    ]
    rate = valid_rule(regler.lag.skatt_obeskattade, period.last_day)
    if not foretag or rate is None:
        return figures, told
    koncern: list[Form] = [with_tax(forms["resultatrakning"]), forms["balansrakning"]]
    posts = internal_posts(figures)
    figures = FigureIndex([*figures, *consolidate(figures, koncern, foretag, posts, rate.bp)])
    if figures.get(KONCERNEN, "balansrakning", "likvida_medel", "bokslut", period.year - 1) is not None:
        flows = cash_flow(figures, forms["kassaflode"], regler.kassaflode, KONCERNEN, period)
        figures, koncern = FigureIndex([*figures, *flows]), [*koncern, forms["kassaflode"]]
    for form in koncern:
        made = sum_statement(figures, form, KONCERNEN, 0, felkoder, settings.rapportenhet)
        figures = FigureIndex([*figures, *made.figures])
    return figures, (*told, *internal_findings(posts, felkoder, settings.rapportenhet))


def with_tax(form: Form) -> Form:
    """The koncern's resultaträkning: the companies' taxes on the row before årets resultat, whichever rows the kommun has."""
    rows = [rad.kod for rad in form.rader]
    before = rows[rows.index("arets_resultat") - 1]
    tax = Tillagg(kod="skatt", namn="Skatter i koncernföretagen", efter=before, ingar_i="arets_resultat")
    return adapt(form, Anpassning(tillagg=(tax,)))


def internal_posts(figures: FigureIndex) -> tuple[Internpost, ...]:
    """The internal posts of the sheet Koncern: rows ``intern.POST.FORM.RAD``, one for each side."""
    sides: dict[str, list[tuple[str, str, Figure]]] = {}
    for figure in figures:
        parts = figure.rad.split(".")
        if figure.matt == KONCERN and parts[0] == "intern" and len(parts) == 4:
            sides.setdefault(parts[1], []).append((parts[2], parts[3], figure))
    return tuple(
        Internpost(post, both[0][0], both[0][1], both[1][1], both[0][2], both[1][2])
        for post, both in sides.items()
        if len(both) == 2
    )


def _balanskrav(
    figures: FigureIndex, regler: Bokslutsregler, period: Period, felkoder: Mapping[str, Felkod], unit: str
) -> tuple[FigureIndex, tuple[Aterstallning, ...], tuple[Finding, ...]]:
    findings: tuple[Finding, ...] = ()
    reserv = valid_rule(regler.lag.reserver, period.last_day)
    if reserv is not None:
        figures = FigureIndex([*figures, *reserve_limits(figures, reserv, KOMMUNEN, str(period))])
        findings = reserve_findings(figures, reserv, KOMMUNEN, felkoder, unit)
    regel = valid_rule(regler.lag.aterstallning, period.last_day)
    found = [f for f in figures if (f.enhet, f.matt, f.rad) == (KOMMUNEN, BALANSKRAV, RESULTAT)]
    years = sorted(
        {f.vardear or period.year: (f.serie, f.vardear) for f in found if f.serie in ("utfall", "bokslut")}.items()
    )
    if regel is None or not years:
        return figures, (), findings
    account = carry_deficits(figures, KOMMUNEN, str(period), years, regel)
    return FigureIndex([*figures, *(f for year in account for f in year.figures)]), account, findings


def _nyckeltal(
    figures: FigureIndex,
    settings: Bokslutsinstallning,
    regler: Bokslutsregler,
    period: Period,
    columns: Sequence[Kolumn],
) -> tuple[Figure, ...]:
    definitions = chosen_nyckeltal(settings, regler)
    return compute_nyckeltal(figures, definitions, KOMMUNEN, str(period), period.year, columns)


def chosen_nyckeltal(settings: Bokslutsinstallning, regler: Bokslutsregler) -> tuple[Nyckeltalsdefinition, ...]:
    """The nyckeltal that the kommun shows, with its names and decimals; all of them when it has not chosen."""
    if not settings.nyckeltal:
        return regler.nyckeltal
    known = {definition.kod: definition for definition in regler.nyckeltal}
    return tuple(
        known[choice.kod].model_copy(
            update={"decimaler": choice.decimaler, "namn": choice.namn or known[choice.kod].namn}
        )
        for choice in settings.nyckeltal
        if choice.kod in known
    )


def _note_rules(settings: Bokslutsinstallning, noter: Sequence[Notkrav]) -> list[Avstamningsregel]:
    """A comparison for each note with a sum that the register says specifies a row."""
    rows = {note.kod: note for note in noter}
    rules: list[Avstamningsregel] = []
    for note in settings.noter:
        wanted = rows.get(note.kod)
        if note.summa is not None and wanted is not None and wanted.rad is not None:
            rules.append(
                Avstamningsregel(
                    kod=f"not_{note.kod}",
                    namn=f"Not {note.nummer}, {note.rubrik}, mot räkenskaperna",
                    vanster=(Term(1, "noter", f"{note.kod}.{note.summa}"),),
                    hoger=(wanted.rad,),
                    referens=wanted.referens,
                )
            )
    return rules
