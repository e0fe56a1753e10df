"""``granska-utkast``, ``faststall``, ``aterkalla``, ``oppna``, ``beslut`` and ``nyckel``: the steps that people sign for."""

from __future__ import annotations

import argparse

from adapters.signing import make_key
from adapters.store import MANAD, SLAG, ReportRecord
from flows.steps.approve import (
    changed_since,
    key_path,
    open_period,
    recall,
    record_decision,
    report_of,
    reports_of,
    review,
    settle,
    standing,
)
from flows.steps.edition import make_edition
from flows.terminal import ExitCode, say
from flows.verbs import UserError, home_of, period_of
from flows.workplace import Workplace, now, open_workplace
from transforms.approval import BEDOMNING, BESLUT, OrdningsFel
from transforms.report_diff import difference_lines

KOMMUNEN = "kommunen"
_SHOWN = 20


def run(arguments: argparse.Namespace) -> ExitCode:
    """Take the step that the verb names. A step out of order is wrong use, and says what to do instead."""
    steps = {
        "granska-utkast": _review,
        "faststall": _settle,
        "aterkalla": _recall,
        "oppna": _open,
        "beslut": _decide,
    }
    if arguments.verb == "nyckel":
        say(f'Skriv in hos ditt konto i behorighet.yaml:  nyckel: "{make_key(key_path())}"')
        say(f"Nyckeln ligger i {key_path()} och ska inte lämna datorn.")
        return ExitCode.DONE
    with open_workplace(home_of(arguments)) as workplace:
        try:
            steps[arguments.verb](workplace, arguments)
        except OrdningsFel as error:
            raise UserError(str(error)) from error
    return ExitCode.DONE


def _review(workplace: Workplace, arguments: argparse.Namespace) -> None:
    period = str(period_of(arguments))
    if arguments.rapport is None:
        _list(workplace, period)
        return
    report = report_of(workplace, period, named_kod(workplace, arguments.rapport))
    if arguments.sett is None:
        _tell_changes(workplace, report)
        folder = workplace.hem.utkast(period)
        say(f"Läs {folder / report.rapport_id}.pdf. Är det rätt, ange hashen som står på varje sida:")
        say(f"  rodatraden granska-utkast {period} {arguments.rapport} --sett {report.innehallshash[:12]}")
        return
    review(workplace, report, arguments.sett, now())
    say(f"{report.rapport_id} version {report.version}, innehåll {report.innehallshash[:12]}, är granskad.")


def _settle(workplace: Workplace, arguments: argparse.Namespace) -> None:
    period = str(period_of(arguments))
    report = report_of(workplace, period, named_kod(workplace, arguments.rapport))
    if standing(workplace, report).faststalld is None:
        _tell_changes(workplace, report)
        settle(workplace, report, now())
    edition = make_edition(workplace, report, now())
    say(f"{report.rapport_id} version {report.version}, innehåll {report.innehallshash[:12]}, är fastställd.")
    say(f"Filerna ligger i {workplace.hem.faststallda(period)}. Logghuvud: {edition.logghuvud}")
    say(f"Perioden {period} är nu låst för ny stängning.")


def _recall(workplace: Workplace, arguments: argparse.Namespace) -> None:
    report = report_of(workplace, str(period_of(arguments)), named_kod(workplace, arguments.rapport))
    recall(workplace, report, arguments.skal, now())
    say(f"{report.rapport_id}: granskning och fastställande är återkallade. Rapporten är åter ett utkast.")


def _open(workplace: Workplace, arguments: argparse.Namespace) -> None:
    period = str(period_of(arguments))
    open_period(workplace, period, arguments.skal, now())
    say(f"{period} är öppnad. Stäng om den: rodatraden stang {period}")


def _decide(workplace: Workplace, arguments: argparse.Namespace) -> None:
    report = report_of(workplace, str(period_of(arguments)), named_kod(workplace, arguments.rapport))
    if arguments.revisorerna is not None:
        text = arguments.revisorerna.read_bytes()
        details = {"datum": arguments.datum, "filer": {arguments.revisorerna.name: workplace.objects.put(text)}}
        record_decision(workplace, report, BEDOMNING, details, now())
        say(f"Revisorernas bedömning av {report.rapport_id} version {report.version} är införd.")
        return
    if not (arguments.organ and arguments.paragraf):
        raise UserError("Ange --organ och --paragraf, eller --revisorerna FIL.")
    details = {"organ": arguments.organ, "datum": arguments.datum, "paragraf": arguments.paragraf}
    record_decision(workplace, report, BESLUT, details, now())
    say(
        f"{arguments.organ} {arguments.datum} § {arguments.paragraf} om {report.rapport_id} version {report.version} är infört."
    )


def named_kod(workplace: Workplace, named: str) -> str:
    """The nämnd's code, that of the books' report, '' for the kommun's own."""
    if named.lower() == KOMMUNEN:
        return ""
    books = [slag for slag in SLAG if slag != MANAD and workplace.kommun.bokslut is not None]
    if named.lower() in books:
        return named.upper()
    known = [namnd.kod for namnd in workplace.kommun.namnder if namnd.har_rapport]
    if named.upper() not in (kod.upper() for kod in known):
        raise UserError(f"{named} har ingen rapport. Välj bland {', '.join([*known, *books])} och {KOMMUNEN}.")
    return next(kod for kod in known if kod.upper() == named.upper())


def _list(workplace: Workplace, period: str) -> None:
    reports = reports_of(workplace, period)
    if not reports:
        raise UserError(f"Det finns inga rapporter för {period}. Gör dem först: rodatraden stang {period}")
    for report in reports:
        bild = standing(workplace, report)
        who = f"  {report.kod or KOMMUNEN:10} {bild.tillstand:12} version {report.version}, innehåll {report.innehallshash[:12]}"
        say(who + ("  har ändrats sedan den signerades" if bild.bruten else ""))


def _tell_changes(workplace: Workplace, report: ReportRecord) -> None:
    changed = changed_since(workplace, report)
    if changed is not None:
        say("E936 Innehållet har ändrats sedan det signerades, och signaturen gäller inte längre. Det som skiljer:")
        for line in difference_lines(changed, _SHOWN):
            say(f"  {line}")
