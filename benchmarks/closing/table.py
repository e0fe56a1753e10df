"""The rounds' medians, and the table that shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.closing.memory import ARBETARE, SERVER

COLUMNS = {"cold": "kall", "late": "sen retur", "unchanged": "oförändrad"}


def summary(rounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The median of every value over the rounds, and the ratios."""
    result = _medians(rounds)
    closing = {name: result[name]["seconds"] - result[name]["prefect"] for name in COLUMNS}
    result["closing"] = closing
    cold = [each["cold"]["seconds"] - each["cold"]["prefect"] for each in rounds]
    late = [each["late"]["seconds"] - each["late"]["prefect"] for each in rounds]
    result["ratios"] = [whole / each["bare"]["seconds"] for whole, each in zip(cold, rounds, strict=True)]
    result["cpu_ratios"] = [_cpu(each["cold"]) / each["bare"]["cpu"][ARBETARE] for each in rounds]
    result["cpu_late_shares"] = [100 * _cpu(each["late"]) / _cpu(each["cold"]) for each in rounds]
    result["late_shares"] = [100 * again / whole for again, whole in zip(late, cold, strict=True)]
    return result


def _cpu(closing: Mapping[str, Any]) -> float:
    """CPU seconds of a closing's processes but Prefect's server."""
    return sum(seconds for kind, seconds in closing["cpu"].items() if kind != SERVER)


def _medians(values: Sequence[Any]) -> Any:
    """Median by place in equally formed mappings of numbers; a place that some lack counts where it is."""
    if not isinstance(values[0], Mapping):
        return median(values)
    keys = dict.fromkeys(key for value in values for key in value)
    return {key: _medians([value[key] for value in values if key in value]) for key in keys}


def table(result: Mapping[str, Any]) -> str:
    """The result as Markdown."""
    return "\n".join((*_steps(result), "", *_compared(result), "", *_memory(result)))


def _steps(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"| sekunder | {' | '.join(COLUMNS.values())} |"
    yield "| --- | ---: | ---: | ---: |"
    for step in dict.fromkeys(step for name in COLUMNS for step in result[name]["steps"]):
        yield _row(step, (result[name]["steps"].get(step) for name in COLUMNS))
    yield _row("**Hela kommandot**", (result[name]["seconds"] for name in COLUMNS))
    yield _row("**Utan starten av Prefect**", result["closing"].values())


def _compared(result: Mapping[str, Any]) -> Iterator[str]:
    bare, late, processes = result["bare"], result["bare_late"], int(result["processes"])
    yield "| jämförelse | värde | mål |"
    yield "| --- | ---: | ---: |"
    work = f"{int(bare['reports'])} rapporter, {int(bare['pages'])} sidor, {processes} processer"
    yield f"| Bar rendering, {work} | {number(bare['seconds'])} s | |"
    yield f"| Samma, med processernas start | {number(bare['with_start'])} s | |"
    yield f"| Kall stängning ÷ bar rendering | {_spread(result['ratios'], 2)} | ≤ 1,25 |"
    yield f"| Samma kvot i processortid | {_spread(result['cpu_ratios'], 2)} | |"
    changed = f"{int(late['reports'])} rapporter, {int(late['pages'])} sidor"
    yield f"| Bar rendering av det som den sena returen ändrar, {changed} | {number(late['seconds'])} s | |"
    yield f"| Efter en sen retur, andel av den kalla | {_spread(result['late_shares'], 0)} % | ≤ 15 % |"
    yield f"| Samma andel i processortid | {_spread(result['cpu_late_shares'], 0)} % | |"


def _memory(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"| sekunder processortid | {' | '.join((*COLUMNS.values(), 'bar rendering'))} |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    columns = (*COLUMNS, "bare")
    for kind in dict.fromkeys(kind for name in columns for kind in result[name]["cpu"]):
        yield _row(kind, (result[name]["cpu"].get(kind) for name in columns))
    yield ""
    yield f"| mest minne i en process, MB | {' | '.join(COLUMNS.values())} |"
    yield "| --- | ---: | ---: | ---: |"
    for kind in dict.fromkeys(kind for name in COLUMNS for kind in result[name]["peak_mb"]):
        yield _row(kind, (result[name]["peak_mb"].get(kind) for name in COLUMNS), decimals=0)


def _row(name: str, values: Any, decimals: int = 1) -> str:
    return f"| {name} | {' | '.join('' if value is None else number(value, decimals) for value in values)} |"


def _spread(values: Sequence[float], decimals: int) -> str:
    """The median, and with more than one round the lowest and the highest: a wide spread means that the machine was not calm."""
    middle, lowest, highest = (number(value, decimals) for value in (median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({lowest}–{highest})"


def number(value: float, decimals: int = 1) -> str:
    """A number as printed, with a comma."""
    return f"{value:.{decimals}f}".replace(".", ",")
