"""``rodatraden demo``: a whole closing of an example kommun, from workbooks to reports, in a folder of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

from data_contracts.bokslutsregler import ARSREDOVISNING
from flows.home import CHECKOUT, Hem, make_home, open_home
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError
from flows.verbs.books import close_books
from flows.verbs.close import close
from transforms.period import Period

PERIODER = {
    "alingsas": ("2026-04",),
    "lingonby": ("2026-03", "2026-04"),
    "tolkformedling_vast": ("2025-12",),
    "storlingonby": ("2026-08",),
}
"""The months that each example closes when none is asked for."""
BOKSLUT = frozenset({"tolkformedling_vast"})
"""Examples that close their books and have no returns of a month."""
STORRE = {"lingonby": "storlingonby"}
"""An example with few months, and the one that has the whole year."""


def run(arguments: argparse.Namespace) -> ExitCode:
    """Lay the example's returns in an inbox, close its months and say where the reports are."""
    example, periods = _chosen(arguments.exempel, arguments.period)
    folder: Path = arguments.mapp or CHECKOUT / "demo" / example
    hem = (
        open_home(folder) if (folder / "kommun.yaml").is_file() else make_home(folder, CHECKOUT / "kommuner" / example)
    )
    outcome = ExitCode.DONE
    for text in periods:
        period = Period.parse(text)
        if example in BOKSLUT:
            deliver_books(hem, example, period)
            outcome = max(outcome, close_books(hem, period, ARSREDOVISNING))
        elif _is_made(example):
            outcome = max(outcome, _close_made_month(hem, example, period))
        else:
            deliver(hem, example, period)
            _deliver_ledger(hem, example, period)
            outcome = max(outcome, close(hem, period))
    _say_where(hem, period, "resultatrakning/arets_resultat/utfall" if example in BOKSLUT else "drift/resultat/prognos")
    return outcome


def _say_where(hem: Hem, period: Period, figure: str) -> None:
    say()
    say("Rapporterna:")
    for path in sorted(hem.utkast(str(period)).glob("*.pdf")):
        say(f"  {path}")
    say("Webbversionen (.html) och bilagan (.xlsx) ligger bredvid. Följ en siffra, till exempel:")
    say(f"  ./rodatraden --kommun {hem.path} spara {period}/KOMMUNEN/{figure}")


def _is_made(example: str) -> bool:
    """True for an example whose months are made, any of them."""
    from flows.steps.example_year import has_year

    return has_year(CHECKOUT / "kommuner" / example)


def _months(example: str) -> tuple[str, ...]:
    """The months that an example has: those of its calendar where they are made."""
    from flows.steps.example_year import months_of

    return months_of(CHECKOUT / "kommuner" / example) if _is_made(example) else PERIODER[example]


def _chosen(example: str, wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """The example and its months. A month that only the larger example has is answered by that one, and it is said.

    Raises:
        UserError: no example has the month.
    """
    if wanted is None:
        return example, PERIODER[example]
    larger = STORRE.get(example)
    if wanted not in PERIODER[example] and larger is not None and wanted in _months(larger):
        say(f"Exemplet {example} har {', '.join(PERIODER[example])}. Hela året finns i {larger}, som visas i stället.")
        return larger, (wanted,)
    known = _months(example)
    if wanted not in known:
        raise UserError(f"Exemplet {example} har inte perioden {wanted}. Det har {', '.join(known)}.")
    return example, (wanted,)


def _close_made_month(hem: Hem, example: str, period: Period) -> ExitCode:
    """A month of the made-up year: its returns and ledger, and in the month of the delår or the year its books too."""
    from flows.steps.example_year import close_figures_before, deliver_month, load_year, planted_lines, report_of
    from flows.workplace import now, open_workplace

    with open_workplace(hem) as workplace:
        year = load_year(CHECKOUT / "kommuner" / example, workplace.kommun)
        with PROGRESS.step("Stänger månaden före, utan rapporter"):
            close_figures_before(workplace, year, period, now())
        with PROGRESS.step(f"Gör returer och huvudbok för {period.text}"):
            deliver_month(workplace, year, period)
        rapport = report_of(workplace, period)
    outcome = close(hem, period)
    for line in planted_lines(year, period):
        say(line)
    return max(outcome, close_books(hem, period, rapport)) if rapport else outcome


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
