"""``rodatraden avvikelser``: the avvikelseregister of a month, and the decisions that a person takes on its cases."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation

from flows.rights import BehorighetsFel
from flows.steps.deviations import ArendeFel, NyttBeslut, cases_of, decide, latest_month
from flows.terminal import ExitCode, say
from flows.verbs import UserError, closing_of, home_of, period_of
from flows.workplace import Workplace, now, open_workplace
from transforms.belopp import antal_text, belopp_text, to_ore
from transforms.deviation_register import Arende, Handling, arende_year, is_arende_id
from transforms.matt import MATT
from transforms.period import Period
from transforms.views.deviation_cases import figure_ids

_ACTIONS = {
    "stang": Handling.STANGD,
    "oppna": Handling.OPPNAD,
    "effekt": Handling.EFFEKT,
    "beslut": Handling.BESLUT,
}


def run(arguments: argparse.Namespace) -> ExitCode:
    """Take the decision that is asked for, if any, and show the register."""
    with open_workplace(home_of(arguments)) as workplace:
        if workplace.kommun.avvikelseregister is None:
            raise UserError("Kommunen följer inga avvikelser. Beskriv det i kommun.yaml, avvikelseregister.")
        asked = _asked(arguments)
        try:
            if asked is not None:
                decide(workplace, asked, now())
            period = _period(workplace, arguments, asked)
        except (ArendeFel, BehorighetsFel) as error:
            raise UserError(str(error)) from error
        closing_of(workplace, period)
        cases = cases_of(workplace, period)
    if arguments.json:
        say(json.dumps([_as_json(case) for case in cases], ensure_ascii=False, indent=2, sort_keys=True))
    else:
        _show(cases, period)
    if asked is not None:
        say(f"Beslutet är sparat. Ta med det i rapporterna: rodatraden stang {period}")
    return ExitCode.DONE


def _period(workplace: Workplace, arguments: argparse.Namespace, asked: NyttBeslut | None) -> Period:
    """The month that the words name; without one the latest closed month of the case's year, or of the latest year."""
    if arguments.period:
        return period_of(arguments)
    if asked is not None:
        return latest_month(workplace, arende_year(asked.arende_id))
    closings = [Period.parse(one.period) for one in workplace.store.finished_closings(workplace.kommun.kod)]
    if not closings:
        raise UserError("Ingen månad är stängd än. Kör: rodatraden stang PERIOD")
    return latest_month(workplace, max(closings).year)


def _asked(arguments: argparse.Namespace) -> NyttBeslut | None:
    named = [(name, value) for name in _ACTIONS if (value := getattr(arguments, name))]
    if not named:
        return None
    ((name, case),) = named
    if not is_arende_id(case):
        raise UserError(f"{case} är inget ärende. Det skrivs som AV-2026-TEN-drift-personal.")
    belopp = None if arguments.belopp is None else _ore(arguments.belopp)
    if (name == "effekt") != (belopp is not None):
        raise UserError("Den uppmätta effekten anges i kronor: --effekt ÄRENDE --belopp KRONOR")
    reason, evidence, paragraph = (
        " ".join((getattr(arguments, part) or "").split()) for part in ("skal", "underlag", "paragraf")
    )
    return NyttBeslut(case, _ACTIONS[name], reason, evidence, paragraph, belopp)


def _ore(text: str) -> int:
    try:
        amount, was_rounded = to_ore(Decimal(text.replace(" ", "").replace("\u2212", "-").replace(",", ".")), "kr")
    except InvalidOperation as error:
        raise UserError(f"{text} är inget belopp i kronor.") from error
    if was_rounded:
        raise UserError(f"{text} har fler decimaler än ören.")
    return amount


def _show(cases: Sequence[Arende], period: Period) -> None:
    still = [case for case in cases if case.oppen]
    say(f"Avvikelseregistret {period.text}: {len(still)} öppna, {len(cases) - len(still)} stängda.")
    for case in cases:
        seen = case.senast
        amount = belopp_text(seen.helar_ore or 0, "tkr", plus=True) + " tkr"
        if seen.avser == "volymer":
            amount = antal_text(seen.helar_ore or 0, 0, plus=True)
        say(f"{case.id}{'' if case.oppen else '  STÄNGT'}")
        say(f"    {seen.enhet_namn}, {MATT[seen.avser].namn.lower()}: {seen.namn}; helår {amount}; {case.alder} mån")
        if case.marken or case.till:
            level = {"namnd": "till nämnden", "ks": "till KS", "kf": "till KF", "": ""}[case.till]
            say(f"    {', '.join(part for part in (*(mark.value for mark in case.marken), level) if part)}")
        if seen.lovad_ore is not None:
            reached = "inte mätt" if case.uppnadd_ore is None else f"{belopp_text(case.uppnadd_ore, 'tkr')} tkr"
            say(f"    utlovad effekt {belopp_text(seen.lovad_ore, 'tkr')} tkr, uppnådd {reached}")
        for one in case.beslut:
            say(f"    {one.datum} {one.roll}: {one.slag.value} {one.paragraf} {one.text} {one.underlag}".rstrip())


def _as_json(case: Arende) -> dict[str, object]:
    """The case as plain JSON: amounts in öre, its figures by id."""
    seen = [
        {**asdict(one), "klardatum": None if one.klardatum is None else one.klardatum.isoformat()} for one in case.sedd
    ]
    decided = [{**asdict(one), "slag": one.slag.value, "datum": one.datum.isoformat()} for one in case.beslut]
    return {
        "id": case.id,
        "oppen": case.oppen,
        "alder_manader": case.alder,
        "manader_i_rad": case.i_rad,
        "marken": [mark.value for mark in case.marken],
        "till": case.till,
        "regel": "" if case.regel is None else case.regel.referens,
        "uppnadd_ore": case.uppnadd_ore,
        "siffror": list(figure_ids(case)),
        "sedd": seen,
        "beslut": decided,
    }
