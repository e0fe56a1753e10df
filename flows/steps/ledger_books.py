"""The books out of the ledger and the budget register: what a closing of the books takes from them, and how the kommun shows it."""

from __future__ import annotations

from dataclasses import replace

from adapters.contract_files import load_bokslutsregler, load_kommunbas
from data_contracts.bokslutsinstallning import Bokslutsinstallning, Egen
from flows.home import Hemfel
from flows.steps.check import load, periodised
from flows.steps.ledger import load_ledger
from flows.workplace import Workplace
from transforms.figures import Figure, FigureIndex
from transforms.ledger.investments import investment_figures
from transforms.ledger.notes import note_figures, notes_by_table
from transforms.ledger.operations import operation_figures, operation_rows
from transforms.ledger.statements import BOKKONTO, INTERNA, LedgerBooks, books_from_ledger
from transforms.normalisation import figures_from_register
from transforms.period import Period
from transforms.period_budget import with_period_budgets
from transforms.statements.closing import forms_of


def settings_of(workplace: Workplace) -> Bokslutsinstallning:
    """The kommun's ``bokslut``; out of a ledger, with a driftredovisning per nämnd where it has none of its own.

    Raises:
        Hemfel: E904, kommun.yaml says nothing of how the books are closed.
    """
    if workplace.kommun.bokslut is None:
        raise Hemfel(
            f"E904 {workplace.hem.kommun_yaml} har ingen del bokslut, så räkenskaperna kan inte stängas. "
            "Lägg in den; handbokens sida om bokslut visar hur."
        )
    settings = workplace.kommun.bokslut
    if settings.kalla == "huvudbok" and settings.driftredovisning is None:
        own = Egen(rader=operation_rows(workplace.kommun))
        return settings.model_copy(update={"driftredovisning": own})
    return settings


def with_notes_by_table(workplace: Workplace, settings: Bokslutsinstallning, period: Period) -> Bokslutsinstallning:
    """Out of a ledger, with the rows of Kommun-Bas in the noter that specify a row and have none of the kommun's own."""
    plan = workplace.kommun.huvudbok
    if settings.kalla != "huvudbok" or plan is None:
        return settings
    noter = notes_by_table(settings.noter, load_bokslutsregler().noter, plan, load_kommunbas().chart(period.year))
    return settings.model_copy(update={"noter": noter})


def ledger_books(
    workplace: Workplace, settings: Bokslutsinstallning, budgets: tuple[Figure, ...], period: Period
) -> LedgerBooks:
    """The statements out of the period's ledger, their noter by table, and drift- and investeringsredovisning beside their budget.

    Raises:
        Hemfel: E904, no accepted ledger covers the period.
    """
    ledger, plan = load_ledger(workplace, period), workplace.kommun.huvudbok
    if ledger is None or plan is None:
        told = workplace.felkoder["E833"].finding(manad=period.text, mapp=workplace.hem.huvudbok)
        raise Hemfel(f"E904 Räkenskaperna ska komma ur huvudboken (kommun.yaml, bokslut: kalla). {told}")
    chart, regler = load_kommunbas().chart(period.year), load_bokslutsregler()
    forms = forms_of(settings, regler, period.last_day)
    made = books_from_ledger(ledger.frames, plan, chart, forms, regler.kassaflode, period, workplace.felkoder)
    notes = note_figures(made.figures, settings.noter, regler.noter, plan, chart, period)
    kommun = workplace.kommun
    operations = operation_figures(ledger.placed, budgets, kommun, period)
    investments = investment_figures(ledger.placed, budgets, kommun, period)
    return replace(made, figures=(*made.figures, *notes, *budgets, *operations, *investments))


def coverage_text(workplace: Workplace, figures: FigureIndex) -> str:
    """How many of the ledger's konton have their row by Kommun-Bas, and how many by the kommun's own table; '' out of a workbook.

    Those that neither takes are findings (E846).
    """
    plan = workplace.kommun.huvudbok
    konton = {figure.rad.partition(".")[0] for figure in figures if figure.matt == BOKKONTO} - {INTERNA}
    if plan is None or not konton:
        return ""
    own = sum(any(part.holds(konto) for part in plan.rakenskaper) for konto in konton)
    return f"{len(konton) - own} konton efter Kommun-Bas, {own} efter kommunens egen tabell"


def budgets_of_books(workplace: Workplace, period: Period) -> tuple[Figure, ...]:
    """The register's budget of the year, and for a part of the year what of it lies there, where the kommun spreads the register."""
    register = workplace.store.current_register(workplace.kommun.kod, period.year)
    if register is None:
        return ()
    budgets = figures_from_register(load(workplace, register, period).frames, workplace.kommun, period)
    return with_period_budgets(budgets, periodised(workplace, period) if period.month < 12 else ())
