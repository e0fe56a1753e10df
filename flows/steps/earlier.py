"""Earlier months of the year: the returns and forecasts of the closings before a period, which its returns are compared with."""

from __future__ import annotations

from collections.abc import Collection

from adapters.store import Closing
from flows.steps.collect import interpretation_of
from flows.steps.figures import figures_of
from flows.workplace import Workplace
from transforms.earlier import Earlier, EarlierReturn, earlier_return
from transforms.figures import INLAMNAD, RATTAD
from transforms.interpretation import rows_from_json
from transforms.period import Period


def earlier_closings(workplace: Workplace, period: Period) -> tuple[Closing, ...]:
    """The latest finished closings of the same year before the period, newest first: as many as the rules look back on."""
    found: list[Closing] = []
    month = str(period)
    while len(found) < workplace.kommun.rimlighet.samma_prognos_returer - 1:
        closing = workplace.store.previous_closing(workplace.kommun.kod, month)
        if closing is None or Period.parse(closing.period).year != period.year:
            break
        found.append(closing)
        month = closing.period
    return tuple(found)


def earlier_of(workplace: Workplace, closings: tuple[Closing, ...], senders: Collection[str]) -> Earlier:
    """What those closings stand on: the senders' returns, and the prognoser that föregående prognos is prefilled from."""
    keys = {table.name: table.key for table in workplace.manadsretur.tables}
    returns: dict[str, list[EarlierReturn]] = {}
    for closing in closings:
        for record in map(workplace.store.retur, closing.retur_ids):
            if record.forvaltning in senders and record.forvaltning:
                key = interpretation_of(workplace, record, Period.parse(closing.period))
                rows = rows_from_json(workplace.objects.get(key).decode())
                returns.setdefault(record.forvaltning, []).append(earlier_return(rows, keys))
    return Earlier(returns, _prognoser(workplace, closings[0]) if closings else {})


def _prognoser(workplace: Workplace, closing: Closing) -> dict[tuple[str, str, str], int]:
    return {
        (figure.enhet, figure.matt, figure.rad): figure.varde
        for figure in figures_of(workplace, closing)
        if figure.serie == "prognos"
        and figure.slag in (INLAMNAD, RATTAD)
        and figure.varde is not None
        and figure.vardear is None
    }
