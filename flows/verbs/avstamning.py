"""``rodatraden avstamning``: the avstämningsmatris of a month, and the acceptance of a difference by the account's role, with a reason."""

from __future__ import annotations

import argparse

from adapters.store import Closing
from data_contracts.behorighet import Steg
from data_contracts.findings import Finding
from flows.rights import demand
from flows.steps.ledger import Huvudbok, checks_of, collect_ledger, judged, load_ledger
from flows.terminal import ExitCode, say, say_error
from flows.verbs import UserError, home_of, period_of
from flows.workplace import Workplace, now, open_workplace
from transforms.belopp import belopp_text, procent_text
from transforms.figures import FigureIndex, from_frame
from transforms.ledger.reconciliation import Acceptans, Avstamningsrad, Utfall, reconciliation_findings
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Print the matrix, or accept one difference. 1 when a difference stops a report, or a ledger file is stopped."""
    period = period_of(arguments)
    with open_workplace(home_of(arguments)) as workplace:
        collect_ledger(workplace, now())
        ledger = _ledger_of(workplace, period)
        closing = workplace.store.last_closing(workplace.kommun.kod, str(period))
        if closing is None:
            raise UserError(f"{period.text.capitalize()} är inte stängd än. Kör: rodatraden stang {period}")
        rows = _matrix(workplace, period, ledger, closing)
        if arguments.acceptera:
            _accept(workplace, period, rows, arguments)
            rows = _matrix(workplace, period, ledger, closing)
        found = (*ledger.findings, *reconciliation_findings(rows, workplace.felkoder))
    _show(rows, ledger)
    _tell(found)
    if any(row.stops for row in rows):
        say_error(f"Rätta och stäng om, eller acceptera: rodatraden avstamning {period} --acceptera ID --skal SKÄL")
        return ExitCode.FINDINGS
    return ExitCode.DONE


def _ledger_of(workplace: Workplace, period: Period) -> Huvudbok:
    if workplace.kommun.huvudbok is None:
        raise UserError("Kommunen har ingen huvudbok. Beskriv den i kommun.yaml, huvudbok.")
    ledger = load_ledger(workplace, period)
    if ledger is None:
        stopped = [record for record in workplace.store.ledgers(workplace.kommun.kod) if record.fynd]
        _tell(tuple(finding for record in stopped for finding in record.fynd))
        raise UserError(
            str(workplace.felkoder["E833"].finding(period=str(period), manad=period.text, mapp=workplace.hem.huvudbok)),
            ExitCode.FINDINGS,
        )
    return ledger


def _matrix(workplace: Workplace, period: Period, ledger: Huvudbok, closing: Closing) -> tuple[Avstamningsrad, ...]:
    figures = FigureIndex(from_frame(workplace.store.load_figures(closing.id)))
    return judged(workplace, period, checks_of(workplace, period, ledger, figures))


def _accept(
    workplace: Workplace, period: Period, rows: tuple[Avstamningsrad, ...], arguments: argparse.Namespace
) -> None:
    """Keep the acceptance of a difference that stops."""
    reason = (arguments.skal or "").strip()
    if not reason:
        raise UserError("Den som accepterar en skillnad anger sitt skäl: --skal SKÄL")
    role = demand(workplace, Steg.GODTA, now()).roll
    row = next((row for row in rows if row.kontroll.id == arguments.acceptera), None)
    if row is None or row.kontroll.differens is None:
        raise UserError(f"Avstämningen {arguments.acceptera} finns inte. Visa alla: rodatraden avstamning {period}")
    if row.utfall is not Utfall.AVVIKER:
        raise UserError(f"Avstämningen {arguments.acceptera} har inget att acceptera: {row.utfall.value}.")
    acceptance = Acceptans(row.kontroll.id, row.kontroll.differens, role, reason, "")
    workplace.store.accept_difference(workplace.kommun.kod, str(period), acceptance, tid=now())
    say(f"Accepterat. Stäng månaden igen för att ta med det i rapporten: rodatraden stang {period}")


def _show(rows: tuple[Avstamningsrad, ...], ledger: Huvudbok) -> None:
    say(f"Huvudbok: {ledger.record.fil}, till och med {ledger.record.till_period}.")
    share = procent_text(ledger.coverage.share_bp)
    unknown = ", ".join(ledger.coverage.konton_okanda) or "inga"
    say(f"Täckning: {share} av omsättningen har en rad; konton utan källa i Kommun-Bas: {unknown}.")
    for row in rows:
        check = row.kontroll
        say(f"{row.utfall.value.upper():14} {check.namn}")
        sides = [
            f"{name} {'uppgift saknas' if value is None else belopp_text(value, 'kr')}"
            for name, value in ((check.vanster_namn, check.vanster), (check.hoger_namn, check.hoger))
        ]
        difference = "" if check.differens is None else f", skillnad {belopp_text(check.differens, 'kr', plus=True)}"
        say(f"{'':14} {', '.join(sides)}{difference} kr; id {check.id}")
        if row.acceptans is not None:
            say(f"{'':14} accepterad av {row.acceptans.roll} {row.acceptans.tid[:10]}: {row.acceptans.skal}")


def _tell(found: tuple[Finding, ...]) -> None:
    for finding in found:
        say(f"  {finding}")
