"""``rodatraden demo``: a whole closing of an example kommun, from workbooks to reports, in a folder of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.home import CHECKOUT, Hem, make_home, open_home
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError
from flows.verbs.books import close_books
from flows.verbs.close import close
from transforms.period import Period
from transforms.views.books.context import ARSREDOVISNING

PERIODER = {"alingsas": ("2026-04",), "lingonby": ("2026-03", "2026-04"), "tolkformedling_vast": ("2025-12",)}
BOKSLUT = frozenset({"tolkformedling_vast"})
"""Examples that close their books and have no returns of a month."""


def run(arguments: argparse.Namespace) -> ExitCode:
    """Lay the example's returns in an inbox, close its months and say where the reports are."""
    example = arguments.exempel
    folder: Path = arguments.mapp or CHECKOUT / "demo" / example
    hem = (
        open_home(folder) if (folder / "kommun.yaml").is_file() else make_home(folder, CHECKOUT / "kommuner" / example)
    )
    outcome = ExitCode.DONE
    for text in _periods(example, arguments.period):
        period = Period.parse(text)
        if example in BOKSLUT:
            deliver_books(hem, example, period)
            outcome = max(outcome, close_books(hem, period, ARSREDOVISNING))
        else:
            deliver(hem, example, period)
            _deliver_ledger(hem, example, period)
            outcome = max(outcome, close(hem, period))
    say()
    say("Rapporterna:")
    for path in sorted(hem.utkast(str(period)).glob("*.pdf")):
        say(f"  {path}")
    say("Webbversionen (.html) och bilagan (.xlsx) ligger bredvid. Följ en siffra, till exempel:")
    figure = "resultatrakning/arets_resultat/utfall" if example in BOKSLUT else "drift/resultat/prognos"
    say(f"  ./rodatraden --kommun {hem.path} spara {period}/KOMMUNEN/{figure}")
    return outcome


def _periods(example: str, wanted: str | None) -> tuple[str, ...]:
    if wanted is None:
        return PERIODER[example]
    if wanted not in PERIODER[example]:
        raise UserError(f"Exemplet {example} har inte perioden {wanted}. Det har {', '.join(PERIODER[example])}.")
    return (wanted,)


def deliver_books(hem: Hem, example: str, period: Period) -> None:
    """Lay the example's workbook of the books in the inbox, and its written texts in the home; what is there is left alone."""
    from flows.steps.example import filled_books
    from flows.workplace import open_workplace

    folder = CHECKOUT / "kommuner" / example
    workbook = Path(hem.inkorg) / f"bokslut-{example}-{period}.xlsx"
    if not workbook.exists():
        with open_workplace(hem) as workplace, PROGRESS.step(f"Fyller bokslutets arbetsbok för {period.text}"):
            workbook.write_bytes(filled_books(workplace, folder / "fakta" / f"{period}.yaml"))
    hem.texter(str(period)).mkdir(parents=True, exist_ok=True)
    for text in sorted((folder / "texter" / str(period)).iterdir()):
        target = hem.texter(str(period)) / text.name
        if not target.exists():
            target.write_bytes(text.read_bytes())


def deliver(hem: Hem, example: str, period: Period) -> None:
    """Fill the period's templates with the example's facts and lay them in the inbox; what lies there already is left alone."""
    from adapters.fact_files import load_facts
    from flows.steps.example import filled_register, filled_returns, seed_kolada
    from flows.workplace import now, open_workplace

    inbox = Path(hem.inkorg)
    facts = load_facts(CHECKOUT / "kommuner" / example / "fakta" / f"{period}.yaml")
    with open_workplace(hem) as workplace:
        seed_kolada(workplace, CHECKOUT / "kommuner" / example, now())
        waiting = [
            retur
            for retur in facts.returer
            if not (inbox / _name(workplace.kommun.kod, retur.forvaltning, period)).exists()
        ]
        register = inbox / f"budgetregister-{workplace.kommun.kod}-{period.year}-{period.month:02d}.xlsx"
        if not waiting and register.exists():
            return
        with PROGRESS.step(f"Fyller {len(waiting)} returer med {period.text}"):
            if not register.exists():
                register.write_bytes(filled_register(workplace, facts))
            for forvaltning, content in filled_returns(workplace, facts, [retur.forvaltning for retur in waiting]):
                (inbox / _name(workplace.kommun.kod, forvaltning, period)).write_bytes(content)


def _deliver_ledger(hem: Hem, example: str, period: Period) -> None:
    """The example's ledger for the month in the home's ledger folder, where the example has one; what lies there is left alone."""
    from adapters.fact_files import load_facts
    from flows.steps.example import EXEMPELBOK, filled_ledger
    from flows.workplace import open_workplace

    folder = CHECKOUT / "kommuner" / example
    path = Path(hem.huvudbok) / f"huvudbok-{example}-{period}.se"
    if path.exists() or not (folder / EXEMPELBOK).is_file():
        return
    facts = [load_facts(file) for file in sorted((folder / "fakta").glob(f"{period}*.yaml"))]
    path.parent.mkdir(exist_ok=True)
    with open_workplace(hem) as workplace:
        path.write_bytes(filled_ledger(workplace, folder, facts))


def _name(kommun: str, forvaltning: str, period: Period) -> str:
    return f"retur-{kommun}-{forvaltning.lower()}-{period}.xlsx"
