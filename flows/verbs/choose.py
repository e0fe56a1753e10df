"""``rodatraden valj-version``: see the versions of a return, and let another than the newest accepted one count."""

from __future__ import annotations

import argparse

from data_contracts.behorighet import Steg
from flows.rights import BehorighetsFel, demand
from flows.steps.board import publish_board
from flows.steps.versions import VersionsFel, accepted_version, why_it_counts
from flows.terminal import ExitCode, say
from flows.verbs import UserError, home_of, period_of
from flows.workplace import Workplace, now, open_workplace


def run(arguments: argparse.Namespace) -> ExitCode:
    """List the versions, or choose one with a reason. The closing that stands on it is made anew by ``stang``."""
    period = str(period_of(arguments))
    with open_workplace(home_of(arguments)) as workplace:
        if arguments.forvaltning not in {one.kod for one in workplace.kommun.forvaltningar}:
            known = ", ".join(one.kod for one in workplace.kommun.forvaltningar)
            raise UserError(f"Förvaltningen {arguments.forvaltning} finns inte. Välj bland {known}.")
        if arguments.version is not None:
            _choose(workplace, arguments, period)
            publish_board(workplace, period_of(arguments), now())
            say(f"Kör sedan: rodatraden stang {period}")
        _show(workplace, arguments.forvaltning, period)
    return ExitCode.DONE


def _choose(workplace: Workplace, arguments: argparse.Namespace, period: str) -> None:
    reason = " ".join((arguments.skal or "").split())
    if not reason:
        raise UserError("Ett val av version ska ha ett skäl: --skal TEXT")
    try:
        konto = demand(workplace, Steg.VALJ_VERSION, now())
        record = accepted_version(workplace, arguments.forvaltning, period, arguments.version)
    except (BehorighetsFel, VersionsFel) as error:
        raise UserError(str(error)) from error
    workplace.store.choose_version(record.id, skal=reason, roll=konto.roll, konto=konto.anvandare, tid=now())


def _show(workplace: Workplace, forvaltning: str, period: str) -> None:
    chain = workplace.store.retur_chain(workplace.kommun.kod, forvaltning, period)
    if not chain:
        say(f"{forvaltning} har ingen retur för {period}.")
        return
    words = {
        "godkand": "räknas",
        "ersatt": "godkänd, räknas inte",
        "stoppad": "stoppad",
        "mottagen": "inte kontrollerad",
    }
    for record in chain:
        say(f"version {record.version}: {words[record.status.value]}; {record.fil}, sha256 {record.sha256[:12]}")
    if why := why_it_counts(workplace, chain[-1]):
        say(why)
