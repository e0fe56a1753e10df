"""What the kommun printed against what the facts give through the real sums and avvikelser. Used by the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from adapters import kommun_config
from adapters.fact_files import load_facts
from data_contracts.kommun import Kommun
from transforms.avvikelse import compute_avvikelser
from transforms.belopp import MINUS, NBSP, belopp_text, to_ore
from transforms.fact_values import Facts, register_rows, retur_values
from transforms.figure_id import parse_figure_id
from transforms.figures import INLAMNAD, REGISTER, Figure, FigureIndex
from transforms.summation import sum_kommun, sum_rows

ROOT = Path(__file__).resolve().parents[2]
BACKTESTS = ROOT / "tests" / "backtests"


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def load_kommun(name: str) -> Kommun:
    return kommun_config.load_kommun(ROOT / "kommuner" / name / "kommun.yaml")


def load_month(name: str, period: str) -> Facts:
    return load_facts(ROOT / "kommuner" / name / "fakta" / f"{period}.yaml")


def entered_figures(facts: Facts, kommun: Kommun) -> Iterator[Figure]:
    """Every amount of the returns and of the register that counts in the period, as a figure."""
    period = str(facts.period)
    for forvaltning in kommun.forvaltningar:
        for (table, row, column), value in retur_values(facts, kommun, forvaltning.kod).items():
            if table in ("drift", "investeringar", "drift_verksamhet") and isinstance(value, Decimal):
                enhet, rad = row.split("|")
                ore, _ = to_ore(value, forvaltning.returenhet)
                yield Figure(period, enhet, table, rad, column, rad, ore, INLAMNAD)
    rows = register_rows(facts, kommun)
    budget = {_key(row): _ore(row) for row in rows["beslutad_budget"]}
    for row in rows["anslagsforandringar"]:
        budget[_key(row)] += _ore(row)
    for key, ore in budget.items():
        yield Figure(period, *key, "budget", key[2], ore, REGISTER)
    for row in rows["bokslut"]:
        yield Figure(period, *_key(row), "bokslut", str(row["kod"]), _ore(row), REGISTER, vardear=facts.period.year - 1)


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return (str(row["enhet"]), str(row["avser"]), str(row["kod"]))


def _ore(row: Mapping[str, Any]) -> int:
    return to_ore(row["belopp"], str(row["belopp_enhet"]))[0]


def all_figures(facts: Facts, kommun: Kommun) -> FigureIndex:
    figures = list(entered_figures(facts, kommun))
    figures.extend(sum_rows(FigureIndex(figures), kommun))
    figures.extend(sum_kommun(FigureIndex(figures), kommun, facts.period.year))
    figures.extend(compute_avvikelser(FigureIndex(figures)))
    return FigureIndex(figures)


def as_printed(ore: int, unit: str) -> str:
    return belopp_text(ore, unit).replace(MINUS, "-").replace(NBSP, " ")


def our_cells(figures: FigureIndex, backtest: Any, year: int) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Each printed cell with our text for it, None when there is no such figure."""
    for table in backtest["tabeller"]:
        for cell in table["celler"]:
            vardear = year - 1 if cell["serie"] == "bokslut" else None
            figure = figures.get(cell["enhet"], table["matt"], cell["rad"], cell["serie"], vardear)
            turned = table["tecken"] == "utgift_negativ" and cell["serie"] != "avvikelse_helar"
            ore = None if figure is None or figure.varde is None else figure.varde * (-1 if turned else 1)
            key = {"tabell": table["id"], **{name: cell[name] for name in ("enhet", "rad", "serie", "beraknad")}}
            yield {**key, "tryckt": cell["tryckt"]}, None if ore is None else as_printed(ore, table["belopp_enhet"])
    for item in backtest["text"]:
        key = parse_figure_id(item["siffra"])
        figure = figures.get(key.enhet, key.matt, key.rad, key.serie)
        ore = None if figure is None or figure.varde is None else figure.varde * (-1 if item["vand"] else 1)
        shown = {"tabell": "text", "rad": item["id"], "enhet": key.enhet, "serie": key.serie, "beraknad": True}
        yield {**shown, "tryckt": item["tryckt"]}, None if ore is None else as_printed(ore, item["belopp_enhet"])
