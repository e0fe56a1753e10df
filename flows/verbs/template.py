"""``rodatraden mall``: the period's return templates, one workbook per förvaltning; or the register, målplan or bokslut."""

from __future__ import annotations

import argparse
from pathlib import Path

from data_contracts.findings import Severity
from flows.steps.check import budgets_of
from flows.steps.collect import collect
from flows.steps.plan_workbook import plan_workbook
from flows.steps.template import books_template, register_template, return_template
from flows.terminal import ExitCode, say, say_error
from flows.verbs import UserError, home_of, period_of
from flows.workplace import Workplace, now, open_workplace
from transforms.period import Period

_SHOWN = 5


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write the templates and say where they are."""
    hem, period = home_of(arguments), period_of(arguments)
    folder: Path = arguments.ut or hem.mallar(str(period))
    with open_workplace(hem) as workplace:
        known = [forvaltning.kod for forvaltning in workplace.kommun.forvaltningar]
        if arguments.forvaltning is not None and arguments.forvaltning not in known:
            raise UserError(f"Förvaltningen {arguments.forvaltning} finns inte. Välj bland {', '.join(known)}.")
        folder.mkdir(parents=True, exist_ok=True)
        collect(workplace, period, now())
        if arguments.bokslut:
            files = {f"bokslut-{workplace.kommun.kod}-{period}.xlsx": books_template(workplace, period)}
        elif arguments.malplan:
            files = {f"malplan-{workplace.kommun.kod}-{period.year}.xlsx": plan_workbook(workplace, period.year)}
        elif arguments.register:
            files = {
                f"budgetregister-{workplace.kommun.kod}-{period.year}.xlsx": register_template(workplace, period.year)
            }
        else:
            chosen = [arguments.forvaltning] if arguments.forvaltning else known
            files = {
                f"retur-{workplace.kommun.kod}-{kod.lower()}-{period}.xlsx": return_template(workplace, kod, period)
                for kod in chosen
            }
        if not (arguments.register or arguments.bokslut or arguments.malplan) and budgets_of(workplace, period) is None:
            for line in _without_register(workplace, period):
                say_error(line)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        say(str(folder / name))
    return ExitCode.DONE


def _without_register(workplace: Workplace, period: Period) -> list[str]:
    """Why the templates have no budget, and what to do."""
    chain = workplace.store.register_chain(workplace.kommun.kod, period.year)
    if not chain:
        return [
            f"Inget budgetregister för {period.year} finns, så mallarnas budget är tom. "
            f"Registrets mall: rodatraden mall {period} --register"
        ]
    stopped = [f for f in workplace.store.findings_for(chain[-1].id) if f.severity is Severity.STOPPAR]
    return [
        f"Budgetregistret {chain[-1].fil} är stoppat, så mallarnas budget är tom. Rätta detta och lägg det i inkorgen igen:",
        *(f"  {finding}" for finding in stopped[:_SHOWN]),
        *([f"  … och {len(stopped) - _SHOWN} fel till"] if len(stopped) > _SHOWN else []),
    ]
